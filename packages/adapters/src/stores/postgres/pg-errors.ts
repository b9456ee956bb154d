import { DatabaseError } from 'pg'

/** How a statement failed. */
export type FailureKind =
  /** Nobody knows yet whether it was done: the connection is gone. */
  | 'connection'
  /** It was not done and may be done again at once. */
  | 'again'
  /** It was not done. */
  | 'refused'

/** SQLSTATE codes after which the same statement may be tried again: serialisation failure, deadlock. */
const AGAIN = new Set(['40001', '40P01'])
/** Codes of a server that goes away, comes up, or is a standby now; the connection is of no use. */
const CONNECTION = /^(?:08|57P|25006)/

/** Says what the failure of a statement tells about it. */
export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof DatabaseError)) return isConnectionLoss(error) ? 'connection' : 'refused'
  const code = error.code ?? ''
  if (CONNECTION.test(code) || error.severity === 'FATAL' || error.severity === 'PANIC') return 'connection'
  return AGAIN.has(code) ? 'again' : 'refused'
}

/** Whether connecting again can help: not when the server refuses the user or has no such database. */
export function mayConnectLater(error: unknown): boolean {
  return error instanceof DatabaseError ? !/^(?:28|3D|42)/.test(error.code ?? '') : isConnectionLoss(error)
}

/** The connection broke while an answer was awaited, in our words. */
export class ConnectionLost extends Error {}

/** Errors of the system have names with E; those of the client library have none, only texts. */
function isConnectionLoss(error: unknown): boolean {
  if (error instanceof AggregateError || error instanceof ConnectionLost) return true
  if (!(error instanceof Error)) return false
  const isOfSystem = 'code' in error && typeof error.code === 'string' && error.code.startsWith('E')
  return isOfSystem || /terminated|timeout|not queryable/i.test(error.message)
}

/** Text of a failure with its code. */
export function failureText(error: unknown): string {
  if (error instanceof DatabaseError) return `${error.message} (${error.code ?? 'no code'})`
  if (error instanceof AggregateError) return error.errors.map(failureText).join(', ')
  return error instanceof Error ? error.message : String(error)
}
