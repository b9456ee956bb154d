import { Child, type ProcessEnd } from './child-process.ts'
import type { WorkerOrder, WorkerReport, WorkerSettings } from './contract.ts'

type Listener = (report: WorkerReport) => void

/** A worker: waits, loaded, until it is told to go, so that a restart takes little time. */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: Child
  #listener: Listener = () => undefined

  constructor(words: readonly string[]) {
    this.#child = new Child(words, (line) => {
      // Written by the worker.
      this.#listener(JSON.parse(line) as WorkerReport)
    })
  }

  get gone(): Promise<ProcessEnd> {
    return this.#child.gone
  }

  get hasEnded(): boolean {
    return this.#child.hasEnded
  }

  get stderr(): string {
    return this.#child.stderr
  }

  /** Opens the store and starts the runtime; resolves when it takes messages, was refused or died. */
  go(settings: WorkerSettings, listener: Listener): Promise<'ready' | 'refused' | 'gone'> {
    return new Promise((resolve) => {
      this.#listener = (report) => {
        listener(report)
        if (report.kind === 'ready' || report.kind === 'refused') resolve(report.kind)
      }
      void this.gone.then(() => resolve('gone'))
      this.send({ kind: 'go', settings })
    })
  }

  send(...orders: readonly WorkerOrder[]): void {
    this.#child.send(orders.map((order) => `${JSON.stringify(order)}\n`).join(''))
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.signal(signal)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]()
  }
}
