import type { Application } from '../compile/application.ts'
import type { ElementSpec } from '../elements/element-spec.ts'
import type { ModuleSurface, HostAnswer, SavedScope, ScopeChanges, Touched, PieceId } from '../script/contract.ts'

/**
 * The engine as the runtime sees it. One call runs one macrostep, does no I/O and reads no clock.
 * Spec: SCXML 1.0 appendix D; design laws 1 and 3.
 */

/** Who a session is: its id, what it was started with, and who invoked it. */
export interface SessionIdentity {
  readonly sessionId: string
  /** Start parameters by datum id, encoded values. */
  readonly parameters: Readonly<Record<string, string>>
  /** `_ioprocessors` as JSON text; `{}` when none. */
  readonly ioProcessors: string
  /** Session that invoked this one, and under which id. */
  readonly invokedBy?: { readonly sessionId: string; readonly invokeId: string }
}

/** An event that comes from outside of the session. */
export type IncomingEvent =
  | {
      readonly kind: 'event'
      readonly name: string
      /** Encoded data (JSON text or the codec's form); absent when none. */
      readonly data?: string
      readonly sendId?: string
      readonly origin?: string
      readonly originType?: string
      readonly invokeId?: string
      readonly type?: 'platform' | 'external'
      /** The message as it came, for `_event.raw` of the W3C dialect; absent where an I/O processor has no such text. */
      readonly raw?: string
    }
  /** A delayed send fell due; dropped when it was cancelled meanwhile (P10). */
  | { readonly kind: 'timer'; readonly sendId: string }
  /** End the session from outside: `onexit` of the active states runs. */
  | { readonly kind: 'terminate'; readonly reason: string }

/** What a step may know of the world: the time and a seed for random numbers. */
export interface StepInput {
  readonly nowMs: number
  readonly seed: number
  /** `outcome` when absent. */
  readonly trace?: 'off' | 'outcome'
}

/** What the session asks of the world. Keys are made by the runtime from session, version and position. */
export type Effect =
  /** A send that leaves the session now. */
  | { readonly kind: 'send'; readonly message: OutgoingMessage }
  /** A delayed send, held by the runtime as a durable timer and given back as a `timer` event. */
  | { readonly kind: 'timer'; readonly sendId: string; readonly dueEpochMs: number }
  | { readonly kind: 'cancelTimer'; readonly sendId: string }
  | {
      readonly kind: 'invoke'
      readonly invokeId: string
      readonly type: string
      readonly src: string
      readonly content?: string
      readonly parameters: Readonly<Record<string, string>>
    }
  | { readonly kind: 'cancelInvoke'; readonly invokeId: string }

/** A message that a `<send>` or an `autoforward` gives to the world. */
export interface OutgoingMessage {
  readonly sendId: string
  /** Whether the sender knows the id (`id`, `idlocation`): only then `_event.sendid` is set at the receiver. */
  readonly sendIdIsPublic: boolean
  readonly type: string
  readonly target: string
  readonly event: string
  /** Encoded. */
  readonly data: string | undefined
  /** The data are those of `<content>`, not of names and params: the body of a message, not its parameters (C.2). */
  readonly dataIsContent?: true
  readonly hints: string | undefined
  /** `autoforward`: the event as it came in; the receiver gets its fields unchanged. */
  readonly forwarded?: Extract<IncomingEvent, { readonly kind: 'event' }>
}

/** An executed element of a module with everything evaluated. */
export interface Action {
  readonly module: string
  readonly element: string
  readonly spec: ElementSpec
  /** Derived id, also written to the `requestid` location when the action has one. */
  readonly requestId: string
  /** Evaluated attributes by name; absent ones are absent. Values are encoded. Locations are left out. */
  readonly attributes: Readonly<Record<string, string>>
  /** `<param>` children in document order, encoded values (`undefined` stays absent as `value`). */
  readonly params: readonly { readonly name: string; readonly value: string | undefined }[]
  /** Encoded value of `<content>`. */
  readonly content: string | undefined
  /**
   * Child elements of modules, evaluated in the same way. Their `requestId` is empty unless the child is an action
   * itself (a treatment) or says where to write one.
   */
  readonly children: readonly Action[]
  readonly line: number
}

/** What the runtime gives to a step: the modules, without knowing them. */
export interface StepHost {
  readonly modules: readonly ModuleSurface[]
  readonly documentUrl: string
  view(module: string): string
  viewVersion(module: string): number
  call(module: string, name: string, args: string): HostAnswer
  /** Told before a piece runs that may run for long, so that whoever ends the step from outside knows where it was. */
  willRun?(piece: PieceId): void
  /** Plans an action. A refusal is raised as the given error event on the external queue. */
  act(action: Action): void
  /**
   * Gives a message of type `fm` to the module that has its target as a namespace; what the module makes of it comes
   * back as events. `false`: there is no such module. Without this member such messages are effects like any other.
   * Spec: scxml-dialect section 5.
   */
  sendToModule?(message: OutgoingMessage): boolean
  /** Id of the session that the action with this request id will start. */
  startedSessionId?(requestId: string): string
  /**
   * `false` when no session of this id can be reached (malformed or known to be gone): the send then fails at once.
   * Without this member every id may exist, and a failure comes back as an event.
   */
  mayReach?(sessionId: string): boolean
}

/** What came of one step: what is to be done, what happened, and whether more waits. */
export interface StepOutcome {
  readonly effects: readonly Effect[]
  readonly trace: readonly TraceRecord[]
  /** Set once, when the session has ended in this step. */
  readonly ended: EndRecord | undefined
  /** More events wait in the session's own queue; step again without an event. */
  readonly hasMore: boolean
  /** The event that was taken, or `undefined` when a timer or event was dropped. */
  readonly taken: string | undefined
  /** False when nothing that has to be saved can have changed in the data model (P2). */
  readonly dataMayHaveChanged: boolean
  /** What may have changed in it; `undefined`: nothing. Gather it over all steps that are saved together. */
  readonly touched: Touched | undefined
}

/** How and why a session ended. */
export interface EndRecord {
  readonly reason: 'final' | 'terminated' | 'cancelled' | 'limit' | 'rejected'
  /** Encoded `donedata` of the top-level final. */
  readonly data: string | undefined
  /** Names the limit that was breached, with the place. */
  readonly limit?: { readonly name: string; readonly value: number; readonly element: string; readonly line: number }
}

/** One record of what happened in a step, in order. The closed union of the engine; the runtime adds its own. */
export type TraceRecord =
  | { readonly kind: 'event'; readonly name: string; readonly type: 'platform' | 'internal' | 'external' }
  | { readonly kind: 'eventDropped'; readonly name: string; readonly reason: 'cancelled' | 'ended' }
  | { readonly kind: 'exit'; readonly state: string }
  | {
      readonly kind: 'transition'
      readonly source: string
      readonly targets: readonly string[]
      readonly event: string | undefined
      readonly line: number
    }
  | { readonly kind: 'enter'; readonly state: string }
  | { readonly kind: 'log'; readonly text: string; readonly label: string; readonly level: number }
  | {
      readonly kind: 'action'
      readonly module: string
      readonly element: string
      readonly requestId: string
      readonly attributes: Readonly<Record<string, string>>
      /** `<param>` children, when there are any. */
      readonly params?: Action['params']
      readonly line: number
    }
  | {
      readonly kind: 'send'
      readonly event: string
      readonly target: string
      readonly delayMs: number
      readonly sendId: string
    }
  | {
      readonly kind: 'error'
      readonly event: string
      readonly message: string
      readonly element: string
      readonly url: string
      readonly line: number
    }
  | { readonly kind: 'done'; readonly reason: EndRecord['reason'] }

/** Everything but the data model, JSON-able; data of queued events is encoded. */
export interface SessionSnapshot {
  /** 1: without the order of the roots. */
  readonly format: 1 | 2
  readonly identity: SessionIdentity
  readonly frame: SessionFrame
  readonly scope: SavedScope
}

/** Configuration, history, queues and counters of a session. */
export interface SessionFrame {
  readonly isRunning: boolean
  /** Ids of all active states, document order. */
  readonly configuration: readonly string[]
  /** History id to state ids. */
  readonly history: Readonly<Record<string, readonly string[]>>
  /** Own external queue: events sent to itself and not yet taken. */
  readonly queue: readonly IncomingEvent[]
  /** Pending delayed sends by id. */
  readonly timers: Readonly<Record<string, { readonly dueEpochMs: number; readonly message: OutgoingMessage }>>
  /** Running invocations: invoke id to owning state and element. */
  readonly invokes: Readonly<Record<string, { readonly state: string; readonly index: number }>>
  /** States whose late-bound data was initialised. */
  readonly bound: readonly string[]
  /** Counter behind request ids and send ids of this session. */
  readonly nextId: number
}

/** A session in memory: the working copy that a step changes. Members are the engine's own; use the functions. */
export interface Session {
  readonly application: Application
  readonly identity: SessionIdentity
  readonly isRunning: boolean
}

/**
 * The functions of the engine; `step/index.ts` exports them under these names.
 *
 * - `createSession`: a session that has not run yet
 * - `start`: enters the initial configuration (the first macrostep)
 * - `step`: takes one incoming event, or the next one of the session's own queue when none is given
 */
export interface Engine {
  createSession(application: Application, identity: SessionIdentity): Session
  start(session: Session, input: StepInput, host: StepHost): StepOutcome
  step(session: Session, event: IncomingEvent | undefined, input: StepInput, host: StepHost): StepOutcome
  /** `latest`: what `changesOf` gave just before, so that it is not encoded again. */
  snapshot(session: Session, latest?: ScopeChanges): SessionSnapshot
  /** What `snapshot` would give, for people to look at: what counts as saved stays as it is. */
  shownSnapshot(session: Session): SessionSnapshot
  /** The frame alone, for a redo record whose data did not change. */
  frameOf(session: Session): SessionFrame
  /** What changed in the data model since it was saved or restored, as far as `touched` can have changed it (P2). */
  changesOf(session: Session, touched: Touched): ScopeChanges
  restore(application: Application, snapshot: SessionSnapshot): Session
  /** Active states in document order, for people. */
  activeStates(session: Session): readonly string[]
}
