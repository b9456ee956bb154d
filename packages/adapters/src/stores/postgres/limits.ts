/** Bounds of waiting for a PostgreSQL server. */
export interface PostgresLimits {
  /** For a connection to be made. */
  readonly connectTimeoutMs: number
  /** For a server that is not there yet when the store is opened. */
  readonly openWaitMs: number
  /** For a statement, in the server, which then cancels it. */
  readonly statementTimeoutMs: number
  /** For an answer: the connection is given up, and another one finds out what came of the statement. */
  readonly answerTimeoutMs: number
  /** For a connection that is away, in each call. */
  readonly reconnectWaitMs: number
  /** The first pause between two tries to connect. */
  readonly minBackoffMs: number
  /** The longest pause between two tries to connect. */
  readonly maxBackoffMs: number
  /** Calls that wait for the server. */
  readonly maxWaitingCalls: number
}

/** Limits that hold where the options name none. */
export const defaultPostgresLimits: PostgresLimits = {
  connectTimeoutMs: 5000,
  openWaitMs: 10_000,
  statementTimeoutMs: 15_000,
  answerTimeoutMs: 20_000,
  reconnectWaitMs: 2000,
  minBackoffMs: 50,
  maxBackoffMs: 1000,
  maxWaitingCalls: 10_000,
}
