/** Named limits of the HTTP interface (docs/reference/limits.md). */
export interface HttpLimits {
  readonly maxBodyBytes: number
  readonly requestTimeoutMs: number
  /** Sessions, interactions and trace records of one answer. */
  readonly maxPage: number
}

/** Limits that hold when nothing else is said. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxBodyBytes: 1_048_576,
  requestTimeoutMs: 30_000,
  maxPage: 500,
}

/** Limits of a body that do not depend on the deployment. */
export const bodyLimits = { maxDepth: 32, maxPathParameterCharacters: 1_000, maxIdempotencyKeyCharacters: 200 } as const
