import type { Configuration } from '../configuration/configuration.ts'
import type { ContactContext, ContactEffect, ContactTrace, InteractionMessage } from '../contract.ts'
import { newInteraction, type InteractionState } from './interaction-state.ts'
import { release, startSession } from './ownership.ts'
import { refuseUnknown, routeTo, takeRequest } from './requests.ts'
import { takeSwitchAnswer } from './switch-answers.ts'
import { resync, takeSwitchEvent } from './voice-events.ts'
import { InteractionWork } from './work.ts'

/** What one message made of an interaction. */
export interface InteractionStep {
  readonly state: InteractionState
  readonly effects: readonly ContactEffect[]
  readonly trace: readonly ContactTrace[]
  readonly hasEnded: boolean
}

/**
 * Takes one message into an interaction; `undefined`: it does not exist yet.
 *
 * Order: notices of one step reach the session in the order of the effects.
 * Errors: none; a request that cannot be done is answered with its error event. A request, timer or answer for an
 * interaction that does not exist gives a step that has ended.
 * Spec: interaction-events §5, §6; design P5–P8.
 */
export function stepInteraction(
  state: InteractionState | undefined,
  message: InteractionMessage,
  context: ContactContext,
  configuration: Configuration,
): InteractionStep {
  const start = state ?? newInteraction(idOf(message, context), 'switchName' in message ? message.switchName : '')
  const work = new InteractionWork(start, context, configuration)
  if (start.hasEnded || (state === undefined && !creates(message))) takeForNobody(work, message)
  else take(work, message)
  const { hasEnded } = work.state
  return { state: work.state, effects: work.effects, trace: work.trace, hasEnded }
}

function take(work: InteractionWork, message: InteractionMessage): void {
  switch (message.kind) {
    case 'switchEvent':
      return takeSwitchEvent(work, message.event)
    case 'resync':
      // A switch can only tell about its own calls.
      if (message.switchName === work.state.switchName) resync(work, message.call)
      return
    case 'switchAnswer':
      return takeSwitchAnswer(work, message)
    case 'request':
      return takeRequest(work, { sessionId: message.sessionId, replyKey: message.replyKey }, message.request)
    case 'routeTo':
      return routeTo(work, message.replyKey, message.decision)
    case 'sessionEnded':
      return release(work, message.sessionId)
    case 'offer':
      return offered(work, message)
    case 'timer':
      return
  }
}

function offered(work: InteractionWork, message: Extract<InteractionMessage, { kind: 'offer' }>): void {
  const { focusDeviceId, application, view } = message
  const { state } = work
  if (state.call !== undefined) return
  work.update({ offered: view, focusDeviceId })
  if (state.life !== 'processing') work.become('processing')
  if (state.owner !== '') {
    // The server behind it switched over, or it was put back: the same session goes on.
    work.tellOwner('interaction.present', { interactionid: state.id, focusdeviceid: focusDeviceId })
  } else if (application !== '') startSession(work, application, focusDeviceId)
  else return
  if (view['category'] === 'voice' && message.asksForRoute !== false) {
    work.tellOwner('interaction.onrouterequest', { interactionid: state.id, focusdeviceid: focusDeviceId })
  }
}

/** Nothing is there: whoever waits for an answer gets it. */
function takeForNobody(work: InteractionWork, message: InteractionMessage): void {
  work.update({ hasEnded: true, life: 'ended' })
  if (message.kind === 'request') return refuseUnknown(work, message, message.request)
  if (message.kind !== 'routeTo') return
  const { decision, replyKey } = message
  const description = `interaction "${work.state.id}" does not exist`
  const { requestKey } = decision
  work.toDomain({ kind: 'routed', requestKey, ok: false, error: 'unknown', description, decision }, replyKey)
}

function creates(message: InteractionMessage): boolean {
  if (message.kind === 'offer') return true
  if (message.kind === 'resync') return message.call !== undefined
  if (message.kind !== 'switchEvent') return false
  const { event } = message
  return event.kind === 'routeRequest' || event.kind === 'partyChanged' || event.kind === 'userDataChanged'
}

function idOf(message: InteractionMessage, context: ContactContext): string {
  if (message.kind === 'offer') return message.view.g_uid
  if (message.kind === 'resync' && message.call !== undefined) return message.call.callId
  if (message.kind === 'switchEvent') {
    const { event } = message
    if ('call' in event) return event.call.callId
    if ('callId' in event) return event.callId
  }
  // `<kind>/<id>:<version>`
  return context.stepKey.replace(/^[^/]*\//, '').replace(/:\d+$/, '')
}
