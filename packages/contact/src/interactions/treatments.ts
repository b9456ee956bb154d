import type { InteractionRequest, SessionNotice } from '../contract.ts'
import type { SwitchEvent, UserData } from '../ports/voice.ts'
import { invalidState, type RequestOrigin } from './refusal.ts'
import type { RunningTreatment } from './interaction-state.ts'
import type { InteractionWork } from './work.ts'

type RequestOf<K extends InteractionRequest['kind']> = Extract<InteractionRequest, { kind: K }>

const digitElements = new Set(['collect', 'playandcollect', 'playandverify'])
const extensionElements = new Set(['start', 'play', 'remote', 'createann'])

/** Starts a treatment; one that runs is replaced and its request is cancelled. Spec: dialog §1. */
export function treat(work: InteractionWork, origin: RequestOrigin, request: RequestOf<'treat'>): void {
  const { state } = work
  const { requestId, element } = request
  const canBeTreated = state.call !== undefined && (state.life === 'queued' || state.life === 'treating')
  const isOwner = state.owner === origin.sessionId
  const isLeaving = state.pending.some((one) => one.kind === 'redirect' || one.kind === 'routeTo')
  if (!canBeTreated || !isOwner || isLeaving) {
    const error = isLeaving ? 'invalidstate.routed' : invalidState(state)
    const description = isOwner ? 'the interaction cannot take a treatment now' : 'the session does not own it'
    work.answer(origin, dialogError(work, { requestId, element }, { error, description }))
    return
  }
  replaceRunning(work)
  const commandKey = work.command(
    { kind: 'treat', callId: state.id, treatment: request.treatment },
    { kind: 'treat', replyKey: origin.replyKey },
  )
  work.update({
    treatment: { commandKey, replyKey: origin.replyKey, sessionId: origin.sessionId, requestId, element },
  })
  work.become('treating')
}

/**
 * Starts the treatments of a submit, which loop and tell nobody; an empty list ends those of the same submit.
 *
 * Spec: dialog §3.4.
 */
export function treatLoop(work: InteractionWork, origin: RequestOrigin, request: RequestOf<'treatLoop'>): void {
  const { state } = work
  const { treatments, requestId = '' } = request
  if (treatments.length === 0) return endLoop(work, requestId)
  const canBeTreated = state.call !== undefined && (state.life === 'queued' || state.life === 'treating')
  if (!canBeTreated || state.owner !== origin.sessionId) return
  replaceRunning(work)
  const commandKey = work.command(
    { kind: 'treatLoop', callId: state.id, treatments },
    { kind: 'treatLoop', replyKey: '' },
  )
  work.update({ treatment: { commandKey, replyKey: '', sessionId: origin.sessionId, requestId, element: '' } })
  work.become('treating')
}

function endLoop(work: InteractionWork, requestId: string): void {
  const { treatment, life, id } = work.state
  if (treatment === undefined || treatment.element !== '' || treatment.requestId !== requestId) return
  work.command(
    { kind: 'stopTreatment', callId: id, treatmentKey: treatment.commandKey },
    { kind: 'silent', replyKey: '' },
  )
  work.update({ treatment: undefined })
  if (life === 'treating') work.become('queued')
}

/** Stops a running treatment; its own request ends with `cancelled`. Spec: dialog §3.5. */
export function stopTreatment(work: InteractionWork, origin: RequestOrigin, request: RequestOf<'stopTreatment'>): void {
  const { treatment } = work.state
  const { requestId } = request
  if (treatment === undefined || treatment.requestId !== request.treatmentRequestId || treatment.element === '') {
    const fault = { error: 'unknown', description: `no treatment "${request.treatmentRequestId}" runs` }
    work.answer(origin, dialogError(work, { requestId, element: 'stop' }, fault))
    return
  }
  work.command(
    { kind: 'stopTreatment', callId: work.state.id, treatmentKey: treatment.commandKey },
    { kind: 'stopTreatment', replyKey: origin.replyKey, sessionId: origin.sessionId, requestId },
  )
}

/** Takes the end of a treatment; one that was replaced meanwhile has been answered already. */
export function treatmentEnded(work: InteractionWork, event: Extract<SwitchEvent, { kind: 'treatmentEnded' }>): void {
  const { treatment, id } = work.state
  if (treatment === undefined || treatment.commandKey !== event.commandKey) return
  work.update({
    treatment: undefined,
    pending: work.state.pending.filter((one) => one.commandKey !== event.commandKey),
  })
  if (work.state.life === 'treating') work.become('queued')
  if (treatment.element === '') return
  if (event.outcome !== 'completed') {
    const isStopped = event.outcome === 'stopped'
    const description = event.description ?? (isStopped ? 'the treatment was stopped' : 'the treatment failed')
    work.answer(treatment, dialogError(work, treatment, { error: isStopped ? 'cancelled' : 'remote', description }))
    return
  }
  const data: Record<string, unknown> = { requestid: treatment.requestId, interactionid: id }
  if (digitElements.has(treatment.element) || event.digits !== undefined) data['digits'] = event.digits ?? ''
  const extensions: UserData | undefined = event.extensions
  if (extensionElements.has(treatment.element) || extensions !== undefined) data['extensions'] = extensions ?? {}
  work.answer(treatment, { name: `dialog.${treatment.element}.done`, data, module: 'dialog' })
}

/** Ends the running treatment's request without waiting for the switch: the call leaves or another one starts. */
export function cancelTreatment(work: InteractionWork, description: string): void {
  const { treatment } = work.state
  if (treatment === undefined) return
  work.update({ treatment: undefined })
  if (treatment.element === '') return
  work.answer(treatment, dialogError(work, treatment, { error: 'cancelled', description }))
}

/** Error event of a dialog action. */
export function dialogError(
  work: InteractionWork,
  treatment: Pick<RunningTreatment, 'requestId' | 'element'>,
  fault: { readonly error: string; readonly description: string },
): SessionNotice {
  const data = { requestid: treatment.requestId, interactionid: work.state.id, ...fault }
  return { name: `error.dialog.${treatment.element}`, data, module: 'dialog' }
}

function replaceRunning(work: InteractionWork): void {
  const { treatment, pending } = work.state
  if (treatment === undefined) return
  const unanswered = pending.find((one) => one.commandKey === treatment.commandKey)
  if (unanswered !== undefined) {
    work.effects.push({ kind: 'withdraw', key: treatment.commandKey })
    work.update({ pending: pending.filter((one) => one !== unanswered) })
  }
  cancelTreatment(work, 'another treatment was started')
}
