import type { DomainMessageOf, DomainWork } from './domain.ts'
import { routingLimits } from './limits.ts'
import { forgetRequest, notifyError } from './request-book.ts'

/** The session no longer wants its submit: the effect was withdrawn, or the session has ended. */
export function handleWithdraw(work: DomainWork, message: DomainMessageOf<'withdraw'>): void {
  const { ended, replyKey } = message
  const single = work.domain.requests.get(replyKey)
  const found = ended === undefined ? [] : [...(work.domain.requestsOfInteraction.get(ended.interactionId) ?? [])]
  if (single !== undefined) found.push(single)
  for (const request of found) {
    if (ended !== undefined && request.submit.sessionId !== ended.sessionId) continue
    request.isWithdrawn = true
    if (request.state === 'routing') continue
    forgetRequest(work, request)
    work.trace.push({ kind: 'routing.withdrawn', requestId: request.submit.requestId })
  }
}

/** The interaction is gone: its waiting requests fail, what was reserved for it is free. */
export function handleInteractionEnded(work: DomainWork, message: DomainMessageOf<'interactionEnded'>): void {
  const { domain } = work
  const { interactionId, isAbandoned } = message
  if (isAbandoned) domain.counters.abandoned++
  rememberEnded(domain.endedInteractions, interactionId)
  for (const request of domain.requestsOfInteraction.get(interactionId) ?? []) {
    forgetRequest(work, request)
    if (request.isWithdrawn) continue
    notifyError(work, request, 'invalidstate', { description: 'the interaction has ended' })
  }
}

/** Order: a set gives its members as they were added, so the first one is the oldest. */
function rememberEnded(ended: Set<string>, interactionId: string): void {
  ended.add(interactionId)
  if (ended.size <= routingLimits.maxEndedInteractions) return
  const [oldest] = ended
  if (oldest !== undefined) ended.delete(oldest)
}
