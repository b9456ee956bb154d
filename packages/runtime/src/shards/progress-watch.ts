import { processorTimeMs } from './processor-time.ts'
import type { Progress } from './progress-record.ts'

/** Time for which a process has been at one thing. */
export interface Stay {
  readonly wallMs: number
  /** `undefined` where the system does not tell. */
  readonly processorMs: number | undefined
}

/** What the process was doing when it was looked at, and since when. */
interface Look {
  readonly reports: number
  readonly batch: number
  readonly index: number
  readonly atMs: number
  readonly processorMs: number | undefined
}

/** Tells for how long a process has been at one thing: the same step, and nothing was reported. */
export class ProgressWatch {
  #look: Look | undefined

  stay(pid: number, reports: number, progress: Progress | undefined, nowMs: number): Stay {
    const { batch = 0, index = 0 } = progress ?? {}
    const processorMs = processorTimeMs(pid)
    const last = this.#look
    if (last === undefined || last.reports !== reports || last.batch !== batch || last.index !== index) {
      this.#look = { reports, batch, index, atMs: nowMs, processorMs }
      return { wallMs: 0, processorMs: processorMs === undefined ? undefined : 0 }
    }
    const isKnown = processorMs !== undefined && last.processorMs !== undefined
    return { wallMs: nowMs - last.atMs, processorMs: isKnown ? processorMs - last.processorMs : undefined }
  }

  /** What was seen before does not count: the process waits for work, or the watcher itself stood still. */
  forget(): void {
    this.#look = undefined
  }
}
