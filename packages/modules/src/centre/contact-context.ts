import type { ContactContext } from '@segue/contact'
import type { MessageBody, StepContext, StepRequest } from '@segue/runtime'

/** What a contact step may read, from what the runtime gives. */
export function contactContext(context: StepContext, newSessionId: () => string): ContactContext {
  return {
    nowMs: context.nowMs,
    seed: context.seed,
    stepKey: `${context.ref.kind}/${context.ref.id}:${context.version}`,
    newSessionId,
    openEffects: context.openEffects.map(({ key, body }) => ({ key, body })),
  }
}

/** A message with the key under which it can be answered; a message about another effect names that one itself. */
export function withReplyKey(request: StepRequest): MessageBody {
  const body = undelivered(request) ?? request.message.body
  const named = body['replyKey']
  return typeof named === 'string' && named !== '' ? body : { ...body, replyKey: request.effectKey ?? '' }
}

/** What an own message carries for the case that its receiver is gone. */
function undelivered({ context, message }: StepRequest): MessageBody | undefined {
  const { kind, key } = message.body
  if (kind !== 'undeliverable') return undefined
  const inPlace = context.openEffects.find((effect) => effect.key === key)?.body['undeliverable']
  // Written by `mapContactEffects`.
  return inPlace as MessageBody | undefined
}
