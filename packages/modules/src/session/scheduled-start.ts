import { isSessionId } from '@segue/runtime'
import type { EntityStep, MessageBody, PlannedEffect, StepRequest, StepResponse } from '@segue/runtime'
import { isRecord, jsonOf } from '../values.ts'

/** A session that is to start later. */
export interface ScheduledStart {
  readonly sessionId: string
  readonly dueEpochMs: number
  readonly url: string
  /** Text that is JSON counts as its value. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** JSON texts of parameters that keep their type; they win. */
  readonly encodedParameters: Readonly<Record<string, string>>
  /** Session that is told of a failure, and of the end of the new one; `''`: nobody. */
  readonly startedBy: string
  readonly requestId: string
}

const prefix = '$start-'
const dueTimer = 'due'

/** Entity that keeps the start of a session until it is due. */
export function scheduledStartRef(sessionId: string): { readonly kind: 'domain'; readonly id: string } {
  return { kind: 'domain', id: prefix + sessionId }
}

/** Whether an entity of the kind `domain` is a start that is kept, and no routing domain. */
export function isScheduledStart(id: string): boolean {
  return id.startsWith(prefix) && isSessionId(id.slice(prefix.length))
}

/** Message that keeps a start; with `creates`. */
export function scheduleMessage(start: ScheduledStart): MessageBody {
  return { ...start, kind: 'schedule' }
}

/** Starts that are kept, as the runtime steps them: each lives from `schedule` until it has been performed. */
export interface ScheduledStarts {
  step(request: StepRequest): StepResponse
  forget(id: string): void
}

/** Keeps starts: a durable timer, then the effect `session.startDue`. Spec: session-and-web §4.2, §4.4. */
export function scheduledStarts(): ScheduledStarts {
  const starts = new Map<string, ScheduledStart>()

  function step({ context, message, stored }: StepRequest): StepResponse {
    const { id } = context.ref
    if (stored !== undefined) keep(id, stored === 'new' ? undefined : decode(stored.state))
    const start = starts.get(id)
    const { body } = message
    if (start === undefined) {
      const asked = body.kind === 'schedule' ? startOf(body) : undefined
      return asked === undefined ? over([]) : keepUntil(id, asked, [])
    }
    switch (body.kind) {
      case 'reschedule': {
        const dueEpochMs = Number(body['dueEpochMs'])
        const data = { requestid: body['requestId'], sessionid: start.sessionId }
        return keepUntil(id, { ...start, dueEpochMs }, [
          event(String(body['replyTo']), 'session.updatestart.done', data),
        ])
      }
      case 'timer':
        return took({ effects: [{ type: 'session.startDue', mode: 'once', body: { ...start } }] })
      case 'cancelStart':
        return over([])
      case 'performed': {
        const { description, error } = body
        if (typeof error !== 'string' || start.startedBy === '') return over([])
        const data = { requestid: start.requestId, sessionid: start.sessionId, error, description }
        return over([event(start.startedBy, 'error.session.start', data)])
      }
      default:
        return took({})
    }
  }

  function keep(id: string, start: ScheduledStart | undefined): void {
    if (start === undefined) starts.delete(id)
    else starts.set(id, start)
  }

  function keepUntil(id: string, start: ScheduledStart, effects: readonly PlannedEffect[]): StepResponse {
    keep(id, start)
    return took({
      effects,
      timersPut: [{ id: dueTimer, dueEpochMs: start.dueEpochMs }],
      attributes: { url: start.url, sessionId: start.sessionId, due: String(start.dueEpochMs) },
      save: 'snapshot',
      snapshot: new TextEncoder().encode(JSON.stringify(start)),
    })
  }

  return { step, forget: (id) => void starts.delete(id) }
}

function took(changes: Partial<EntityStep>): StepResponse {
  const nothing = { effects: [], withdrawn: [], timersPut: [], timersDeleted: [], rows: [], trace: [] }
  return { ok: true, step: { ...nothing, save: 'nothing', hasEnded: false, ...changes } }
}

function over(effects: readonly PlannedEffect[]): StepResponse {
  return took({ effects, hasEnded: true, save: 'snapshot', snapshot: new TextEncoder().encode('{}') })
}

function event(sessionId: string, name: string, data: Readonly<Record<string, unknown>>): PlannedEffect {
  const to = { kind: 'session', id: sessionId }
  return { mode: 'once', type: 'message', body: { to, message: { kind: 'event', name, data } } }
}

function decode(state: Uint8Array | undefined): ScheduledStart | undefined {
  if (state === undefined) return undefined
  const value: unknown = JSON.parse(new TextDecoder().decode(state))
  return isRecord(value) ? startOf(value) : undefined
}

/** A start from a message, its own stored form, or the body of its effect. */
export function startOf(value: Readonly<Record<string, unknown>>): ScheduledStart | undefined {
  const { dueEpochMs, parameters, requestId, sessionId, startedBy, url } = value
  if (typeof dueEpochMs !== 'number' || typeof sessionId !== 'string' || typeof url !== 'string') return undefined
  return {
    dueEpochMs,
    sessionId,
    url,
    parameters: isRecord(parameters) ? parameters : {},
    encodedParameters: textsOf(value['encodedParameters']),
    startedBy: typeof startedBy === 'string' ? startedBy : '',
    requestId: typeof requestId === 'string' ? requestId : '',
  }
}

/** JSON texts of values that keep their type; what no JSON can hold is left out. */
export function encodedParameters(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return textsOf(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, jsonOf(value)])))
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
