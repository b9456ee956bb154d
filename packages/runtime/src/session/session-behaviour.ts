import type { Diagnostic } from '@segue/scxml'
import type {
  Behaviour,
  Durability,
  MessageBody,
  PlannedEffect,
  StepRequest,
  StepResponse,
} from '../entity/contract.ts'
import type { Incident } from '../entity/runtime.ts'
import type { EntityRef, RowChange } from '../ports/store.ts'
import { openedEffect } from '../recovery/incident-log.ts'
import type {
  Applications,
  SessionMessage,
  Shard,
  ShardIncident,
  ShardStepRequest,
  ShardStepResponse,
  StoredSession,
} from './contract.ts'
import { isRecord, readSessionMessage } from './read-session-message.ts'
import { sessionMessage } from './session-faults.ts'
import { emptyStep, entityStep, ignored, readAttributes, storedSession } from './session-step.ts'
import type { SessionAttributes, Stepped } from './session-step.ts'
import { messageEffect } from './session-effects.ts'

export interface SessionBehaviourOptions {
  readonly shard: Shard
  readonly applications: Applications
  /** Told what an operator has to know: refused starts, breached limits. Never throws. */
  readonly onIncident?: (incident: Incident) => void
  /** Told what an author has to know, once per application version: values that cannot be saved. Never throws. */
  readonly onWarning?: (warning: Incident) => void
  /** What the death of the node may cost sessions of a document; `durable` when absent. */
  readonly durability?: (session: { readonly url: string; readonly persists: boolean }) => Durability
  /** Why no session of an application version may start; `undefined`: it may. */
  readonly refusal?: (hash: string) => string | undefined
}

type StartMessage = Extract<SessionMessage, { kind: 'start' }>

/** Why a document has no version that can be started; `missing` when a resource of it cannot be had. */
interface VersionMissing {
  readonly ok: false
  readonly message: string
  readonly missing: Diagnostic['missing']
}

/** A request on its way: answered at once, or waiting for the shard. */
type Prepared =
  | { readonly kind: 'answered'; readonly response: StepResponse }
  | {
      readonly kind: 'stepping'
      readonly request: StepRequest
      readonly start: StartMessage | undefined
      readonly shardRequest: ShardStepRequest
      readonly rows: readonly RowChange[]
    }

/**
 * Sessions as entities. The working copies live in a shard; here is what the dispatcher has to know of them.
 * Spec: design §6, P4, P11.
 */
export function createSessionBehaviour(options: SessionBehaviourOptions): Behaviour {
  const { applications, shard } = options
  const attributesOf = new Map<string, SessionAttributes>()
  /** Sessions that have to end with the message that they take next. */
  const struck = new Map<string, { readonly incident: ShardIncident; isRepeated: boolean }>()
  const tellIncident = (kind: string, code: string, ref: EntityRef, message: string, atEpochMs: number): void =>
    options.onIncident?.({ kind, code, ref, message, atEpochMs })

  const prepare = async (request: StepRequest): Promise<Prepared> => {
    const { context, stored } = request
    const { id } = context.ref
    const message = readSessionMessage(undelivered(request) ?? request.message.body)
    if (message === undefined) return answered(ignored(request, 'unreadable'))
    if (stored !== undefined && stored !== 'new') attributesOf.set(id, readAttributes(stored))
    if (message.kind !== 'start' || stored !== 'new') {
      if (stored === 'new') return answered(ignored(request, 'notStarted'))
      return prepareRunning(request, message)
    }
    const found = await findVersion(message)
    if (!found.ok) return answered(refuse(request, message, found.message, found.missing))
    const refusal = options.refusal?.(found.hash)
    if (refusal !== undefined) return answered(refuse(request, { ...message, hash: found.hash }, refusal))
    const start: StartMessage = { ...message, hash: found.hash }
    attributesOf.set(id, {
      url: message.url,
      application: message.application,
      hash: found.hash,
      name: '',
      states: '',
      started: String(context.nowMs),
      persist: '',
    })
    const rows = await documentRows(found.hash)
    return { ...stepping(request, start, undefined), start, rows }
  }

  const prepareRunning = (request: StepRequest, message: SessionMessage): Prepared => {
    const { context, stored } = request
    const { id } = context.ref
    const bytes = stored === 'new' ? undefined : storedSession(stored)
    if (stored !== undefined && bytes === undefined)
      return answered({ ok: false, message: 'the stored session has no state' })
    const strike = struck.get(id)
    if (strike === undefined) return stepping(request, message, bytes)
    // It did not survive being ended by the rules either: its modules are not asked any more.
    if (strike.isRepeated) return answered(endWithout(request, strike.incident))
    return stepping(request, { kind: 'abandon', incident: strike.incident }, bytes)
  }

  /** A store that cannot be asked fails one request and not its neighbours. */
  const prepareAlone = async (request: StepRequest): Promise<Prepared> => {
    try {
      return await prepare(request)
    } catch (error) {
      attributesOf.delete(request.context.ref.id)
      return answered({ ok: false, message: error instanceof Error ? error.message : String(error) })
    }
  }

  const findVersion = async (
    message: StartMessage,
  ): Promise<{ readonly ok: true; readonly hash: string } | VersionMissing> => {
    if (message.hash !== '') return { ok: true, hash: message.hash }
    const current =
      message.content === undefined
        ? await applications.current(message.url, message.alternateUrl)
        : await applications.inline(message.content, message.url)
    if (current.ok) return { ok: true, hash: current.bundle.hash }
    const first = current.diagnostics.find(({ severity }) => severity === 'error')
    if (first === undefined) return { ok: false, message: 'the document has errors', missing: undefined }
    return { ok: false, message: `${first.code} ${first.message}`, missing: first.missing }
  }

  const documentRows = async (hash: string): Promise<readonly RowChange[]> => {
    if (await applications.isStored(hash)) return []
    const bundle = await applications.byHash(hash)
    return bundle === undefined ? [] : [{ kind: 'put', table: 'document', key: hash, value: JSON.stringify(bundle) }]
  }

  /** Steps in the shard; versions that it lacks are loaded and their requests given again. */
  const stepInShard = async (requests: readonly ShardStepRequest[]): Promise<readonly ShardStepResponse[]> => {
    const responses = requests.length === 0 ? [] : [...(await shard.step(requests))]
    const again: number[] = []
    const failures = new Map<string, string>()
    for (const [index, response] of responses.entries()) {
      if (response.ok || response.missingHash === undefined) continue
      again.push(index)
      if (failures.has(response.missingHash)) continue
      failures.set(response.missingHash, await loadIntoShard(response.missingHash))
    }
    const retried = again.filter((index) => {
      const response = responses[index]
      return response?.ok === false && failures.get(response.missingHash ?? '') === ''
    })
    if (retried.length > 0) {
      const second = await shard.step(retried.flatMap((index) => requests[index] ?? []))
      for (const [position, index] of retried.entries()) responses[index] = second[position] ?? noAnswer
    }
    return responses.map((response) => {
      if (response.ok || response.missingHash === undefined) return response
      const reason = failures.get(response.missingHash)
      return reason === undefined || reason === '' ? response : { ...response, message: reason }
    })
  }

  const loadIntoShard = async (hash: string): Promise<string> => {
    const bundle = await applications.byHash(hash)
    if (bundle === undefined) return `application version "${hash}" is not in the store`
    const { ok, message } = await shard.load(bundle)
    return ok ? '' : message
  }

  const finish = (prepared: Extract<Prepared, { kind: 'stepping' }>, response: ShardStepResponse): StepResponse => {
    const { request, rows, start } = prepared
    const { context } = request
    const { id } = context.ref
    if (!response.ok) {
      const { later, strike } = response
      if (later !== undefined) {
        const { message } = response
        return { ok: false, message, later: later.then((late) => finish(prepared, late)) }
      }
      if (strike !== undefined) {
        if (start !== undefined) return refuse(request, start, strike.message)
        struck.set(id, { incident: inStates(strike, attributesOf.get(id)), isRepeated: struck.has(id) })
      }
      if (response.isLost === true) return { ok: false, message: response.message, isLost: true }
      if (start !== undefined && response.missingHash !== undefined) return refuse(request, start, response.message)
      attributesOf.delete(id)
      return { ok: false, message: response.message }
    }
    struck.delete(id)
    const { incident } = response
    if (incident !== undefined) tellIncident(incident.kind, incident.code, context.ref, incident.message, context.nowMs)
    for (const warning of response.warnings ?? [])
      options.onWarning?.({ ...warning, ref: context.ref, atEpochMs: context.nowMs })
    const attributes = changedAttributes(id, response, context.nowMs)
    const durability = durabilityOf(attributesOf.get(id))
    if (response.hasEnded) attributesOf.delete(id)
    const step = entityStep(response, rows, attributes, durability)
    if (incident === undefined) return { ok: true, step }
    const effects = [...step.effects, onRecord(incident, context, response.hasEnded)]
    return { ok: true, step: { ...step, effects } }
  }

  const durabilityOf = (known: SessionAttributes | undefined): Durability =>
    known === undefined
      ? 'durable'
      : (options.durability?.({ url: known.url, persists: known.persist !== 'false' }) ?? 'durable')

  const changedAttributes = (id: string, response: Stepped, nowMs: number): SessionAttributes | undefined => {
    const known = attributesOf.get(id)
    if (known === undefined) return undefined
    const states = response.active.join(' ')
    const isSame = known.states === states && response.name === undefined && !response.hasEnded
    if (isSame) return undefined
    const next: SessionAttributes = {
      ...known,
      states,
      ...(response.name !== undefined && { name: response.name }),
      ...(response.persists === false && { persist: 'false' }),
      ...(response.hasEnded && { ended: String(nowMs) }),
    }
    attributesOf.set(id, next)
    return next
  }

  /** The end of a session that no shard survives: on record, its state as it was. */
  const endWithout = ({ context }: StepRequest, { code, kind, message }: ShardIncident): StepResponse => {
    const { nowMs, ref } = context
    const known = attributesOf.get(ref.id)
    attributesOf.delete(ref.id)
    struck.delete(ref.id)
    tellIncident(kind, code, ref, message, nowMs)
    return {
      ok: true,
      step: {
        ...emptyStep,
        effects: [onRecord({ code, kind, message }, context, true)],
        trace: [{ kind: 'incident', atEpochMs: nowMs, code, message }],
        ...(known !== undefined && { attributes: { ...known, ended: String(nowMs) } }),
        hasEnded: true,
      },
    }
  }

  /** A start that cannot be: the session is on record, has ended, and whoever invoked it is told. */
  const refuse = (
    request: StepRequest,
    message: StartMessage,
    reason: string,
    missing?: Diagnostic['missing'],
  ): StepResponse => {
    const { nowMs, ref } = request.context
    attributesOf.delete(ref.id)
    const code = 'SEG-SESSION-001'
    const text = sessionMessage(code, { url: message.url, reason })
    tellIncident('startRefused', code, ref, text, nowMs)
    const { application, hash, parent, url } = message
    const effects = [onRecord({ kind: 'startRefused', code, message: text }, request.context, true)]
    if (parent !== undefined) {
      const invokeId = parent.invokeId === '' ? {} : { invokeId: parent.invokeId }
      const isBadFetch = missing !== undefined && parent.dialect === 'orchestration'
      const name = isBadFetch ? `error.badfetch.${protocolOf(missing.url)}.${missing.cause}` : 'error.communication'
      const target = isBadFetch ? { description: reason, target: missing.url } : {}
      const data = { message: reason, sessionid: ref.id, src: url, ...target }
      effects.push(messageEffect(parent.sessionId, { kind: 'event', name, data, ...invokeId }))
    }
    return {
      ok: true,
      step: {
        ...emptyStep,
        effects,
        trace: [{ kind: 'startRefused', atEpochMs: nowMs, code, url, message: text }],
        attributes: { url, application, hash, name: '', states: '', started: String(nowMs), ended: String(nowMs) },
        save: 'snapshot',
        snapshot: new TextEncoder().encode(JSON.stringify({ f: 1, refused: reason })),
        hasEnded: true,
      },
    }
  }

  return {
    kind: 'session',
    async step(requests) {
      const prepared = await Promise.all(requests.map(prepareAlone))
      const steppingOnes = prepared.filter((one) => one.kind === 'stepping')
      const responses = await stepInShard(steppingOnes.map(({ shardRequest }) => shardRequest))
      const finished = new Map(steppingOnes.map((one, index) => [one, finish(one, responses[index] ?? noAnswer)]))
      return prepared.map((one) =>
        one.kind === 'answered' ? one.response : (finished.get(one) ?? { ok: false, message: noAnswer.message }),
      )
    },
    forget(refs) {
      const ids = refs.map(({ id }) => id)
      for (const id of ids) attributesOf.delete(id)
      shard.forget(ids)
    },
    ...(shard.lane && { lane: ({ id }: EntityRef) => shard.lane?.(id) ?? 0 }),
  }
}

/** Where V8 does not tell the place, the active states narrow it down. */
function inStates(incident: ShardIncident, known: SessionAttributes | undefined): ShardIncident {
  const states = known?.states ?? ''
  return states === '' ? incident : { ...incident, message: `${incident.message}, in "${states}"` }
}

/** Redo records after which a snapshot is written (P3). */
const maxRedoRecords = 64

const noAnswer = { ok: false, message: 'the shard gave no answer' } as const

/** Scheme of an address, as event names hold it. */
function protocolOf(url: string): string {
  return /^[a-z][a-z0-9+-]*(?=:)/i.exec(url)?.[0].toLowerCase() ?? 'unknown'
}

/**
 * What a session takes in place of a message of its own whose receiver does not exist: the body that the effect
 * carries for this case.
 */
function undelivered({ context, message }: StepRequest): MessageBody | undefined {
  const { body } = message
  if (body.kind !== 'undeliverable') return undefined
  const key = body['key'] ?? message.answers
  const inPlace = context.openEffects.find((effect) => effect.key === key)?.body['undeliverable']
  return isRecord(inPlace) && typeof inPlace['kind'] === 'string' ? { ...inPlace, kind: inPlace['kind'] } : undefined
}

/** Effect that puts an incident of a step on record for an operator. */
function onRecord(incident: ShardIncident, { nowMs, ref }: StepRequest['context'], isOver: boolean): PlannedEffect {
  return openedEffect({ ...incident, ref, atEpochMs: nowMs }, { kind: 'fact', isOver })
}

function answered(response: StepResponse): Prepared {
  return { kind: 'answered', response }
}

function stepping(
  request: StepRequest,
  message: SessionMessage,
  stored: StoredSession | undefined,
): Extract<Prepared, { kind: 'stepping' }> {
  const { nowMs, openEffects, ref, seed, version, wantsSnapshot = 0 } = request.context
  const shardRequest: ShardStepRequest = {
    sessionId: ref.id,
    version,
    nowMs,
    seed,
    message,
    stored,
    openEffects,
    wantsSnapshot: wantsSnapshot >= maxRedoRecords,
  }
  return { kind: 'stepping', request, start: undefined, shardRequest, rows: [] }
}
