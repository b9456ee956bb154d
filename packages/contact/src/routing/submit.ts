import type { RouteDecision, SubmitRequest } from '../contract.ts'
import { contactFault } from '../errors.ts'
import { reserveAgent } from './availability.ts'
import { warnOnce, type DomainMessageOf, type DomainWork, type RoutingRequest } from './domain.ts'
import { routingLimits } from './limits.ts'
import { traceWaiting, tryOffer } from './offer.ts'
import { isAnswered, offerOf } from './open-offers.ts'
import { enterRequest, notifyError, park, timerOf } from './request-book.ts'
import { targetSetOf } from './resolve-set.ts'
import { parseTargets } from './targets.ts'
import { timeOut } from './time-out.ts'
import { tuneRequest } from './tuning.ts'

/** Takes a submit: first notice, then a target at once, a wait, or an error. Spec: queue §6, §13.2. */
export function handleSubmit(work: DomainWork, message: DomainMessageOf<'submit'>): void {
  const { domain, configuration } = work
  const key = message.replyKey
  // Announced again after a restart although the answer is on its way: a second one would be given out for nobody.
  if (domain.requests.has(key) || isAnswered(work.context, key)) return
  const submit = message.request
  const underway = offerOf(work.context, key)
  if (underway !== undefined) {
    resumeRouting(work, key, submit, underway)
    return
  }
  domain.counters.submitted++
  const { sessionId, requestId, interactionId } = submit
  work.effects.push({
    kind: 'notify',
    sessionId,
    onceFor: key,
    notice: {
      name: 'queue.submit.requestid',
      data: { requestid: requestId, interactionid: interactionId },
      module: 'queue',
    },
  })
  const refuse = (error: string, description: string): void =>
    notifyError(work, { key, submit }, error, { description })
  if (domain.endedInteractions.has(interactionId)) {
    refuse('invalidstate', 'the interaction has ended')
    return
  }
  const parsed = parseTargets(submit.targets)
  if (!parsed.ok) {
    const fault = contactFault('SEG-ROUTE-005', { text: parsed.problem.text, reason: parsed.problem.reason })
    work.trace.push({ kind: 'routing.warning', ...fault })
    refuse('invalidparams', fault.message)
    return
  }
  if (parsed.targets.length === 0) {
    refuse('invalidparams', 'the submit has no targets')
    return
  }
  if (domain.requests.size >= routingLimits.maxWaitingRequests) {
    refuse('notallowed', `more than ${routingLimits.maxWaitingRequests} requests wait`)
    return
  }
  for (const target of parsed.targets) {
    if (target.statServer !== '' && !configuration.statServers.includes(target.statServer)) {
      warnOnce(work, 'SEG-ROUTE-001', { name: target.statServer })
    }
  }
  if (submit.queue !== '' && submit.queue !== 'none') {
    const isKnown = configuration.virtualQueues.some((queue) => queue.name === submit.queue)
    if (!isKnown) warnOnce(work, 'SEG-ROUTE-002', { name: submit.queue })
  }
  const set = targetSetOf(work, parsed.targets)
  if (set.targets.length === 0) {
    refuse('targetnotfound', 'no target is configured')
    return
  }
  const request = newRequest(work, key, submit, set)
  enterRequest(work, request)
  if (submit.tuning !== undefined) tuneRequest(work, request, submit.tuning)
  const isBeingRouted = [...(domain.requestsOfInteraction.get(submit.interactionId) ?? [])].some(
    (other) => other.state === 'routing',
  )
  if (isBeingRouted) request.state = 'suspended'
  else if (tryOffer(work, request)) return
  else {
    traceWaiting(work, request)
    park(work, request)
  }
  if (request.hasTimedOut) return
  if (request.deadlineEpochMs <= work.context.nowMs) timeOut(work, request)
  else if (Number.isFinite(request.deadlineEpochMs)) {
    work.effects.push({ kind: 'timer', id: timerOf(request), dueEpochMs: request.deadlineEpochMs })
  }
}

function newRequest(work: DomainWork, key: string, submit: SubmitRequest, set: RoutingRequest['set']): RoutingRequest {
  const { timeoutS } = submit
  const hasLimit = timeoutS !== undefined && Number.isFinite(timeoutS)
  return {
    key,
    submit,
    set,
    state: 'waiting',
    tuning: {},
    ideal: undefined,
    priority: Number.isFinite(submit.priority) ? submit.priority : 0,
    sinceEpochMs: submit.submittedAtEpochMs,
    arrival: work.domain.arrivals++,
    heapIndex: -1,
    deadlineEpochMs: hasLimit ? submit.submittedAtEpochMs + Math.max(0, timeoutS) * 1000 : Infinity,
    hasTimedOut: work.domain.timedOut.has(key),
    isWithdrawn: false,
    attempts: 0,
    failedTargets: new Set(),
    decision: undefined,
  }
}

/** After a restart: the submit is announced again while the interaction still routes it. */
function resumeRouting(work: DomainWork, key: string, submit: SubmitRequest, decision: RouteDecision): void {
  const parsed = parseTargets(submit.targets)
  const set = parsed.ok ? targetSetOf(work, parsed.targets) : undefined
  const request = newRequest(work, key, submit, set)
  request.state = 'routing'
  request.decision = decision
  enterRequest(work, request)
  const agent = work.domain.agents.get(decision.agentId)
  if (agent === undefined) return
  reserveAgent(work, agent, { interactionId: submit.interactionId, requestKey: key, untilEpochMs: Infinity })
}
