import type { Clock, Scheduled } from '@segue/runtime'

/** A clock that stands still until it is turned by hand. */
export interface VirtualClock extends Clock {
  /** Turns the clock forward. Callbacks run when their time comes, in order, and what they started settles between. */
  advanceMs(durationMs: number): Promise<void>
  /** As `advanceMs`, up to a time; a time in the past changes nothing. */
  advanceTo(epochMs: number): Promise<void>
  /** Turns the clock to the next callback and runs all that are due then; `false` when none waits. */
  advanceToNext(): Promise<boolean>
  /** Lets promises and callbacks of the event loop settle without turning the clock. */
  settle(): Promise<void>
  /** Callbacks that wait. */
  readonly waiting: number
  /** When the next callback falls due; `undefined` when none waits. */
  readonly nextAtEpochMs: number | undefined
}

interface Entry {
  readonly atEpochMs: number
  readonly order: number
  readonly callback: () => void
}

const TURNS = 6

/**
 * Makes a virtual clock.
 *
 * Order: callbacks by time, equal times in the order they were scheduled; one that is due at once runs in a microtask.
 */
export function virtualClock(startEpochMs: number): VirtualClock {
  return new HandClock(startEpochMs)
}

class HandClock implements VirtualClock {
  readonly #entries = new Set<Entry>()
  #nowMs: number
  #order = 0
  #isRunPlanned = false

  constructor(startEpochMs: number) {
    this.#nowMs = startEpochMs
  }

  get waiting(): number {
    return this.#entries.size
  }

  get nextAtEpochMs(): number | undefined {
    return this.#next()?.atEpochMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  schedule(atEpochMs: number, callback: () => void): Scheduled {
    const entry: Entry = { atEpochMs, order: this.#order++, callback }
    this.#entries.add(entry)
    if (atEpochMs <= this.#nowMs && !this.#isRunPlanned) {
      this.#isRunPlanned = true
      queueMicrotask(() => {
        this.#isRunPlanned = false
        this.#runDue()
      })
    }
    return { cancel: () => void this.#entries.delete(entry) }
  }

  advanceMs(durationMs: number): Promise<void> {
    return this.advanceTo(this.#nowMs + durationMs)
  }

  async advanceTo(epochMs: number): Promise<void> {
    await this.settle()
    for (let next = this.#next(); next !== undefined && next.atEpochMs <= epochMs; next = this.#next()) {
      this.#nowMs = Math.max(this.#nowMs, next.atEpochMs)
      this.#runDue()
      await this.settle()
    }
    this.#nowMs = Math.max(this.#nowMs, epochMs)
  }

  async advanceToNext(): Promise<boolean> {
    await this.settle()
    const next = this.#next()
    if (next === undefined) return false
    await this.advanceTo(next.atEpochMs)
    return true
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve)
      })
    }
  }

  /** Runs everything due now, also what the callbacks add. */
  #runDue(): void {
    for (let next = this.#next(); next !== undefined && next.atEpochMs <= this.#nowMs; next = this.#next()) {
      this.#entries.delete(next)
      next.callback()
    }
  }

  #next(): Entry | undefined {
    let first: Entry | undefined
    for (const entry of this.#entries) {
      if (first === undefined || entry.atEpochMs < first.atEpochMs) first = entry
    }
    return first
  }
}
