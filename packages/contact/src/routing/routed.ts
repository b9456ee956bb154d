import { pauseAgent, refreshAgent, reserveAgent } from './availability.ts'
import type { DomainMessageOf, DomainWork, RoutingRequest } from './domain.ts'
import { routingLimits } from './limits.ts'
import { finish, notifyDone, returnToQueue } from './offer.ts'
import { forgetRequest, notifyError, park } from './request-book.ts'
import { timeOut } from './time-out.ts'

/** Takes what came of routing. */
export function handleRouted(work: DomainWork, message: DomainMessageOf<'routed'>): void {
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

function routeFailed(work: DomainWork, request: RoutingRequest, message: DomainMessageOf<'routed'>): void {
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
