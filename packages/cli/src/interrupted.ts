/** Ctrl-C in a terminal reaches the whole group, and a parent may pass it on: signals this close are one wish. */
const SAME_WISH_MS = 1_000

/** Resolves at the first SIGINT or SIGTERM; a later second one ends the process at once. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (firstAtMs === undefined) firstAtMs = Date.now()
        else if (Date.now() - firstAtMs > SAME_WISH_MS) process.exit(130)
        resolve()
      })
    }
  })
}
