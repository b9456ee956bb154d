/** Time, as the runtime sees it. Tests use a clock that they turn by hand. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number
  /** Calls back once when `atEpochMs` is reached, at once when it has passed. */
  schedule(atEpochMs: number, callback: () => void): Scheduled
}

export interface Scheduled {
  cancel(): void
}
