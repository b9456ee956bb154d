import { Fifo } from '../entity/fifo.ts'

/** Runs tasks in the order they came, at most `limit` at a time. Tasks do not reject. */
export class PerformerQueue {
  readonly #limit: number
  readonly #waiting = new Fifo<() => Promise<void>>()
  #running = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(task: () => Promise<void>): void {
    this.#waiting.push(task)
    this.#startMore()
  }

  #startMore(): void {
    while (this.#running < this.#limit) {
      const task = this.#waiting.shift()
      if (task === undefined) return
      this.#running++
      void this.#run(task)
    }
  }

  async #run(task: () => Promise<void>): Promise<void> {
    await task()
    this.#running--
    this.#startMore()
  }
}
