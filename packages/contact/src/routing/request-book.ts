import type { DomainWork, RoutingRequest } from './domain.ts'
import { routingLimits } from './limits.ts'

/** Registers a new request. */
export function enterRequest(work: DomainWork, request: RoutingRequest): void {
  const { domain } = work
  domain.requests.set(request.key, request)
  const { interactionId } = request.submit
  const others = domain.requestsOfInteraction.get(interactionId)
  if (others === undefined) domain.requestsOfInteraction.set(interactionId, new Set([request]))
  else others.add(request)
}

/** Lets a request wait in the heap of its set. */
export function park(work: DomainWork, request: RoutingRequest): void {
  const { set } = request
  if (set === undefined || request.heapIndex >= 0) return
  request.state = 'waiting'
  set.waiting.add(request)
  const isPicky = (request.tuning.excludedAgents?.length ?? 0) > 0 || request.ideal !== undefined
  if (!set.isScanned && !isPicky) return
  work.domain.scanned.add(set)
  if (work.domain.hasPulse) return
  work.domain.hasPulse = true
  work.effects.push({ kind: 'timer', id: 'pulse', dueEpochMs: work.context.nowMs + routingLimits.pulseMs })
}

/** Takes a request out of the heap of its set. */
export function takeOut(work: DomainWork, request: RoutingRequest): void {
  const { set } = request
  if (set === undefined) return
  if (request.heapIndex >= 0) set.waiting.remove(request)
  if (set.waiting.size === 0) work.domain.scanned.delete(set)
}

/** Forgets a request that has been answered, and its timer. */
export function forgetRequest(work: DomainWork, request: RoutingRequest): void {
  endTreatmentLoop(work, request)
  const { domain } = work
  takeOut(work, request)
  domain.requests.delete(request.key)
  const others = domain.requestsOfInteraction.get(request.submit.interactionId)
  others?.delete(request)
  if (others?.size === 0) domain.requestsOfInteraction.delete(request.submit.interactionId)
  if (Number.isFinite(request.deadlineEpochMs) && !request.hasTimedOut) {
    work.effects.push({ kind: 'cancelTimer', id: timerOf(request) })
  }
  if (request.tuning.priorityIncrement !== undefined) {
    work.effects.push({ kind: 'cancelTimer', id: `age:${request.key}` })
  }
  if (domain.timedOut.delete(request.key)) work.rows.push({ kind: 'delete', table: 'timedOut', key: request.key })
}

/** The treatments of a submit end with it; routing ends them by itself. */
function endTreatmentLoop(work: DomainWork, request: RoutingRequest): void {
  const { submit } = request
  if (submit.hasTreatmentLoop !== true || (submit.route && request.decision !== undefined)) return
  work.effects.push({
    kind: 'toInteraction',
    interactionId: submit.interactionId,
    message: {
      kind: 'request',
      replyKey: '',
      sessionId: submit.sessionId,
      request: { kind: 'treatLoop', treatments: [], requestId: submit.requestId },
    },
  })
}

/** While one request of an interaction is being routed, its others may not find a target. */
export function suspendSiblings(work: DomainWork, request: RoutingRequest): void {
  for (const other of work.domain.requestsOfInteraction.get(request.submit.interactionId) ?? []) {
    if (other === request || other.state !== 'waiting') continue
    takeOut(work, other)
    other.state = 'suspended'
  }
}

/** After a success the interaction leaves all its queues; its other submits get no event. Spec: queue §13.2 step 11. */
export function leaveQueues(work: DomainWork, interactionId: string): void {
  for (const other of work.domain.requestsOfInteraction.get(interactionId) ?? []) {
    if (other.state === 'routing') continue
    forgetRequest(work, other)
    if (!other.isWithdrawn) settle(work, other)
  }
}

/** Answers a submit without an event. */
export function settle(work: DomainWork, request: RoutingRequest): void {
  work.effects.push({ kind: 'settle', sessionId: request.submit.sessionId, answers: request.key })
}

/** Answers a submit with `error.queue.submit`; `keepsWaiting`: its effect stays open. */
export function notifyError(
  work: DomainWork,
  request: Pick<RoutingRequest, 'key' | 'submit'>,
  error: string,
  options: { readonly description: string; readonly keepsWaiting?: boolean },
): void {
  const { requestId, interactionId, sessionId } = request.submit
  const data = { requestid: requestId, interactionid: interactionId, error, description: options.description }
  const notice = { name: 'error.queue.submit', data, module: 'queue' } as const
  work.effects.push(
    options.keepsWaiting === true
      ? { kind: 'notify', sessionId, notice }
      : { kind: 'notify', sessionId, notice, answers: request.key },
  )
}

/** Timer that ends the wait of a request. */
export function timerOf(request: Pick<RoutingRequest, 'key'>): string {
  return `request:${request.key}`
}
