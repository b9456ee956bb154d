import { entityKey } from '../entity/partition.ts'
import type { Clock, Scheduled } from '../ports/clock.ts'
import type { Store, TimerRow } from '../ports/store.ts'
import { TimerHeap } from './timer-heap.ts'

/** What timers need of the rest of the runtime. */
export interface TimersPort {
  readonly clock: Clock
  readonly store: Store
  partitions(): readonly number[]
  /** A timer is due: its message goes to the owner's mailbox, which decides whether it is still wanted (P10). */
  fire(timer: TimerRow): void
  failed(error: unknown): void
}

const HORIZON_MS = 60_000
const RESCAN_MS = 30_000
/** Timers read at once; what the store answers meanwhile waits for it. */
const SCAN_LIMIT = 2000
/** Timers in memory below which the rest of a scan that was cut off is read. */
const FEW_KNOWN = 500
/** Least time between two scans: timers of what cannot be read come back with each of them. */
const SCAN_PAUSE_MS = 100
const RETRY_MS = 1000
/** Timers that were fired and not taken yet: others are served between those that fall due together. */
const MAX_UNTAKEN = 128

/**
 * Durable timers: those due within the next minute wait in a heap, the others in the store.
 *
 * Order: overdue ones fire once, in deadline order.
 */
export class Timers {
  readonly #port: TimersPort
  readonly #heap = new TimerHeap<TimerRow>()
  /** Settings of timers that are in the heap or fired and not taken yet. */
  readonly #known = new Set<string>()
  readonly #untaken = new Set<string>()
  #isRinging = false
  /** The last scan was cut off. */
  #hasMore = false
  #scannedAtEpochMs = 0
  #horizonEpochMs = 0
  #alarm: Scheduled | undefined
  #alarmEpochMs = Number.POSITIVE_INFINITY
  #rescan: Scheduled | undefined
  #hasStopped = false

  constructor(port: TimersPort) {
    this.#port = port
  }

  async start(): Promise<void> {
    await this.#scan()
  }

  /** Timers whose commit is done; those that no store holds are kept here however late they are due. */
  add(rows: readonly TimerRow[], options: { readonly isStored: boolean }): void {
    for (const row of rows) if (row.dueEpochMs <= this.#horizonEpochMs || !options.isStored) this.#push(row)
    if (rows.length > 0) this.#arm()
  }

  /** The message of a timer was taken or dropped. */
  taken(timer: TimerRow): void {
    const name = nameOf(timer)
    this.#known.delete(name)
    const wasFull = this.#untaken.size >= MAX_UNTAKEN
    if (this.#untaken.delete(name) && wasFull) this.#ring()
    if (this.#hasMore && this.#known.size < FEW_KNOWN) {
      this.#hasMore = false
      this.#scanAt(this.#scannedAtEpochMs + SCAN_PAUSE_MS)
    }
  }

  stop(): void {
    this.#hasStopped = true
    this.#alarm?.cancel()
    this.#rescan?.cancel()
  }

  async #scan(): Promise<void> {
    const { clock, store } = this.#port
    this.#scannedAtEpochMs = clock.nowMs()
    const untilEpochMs = clock.nowMs() + HORIZON_MS
    // Timers that become durable while the store is read belong to the heap already.
    this.#horizonEpochMs = Math.max(this.#horizonEpochMs, untilEpochMs)
    let nextEpochMs = clock.nowMs() + RESCAN_MS
    try {
      const rows = await store.due(this.#port.partitions(), untilEpochMs, SCAN_LIMIT)
      if (this.#hasStopped) return
      for (const row of rows) this.#push(row)
      const last = rows.at(-1)
      this.#hasMore = rows.length === SCAN_LIMIT
      // More than one scan takes: the rest is read when most of these have been taken, at the latest when they are due.
      if (this.#hasMore && last !== undefined) {
        nextEpochMs = Math.max(clock.nowMs() + RETRY_MS, Math.min(nextEpochMs, last.dueEpochMs))
      }
    } catch (error) {
      this.#port.failed(error)
      nextEpochMs = clock.nowMs() + RETRY_MS
    }
    this.#scanAt(nextEpochMs)
    this.#arm()
  }

  #scanAt(epochMs: number): void {
    this.#rescan?.cancel()
    if (this.#hasStopped) return
    this.#rescan = this.#port.clock.schedule(epochMs, () => void this.#scan())
  }

  #push(row: TimerRow): void {
    const name = nameOf(row)
    if (this.#known.has(name)) return
    this.#known.add(name)
    this.#heap.add(row)
  }

  #arm(): void {
    const isFull = this.#untaken.size >= MAX_UNTAKEN
    const dueEpochMs = isFull ? undefined : this.#heap.first()?.dueEpochMs
    const atEpochMs = dueEpochMs ?? Number.POSITIVE_INFINITY
    if (this.#hasStopped || atEpochMs === this.#alarmEpochMs) return
    this.#alarm?.cancel()
    this.#alarm = undefined
    this.#alarmEpochMs = atEpochMs
    if (atEpochMs === Number.POSITIVE_INFINITY) return
    this.#alarm = this.#port.clock.schedule(atEpochMs, () => {
      this.#alarmEpochMs = Number.POSITIVE_INFINITY
      this.#ring()
    })
  }

  #ring(): void {
    if (this.#hasStopped || this.#isRinging) return
    this.#isRinging = true
    const nowMs = this.#port.clock.nowMs()
    while (this.#untaken.size < MAX_UNTAKEN) {
      const timer = this.#heap.take(nowMs)
      if (timer === undefined) break
      this.#untaken.add(nameOf(timer))
      this.#port.fire(timer)
    }
    this.#isRinging = false
    this.#arm()
  }
}

function nameOf(timer: TimerRow): string {
  return `${timer.dueEpochMs} ${entityKey(timer.owner)} ${timer.id}`
}
