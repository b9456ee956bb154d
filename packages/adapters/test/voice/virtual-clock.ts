import type { Clock, Scheduled } from '@segue/runtime'

/** A clock that tests turn by hand; callbacks come in the order of their times. */
export class VirtualClock implements Clock {
  #nowMs: number
  #nextId = 0
  readonly #pending = new Map<number, { readonly atEpochMs: number; readonly callback: () => void }>()

  constructor(nowMs = 1_700_000_000_000) {
    this.#nowMs = nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  get pending(): number {
    return this.#pending.size
  }

  /** Time until the next callback; `undefined` when none waits. */
  get nextInMs(): number | undefined {
    const times = [...this.#pending.values()].map(({ atEpochMs }) => atEpochMs - this.#nowMs)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  schedule(atEpochMs: number, callback: () => void): Scheduled {
    const id = (this.#nextId += 1)
    this.#pending.set(id, { atEpochMs, callback })
    return { cancel: () => this.#pending.delete(id) }
  }

  advance(delay: { readonly seconds?: number; readonly ms?: number }): void {
    const untilMs = this.#nowMs + (delay.seconds ?? 0) * 1000 + (delay.ms ?? 0)
    for (let due = this.#due(untilMs); due !== undefined; due = this.#due(untilMs)) {
      const [id, { atEpochMs, callback }] = due
      this.#pending.delete(id)
      this.#nowMs = Math.max(this.#nowMs, atEpochMs)
      callback()
    }
    this.#nowMs = untilMs
  }

  #due(untilMs: number): [number, { readonly atEpochMs: number; readonly callback: () => void }] | undefined {
    let first: [number, { readonly atEpochMs: number; readonly callback: () => void }] | undefined
    for (const entry of this.#pending) {
      if (entry[1].atEpochMs <= untilMs && (first === undefined || entry[1].atEpochMs < first[1].atEpochMs))
        first = entry
    }
    return first
  }
}
