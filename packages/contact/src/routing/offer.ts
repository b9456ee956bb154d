import { findDn } from '../configuration/lookup.ts'
import type { RouteDecision } from '../contract.ts'
import type { DomainWork, RoutingRequest } from './domain.ts'
import { reserveAgent } from './availability.ts'
import { routingLimits } from './limits.ts'
import { noteDeparture } from './query-answer.ts'
import { forgetRequest, leaveQueues, park, suspendSiblings, takeOut } from './request-book.ts'
import { explain, select, type Selection } from './select.ts'

/**
 * Looks for a target for a waiting request and, when there is one, routes or reports it.
 *
 * Spec: queue §9.2, §13.2; design P5.
 */
export function tryOffer(work: DomainWork, request: RoutingRequest): boolean {
  if (request.state !== 'waiting') return false
  const selection = select(work, request)
  if (selection === undefined) return false
  const decision = decisionFor(work, request, selection)
  traceDecision(work, request, selection)
  takeOut(work, request)
  request.decision = decision
  const { agent } = selection
  if (request.submit.route) {
    request.state = 'routing'
    suspendSiblings(work, request)
    if (agent !== undefined) {
      const reservation = { interactionId: request.submit.interactionId, requestKey: request.key }
      reserveAgent(work, agent, { ...reservation, untilEpochMs: Infinity })
    }
    work.effects.push({
      kind: 'toInteraction',
      interactionId: request.submit.interactionId,
      message: { kind: 'routeTo', replyKey: '', decision, stopTreatmentKey: undefined },
      open: true,
    })
    return true
  }
  if (agent !== undefined) {
    const untilEpochMs = work.context.nowMs + routingLimits.reservationMs
    reserveAgent(work, agent, {
      interactionId: request.submit.interactionId,
      requestKey: request.key,
      untilEpochMs,
    })
  }
  finish(work, request)
  return true
}

/** The request has its target: tells the session and takes the interaction out of all its queues. */
export function finish(work: DomainWork, request: RoutingRequest): void {
  const { decision } = request
  if (decision === undefined) return
  const { counters, routedByTarget } = work.domain
  counters.routed++
  const target = String(decision.selected['targetobjectselected'])
  routedByTarget.set(target, (routedByTarget.get(target) ?? 0) + 1)
  if (work.context.nowMs - request.sinceEpochMs <= routingLimits.serviceLevelMs) counters.routedWithinServiceLevel++
  noteDeparture(work.domain, request.submit.queue, work.context.nowMs)
  forgetRequest(work, request)
  if (!request.isWithdrawn) notifyDone(work, decision)
  leaveQueues(work, request.submit.interactionId)
}

/** Answers a submit with `queue.submit.done`. */
export function notifyDone(work: DomainWork, decision: RouteDecision): void {
  work.effects.push({
    kind: 'notify',
    sessionId: decision.sessionId,
    notice: { name: 'queue.submit.done', data: decision.selected, module: 'queue' },
    answers: decision.requestKey,
  })
}

/** Writes into the trace why a request waits. */
export function traceWaiting(work: DomainWork, request: RoutingRequest): void {
  const { excluded, more } = explain(work, request)
  work.trace.push({ kind: 'routing.waiting', ...identity(request), excluded, moreExcluded: more })
}

/** Puts a request back to wait, at its old place. */
export function returnToQueue(work: DomainWork, request: RoutingRequest): void {
  request.state = 'waiting'
  request.decision = undefined
  if (!tryOffer(work, request)) park(work, request)
}

function traceDecision(work: DomainWork, request: RoutingRequest, selection: Selection): void {
  const { excluded, more } = explain(work, request)
  const candidates: string[] = []
  let free = 0
  for (const target of request.set?.targets ?? []) {
    free += target.fixed === undefined ? target.free.size : 1
    if (target.fixed !== undefined) candidates.push(target.target.text)
    for (const agent of target.free) {
      if (candidates.length >= 10) break
      candidates.push(agent.id)
    }
  }
  work.trace.push({
    kind: 'routing.decision',
    ...identity(request),
    orderType: request.submit.orderType,
    orderStatistic: request.submit.orderStatistic,
    route: request.submit.route,
    target: selection.target.target.text,
    agent: selection.agent?.id ?? '',
    waitedMs: work.context.nowMs - request.sinceEpochMs,
    candidates,
    moreCandidates: Math.max(0, free - candidates.length),
    excluded,
    moreExcluded: more,
  })
}

function identity(request: RoutingRequest): Record<string, unknown> {
  const { requestId, interactionId, sessionId, queue, priority } = request.submit
  return { requestId, interactionId, sessionId, queue, priority }
}

function decisionFor(work: DomainWork, request: RoutingRequest, selection: Selection): RouteDecision {
  const { configuration } = work
  const { target, agent } = selection
  const { submit } = request
  const number = agent === undefined ? (target.fixed?.number ?? '') : (agent.device?.number ?? '')
  const switchName =
    agent === undefined
      ? (target.fixed?.switchName ?? '')
      : (findDn(configuration, number)?.switch ?? configuration.switches[0]?.name ?? '')
  const statServer = target.target.statServer === '' ? (configuration.statServers[0] ?? '') : target.target.statServer
  const subject =
    target.target.skill === undefined ? target.target.name : `?${target.target.name}:${target.target.skill.text}`
  const object = `${subject}@${statServer}.${target.target.type}`
  const vq = submit.queue === 'none' ? '' : submit.queue
  const resource: Record<string, unknown> = { type: 'DN', dn: number, switch: switchName, vq }
  if (agent !== undefined) {
    Object.assign(resource, { agent: agent.id, employeeid: agent.id, place: agent.configured?.place ?? '' })
  }
  return {
    agentId: agent?.id ?? '',
    destination: number,
    switchName,
    sessionId: submit.sessionId,
    requestKey: request.key,
    ...(submit.routeType === undefined ? {} : { routeType: submit.routeType }),
    selected: {
      requestid: submit.requestId,
      interactionid: submit.interactionId,
      targetselected: `${number}@${switchName}.DN`,
      targetcomponentselected: agent === undefined ? object : `${agent.id}@${statServer}.A`,
      targetobjectselected: object,
      vqselected: vq,
      resource,
      access: { prefix: '', rtype: '', destination: '', location: '', dnis: '' },
    },
  }
}
