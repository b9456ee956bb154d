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
const SCAN_LIMIT = 10_000
const RETRY_MS = 1000

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

  /** Timers whose commit is done. */
  add(rows: readonly TimerRow[]): void {
    for (const row of rows) if (row.dueEpochMs <= this.#horizonEpochMs) this.#push(row)
    if (rows.length > 0) this.#arm()
  }

  /** The message of a timer was taken or dropped. */
  taken(timer: TimerRow): void {
    this.#known.delete(nameOf(timer))
  }

  stop(): void {
    this.#hasStopped = true
    this.#alarm?.cancel()
    this.#rescan?.cancel()
  }

  async #scan(): Promise<void> {
    const { clock, store } = this.#port
    const untilEpochMs = clock.nowMs() + HORIZON_MS
    // Timers that become durable while the store is read belong to the heap already.
    this.#horizonEpochMs = Math.max(this.#horizonEpochMs, untilEpochMs)
    let nextEpochMs = clock.nowMs() + RESCAN_MS
    try {
      const rows = await store.due(this.#port.partitions(), untilEpochMs, SCAN_LIMIT)
      if (this.#hasStopped) return
      for (const row of rows) this.#push(row)
      const last = rows.at(-1)
      // More than one scan takes: the rest is read when these have fired.
      if (rows.length === SCAN_LIMIT && last !== undefined) {
        nextEpochMs = Math.max(clock.nowMs() + RETRY_MS, Math.min(nextEpochMs, last.dueEpochMs))
      }
    } catch (error) {
      this.#port.failed(error)
      nextEpochMs = clock.nowMs() + RETRY_MS
    }
    if (this.#hasStopped) return
    this.#rescan = clock.schedule(nextEpochMs, () => void this.#scan())
    this.#arm()
  }

  #push(row: TimerRow): void {
    const name = nameOf(row)
    if (this.#known.has(name)) return
    this.#known.add(name)
    this.#heap.add(row)
  }

  #arm(): void {
    const dueEpochMs = this.#heap.first()?.dueEpochMs ?? Number.POSITIVE_INFINITY
    if (this.#hasStopped || dueEpochMs === this.#alarmEpochMs) return
    this.#alarm?.cancel()
    this.#alarm = undefined
    this.#alarmEpochMs = dueEpochMs
    if (dueEpochMs === Number.POSITIVE_INFINITY) return
    this.#alarm = this.#port.clock.schedule(dueEpochMs, () => this.#ring())
  }

  #ring(): void {
    this.#alarmEpochMs = Number.POSITIVE_INFINITY
    const nowMs = this.#port.clock.nowMs()
    for (let timer = this.#heap.take(nowMs); timer !== undefined; timer = this.#heap.take(nowMs)) {
      this.#port.fire(timer)
    }
    this.#arm()
  }
}

function nameOf(timer: TimerRow): string {
  return `${timer.dueEpochMs} ${entityKey(timer.owner)} ${timer.id}`
}
