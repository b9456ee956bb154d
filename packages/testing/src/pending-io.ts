/** Real input and output that virtual time has to wait for. */
export interface PendingIo {
  /** Counts a promise until it settles. */
  track<T>(promise: Promise<T>): Promise<T>
  /** Waits until nothing is pending; `false` when nothing was. */
  finished(): Promise<boolean>
}

/** Begins to count. */
export function pendingIo(): PendingIo {
  const pending = new Set<Promise<unknown>>()
  return {
    track(promise) {
      const settled: Promise<void> = promise.then(
        () => void pending.delete(settled),
        () => void pending.delete(settled),
      )
      pending.add(settled)
      return promise
    },
    async finished() {
      if (pending.size === 0) return false
      while (pending.size > 0) await Promise.all(pending)
      return true
    },
  }
}
