import { setTimeout as pause } from 'node:timers/promises'
import type { CommitResult, PartitionBatch, Store } from '@segue/runtime'
import type { PortTrouble } from '../contract.ts'
import type { ProgressFile } from '../progress.ts'

const STALL_EVERY = 100
const STALL_FACTOR = 10

/** What stands between the runtime and its store. */
export interface StoreWatch {
  readonly progress: ProgressFile
  readonly trouble: PortTrouble
  readonly random: () => number
}

/** A store that counts commits in flight and makes the trouble it is told to make. */
export function watchedStore(inner: Store, watch: StoreWatch): Store {
  const { progress, trouble, random } = watch

  async function delay(): Promise<void> {
    if (trouble.delayMs === undefined) return
    const factor = random() < 1 / STALL_EVERY ? STALL_FACTOR : 1
    await pause(trouble.delayMs * factor * random())
  }

  async function read<T>(operation: () => Promise<T>): Promise<T> {
    await delay()
    return operation()
  }

  async function change<T>(operation: () => Promise<T>): Promise<T> {
    await delay()
    const result = await operation()
    await delay()
    return result
  }

  async function commit(batches: readonly PartitionBatch[]): Promise<readonly CommitResult[]> {
    const results = await change(() => inner.commit(batches))
    if (trouble.lostAnswers !== undefined && random() < trouble.lostAnswers) throw new Error('the answer was lost')
    return results
  }

  /** As a disk does that confirms what is in its own memory only. */
  function commitLater(batches: readonly PartitionBatch[], delayMs: number): readonly CommitResult[] {
    void pause(delayMs).then(() => inner.commit(batches))
    return batches.map(() => 'committed')
  }

  return {
    description: inner.description,
    claim: (partition, owner) => inner.claim(partition, owner),
    renew: (partition, epoch) => change(() => inner.renew(partition, epoch)),
    release: (partition, epoch) => inner.release(partition, epoch),
    append: (batches) => change(() => inner.append(batches)),
    load: (refs) => read(() => inner.load(refs)),
    due: (partitions, untilEpochMs, limit) => read(() => inner.due(partitions, untilEpochMs, limit)),
    query: (query) => read(() => inner.query(query)),
    purge: (request) => change(() => inner.purge(request)),
    async commit(batches) {
      const { earlyAnswersMs } = trouble
      const results = earlyAnswersMs === undefined ? await commit(batches) : commitLater(batches, earlyAnswersMs)
      const committed = batches.filter((_, at) => results[at] === 'committed')
      progress.confirmed(stepsIn(batches), stepsIn(committed))
      return results
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
}

function stepsIn(batches: readonly PartitionBatch[]): number {
  return batches.reduce((count, { steps }) => count + steps.length, 0)
}
