import type { Behaviour, EntityStep, Message, MessageBody, PlannedEffect, StepRequest } from '../entity/contract.ts'
import type { Incident } from '../entity/runtime.ts'
import type { EffectKey, EntityRef, RowChange, StoredEntity } from '../ports/store.ts'

/** What an operator can do about an incident. */
export type IncidentAction = 'retry' | 'skip' | 'end'

/** What an incident is about: a message that was set aside, an effect that is not performed, or a fact. */
export type IncidentSubject =
  | { readonly kind: 'message'; readonly body: MessageBody; readonly creates: boolean }
  | { readonly kind: 'effect'; readonly key: EffectKey; readonly type: string }
  /** `isOver`: the entity has ended with it. */
  | { readonly kind: 'fact'; readonly isOver: boolean }

/** A stuck or failed session or effect, on record until somebody decides what becomes of it. */
export interface IncidentRecord {
  readonly id: string
  readonly kind: string
  readonly code: string
  readonly message: string
  readonly ref: EntityRef
  readonly atEpochMs: number
  readonly about: IncidentSubject
  readonly actions: readonly IncidentAction[]
}

/** What came of an operator's decision. */
export type IncidentResolution =
  | { readonly status: 'resolved' }
  | { readonly status: 'unknown' }
  | { readonly status: 'refused'; readonly actions: readonly IncidentAction[] }
  | { readonly status: 'overloaded'; readonly retryAfterS: number }

/** The entity whose rows are the incidents. No routing domain has such a name. */
export const INCIDENTS: EntityRef = { kind: 'domain', id: '$incidents' }
/** Effect of a decision about an effect; the runtime performs it itself. */
export const DECISION = 'incident.decision'

const TABLE = 'incident'
const MAX_BODY_CHARS = 65_536

/** Whether an entity is the log. */
export function isIncidentLog(ref: EntityRef): boolean {
  return ref.kind === INCIDENTS.kind && ref.id === INCIDENTS.id
}

/** Body of the message that puts an incident on record. */
export function openedBody(incident: Incident, about: IncidentSubject): MessageBody {
  const { atEpochMs, code = '', kind, message, ref } = incident
  return { kind: 'opened', incident: { kind, code, message, ref, atEpochMs, about: bounded(about) } }
}

/** Effect that puts an incident on record with the step that made it. */
export function openedEffect(incident: Incident, about: IncidentSubject): PlannedEffect {
  return { mode: 'once', type: 'message', body: { to: INCIDENTS, creates: true, message: openedBody(incident, about) } }
}

/** Reads the incidents out of the stored log, the oldest first. */
export function readIncidents(stored: StoredEntity | undefined): readonly IncidentRecord[] {
  const records = (stored?.rows ?? [])
    .filter(({ table }) => table === TABLE)
    .map(({ value }): IncidentRecord => JSON.parse(value))
  return records.sort((one, other) => numberOf(one.id) - numberOf(other.id))
}

/**
 * The log of incidents as an entity: an incident is a row, a decision deletes it and plans what follows, in one step.
 *
 * Order: above `maxIncidents` the oldest goes.
 */
export function incidentLog(maxIncidents: number): Behaviour {
  let records: Map<string, IncidentRecord> | undefined
  return {
    kind: 'domain',
    step: (requests) =>
      Promise.resolve(
        requests.map((request) => {
          const { stored } = request
          if (stored !== undefined) {
            const known = stored === 'new' ? [] : readIncidents(stored)
            records = new Map(known.map((record) => [record.id, record]))
          }
          if (records === undefined) return { ok: false, message: 'the log of incidents is not in memory' }
          return { ok: true, step: logStep(request, records, maxIncidents) }
        }),
      ),
    forget() {
      records = undefined
    },
  }
}

/** Routing domains and the log share a kind: each message goes to its own behaviour. */
export function withIncidentLog(behaviours: readonly Behaviour[], log: Behaviour): readonly Behaviour[] {
  const domain = behaviours.find(({ kind }) => kind === INCIDENTS.kind)
  const others = behaviours.filter(({ kind }) => kind !== INCIDENTS.kind)
  if (domain === undefined) return [...others, log]
  const both: Behaviour = {
    kind: domain.kind,
    async step(requests) {
      const own = requests.filter(({ context }) => isIncidentLog(context.ref))
      if (own.length === 0) return domain.step(requests)
      const rest = requests.filter(({ context }) => !isIncidentLog(context.ref))
      const [ownAnswers, restAnswers] = await Promise.all([log.step(own), rest.length === 0 ? [] : domain.step(rest)])
      const answers = new Map([
        ...own.map((request, at) => [request, ownAnswers[at]] as const),
        ...rest.map((request, at) => [request, restAnswers[at]] as const),
      ])
      return requests.map((request) => answers.get(request) ?? { ok: false, message: 'no answer' })
    },
    forget(refs) {
      if (refs.some(isIncidentLog)) log.forget(refs)
      const rest = refs.filter((ref) => !isIncidentLog(ref))
      if (rest.length > 0) domain.forget(rest)
    },
    ...(domain.lane === undefined ? {} : { lane: domain.lane.bind(domain) }),
    ...(domain.holds === undefined ? {} : { holds: domain.holds.bind(domain) }),
  }
  return [...others, both]
}

function logStep({ context, message }: StepRequest, records: Map<string, IncidentRecord>, most: number): EntityStep {
  const { body } = message
  const rows: RowChange[] = []
  const effects: PlannedEffect[] = []
  const remove = (id: string): void => {
    records.delete(id)
    rows.push({ kind: 'delete', table: TABLE, key: id })
  }
  if (body.kind === 'opened') {
    const record = newRecord(`i${context.version}`, body)
    // An effect that is tried again at every start is one incident.
    for (const known of records.values()) if (isSameEffect(known, record)) remove(known.id)
    records.set(record.id, record)
    rows.push({ kind: 'put', table: TABLE, key: record.id, value: JSON.stringify(record) })
    for (const oldest of records.keys()) {
      if (records.size <= most) break
      remove(oldest)
    }
  }
  const decided = body.kind === 'decided' ? records.get(String(body['id'])) : undefined
  const action = decided?.actions.find((one) => one === body['action'])
  if (decided !== undefined && action !== undefined) {
    remove(decided.id)
    effects.push(...consequences(decided, action))
  }
  return {
    effects,
    withdrawn: [],
    timersPut: [],
    timersDeleted: [],
    rows,
    trace: [{ ...body, atEpochMs: context.nowMs }],
    save: 'snapshot',
    snapshot: new Uint8Array(0),
    hasEnded: false,
  }
}

function newRecord(id: string, { incident }: Message['body']): IncidentRecord {
  // The runtime wrote it itself: `openedBody`.
  const given = incident as Omit<IncidentRecord, 'id' | 'actions'>
  return { id, ...given, actions: actionsOf(given) }
}

function actionsOf({ about, ref }: Omit<IncidentRecord, 'id' | 'actions'>): readonly IncidentAction[] {
  const isThere = !(about.kind === 'fact' && about.isOver) && !(about.kind === 'message' && about.creates)
  const end: readonly IncidentAction[] = ref.kind === 'session' && isThere ? ['end'] : []
  return about.kind === 'fact' ? ['skip', ...end] : ['retry', 'skip', ...end]
}

function isSameEffect({ about: one }: IncidentRecord, { about: other }: IncidentRecord): boolean {
  return one.kind === 'effect' && other.kind === 'effect' && one.key === other.key
}

function consequences({ about, ref }: IncidentRecord, action: IncidentAction): readonly PlannedEffect[] {
  if (action === 'end') return [messageTo(ref, { kind: 'terminate', reason: 'incident' }, false)]
  switch (about.kind) {
    case 'message':
      return action === 'retry' ? [messageTo(ref, about.body, about.creates)] : []
    case 'effect':
      return [{ mode: 'once', type: DECISION, body: { key: about.key, action } }]
    case 'fact':
      return []
  }
}

function messageTo(to: EntityRef, message: MessageBody, creates: boolean): PlannedEffect {
  return { mode: 'once', type: 'message', body: { to, message, ...(creates ? { creates } : {}) } }
}

/** A message that is too large for the log can only be skipped. */
function bounded(about: IncidentSubject): IncidentSubject {
  return about.kind === 'message' && JSON.stringify(about.body).length > MAX_BODY_CHARS
    ? { kind: 'fact', isOver: false }
    : about
}

function numberOf(id: string): number {
  return Number(id.slice(1))
}
