import type { DomainWork, RoutingRequest } from './domain.ts'
import { forgetRequest, notifyError } from './request-book.ts'

/** Ends the wait of a request whose timer fell due. */
export function handleRequestTimer(work: DomainWork, key: string): void {
  const request = work.domain.requests.get(key)
  if (request === undefined || request.hasTimedOut || request.state === 'routing') return
  timeOut(work, request)
}

/** The wait of a request is over: its session is told; the request goes, or waits on (`clearontimeout`). */
export function timeOut(work: DomainWork, request: RoutingRequest): void {
  const { clearOnTimeout, timeoutS } = request.submit
  work.domain.counters.timedOut++
  request.hasTimedOut = true
  const description = `no target was found within ${timeoutS ?? 0} s`
  work.trace.push({ kind: 'routing.timeout', requestId: request.submit.requestId, clearOnTimeout })
  notifyError(work, request, 'timeout', { description, keepsWaiting: !clearOnTimeout })
  if (clearOnTimeout) {
    forgetRequest(work, request)
    return
  }
  work.domain.timedOut.add(request.key)
  work.rows.push({ kind: 'put', table: 'timedOut', key: request.key, value: '{}' })
}
