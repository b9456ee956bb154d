/** Result of one test, as `--json` prints it. */
export interface ConformanceResult {
  /** Path of the test below the folder, without the ending. */
  readonly name: string
  readonly result: 'pass' | 'fail'
  /** Why it failed, for people. */
  readonly reason?: string
  /** Time of the machine. */
  readonly ms: number
}

/** What a test shows; `undefined` when it passes. */
export type Verdict = { readonly reason: string } | undefined

/** Says why a test failed. */
export function failure(reason: string): Verdict {
  return { reason }
}
