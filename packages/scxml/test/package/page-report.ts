/** What the page of the browser test says, as JSON. */
export interface PageReport {
  /** Active states at first, and after events that the guard refuses. */
  readonly states: readonly (readonly string[])[]
  /** Active states of the restored session after one more event that the guard lets through. */
  readonly restored: readonly string[]
  /** Active states of the session that the snapshot was made of, at the end. */
  readonly untouched: readonly string[]
  readonly suite: readonly SuiteResult[]
}

/** A document of the W3C suite and the state that it entered last, or what went wrong. */
export interface SuiteResult {
  readonly name: string
  readonly result: string
}
