import type { Worker } from 'node:worker_threads'
import type { WorkerFailure, WorkerReply } from './worker-protocol.ts'

/** An operation that a worker did not do. */
export class WorkerFailed extends Error {
  readonly failure: WorkerFailure

  constructor(failure: WorkerFailure) {
    super(failure.message)
    this.name = 'WorkerFailed'
    this.failure = failure
  }
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: WorkerFailed) => void
}

/** Requests to a worker thread and their answers. A worker that has died answers everything with a failure. */
export class WorkerClient {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #death: WorkerFailure | undefined

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (reply: WorkerReply) => this.#answer(reply))
    worker.on('error', (error: unknown) => this.#die(error instanceof Error ? error.message : String(error)))
    worker.on('exit', () => this.#die('the worker has ended'))
    // A store alone does not keep a program running; requests that wait do.
    worker.unref()
  }

  ask(request: unknown): Promise<unknown> {
    const death = this.#death
    if (death !== undefined) return Promise.reject(new WorkerFailed(death))
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      if (this.#waiting.size === 0) this.#worker.ref()
      this.#waiting.set(id, { resolve, reject })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      this.#worker.postMessage({ id, request })
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #answer(reply: WorkerReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0) this.#worker.unref()
    if (reply.ok) waiting?.resolve(reply.result)
    else waiting?.reject(new WorkerFailed(reply.failure))
  }

  #die(message: string): void {
    this.#death ??= { code: 'DEAD', message }
    for (const waiting of this.#waiting.values()) waiting.reject(new WorkerFailed(this.#death))
    this.#waiting.clear()
  }
}
