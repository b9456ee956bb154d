import type { ContactContext, RouteDecision } from '../contract.ts'
import { reserveAgent } from './availability.ts'
import { agentOf, type DomainWork } from './domain.ts'

/** Decision of an own `routeTo` for this submit that the interaction has not answered yet. */
export function offerOf(context: ContactContext, requestKey: string): RouteDecision | undefined {
  return openOffers(context).find((decision) => decision.requestKey === requestKey)
}

/** Whether the session is still to be told what came of its submit. */
export function isAnswered(context: ContactContext, requestKey: string): boolean {
  return context.openEffects.some(({ body }) => body['answers'] === requestKey)
}

/** After a restart: agents whose offers are still open take nothing else, whoever is announced again first. */
export function reserveOffered(work: DomainWork): void {
  for (const decision of openOffers(work.context)) {
    if (decision.agentId === '') continue
    const { interactionId, requestKey } = decision
    reserveAgent(work, agentOf(work.domain, decision.agentId), { interactionId, requestKey, untilEpochMs: Infinity })
  }
}

interface OpenOffer extends RouteDecision {
  readonly interactionId: string
}

function openOffers(context: ContactContext): readonly OpenOffer[] {
  const offers: OpenOffer[] = []
  for (const { body } of context.openEffects) {
    const { message, to } = body
    if (!isRecord(message) || message['kind'] !== 'routeTo' || !isDecision(message['decision'])) continue
    offers.push({ ...message['decision'], interactionId: isRecord(to) ? String(to['id']) : '' })
  }
  return offers
}

function isDecision(value: unknown): value is RouteDecision {
  return isRecord(value) && 'requestKey' in value && 'selected' in value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
