import type { Place } from '../compile/instruction.ts'
import type { IncomingEvent, OutgoingMessage } from './contract.ts'
import { raiseError } from './errors.ts'
import type { EngineError } from './errors.ts'
import { internalEvent } from './macrostep.ts'
import type { Macrostep } from './macrostep.ts'
import { isScxmlProcessor, moduleProcessor, scxmlProcessor } from './processors.ts'
import { decodeValue } from '../codec/host-codec.ts'

/** Where a message to the SCXML processor goes. Spec: SCXML 1.0, C.1. */
type Destination =
  | { readonly kind: 'internal' }
  | { readonly kind: 'own' }
  | { readonly kind: 'parent' }
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'child'; readonly invokeId: string }
  | { readonly kind: 'invalid' }

/** What is wrong with the target of a send, found when it runs. */
export function targetProblem(
  macrostep: Macrostep,
  target: string,
  delayMs: number,
  state: string,
): Omit<EngineError, 'place'> | undefined {
  const destination = destinationOf(macrostep, target)
  if (destination.kind === 'invalid') {
    const message = `"${target}" is no target of a send`
    return { execution: `error.send.targetunavailable.${state}`, message, target }
  }
  if (destination.kind === 'internal' && delayMs > 0) {
    return { execution: 'error.illegalvalue.RangeError', message: 'an event for the internal queue cannot be delayed' }
  }
  return unreachable(macrostep, destination)
}

/**
 * Delivers a message now: to the session's own queues inside of its state, to a module, else as an effect.
 *
 * Errors: a target that is gone raises an error event and gives `false`.
 */
export function dispatch(macrostep: Macrostep, message: OutgoingMessage, place: Place): boolean {
  if (isForModule(macrostep, message)) return sendToModule(macrostep, message, place)
  const isOwnProcessor = isScxmlProcessor(message.type)
  const destination = isOwnProcessor ? destinationOf(macrostep, message.target) : undefined
  if (destination?.kind === 'internal') {
    const event = internalEvent(message.event, message.data)
    macrostep.raiseEvent(message.sendIdIsPublic ? { ...event, sendId: message.sendId } : event, place)
    return true
  }
  if (destination?.kind === 'own') {
    enqueueOwn(macrostep, ownEvent(macrostep, message), place)
    return true
  }
  const problem = destination === undefined ? unwritable(message) : unreachable(macrostep, destination)
  if (problem === undefined) macrostep.effects.push({ kind: 'send', message })
  else raiseError(macrostep, { ...problem, place, sendId: publicId(message) })
  return problem === undefined
}

/** Other processors write the data as text: parameters as a form, anything else as JSON. */
function unwritable({ data, target }: OutgoingMessage): Omit<EngineError, 'place'> | undefined {
  // Text of JSON is text already.
  if (data?.startsWith('A') !== true) return undefined
  try {
    JSON.stringify(decodeValue(data))
    return undefined
  } catch {
    const message = 'the data of the send hold what no text can say, such as an object that contains itself'
    return { execution: 'error.send.datamismatch', message, target }
  }
}

function isForModule({ chart }: Macrostep, { type }: OutgoingMessage): boolean {
  return type === moduleProcessor && chart.origin.dialect === 'orchestration'
}

/** Spec: scxml-dialect section 5, "delivered to the functional module by namespace". */
function sendToModule(macrostep: Macrostep, message: OutgoingMessage, place: Place): boolean {
  const { host } = macrostep
  if (host.sendToModule === undefined) {
    macrostep.effects.push({ kind: 'send', message })
    return true
  }
  if (host.sendToModule(message)) return true
  raiseError(macrostep, {
    communication: `error.send.targetunavailable.${place.state}`,
    message: `there is no module with the namespace "${message.target}"`,
    place,
    sendId: publicId(message),
    target: message.target,
  })
  return false
}

function publicId({ sendId, sendIdIsPublic }: OutgoingMessage): string | undefined {
  return sendIdIsPublic ? sendId : undefined
}

/** Whether a message comes back to the session's own external queue. */
export function isOwn(macrostep: Macrostep, message: OutgoingMessage): boolean {
  return isScxmlProcessor(message.type) && destinationOf(macrostep, message.target).kind === 'own'
}

/** A message to the own session as it is taken. */
export function ownEvent(
  { session }: Macrostep,
  message: OutgoingMessage,
): Extract<IncomingEvent, { readonly kind: 'event' }> {
  return {
    kind: 'event',
    name: message.event,
    origin: `#_scxml_${session.identity.sessionId}`,
    originType: scxmlProcessor,
    ...(message.data !== undefined && { data: message.data }),
    ...(message.sendIdIsPublic && { sendId: message.sendId }),
  }
}

/** Adds to the session's own external queue; a full queue is a breach. */
export function enqueueOwn(macrostep: Macrostep, event: IncomingEvent, place: Place): void {
  const queue = (macrostep.session.queue ??= [])
  queue.push(event)
  const limit = macrostep.chart.limits.maxQueuedEvents
  if (queue.length > limit) macrostep.reachLimit('maxQueuedEvents', limit, place)
}

/** In the orchestration dialect a session id stands by itself as a target; in W3C every form begins with `#_`. */
function destinationOf({ chart, session }: Macrostep, target: string): Destination {
  if (target === '') return { kind: 'own' }
  if (target === '#_internal' || target === '_internal') return { kind: 'internal' }
  if (target === '#_parent') return { kind: 'parent' }
  const isBareId = chart.origin.dialect === 'orchestration' && !target.startsWith('#')
  if (isBareId || target.startsWith('#_scxml_')) {
    const sessionId = isBareId ? target : target.slice('#_scxml_'.length)
    return sessionId === session.identity.sessionId ? { kind: 'own' } : { kind: 'session', sessionId }
  }
  return target.startsWith('#_') ? { kind: 'child', invokeId: target.slice(2) } : { kind: 'invalid' }
}

function unreachable(macrostep: Macrostep, destination: Destination): Omit<EngineError, 'place'> | undefined {
  const { host, session } = macrostep
  const communication = 'error.send.nosuchsession'
  switch (destination.kind) {
    case 'parent':
      return session.identity.invokedBy === undefined
        ? { communication, message: 'the session was not invoked: it has no parent' }
        : undefined
    case 'child':
      return session.invokes?.has(destination.invokeId) === true
        ? undefined
        : { communication, message: `there is no running invocation "${destination.invokeId}"` }
    case 'session':
      return host.mayReach?.(destination.sessionId) === false
        ? { communication, message: `there is no session "${destination.sessionId}"` }
        : undefined
    case 'internal':
    case 'own':
    case 'invalid':
      return undefined
  }
}
