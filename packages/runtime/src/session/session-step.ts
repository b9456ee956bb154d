import type { Durability, EntityStep, StepRequest, StepResponse } from '../entity/contract.ts'
import type { RowChange, StoredEntity } from '../ports/store.ts'
import type { ShardStepResponse, StoredSession } from './contract.ts'

/** What a shard answers when it stepped. */
export type Stepped = Extract<ShardStepResponse, { ok: true }>

/** Searchable facts of a session, kept so that a change of one can be written with the others. */
export interface SessionAttributes extends Readonly<Record<string, string>> {
  readonly url: string
  readonly application: string
  readonly hash: string
  readonly name: string
  /** Active atomic states, separated by blanks. */
  readonly states: string
  /** Milliseconds since 1970-01-01 UTC, as text. */
  readonly started: string
  /** `false`: the document says `_persist="false"`. */
  readonly persist: string
}

/** A step in which nothing happened. */
export const emptyStep: EntityStep = {
  effects: [],
  withdrawn: [],
  timersPut: [],
  timersDeleted: [],
  rows: [],
  trace: [],
  save: 'nothing',
  hasEnded: false,
}

/** A stored entity as a shard takes it. */
export function storedSession(stored: StoredEntity | undefined): StoredSession | undefined {
  if (stored?.state === undefined) return undefined
  return { hash: stored.attributes['hash'] ?? '', state: stored.state, redo: stored.redo }
}

/** Facts of a stored session. */
export function readAttributes({ attributes }: StoredEntity): SessionAttributes {
  const text = (name: string): string => attributes[name] ?? ''
  return {
    url: text('url'),
    application: text('application'),
    hash: text('hash'),
    name: text('name'),
    states: text('states'),
    started: text('started'),
    persist: text('persist'),
  }
}

/** A message that nobody can take is on record and changes nothing. A new entity that it made ends at once. */
export function ignored({ context, message, stored }: StepRequest, reason: string): StepResponse {
  const trace = [{ kind: 'ignored', atEpochMs: context.nowMs, reason, message: message.body.kind }]
  if (stored !== 'new') return { ok: true, step: { ...emptyStep, trace } }
  const snapshot = new TextEncoder().encode(JSON.stringify({ f: 1, refused: reason }))
  return { ok: true, step: { ...emptyStep, trace, save: 'snapshot', snapshot, hasEnded: true } }
}

/** What a shard answered, as the dispatcher takes it. */
export function entityStep(
  response: Stepped,
  rows: readonly RowChange[],
  attributes: Readonly<Record<string, string>> | undefined,
  durability: Durability,
): EntityStep {
  const { bytes, effects, hasEnded, save, timersDeleted, timersPut, trace } = response
  return {
    effects,
    withdrawn: [],
    timersPut,
    timersDeleted,
    rows,
    trace: [],
    traceTexts: trace,
    save,
    ...(bytes !== undefined && (save === 'snapshot' ? { snapshot: bytes } : { redo: bytes })),
    ...(attributes !== undefined && { attributes }),
    durability,
    hasEnded,
  }
}
