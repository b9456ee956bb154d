import { reasonOf } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { CommitResult, EffectKey, PartitionBatch, Step, Store } from '../ports/store.ts'
import { Fifo } from './fifo.ts'
import type { PendingStep } from './plan-step.ts'
import type { RuntimeLimits } from './runtime.ts'

/** What the commit loop tells. */
export interface CommitEvents {
  /** A step is durable. Order: that of `add` within an entity. */
  committed(pending: PendingStep): void
  /** The rows of `answer` are gone. */
  answered(keys: readonly EffectKey[]): void
  /** A partition's batch was refused: what is in memory of it is not what is stored. */
  fenced(partition: number, lost: readonly PendingStep[]): void
  /** The store refuses to work; tried again until it does. */
  paused(reason: string): void
  resumed(): void
  /** Something was finished: room for more. */
  advanced(): void
  /** Epoch under which a partition is held; `undefined` when it is not held. */
  epochOf(partition: number): number | undefined
}

interface Loose {
  readonly answered: EffectKey[]
  readonly taken: number[]
}

interface PartitionWork extends Loose {
  readonly partition: number
  readonly steps: PendingStep[]
}

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5000
const COMMITS_PER_TURN = 32

/**
 * Group commit: whatever gathered while the last commit ran becomes durable together.
 *
 * Spec: design §6, life of an event.
 */
export class CommitLoop {
  readonly #store: Store
  readonly #clock: Clock
  readonly #limits: RuntimeLimits
  readonly #events: CommitEvents
  readonly #queue = new Fifo<PendingStep>()
  #loose = new Map<number, Loose>()
  #isRunning = false
  #isPaused = false
  #hasGivenUp = false
  #commitsInTurn = 0
  #endDelay: (() => void) | undefined
  #endLingering: (() => void) | undefined
  #isInHurry = false
  /** Steps in the queue whose senders wait. */
  #urgent = 0

  constructor(store: Store, clock: Clock, limits: RuntimeLimits, events: CommitEvents) {
    this.#store = store
    this.#clock = clock
    this.#limits = limits
    this.#events = events
  }

  /** Steps that wait for a commit. */
  get backlog(): number {
    return this.#queue.length
  }

  get isIdle(): boolean {
    return !this.#isRunning && this.#queue.length === 0 && this.#loose.size === 0
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  add(pending: PendingStep): void {
    this.#queue.push(pending)
    if (!pending.isRelaxed) this.#urgent++
    if (!this.#mayLinger()) this.#endLingering?.()
    this.#wake()
  }

  /** Deletes rows that need no step. */
  discard(
    partition: number,
    rows: { readonly answered?: EffectKey | undefined; readonly taken?: number | undefined },
  ): void {
    const loose = this.#loose.get(partition) ?? { answered: [], taken: [] }
    if (rows.answered !== undefined) loose.answered.push(rows.answered)
    if (rows.taken !== undefined) loose.taken.push(rows.taken)
    this.#loose.set(partition, loose)
    this.#endLingering?.()
    this.#wake()
  }

  /** From now on a commit that the store rejects is not tried again. */
  giveUp(): void {
    this.#hasGivenUp = true
    this.#endDelay?.()
  }

  /** From now on no commit waits for company. */
  hurry(): void {
    this.#isInHurry = true
    this.#endLingering?.()
  }

  /** Only steps that are acknowledged already wait, and few of them. */
  #mayLinger(): boolean {
    return (
      !this.#isInHurry &&
      this.#urgent === 0 &&
      this.#loose.size === 0 &&
      this.#queue.length > 0 &&
      this.#queue.length < this.#limits.maxCommitSteps
    )
  }

  async #linger(): Promise<void> {
    await new Promise<void>((resolve) => {
      const alarm = this.#clock.schedule(this.#clock.nowMs() + this.#limits.relaxedWindowMs, resolve)
      this.#endLingering = () => {
        alarm.cancel()
        resolve()
      }
    })
    this.#endLingering = undefined
  }

  #wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    queueMicrotask(() => void this.#run())
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 || this.#loose.size > 0) {
      if (this.#limits.commitWindowMs > 0 && this.#queue.length < this.#limits.maxCommitSteps) {
        await this.#delay(this.#limits.commitWindowMs)
      }
      if (this.#mayLinger()) await this.#linger()
      const work = await this.#gather()
      const outcome = await this.#commit(work.map((part) => this.#batchOf(part)))
      for (const [at, part] of work.entries()) this.#settle(part, outcome[at] ?? 'fenced')
      this.#events.advanced()
      await this.#breathe()
    }
    this.#isRunning = false
    this.#events.advanced()
  }

  /** Lets the event loop turn now and then, so that a store that answers at once cannot starve it. */
  async #breathe(): Promise<void> {
    this.#commitsInTurn++
    if (this.#commitsInTurn < COMMITS_PER_TURN) return
    this.#commitsInTurn = 0
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }

  async #gather(): Promise<readonly PartitionWork[]> {
    const work = new Map<number, PartitionWork>()
    for (const [partition, loose] of this.#loose) work.set(partition, { partition, steps: [], ...loose })
    this.#loose = new Map()
    const appends: Promise<void>[] = []
    for (let count = 0; count < this.#limits.maxCommitSteps; count++) {
      const pending = this.#queue.shift()
      if (pending === undefined) break
      if (!pending.isRelaxed) this.#urgent--
      const { partition } = pending.slot
      const part = work.get(partition) ?? { partition, steps: [], answered: [], taken: [] }
      part.steps.push(pending)
      work.set(partition, part)
      // The row of a message that is on its way into the inbox has to be deleted with its step.
      if (pending.item.appending !== undefined) appends.push(pending.item.appending)
    }
    if (appends.length > 0) await Promise.all(appends)
    return [...work.values()]
  }

  #batchOf(part: PartitionWork): PartitionBatch {
    return {
      partition: part.partition,
      epoch: this.#events.epochOf(part.partition) ?? 0,
      steps: part.steps.map(({ step, item }): Step =>
        item.inboxSequence === undefined ? step : { ...step, taken: [item.inboxSequence] },
      ),
      answered: part.answered,
      taken: part.taken,
    }
  }

  async #commit(batches: readonly PartitionBatch[]): Promise<readonly CommitResult[]> {
    let retryMs = FIRST_RETRY_MS
    for (let tries = 0; ; tries++) {
      try {
        const results = await this.#store.commit(batches)
        const settled = tries === 0 ? results : await this.#recognise(batches, results)
        this.#resume()
        return settled
      } catch (error) {
        if (this.#hasGivenUp) return batches.map(() => 'fenced')
        if (!this.#isPaused) {
          this.#isPaused = true
          this.#events.paused(reasonOf(error))
        }
        await this.#delay(retryMs)
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
      }
    }
  }

  /** After a repeated commit: a batch that is refused because the try before had landed is a committed one. */
  async #recognise(
    batches: readonly PartitionBatch[],
    results: readonly CommitResult[],
  ): Promise<readonly CommitResult[]> {
    return Promise.all(
      results.map(async (result, at): Promise<CommitResult> => {
        const batch = batches[at]
        if (result === 'committed' || batch === undefined) return result
        if (!(await this.#store.renew(batch.partition, batch.epoch))) return 'fenced'
        const stored = await this.#store.load(batch.steps.map((step) => step.ref))
        const versions = new Map(stored.map((entity) => [`${entity.ref.kind}/${entity.ref.id}`, entity.version]))
        const hasLanded = batch.steps.every(
          (step) => (versions.get(`${step.ref.kind}/${step.ref.id}`) ?? 0) >= step.version,
        )
        return hasLanded ? 'committed' : 'fenced'
      }),
    )
  }

  #resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#events.resumed()
  }

  #settle(part: PartitionWork, result: CommitResult): void {
    if (result === 'fenced') {
      const later = [...this.#queue].filter((pending) => pending.slot.partition === part.partition)
      this.#loose.delete(part.partition)
      this.#removeQueued(part.partition)
      this.#events.fenced(part.partition, [...part.steps, ...later])
      return
    }
    if (part.answered.length > 0) this.#events.answered(part.answered)
    for (const pending of part.steps) this.#events.committed(pending)
  }

  #removeQueued(partition: number): void {
    for (let left = this.#queue.length; left > 0; left--) {
      const pending = this.#queue.shift()
      if (pending === undefined) continue
      if (pending.slot.partition !== partition) this.#queue.push(pending)
      else if (!pending.isRelaxed) this.#urgent--
    }
  }

  #delay(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const alarm = this.#clock.schedule(this.#clock.nowMs() + delayMs, resolve)
      this.#endDelay = () => {
        alarm.cancel()
        resolve()
      }
    })
  }
}
