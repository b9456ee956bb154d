import { createSession, restore } from '@segue/scxml'
import type { Session, SessionIdentity } from '@segue/scxml'
import type { ModuleHost, ModuleStates } from '../module/host.ts'
import type { SessionStart } from '../module/contract.ts'
import type { CompiledApplication } from './compiled-applications.ts'
import type { SessionMessage, StoredSession } from './contract.ts'
import { dataFromOutside } from './data-from-outside.ts'
import { marksOf } from './saver.ts'
import type { SavedMarks } from './saver.ts'
import { startParameters } from './start-parameters.ts'
import { foldStored } from './stored-form.ts'
import type { SavedOwn } from './stored-form.ts'

/** A session in memory: the engine's working copy and what the shard keeps beside it. */
export interface ResidentSession {
  readonly sessionId: string
  /** Address of the started document. */
  readonly documentUrl: string
  readonly compiled: CompiledApplication
  readonly session: Session
  readonly states: ModuleStates
  own: SavedOwn
  /** Absent until the first step is saved. */
  marks: SavedMarks | undefined
  /** Events wait in the session's own queue. */
  hasMore: boolean
  /** An operator knows that its scripts run into limits; told once while it is in memory. */
  hasToldLimit: boolean
}

/** What making a session in memory needs besides the session itself. */
export interface ResidentContext {
  readonly modules: ModuleHost
  readonly tenant: SessionStart['tenant']
  readonly ioProcessors: (sessionId: string) => string
  readonly parsesStartParameters: boolean
}

/** Shared by all that have nothing there; never written to. */
const none: Readonly<Record<string, string>> = Object.freeze({})

/** A new session that has not run yet. */
export function newResident(
  sessionId: string,
  message: Extract<SessionMessage, { kind: 'start' }>,
  compiled: CompiledApplication,
  context: ResidentContext,
): ResidentSession {
  const isInvoked = message.parent !== undefined && message.parent.invokeId !== ''
  const parameters = {
    ...startParameters(message.parameters, {
      are: message.parametersAre ?? 'text',
      parsesText: context.parsesStartParameters,
    }),
    ...parametersFromOutside(message.encodedParameters),
  }
  const identity = new ResidentIdentity(sessionId, parameters, isInvoked ? message.parent : undefined, context)
  const own: SavedOwn = {
    url: compiled.url,
    children: none,
    ...(message.parent !== undefined && !isInvoked && { startedBy: message.parent.sessionId }),
  }
  return {
    sessionId,
    documentUrl: compiled.url,
    compiled,
    session: createSession(compiled.application, identity),
    states: context.modules.initial({ sessionId, tenant: context.tenant, documentUrl: compiled.url }),
    own,
    marks: undefined,
    hasMore: false,
    hasToldLimit: false,
  }
}

/**
 * A session from its stored form.
 *
 * Errors: throws when the bytes are no session of this application version.
 */
export function storedResident(
  sessionId: string,
  stored: StoredSession,
  compiled: CompiledApplication,
  context: ResidentContext,
): ResidentSession {
  const saved = foldStored(stored)
  const { own, snapshot } = saved
  const { invokedBy, parameters } = snapshot.identity
  const identity = new ResidentIdentity(sessionId, parameters, invokedBy, context)
  const states = context.modules.restore(saved.slices, {
    sessionId,
    tenant: context.tenant,
    documentUrl: own.url,
  })
  return {
    sessionId,
    documentUrl: own.url,
    compiled,
    session: restore(compiled.application, { ...snapshot, identity }),
    states,
    own,
    marks: marksOf(saved, states.slices, own, stored.state.length, sizeOf(stored)),
    hasMore: snapshot.frame.queue.length > 0,
    hasToldLimit: false,
  }
}

/**
 * Where a session is spoken to is made when somebody asks: it is neither kept for each of many sessions nor stored, for
 * the next node may have another address.
 */
class ResidentIdentity implements SessionIdentity {
  readonly sessionId: string
  readonly parameters: SessionIdentity['parameters']
  declare readonly invokedBy?: NonNullable<SessionIdentity['invokedBy']>
  readonly #context: ResidentContext

  constructor(
    sessionId: string,
    parameters: SessionIdentity['parameters'],
    invokedBy: SessionIdentity['invokedBy'],
    context: ResidentContext,
  ) {
    this.sessionId = sessionId
    this.parameters = Object.keys(parameters).length === 0 ? none : parameters
    if (invokedBy !== undefined) this.invokedBy = invokedBy
    this.#context = context
  }

  get ioProcessors(): string {
    return this.#context.ioProcessors(this.sessionId)
  }
}

function sizeOf({ redo, state }: StoredSession): number {
  return redo.reduce((sum, { length }) => sum + length, state.length)
}

function parametersFromOutside(parameters: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, encoded]) => [name, dataFromOutside(encoded) ?? '{}']),
  )
}
