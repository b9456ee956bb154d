import { contactFault } from '../errors.ts'
import type { InteractionState } from './interaction-state.ts'
import type { InteractionWork } from './work.ts'

/** Who sent a request. */
export interface RequestOrigin {
  readonly sessionId: string
  readonly replyKey: string
}

/** Error text that names the state of the interaction. Spec: interaction-events §8. */
export function invalidState(state: InteractionState): string {
  return `invalidstate.${state.life === 'ended' ? 'null' : state.life}`
}

/** Answers a request of the interaction module with its error event. */
export function refuse(
  work: InteractionWork,
  origin: RequestOrigin,
  request: { readonly action: string; readonly requestId: string },
  fault: { readonly error: string; readonly description: string },
): void {
  const data = { requestid: request.requestId, interactionid: work.state.id, ...fault }
  work.trace.push({
    kind: 'interaction.refused',
    ...contactFault('SEG-IXN-002', { request: request.action, reason: fault.description }),
  })
  work.answer(origin, { name: `error.interaction.${request.action}`, data, module: 'interaction' })
}

/** Answers a request of the interaction module with its `done` event. */
export function done(work: InteractionWork, origin: RequestOrigin, action: string, requestId: string): void {
  const name = `interaction.${action}.done`
  const data = { requestid: requestId, interactionid: work.state.id }
  // A session that does not own the interaction has no entry to refresh.
  const isOwner = work.state.owner === origin.sessionId
  work.answer(origin, isOwner ? work.noticeWithView(name, data) : { name, data, module: 'interaction' })
}
