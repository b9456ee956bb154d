import type { ShardStepRequest, ShardStepResponse } from '../session/contract.ts'
import type { Progress } from './progress-record.ts'
import type { ShardAnswer, ShardReport } from './shard-protocol.ts'

/** A request with its place in its batch. */
export interface Placed {
  readonly batch: number
  readonly index: number
  readonly request: ShardStepRequest
}

interface Batch {
  readonly requests: readonly ShardStepRequest[]
  readonly responses: (ShardStepResponse | undefined)[]
  missing: number
  resolve(responses: readonly ShardStepResponse[]): void
}

const lost: Extract<ShardStepResponse, { ok: false }> = { ok: false, message: 'the shard was lost', isLost: true }

/** Answer to every request that cannot be stepped where it was sent. */
export const lostResponse: ShardStepResponse = lost

/** What one process was asked and has not answered yet: batches of steps, and single questions. */
export class PendingWork {
  readonly #batches = new Map<number, Batch>()
  readonly #calls = new Map<number, (answer: ShardAnswer | undefined) => void>()
  #lastNumber = 0

  get isEmpty(): boolean {
    return this.#batches.size === 0 && this.#calls.size === 0
  }

  /** `send` is given the number of the batch. */
  addBatch(
    requests: readonly ShardStepRequest[],
    send: (batch: number) => void,
  ): Promise<readonly ShardStepResponse[]> {
    const batch = this.#number()
    return new Promise((resolve) => {
      const responses = requests.map(() => undefined)
      this.#batches.set(batch, { requests, responses, missing: requests.length, resolve })
      send(batch)
    })
  }

  /** `send` is given the number of the call. The answer is `undefined` when the process is lost meanwhile. */
  addCall(send: (call: number) => void): Promise<ShardAnswer | undefined> {
    const call = this.#number()
    return new Promise((resolve) => {
      this.#calls.set(call, resolve)
      send(call)
    })
  }

  answer(call: number, value: ShardAnswer): void {
    this.#calls.get(call)?.(value)
    this.#calls.delete(call)
  }

  done({ batch: number, first, responses }: Extract<ShardReport, { kind: 'done' }>): void {
    const batch = this.#batches.get(number)
    if (batch === undefined) return
    for (const [at, response] of responses.entries()) batch.responses[first + at] = response
    batch.missing -= responses.length
    if (batch.missing > 0) return
    this.#batches.delete(number)
    batch.resolve(batch.responses.map((response) => response ?? lost))
  }

  /** The request that the process was at when it wrote its progress; `undefined` when that one has been answered. */
  running(progress: Progress | undefined): Placed | undefined {
    if (progress === undefined) return undefined
    const { batch, index } = progress
    const found = this.#batches.get(batch)
    const request = found?.requests[index]
    if (found === undefined || request === undefined || found.responses[index] !== undefined) return undefined
    return { batch, index, request }
  }

  /** Answers a request as lost for now, and hands over who gives its own answer later. */
  answerLater({ batch, index }: Placed): (response: ShardStepResponse) => void {
    let resolve: (response: ShardStepResponse) => void = () => undefined
    const later = new Promise<ShardStepResponse>((take) => (resolve = take))
    this.#batches.get(batch)?.responses.splice(index, 1, { ...lost, later })
    return resolve
  }

  /** Answers everything that is open. */
  loseAll(): void {
    for (const [number, batch] of this.#batches) {
      this.#batches.delete(number)
      batch.resolve(batch.responses.map((response) => response ?? lost))
    }
    for (const [call, resolve] of this.#calls) {
      this.#calls.delete(call)
      resolve(undefined)
    }
  }

  #number(): number {
    // The record of progress has 32 bits for it.
    this.#lastNumber = (this.#lastNumber % 0x7fff_fffe) + 1
    return this.#lastNumber
  }
}
