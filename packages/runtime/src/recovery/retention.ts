import type { Clock, Scheduled } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'

/** What retention looks at and how often. */
export interface RetentionOptions {
  readonly store: Pick<Store, 'purge'>
  readonly clock: Clock
  readonly keepEndedMs: number
  readonly maxTraceLines: number
  readonly everyMs: number
  readonly failed: (error: unknown) => void
}

/** Entities in one call, so that commits do not wait long for it. */
const PORTION = 200

/** Keeps the store from growing without end: looks now and then for what may go, and deletes it in portions. */
export class Retention {
  readonly #options: RetentionOptions
  #next: Scheduled | undefined
  #isStopped = false

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#isStopped) return
    const { clock, everyMs } = this.#options
    this.#next = clock.schedule(clock.nowMs() + everyMs, () => {
      void this.#purge().finally(() => this.start())
    })
  }

  stop(): void {
    this.#isStopped = true
    this.#next?.cancel()
  }

  async #purge(): Promise<void> {
    const { store, clock, keepEndedMs, maxTraceLines, failed } = this.#options
    const endedBeforeEpochMs = clock.nowMs() - keepEndedMs
    try {
      let purged = 1
      while (purged > 0 && !this.#isStopped) {
        purged = await store.purge({ endedBeforeEpochMs, maxTraceLines, limit: PORTION })
      }
    } catch (error) {
      failed(error)
    }
  }
}
