import type { DomainMessageOf, DomainWork, RoutingRequest } from './domain.ts'
import { forgetRequest, settle } from './request-book.ts'

/** Removes requests from the queues; every one is told, or exactly one event when there was none. Spec: queue Decisions. */
export function handleCancel(work: DomainWork, message: DomainMessageOf<'cancel'>): void {
  const { domain } = work
  const found = [...(domain.requestsOfInteraction.get(message.interactionId) ?? []), ...byId(work, message)].filter(
    (request, index, all) =>
      all.indexOf(request) === index &&
      request.state !== 'routing' &&
      request.submit.sessionId === message.sessionId &&
      (message.requestId === undefined || request.submit.requestId === message.requestId) &&
      (message.requestId !== undefined || message.queue === undefined || request.submit.queue === message.queue),
  )
  const notify = (requestId: string | undefined, isFirst: boolean): void => {
    const data = { interactionid: message.interactionId, ...(requestId === undefined ? {} : { requestid: requestId }) }
    const notice = { name: 'queue.cancel.done', data, module: 'queue' } as const
    const { sessionId, replyKey } = message
    work.effects.push(
      isFirst ? { kind: 'notify', sessionId, notice, answers: replyKey } : { kind: 'notify', sessionId, notice },
    )
  }
  if (found.length === 0) notify(message.requestId, true)
  found.forEach((request, index) => {
    forgetRequest(work, request)
    work.trace.push({
      kind: 'routing.cancelled',
      requestId: request.submit.requestId,
      interactionId: message.interactionId,
    })
    notify(request.submit.requestId, index === 0)
    settle(work, request)
  })
}

function byId(work: DomainWork, message: DomainMessageOf<'cancel'>): readonly RoutingRequest[] {
  if (message.requestId === undefined || message.interactionId !== '') return []
  return [...work.domain.requests.values()].filter((request) => request.submit.requestId === message.requestId)
}
