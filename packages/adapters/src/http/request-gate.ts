/** Bounds of a gate. */
export interface GateLimits {
  readonly maxConcurrent: number
  readonly maxConcurrentPerOrigin: number
  readonly maxWaiting: number
}

/** Lets only so many requests onto the wire, so that one slow server does not hold up the others. */
export interface RequestGate {
  /** Resolves when it is this request's turn, or at once when too many wait. An aborted one no longer waits. */
  enter(origin: string, signal: AbortSignal): Promise<'entered' | 'full'>
  /** Once for every `entered`. */
  leave(origin: string): void
}

interface Waiting {
  readonly origin: string
  readonly admit: () => void
}

/**
 * Order: first come, first served, except that requests whose origin is at its bound are passed by.
 * Cost: O(waiting) for each request that leaves while others wait.
 */
export function requestGate(limits: GateLimits): RequestGate {
  const waiting = new Set<Waiting>()
  const perOrigin = new Map<string, number>()
  let inside = 0

  const hasRoom = (origin: string): boolean =>
    inside < limits.maxConcurrent && (perOrigin.get(origin) ?? 0) < limits.maxConcurrentPerOrigin
  const count = (origin: string, by: number): void => {
    inside += by
    const left = (perOrigin.get(origin) ?? 0) + by
    if (left > 0) perOrigin.set(origin, left)
    else perOrigin.delete(origin)
  }

  return {
    enter: (origin, signal) => {
      if (hasRoom(origin) || signal.aborted) {
        count(origin, 1)
        return Promise.resolve('entered')
      }
      if (waiting.size >= limits.maxWaiting) return Promise.resolve('full')
      return new Promise((resolve) => {
        const admit = (): void => {
          waiting.delete(entry)
          signal.removeEventListener('abort', admit)
          count(origin, 1)
          resolve('entered')
        }
        const entry: Waiting = { origin, admit }
        waiting.add(entry)
        // An aborted request comes in to find out at once that nobody wants it.
        signal.addEventListener('abort', admit, { once: true })
      })
    },
    leave: (origin) => {
      count(origin, -1)
      for (const entry of waiting) {
        if (inside >= limits.maxConcurrent) return
        if (hasRoom(entry.origin)) entry.admit()
      }
    },
  }
}
