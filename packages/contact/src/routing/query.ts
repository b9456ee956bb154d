import type { DomainMessageOf, DomainWork } from './domain.ts'
import { placeInQueue } from './query-answer.ts'

/** Tells the place of a request. Spec: queue §8.2. */
export function handleQuery(work: DomainWork, message: DomainMessageOf<'query'>, sessionId: string): void {
  const request = [...work.domain.requests.values()].find((one) => one.submit.requestId === message.requestId)
  const answers = message.replyKey
  if (request === undefined) {
    if (sessionId === '') return
    const data = { requestid: message.requestId, error: 'notfound', description: 'no such request waits' }
    const notice = { name: 'error.queue.query', data, module: 'queue' } as const
    work.effects.push({ kind: 'notify', sessionId, notice, answers })
    return
  }
  const { submit } = request
  const data = {
    requestid: message.requestId,
    interactionid: submit.interactionId,
    queue: submit.queue,
    priority: request.priority,
    ...placeInQueue(work.domain, request),
    waittime: Math.floor((work.context.nowMs - request.sinceEpochMs) / 1000),
  }
  const notice = { name: 'queue.query.done', data, module: 'queue' } as const
  work.effects.push({ kind: 'notify', sessionId: submit.sessionId, notice, answers })
}
