import type { Chart, Effect, IncomingEvent, OutgoingMessage } from '@segue/scxml'
import type { PlannedEffect } from '../entity/contract.ts'
import { isSessionId } from '../module/host.ts'
import { derivedSessionId } from './derived-session-id.ts'
import type { SavedOwn } from './stored-form.ts'

/** Where an effect comes from. */
export interface EffectOrigin {
  readonly sessionId: string
  readonly version: number
  readonly dialect: Chart['origin']['dialect']
  readonly documentUrl: string
  readonly invokedBy: { readonly sessionId: string; readonly invokeId: string } | undefined
}

/** Effects of one message, put together macrostep by macrostep. */
export interface SessionEffects {
  readonly planned: PlannedEffect[]
  /** Due time by timer id; `undefined` deletes. The last word of a step counts. */
  readonly timers: Map<string, number | undefined>
  /** Error events for the own session. */
  readonly events: SentEvent[]
  own: SavedOwn
}

const scxmlProcessor = 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor'
const httpProcessors = ['basichttp', 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor']

/** Turns what the engine asks of the world into planned effects and timers. */
export function addEngineEffect(effects: SessionEffects, effect: Effect, origin: EffectOrigin): void {
  switch (effect.kind) {
    case 'send':
      addSend(effects, effect.message, origin)
      return
    case 'timer':
      effects.timers.set(effect.sendId, effect.dueEpochMs)
      return
    case 'cancelTimer':
      effects.timers.set(effect.sendId, undefined)
      return
    case 'invoke': {
      const id = derivedSessionId(origin.sessionId, `${origin.version}:${effects.planned.length}`)
      effects.own = { ...effects.own, children: { ...effects.own.children, [effect.invokeId]: id } }
      const message = {
        kind: 'start',
        url: effect.content === undefined ? absoluteUrl(effect.src, origin.documentUrl) : origin.documentUrl,
        application: '',
        parameters: {},
        hash: '',
        encodedParameters: effect.parameters,
        parent: { sessionId: origin.sessionId, invokeId: effect.invokeId, dialect: origin.dialect },
        ...(effect.content !== undefined && { content: effect.content }),
      }
      effects.planned.push(messageEffect(id, message, true))
      return
    }
    case 'cancelInvoke': {
      const child = childOf(effects.own, effect.invokeId)
      if (child === undefined) return
      effects.own = withoutChild(effects.own, effect.invokeId)
      effects.planned.push(messageEffect(child, { kind: 'terminate', reason: 'cancelled' }))
      return
    }
  }
}

/** An effect that puts a message into a session's mailbox. */
export function messageEffect(
  sessionId: string,
  message: { readonly kind: string } & Readonly<Record<string, unknown>>,
  creates = false,
): PlannedEffect {
  const to = { kind: 'session', id: sessionId }
  return { mode: 'once', type: 'message', body: { to, message, ...(creates && { creates }) } }
}

/** What a session keeps of itself after an invocation is over. */
export function withoutChild(own: SavedOwn, invokeId: string): SavedOwn {
  if (!Object.hasOwn(own.children, invokeId)) return own
  const { [invokeId]: _, ...children } = own.children
  return { ...own, children }
}

function addSend(effects: SessionEffects, message: OutgoingMessage, origin: EffectOrigin): void {
  if (httpProcessors.includes(message.type)) {
    effects.planned.push({
      mode: 'once',
      type: 'http.event',
      body: {
        url: message.target,
        event: message.event,
        ...(message.data !== undefined && { data: message.data }),
        ...(message.dataIsContent === true && { dataIsContent: true }),
        ...(message.sendIdIsPublic && { sendId: message.sendId }),
        failed: eventBody(sendError(message, origin, 'failed', `no event could be posted to "${message.target}"`)),
        refused: eventBody(
          sendError(message, origin, 'ioprocessorerror', `"${message.target}" answered the event with an error`),
        ),
      },
    })
    return
  }
  if (message.type !== '' && message.type !== 'scxml' && message.type !== scxmlProcessor) {
    effects.events.push(sendError(message, origin, 'targettypeinvalid', `no processor "${message.type}" is here`))
    return
  }
  const target = sessionOf(message.target, effects.own, origin)
  if (target === undefined) {
    effects.events.push(sendError(message, origin, 'nosuchsession', `no session "${message.target}" is known`))
    return
  }
  effects.planned.push({
    mode: 'once',
    type: 'message',
    body: {
      to: { kind: 'session', id: target },
      message: message.forwarded === undefined ? sentBody(message, origin) : eventBody(message.forwarded),
      undeliverable: eventBody(sendError(message, origin, 'nosuchsession', `no session "${target}" is known`)),
    },
  })
}

function sessionOf(target: string, own: SavedOwn, origin: EffectOrigin): string | undefined {
  if (target === '') return origin.sessionId
  if (target === '#_parent') return origin.invokedBy?.sessionId
  if (target.startsWith('#_scxml_')) return checkedId(target.slice('#_scxml_'.length))
  if (target.startsWith('#_')) return childOf(own, target.slice(2))
  return checkedId(target)
}

function checkedId(text: string): string | undefined {
  return isSessionId(text) ? text : undefined
}

function childOf({ children }: SavedOwn, invokeId: string): string | undefined {
  return Object.hasOwn(children, invokeId) ? children[invokeId] : undefined
}

type Body = { readonly kind: string } & Readonly<Record<string, unknown>>
type SentEvent = Extract<IncomingEvent, { kind: 'event' }>

function sendError(message: OutgoingMessage, { dialect }: EffectOrigin, reason: string, text: string): SentEvent {
  const isOrchestration = dialect === 'orchestration'
  const data = { message: text, description: text, target: message.target, sendid: message.sendId }
  return {
    kind: 'event',
    name: isOrchestration ? `error.send.${reason}` : 'error.communication',
    data: JSON.stringify(data),
    type: 'platform',
    ...(message.sendIdIsPublic && { sendId: message.sendId }),
  }
}

function sentBody(message: OutgoingMessage, { invokedBy, sessionId }: EffectOrigin): Body {
  return {
    kind: 'event',
    name: message.event,
    ...(message.data !== undefined && { encoded: message.data }),
    ...(message.sendIdIsPublic && { sendId: message.sendId }),
    origin: `#_scxml_${sessionId}`,
    originType: scxmlProcessor,
    ...(message.target === '#_parent' && invokedBy && { invokeId: invokedBy.invokeId }),
  }
}

/** An event as it is, for a mailbox. */
export function eventBody({ name, data, sendId, origin, originType, invokeId }: SentEvent): Body {
  return {
    kind: 'event',
    name,
    ...(data !== undefined && { encoded: data }),
    ...(sendId !== undefined && { sendId }),
    ...(origin !== undefined && { origin }),
    ...(originType !== undefined && { originType }),
    ...(invokeId !== undefined && { invokeId }),
  }
}

function absoluteUrl(href: string, base: string): string {
  return URL.canParse(href, base) ? new URL(href, base).href : href
}
