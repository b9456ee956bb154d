import type { Application } from '../compile/application.ts'
import type { Configuration } from '../compile/configuration.ts'
import type { Scope } from '../script/contract.ts'
import type { IncomingEvent, OutgoingMessage, Session, SessionIdentity } from './contract.ts'

/** A delayed send that has not fallen due. */
export interface PendingSend {
  readonly dueEpochMs: number
  readonly message: OutgoingMessage
}

/** A running invocation: owning state and position of the element in it. */
export interface Invocation {
  readonly state: number
  readonly index: number
}

/**
 * The working copy of a session. Tables that most sessions never need are made at their first use, so that idle
 * sessions stay small.
 */
export class SessionState implements Session {
  readonly application: Application
  readonly identity: SessionIdentity
  scope: Scope
  isRunning = false
  configuration: Configuration
  /** What histories store, by index of the history. */
  history: Map<number, readonly number[]> | undefined = undefined
  /** Own external queue. */
  queue: IncomingEvent[] | undefined = undefined
  /** By timer key: the send id, made unique. */
  timers: Map<string, PendingSend> | undefined = undefined
  /** By invoke id. */
  invokes: Map<string, Invocation> | undefined = undefined
  /** States whose late-bound data were initialised. */
  bound: Set<number> | undefined = undefined
  nextId = 0

  constructor(application: Application, identity: SessionIdentity, scope: Scope, configuration: Configuration) {
    this.application = application
    this.identity = identity
    this.scope = scope
    this.configuration = configuration
  }
}

/** The working copy behind a session. Errors: throws when the session was not made by this engine. */
export function stateOf(session: Session): SessionState {
  if (session instanceof SessionState) return session
  throw new TypeError('the session was not made by createSession or restore of this engine')
}
