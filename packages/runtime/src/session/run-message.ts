import { decodeValue, encodeValue, mergeTouched, start, step } from '@segue/scxml'
import type { EndRecord, IncomingEvent, StepOutcome, Touched, TraceRecord } from '@segue/scxml'
import type { MessageBody, PlannedEffect } from '../entity/contract.ts'
import type { ModuleHost } from '../module/host.ts'
import type { SessionMessage, ShardIncident, ShardStepRequest, ShardStepResponse } from './contract.ts'
import { dataFromOutside } from './data-from-outside.ts'
import type { ResidentSession } from './resident-session.ts'
import { scriptLimitOf } from './script-limit.ts'
import { sessionMessage } from './session-faults.ts'
import type { SessionFaultCode } from './session-faults.ts'
import { addEngineEffect, eventBody, messageEffect, withoutChild } from './session-effects.ts'
import type { EffectOrigin, SessionEffects } from './session-effects.ts'

export type TraceLevel = 'off' | 'outcome' | 'full'

/** What came of one message, before it is saved. */
export interface MessageOutcome {
  readonly effects: readonly PlannedEffect[]
  readonly timers: ReadonlyMap<string, number | undefined>
  /** JSON texts. */
  readonly trace: readonly string[]
  readonly ended: EndRecord | undefined
  /** What may have changed in the data model; `undefined`: nothing. */
  readonly touched: Touched | undefined
  readonly incident: Extract<ShardStepResponse, { ok: true }>['incident'] | undefined
}

export interface RunOptions {
  readonly modules: ModuleHost
  readonly trace: TraceLevel
  readonly maxMacrosteps: number
  readonly maxEffects: number
}

/** Timer of the session's age limit (`_maxtime`). */
const ageTimer = '$maxtime'

/**
 * Runs one message: the module takes it first, then the document, then what the session sent to itself, up to a
 * limit; what is left goes on with a message of its own.
 *
 * Errors: throws on bugs of engine and modules; the working copy is spoilt then.
 * Spec: design P9, P10, §7.
 */
export function runMessage(resident: ResidentSession, request: ShardStepRequest, options: RunOptions): MessageOutcome {
  const run = new MessageRun(resident, request, options)
  return run.take(request.message)
}

/** Working state of one message. */
class MessageRun {
  readonly #resident: ResidentSession
  readonly #request: ShardStepRequest
  readonly #options: RunOptions
  readonly #effects: SessionEffects
  readonly #origin: EffectOrigin
  readonly #trace: string[] = []
  readonly #atPrefix: string
  #touched: Touched | undefined = undefined
  #ended: EndRecord | undefined
  #incident: MessageOutcome['incident']
  #macrosteps = 0

  constructor(resident: ResidentSession, request: ShardStepRequest, options: RunOptions) {
    const { chart } = resident.compiled.application
    this.#resident = resident
    this.#request = request
    this.#options = options
    this.#effects = { planned: [], timers: new Map(), events: [], own: resident.own }
    this.#origin = {
      sessionId: request.sessionId,
      version: request.version,
      dialect: chart.origin.dialect,
      documentUrl: resident.documentUrl,
      invokedBy: resident.session.identity.invokedBy,
    }
    this.#atPrefix = `{"atEpochMs":${request.nowMs},`
    options.modules.enter(resident, request.nowMs)
  }

  take(message: SessionMessage): MessageOutcome {
    if (this.#options.trace === 'full') this.#record({ kind: 'input', message, seed: this.#request.seed })
    this.#dispatch(message)
    this.#runOwnEvents()
    this.#handOverRest()
    this.#checkEffects()
    if (this.#ended !== undefined) this.#end(this.#ended, message)
    this.#resident.own = this.#effects.own
    return {
      effects: this.#effects.planned,
      timers: this.#effects.timers,
      trace: this.#trace,
      ended: this.#ended,
      touched: this.#touched,
      incident: this.#incident,
    }
  }

  #dispatch(message: SessionMessage): void {
    const { session } = this.#resident
    switch (message.kind) {
      case 'start': {
        const { maxTimeS } = this.#resident.compiled.application.chart.origin.settings
        if (maxTimeS !== undefined && maxTimeS > 0)
          this.#effects.timers.set(ageTimer, this.#request.nowMs + maxTimeS * 1000)
        this.#finish(start(session, this.#input(), this.#options.modules.host))
        return
      }
      case 'event':
        // What the session sent to itself came before.
        this.#runOwnEvents()
        this.#takeEvent(message)
        return
      case 'timer':
        if (message.id === ageTimer) {
          const limit = this.#resident.compiled.application.chart.origin.settings.maxTimeS ?? 0
          this.#incident = this.#limitIncident('SEG-SESSION-004', { value: limit })
          this.#step({ kind: 'terminate', reason: '_maxtime' })
        } else this.#step({ kind: 'timer', sendId: message.id })
        return
      case 'terminate':
        this.#step({ kind: 'terminate', reason: message.reason })
        return
      case 'abandon':
        this.#incident = message.incident
        this.#record({ kind: 'incident', code: message.incident.code, message: message.incident.message })
        this.#ended = { reason: 'limit', data: undefined }
        return
      case 'continue':
      case 'settle':
    }
  }

  /** An event that reaches a session at its end is shown to its module, which gives back what came with it. */
  #takeEvent(message: Extract<SessionMessage, { kind: 'event' }>): void {
    const { name, module, payload } = message
    if (module !== undefined) {
      const isKnown = this.#options.modules.apply(module, {
        name,
        data: message.data ?? {},
        ...(payload !== undefined && { payload }),
      })
      this.#record({ kind: 'notice', module, name, ...(!isKnown && { unknown: true }) })
    }
    this.#step(eventOf(message, this.#origin.dialect))
    if (message.invokeId !== undefined && name === `done.invoke.${message.invokeId}`)
      this.#effects.own = withoutChild(this.#effects.own, message.invokeId)
  }

  #runOwnEvents(): void {
    const { maxEffects, maxMacrosteps } = this.#options
    while (this.#ended === undefined && this.#macrosteps < maxMacrosteps) {
      if (this.#effects.planned.length > maxEffects / 2) return
      const event = this.#effects.events.shift()
      if (event === undefined && !this.#resident.hasMore) return
      this.#step(event)
    }
  }

  #step(event: IncomingEvent | undefined): void {
    if (this.#ended !== undefined) return
    this.#finish(step(this.#resident.session, event, this.#input(), this.#options.modules.host))
  }

  #input(): { nowMs: number; seed: number; trace: 'off' | 'outcome' } {
    const { nowMs, seed } = this.#request
    // Each macrostep has a seed of its own, or all would draw the same random numbers.
    const own = (seed + Math.imul(this.#macrosteps, 0x9e3779b1)) >>> 0
    this.#macrosteps += 1
    return { nowMs, seed: own, trace: this.#options.trace === 'off' ? 'off' : 'outcome' }
  }

  #finish(outcome: StepOutcome): void {
    const gathered = this.#options.modules.take()
    if (gathered.bug !== undefined) throw gathered.bug
    if (this.#options.trace !== 'off') {
      for (const record of outcome.trace) {
        this.#record(record)
        if (record.kind === 'error') this.#tellScriptLimit(record)
      }
      for (const record of gathered.trace)
        if (record.kind !== 'asked' || this.#options.trace === 'full') this.#record(record)
    }
    for (const command of gathered.commands) this.#effects.planned.push(command)
    for (const { name, data } of gathered.events)
      this.#effects.events.push({ kind: 'event', name, data: JSON.stringify(data) })
    for (const effect of outcome.effects) addEngineEffect(this.#effects, effect, this.#origin)
    this.#resident.hasMore = outcome.hasMore
    this.#touched = mergeTouched(this.#touched, outcome.touched)
    this.#ended = outcome.ended
  }

  /** The script got an exception that it did not catch, and the document an event; whoever operates it has to know too. */
  #tellScriptLimit({ element, line, message }: Extract<TraceRecord, { kind: 'error' }>): void {
    const limit = scriptLimitOf(message)
    if (limit === undefined || this.#resident.hasToldLimit) return
    this.#resident.hasToldLimit = true
    this.#incident = this.#limitIncident('SEG-SESSION-006', { ...limit, element, line })
  }

  /** What one message may not finish goes on behind whatever waits in the mailbox. */
  #handOverRest(): void {
    if (this.#ended !== undefined) return
    const { planned, events } = this.#effects
    for (const event of events) planned.push(messageEffect(this.#request.sessionId, eventBody(event)))
    if (this.#resident.hasMore) planned.push(messageEffect(this.#request.sessionId, { kind: 'continue' }))
  }

  /** More effects than a step can hold end the session without them: half of them would be a lie. */
  #checkEffects(): void {
    const { planned } = this.#effects
    const { maxEffects } = this.#options
    if (planned.length <= maxEffects) return
    this.#incident = this.#limitIncident('SEG-SESSION-003', { planned: planned.length, value: maxEffects })
    this.#record({ kind: 'limit', name: 'maxEffectsPerStep', value: maxEffects, planned: planned.length })
    this.#step({ kind: 'terminate', reason: 'maxEffectsPerStep' })
    planned.length = 0
    this.#ended = { reason: 'limit', data: undefined }
  }

  #end(ended: EndRecord, message: SessionMessage): void {
    const { planned, own } = this.#effects
    const { sessionId } = this.#request
    const { invokedBy } = this.#resident.session.identity
    planned.push(...this.#options.modules.end(this.#resident.states))
    if (ended.limit !== undefined) {
      this.#incident = this.#limitIncident('SEG-SESSION-002', ended.limit)
      this.#record({ kind: 'limit', ...ended.limit })
    }
    const isCancelled = message.kind === 'terminate' && message.reason === 'cancelled'
    if (invokedBy !== undefined && !isCancelled) {
      const { invokeId } = invokedBy
      if (ended.reason === 'limit') planned.push(messageEffect(invokedBy.sessionId, this.#brokenOff(invokeId)))
      const encoded = this.#doneData(ended)
      const done = { kind: 'event', name: `done.invoke.${invokeId}`, invokeId, ...(encoded && { encoded }) }
      planned.push(messageEffect(invokedBy.sessionId, done))
    }
    if (own.startedBy !== undefined)
      planned.push(
        messageEffect(own.startedBy, {
          kind: 'event',
          name: `done.start.${sessionId}`,
          encoded: resultText(sessionId, ended),
        }),
      )
    this.#tellByName(ended, isCancelled)
  }

  /** `done.invoke` alone reads like success. */
  #brokenOff(invokeId: string): MessageBody {
    const { code = '', message = 'the session was ended' } = this.#incident ?? {}
    const data = { message, code, sessionid: this.#request.sessionId, src: this.#origin.documentUrl }
    return { kind: 'event', name: 'error.communication', data, invokeId }
  }

  /** Whoever waits for the end learns the name of the machine, too: inside nobody is left. Spec: scxml-dialect §9. */
  #tellByName(ended: EndRecord, isCancelled: boolean): void {
    const { name } = this.#resident.compiled.application.chart.origin
    if (this.#origin.dialect !== 'orchestration' || name === undefined || name === '') return
    const invokedBy = isCancelled ? undefined : this.#resident.session.identity.invokedBy?.sessionId
    const { sessionId } = this.#request
    for (const waiting of new Set([invokedBy, this.#effects.own.startedBy])) {
      if (waiting === undefined) continue
      const done = { kind: 'event', name: `done.scxml.${name}`, encoded: resultText(sessionId, ended) }
      this.#effects.planned.push(messageEffect(waiting, done))
    }
  }

  #limitIncident(code: SessionFaultCode, parameters: Readonly<Record<string, string | number>>): ShardIncident {
    const { documentUrl: url } = this.#resident
    return { kind: 'limit', code, message: sessionMessage(code, { ...parameters, url }) }
  }

  #doneData(ended: EndRecord): string | undefined {
    return this.#origin.dialect === 'w3c' ? ended.data : resultText(this.#request.sessionId, ended)
  }

  #record(record: { readonly kind: string; readonly [member: string]: unknown } | TraceRecord): void {
    if (this.#options.trace !== 'off') this.#trace.push(this.#atPrefix + JSON.stringify(record).slice(1))
  }
}

function eventOf(message: Extract<SessionMessage, { kind: 'event' }>, dialect: EffectOrigin['dialect']): IncomingEvent {
  const { name, data, encoded, sendId, origin, originType, invokeId, raw } = message
  const fromOutside = encoded === undefined ? undefined : dataFromOutside(encoded)
  const isMismatch = encoded !== undefined && fromOutside === undefined && dialect === 'orchestration'
  const text = isMismatch ? mismatchText(name) : (fromOutside ?? (data && JSON.stringify(data)) ?? (encoded && '{}'))
  return {
    kind: 'event',
    name: isMismatch ? 'error.receive.datamismatch' : name,
    ...(text !== undefined && { data: text }),
    ...(sendId !== undefined && { sendId }),
    ...(origin !== undefined && { origin }),
    ...(originType !== undefined && { originType }),
    ...(invokeId !== undefined && { invokeId }),
    ...(raw !== undefined && { raw }),
  }
}

/** Data of the event that stands for one whose own data cannot be read. */
function mismatchText(event: string): string {
  const message = `the data of the event "${event}" cannot be read`
  return JSON.stringify({ message, description: message, event })
}

/** Data of `done.invoke` and `done.start`. Spec: scxml-dialect §9. */
function resultText(sessionId: string, { data, reason }: EndRecord): string {
  return encodeValue({ sessionid: sessionId, reason, ...(data !== undefined && { params: decodeValue(data) }) })
}
