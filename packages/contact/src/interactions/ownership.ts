import { findDn } from '../configuration/lookup.ts'
import { cancelTreatment } from './treatments.ts'
import { done, refuse, type RequestOrigin } from './refusal.ts'
import { sessionIdKey } from './view.ts'
import type { InteractionWork } from './work.ts'

/** Gives the interaction to a session and writes the session's id into the user data. Spec: interaction-model §2. */
function own(work: InteractionWork, sessionId: string): void {
  work.update({ owner: sessionId })
  if (work.state.call === undefined) return
  work.command(
    { kind: 'setUserData', callId: work.state.id, put: { [sessionIdKey]: sessionId }, remove: [] },
    { kind: 'userData', replyKey: '' },
  )
}

/** Starts a session for the interaction and tells it everything about it. Spec: interaction-events §6. */
export function startSession(work: InteractionWork, application: string, focusDeviceId: string): void {
  const sessionId = work.context.newSessionId()
  const { id } = work.state
  work.effects.push({ kind: 'startSession', sessionId, application, interactionId: id, routingPoint: focusDeviceId })
  own(work, sessionId)
  work.trace.push({ kind: 'interaction.session', interactionId: id, sessionId, application })
  work.tellOwner('interaction.added', { interactionid: id, focusdeviceid: focusDeviceId })
  work.tellOwner('interaction.present', { interactionid: id, focusdeviceid: focusDeviceId })
}

/** Attaches an interaction that nobody owns. */
export function attach(work: InteractionWork, origin: RequestOrigin, requestId: string): void {
  const { state } = work
  if (state.owner !== '' && state.owner !== origin.sessionId) {
    const description = 'the interaction belongs to another session'
    refuse(work, origin, { action: 'attach', requestId }, { error: 'invalidstate', description })
    return
  }
  if (state.owner === '') {
    own(work, origin.sessionId)
    work.tellOwner('interaction.added', { interactionid: state.id, focusdeviceid: state.focusDeviceId })
  }
  done(work, origin, 'attach', requestId)
}

/** Gives up an interaction; refused while a treatment or a route is under way. */
export function detach(work: InteractionWork, origin: RequestOrigin, requestId: string): void {
  const { state } = work
  const isBusy =
    (state.treatment !== undefined && state.treatment.element !== '') ||
    state.pending.some((one) => one.kind === 'redirect' || one.kind === 'routeTo' || one.kind === 'terminate')
  if (state.owner !== origin.sessionId || isBusy) {
    const description = isBusy ? 'a treatment or a route is under way' : 'the session does not own the interaction'
    refuse(work, origin, { action: 'detach', requestId }, { error: 'invalidstate', description })
    return
  }
  work.tellDeleted('detach')
  work.update({ owner: '' })
  if (state.call !== undefined) {
    work.command(
      { kind: 'setUserData', callId: state.id, put: {}, remove: [[sessionIdKey]] },
      { kind: 'userData', replyKey: '' },
    )
  }
  done(work, origin, 'detach', requestId)
}

/**
 * The owning session has ended: its treatment is stopped, and a call that still waits at its routing point goes to the
 * point's default destination. Nothing is cleared.
 *
 * Spec: design P6.
 */
export function release(work: InteractionWork, sessionId: string): void {
  const { state } = work
  if (state.owner !== sessionId) return
  const { treatment } = state
  work.update({ owner: '' })
  work.trace.push({ kind: 'interaction.released', interactionId: state.id, sessionId })
  const isWaiting = state.life === 'queued' || state.life === 'treating'
  const isLeaving = state.pending.some(
    (one) => one.kind === 'redirect' || one.kind === 'terminate' || one.kind === 'routeTo',
  )
  const dn = findDn(work.configuration, state.call?.atRoutingPoint ?? '', state.switchName)
  if (isWaiting && state.hasReturned === true && dn?.application !== undefined) {
    // As if the session had ended before the call came back: whichever is heard first decides nothing.
    work.update({ treatment: undefined, hasReturned: false })
    startSession(work, dn.application, dn.number)
    work.tellOwner('interaction.onrouterequest', { interactionid: state.id, focusdeviceid: dn.number })
    return
  }
  if (isWaiting && !isLeaving && state.call !== undefined && dn?.defaultDestination !== undefined) {
    work.update({ treatment: undefined })
    const to = dn.defaultDestination
    work.command({ kind: 'route', callId: state.id, to, routeType: 1 }, { kind: 'defaultRoute', replyKey: '', to })
    return
  }
  if (treatment === undefined) return
  if (!isLeaving) {
    work.command(
      { kind: 'stopTreatment', callId: state.id, treatmentKey: treatment.commandKey },
      { kind: 'silent', replyKey: '' },
    )
  }
  work.update({ treatment: undefined })
  if (state.life === 'treating') work.become('queued')
}

/** The call has left its routing point: what played there is over. */
export function leaveRoutingPoint(work: InteractionWork): void {
  cancelTreatment(work, 'the interaction was routed')
  work.become('routed')
}
