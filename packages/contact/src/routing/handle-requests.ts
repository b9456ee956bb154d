import type { DomainMessage, RouteDecision, SubmitRequest } from '../contract.ts'
import { contactFault } from '../errors.ts'
import { pauseAgent, refreshAgent, reserveAgent } from './availability.ts'
import { warnOnce, type DomainWork, type RoutingRequest } from './domain.ts'
import { routingLimits } from './limits.ts'
import { finish, notifyDone, returnToQueue, traceWaiting, tryOffer } from './offer.ts'
import { placeInQueue } from './query-answer.ts'
import { enterRequest, forgetRequest, notifyError, park, settle, timerOf } from './request-book.ts'
import { targetSetOf } from './resolve-set.ts'
import { parseTargets } from './targets.ts'
import { tuneRequest } from './tuning.ts'

type MessageOf<K extends DomainMessage['kind']> = Extract<DomainMessage, { kind: K }>

/** Takes a submit: first notice, then a target at once, a wait, or an error. Spec: queue §6, §13.2. */
export function handleSubmit(work: DomainWork, message: MessageOf<'submit'>): void {
  const { domain, configuration } = work
  const key = message.replyKey
  if (domain.requests.has(key)) return
  const submit = message.request
  const underway = routeUnderway(work, key)
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

/** Ends the wait of a request whose timer fell due. */
export function handleRequestTimer(work: DomainWork, key: string): void {
  const request = work.domain.requests.get(key)
  if (request === undefined || request.hasTimedOut || request.state === 'routing') return
  timeOut(work, request)
}

/** Takes what came of routing. */
export function handleRouted(work: DomainWork, message: MessageOf<'routed'>): void {
  const request = work.domain.requests.get(message.requestKey)
  const decision = request?.decision ?? message.decision
  const agent = decision === undefined ? undefined : work.domain.agents.get(decision.agentId)
  const isReserved = agent?.reservation?.requestKey === message.requestKey
  if (message.ok) {
    if (agent !== undefined && isReserved && decision !== undefined) {
      const untilEpochMs = work.context.nowMs + routingLimits.verificationMs
      const interactionId = agent.reservation?.interactionId ?? ''
      reserveAgent(work, agent, { interactionId, requestKey: message.requestKey, untilEpochMs })
    }
    if (request !== undefined) finish(work, request)
    else if (decision !== undefined) notifyDone(work, decision)
    return
  }
  if (agent !== undefined && isReserved) {
    agent.reservation = undefined
    const isCallGone = message.error === 'unknown' || message.error === 'invalidstate'
    if (isCallGone) refreshAgent(work, agent)
    else pauseAgent(work, agent, routingLimits.refusedPauseMs)
  }
  if (request !== undefined) routeFailed(work, request, message)
}

/** Removes requests from the queues; every one is told, or exactly one event when there was none. Spec: queue Decisions. */
export function handleCancel(work: DomainWork, message: MessageOf<'cancel'>): void {
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

/** Tells the place of a request. Spec: queue §8.2. */
export function handleQuery(work: DomainWork, message: MessageOf<'query'>, sessionId: string): void {
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

/** Changes waiting requests of a session. Spec: queue §8.3, §12. */
export function handleTune(work: DomainWork, message: MessageOf<'tune'>): void {
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

/** The session no longer wants its submit: the effect was withdrawn, or the session has ended. */
export function handleWithdraw(work: DomainWork, message: MessageOf<'withdraw'>): void {
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
export function handleInteractionEnded(work: DomainWork, message: MessageOf<'interactionEnded'>): void {
  const { domain } = work
  const { interactionId, isAbandoned } = message
  if (isAbandoned) domain.counters.abandoned++
  for (const request of domain.requestsOfInteraction.get(interactionId) ?? []) {
    forgetRequest(work, request)
    if (request.isWithdrawn) continue
    notifyError(work, request, 'invalidstate', { description: 'the interaction has ended' })
  }
}

function timeOut(work: DomainWork, request: RoutingRequest): void {
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

function routeFailed(work: DomainWork, request: RoutingRequest, message: MessageOf<'routed'>): void {
  request.attempts++
  const { decision } = request
  work.trace.push({
    kind: 'routing.refused',
    requestId: request.submit.requestId,
    destination: decision?.destination ?? '',
    error: message.error,
    attempts: request.attempts,
  })
  const fail = (error: string): void => {
    request.decision = undefined
    forgetRequest(work, request)
    const description = message.description === '' ? `routing failed: ${message.error}` : message.description
    if (!request.isWithdrawn) notifyError(work, request, error, { description })
    resumeSiblings(work, request)
  }
  if (request.isWithdrawn || message.error === 'unknown' || message.error === 'invalidstate') {
    fail('invalidstate')
    return
  }
  if (decision?.agentId === '') {
    const target = request.set?.targets.find((one) => one.fixed?.number === decision.destination)
    if (target !== undefined) request.failedTargets.add(target.index)
  }
  const isHopeless = request.failedTargets.size > 0 && request.failedTargets.size === request.set?.targets.length
  if (isHopeless || request.attempts >= routingLimits.maxRouteAttempts) {
    fail('routingfailed')
    return
  }
  resumeSiblings(work, request)
  returnToQueue(work, request)
  if (!request.hasTimedOut && request.state === 'waiting' && request.deadlineEpochMs <= work.context.nowMs) {
    timeOut(work, request)
  }
}

function resumeSiblings(work: DomainWork, request: RoutingRequest): void {
  for (const other of work.domain.requestsOfInteraction.get(request.submit.interactionId) ?? []) {
    if (other !== request && other.state === 'suspended') park(work, other)
  }
}

function byId(work: DomainWork, message: MessageOf<'cancel'>): readonly RoutingRequest[] {
  if (message.requestId === undefined || message.interactionId !== '') return []
  return [...work.domain.requests.values()].filter((request) => request.submit.requestId === message.requestId)
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

/** Decision of an own `routeTo` for this submit that the interaction has not answered yet. */
function routeUnderway(work: DomainWork, key: string): RouteDecision | undefined {
  for (const effect of work.context.openEffects) {
    const { message } = effect.body
    if (typeof message !== 'object' || message === null || Reflect.get(message, 'kind') !== 'routeTo') continue
    const decision: unknown = Reflect.get(message, 'decision')
    if (isDecision(decision) && decision.requestKey === key) return decision
  }
  return undefined
}

function isDecision(value: unknown): value is RouteDecision {
  return typeof value === 'object' && value !== null && 'requestKey' in value && 'selected' in value
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
