import type { DomainMessageOf, DomainWork } from './domain.ts'
import { tuneRequest } from './tuning.ts'

/** Changes waiting requests of a session. Spec: queue §8.3, §12. */
export function handleTune(work: DomainWork, message: DomainMessageOf<'tune'>): void {
  const { sessionId, requestId, tuning, replyKey } = message
  const found = [...work.domain.requests.values()].filter(
    (request) =>
      request.submit.sessionId === sessionId && (requestId === undefined || request.submit.requestId === requestId),
  )
  for (const request of found) tuneRequest(work, request, tuning)
  if (requestId === undefined) return
  const isFound = found.length > 0
  const data = isFound
    ? { requestid: requestId }
    : { requestid: requestId, error: 'notfound', description: 'no such request waits' }
  const notice = { name: isFound ? 'queue.update.done' : 'error.queue.update', data, module: 'queue' } as const
  work.effects.push({ kind: 'notify', sessionId, notice, answers: replyKey })
}
