import type { Store } from '@segue/runtime'

export interface CrashingStore {
  readonly store: Store
  readonly hasCrashed: boolean
  /** From now on nothing happens and nothing is answered, as for a process that was killed. */
  crash(): void
}

/**
 * A store as a process sees it that is killed at its n-th operation: the operation may still have happened, its answer
 * and everything later is lost.
 */
export function crashingStore(
  inner: Store,
  options: { readonly operations: number; readonly happens: boolean },
): CrashingStore {
  let left = options.operations
  let hasCrashed = false
  const never = <T>(): Promise<T> => new Promise<T>(() => {})

  async function pass<T>(operation: () => Promise<T>): Promise<T> {
    if (hasCrashed) return never()
    if (--left > 0) {
      const result = await operation()
      return hasCrashed ? never() : result
    }
    hasCrashed = true
    if (options.happens) await operation()
    return never()
  }

  return {
    store: {
      description: inner.description,
      claim: (partition, owner) => inner.claim(partition, owner),
      renew: (partition, epoch) => pass(() => inner.renew(partition, epoch)),
      release: (partition, epoch) => pass(() => inner.release(partition, epoch)),
      commit: (batches) => pass(() => inner.commit(batches)),
      append: (batches) => pass(() => inner.append(batches)),
      load: (refs) => pass(() => inner.load(refs)),
      due: (partitions, untilEpochMs, limit) => pass(() => inner.due(partitions, untilEpochMs, limit)),
      query: (query) => pass(() => inner.query(query)),
      purge: (request) => pass(() => inner.purge(request)),
      [Symbol.asyncDispose]: async () => {},
    },
    get hasCrashed() {
      return hasCrashed
    },
    crash() {
      hasCrashed = true
    },
  }
}
