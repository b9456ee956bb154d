import type { Behaviour, MessageBody, PlannedEffect, StepRequest, StepResponse } from '../entity/contract.ts'
import type { Incident } from '../entity/runtime.ts'
import type { EntityRef, RowChange } from '../ports/store.ts'
import type {
  Applications,
  SessionMessage,
  Shard,
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
}

type StartMessage = Extract<SessionMessage, { kind: 'start' }>

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
      return stepping(request, message, storedSession(stored))
    }
    const found = await findVersion(message)
    if (!found.ok) return answered(refuse(request, message, found.message))
    const start: StartMessage = { ...message, hash: found.hash }
    attributesOf.set(id, {
      url: message.url,
      application: message.application,
      hash: found.hash,
      name: '',
      states: '',
      started: String(context.nowMs),
    })
    const rows = await documentRows(found.hash)
    return { ...stepping(request, start, undefined), start, rows }
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
  ): Promise<{ readonly ok: true; readonly hash: string } | { readonly ok: false; readonly message: string }> => {
    if (message.hash !== '') return { ok: true, hash: message.hash }
    const current =
      message.content === undefined
        ? await applications.current(message.url, message.alternateUrl)
        : await applications.inline(message.content, message.url)
    if (current.ok) return { ok: true, hash: current.bundle.hash }
    const first = current.diagnostics.find(({ severity }) => severity === 'error')
    return { ok: false, message: first === undefined ? 'the document has errors' : `${first.code} ${first.message}` }
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

  const finish = (
    { request, rows, start }: Extract<Prepared, { kind: 'stepping' }>,
    response: ShardStepResponse,
  ): StepResponse => {
    const { context } = request
    const { id } = context.ref
    if (!response.ok) {
      if (start !== undefined && response.missingHash !== undefined) return refuse(request, start, response.message)
      attributesOf.delete(id)
      return { ok: false, message: response.message }
    }
    const { incident } = response
    if (incident !== undefined) tellIncident(incident.kind, incident.code, context.ref, incident.message, context.nowMs)
    for (const warning of response.warnings ?? [])
      options.onWarning?.({ ...warning, ref: context.ref, atEpochMs: context.nowMs })
    const attributes = changedAttributes(id, response, context.nowMs)
    if (response.hasEnded) attributesOf.delete(id)
    return { ok: true, step: entityStep(response, rows, attributes) }
  }

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
      ...(response.hasEnded && { ended: String(nowMs) }),
    }
    attributesOf.set(id, next)
    return next
  }

  /** A start that cannot be: the session is on record, has ended, and whoever invoked it is told. */
  const refuse = (request: StepRequest, message: StartMessage, reason: string): StepResponse => {
    const { nowMs, ref } = request.context
    attributesOf.delete(ref.id)
    const code = 'SEG-SESSION-001'
    const text = sessionMessage(code, { url: message.url, reason })
    tellIncident('startRefused', code, ref, text, nowMs)
    const { application, hash, parent, url } = message
    const effects: PlannedEffect[] = []
    if (parent !== undefined) {
      const data = { message: reason, sessionid: ref.id, src: url }
      const invokeId = parent.invokeId === '' ? {} : { invokeId: parent.invokeId }
      effects.push(messageEffect(parent.sessionId, { kind: 'event', name: 'error.communication', data, ...invokeId }))
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
  }
}

/** Redo records after which a snapshot is written (P3). */
const maxRedoRecords = 64

const noAnswer = { ok: false, message: 'the shard gave no answer' } as const

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
