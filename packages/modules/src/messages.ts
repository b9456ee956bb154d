import { unknownInteractionNotice } from '@segue/contact'
import type { DomainMessage, InteractionMessage, InteractionRequest } from '@segue/contact'
import type { Command } from '@segue/runtime'

/**
 * Command that brings a request of a session to an interaction. `open` waits for the answering event.
 * The key for the answer is put in at delivery, hence empty here.
 */
export function requestToInteraction(
  to: { readonly sessionId: string; readonly interactionId: string },
  mode: Command['mode'],
  request: InteractionRequest,
): Command {
  const { sessionId, interactionId } = to
  const command = toInteraction(interactionId, mode, { kind: 'request', replyKey: '', sessionId, request })
  const notice = mode === 'open' ? unknownInteractionNotice(interactionId, request) : undefined
  // The interaction may end before the request reaches it: the session still gets its one answer.
  return notice === undefined
    ? command
    : { ...command, body: { ...command.body, undeliverable: { kind: 'event', ...notice } } }
}

/** Command that brings a message to an interaction. */
export function toInteraction(interactionId: string, mode: Command['mode'], message: InteractionMessage): Command {
  return { type: 'message', mode, body: { to: { kind: 'interaction', id: interactionId }, message } }
}

/** Command that brings a message to the routing domain of a tenant. */
export function toDomain(tenant: string, mode: Command['mode'], message: DomainMessage): Command {
  return { type: 'message', mode, body: { to: { kind: 'domain', id: tenant }, message } }
}
