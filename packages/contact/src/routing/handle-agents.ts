import { nextAgentState } from '../agents/agent-state.ts'
import type { DomainMessage } from '../contract.ts'
import { contactFault } from '../errors.ts'
import { pauseAgent, refreshAgent } from './availability.ts'
import { agentOf, deviceOf, noteDevice, putAgentRow, warnOnce, type AgentRecord, type DomainWork } from './domain.ts'
import { routingLimits } from './limits.ts'

type MessageOf<K extends DomainMessage['kind']> = Extract<DomainMessage, { kind: K }>

/** Takes a change of an agent's state. */
export function handleAgent(work: DomainWork, message: MessageOf<'agent'>): void {
  const configured = work.domain.agents.get(message.agentId)?.configured
  if (configured === undefined) {
    warnOnce(work, 'SEG-ROUTE-007', { name: message.agentId })
    return
  }
  const agent = agentOf(work.domain, message.agentId)
  const from = agent.state
  const to = nextAgentState(from, message.state)
  if (to === undefined) {
    const fault = contactFault('SEG-ROUTE-006', { name: agent.id, from, to: message.state })
    work.trace.push({ kind: 'routing.warning', ...fault })
    return
  }
  agent.state = to
  agent.reason = to === 'notReady' && message.reason !== '' ? message.reason : undefined
  if (to === 'loggedOut') {
    if (agent.device !== undefined) agent.device.agent = undefined
    agent.device = undefined
    // An offer that is under way still reaches the telephone: who logs in again at once takes no second one.
    if (agent.reservation?.untilEpochMs !== Infinity) agent.reservation = undefined
    agent.loggedInAtEpochMs = 0
  } else {
    moveTo(work, agent, message.device === '' ? (agent.device?.number ?? configured.dn) : message.device)
    if (from === 'loggedOut') {
      agent.loggedInAtEpochMs = work.context.nowMs
      agent.busyTotalMs = 0
    }
  }
  // Saying "ready" again is the agent's word that calls may come.
  if (message.state === 'ready') agent.pausedUntilEpochMs = 0
  work.trace.push({ kind: 'agent.state', agent: agent.id, from, to, reason: agent.reason ?? '' })
  refreshAgent(work, agent)
  putAgentRow(work, agent)
}

/** Takes a call that came to or left a telephone. */
export function handleDeviceCall(work: DomainWork, message: MessageOf<'deviceCall'>): void {
  const device = deviceOf(work.domain, message.device)
  const before = device.calls.get(message.interactionId)
  if (message.state === 'released') device.calls.delete(message.interactionId)
  else {
    device.calls.set(message.interactionId, message.state)
    noteDevice(work.domain, message.interactionId, device)
  }
  const { agent } = device
  if (agent === undefined) {
    if (device.calls.size === 0) work.domain.devices.delete(device.number)
    return
  }
  const isFirst = before === undefined
  if (agent.reservation?.interactionId === message.interactionId && message.state !== 'released') {
    agent.reservation = undefined
  }
  if (message.state === 'released' && before === 'ringing') {
    work.trace.push({ kind: 'agent.noAnswer', agent: agent.id, interactionId: message.interactionId })
    pauseAgent(work, agent, routingLimits.noAnswerPauseMs)
  }
  if (before === message.state || (isFirst && message.state === 'released')) return
  refreshAgent(work, agent)
  putAgentRow(work, agent)
}

/** The interaction has ended: it is at no telephone any more and nobody is reserved for it. */
export function releaseInteraction(work: DomainWork, interactionId: string): void {
  const devices = work.domain.devicesOfInteraction.get(interactionId) ?? []
  work.domain.devicesOfInteraction.delete(interactionId)
  for (const device of devices) {
    const { agent } = device
    const hadCall = device.calls.delete(interactionId)
    if (agent === undefined && device.calls.size === 0) work.domain.devices.delete(device.number)
    const wasReserved = agent?.reservation?.interactionId === interactionId
    if (agent === undefined || (!hadCall && !wasReserved)) continue
    if (wasReserved) agent.reservation = undefined
    refreshAgent(work, agent)
    if (hadCall) putAgentRow(work, agent)
  }
}

function moveTo(work: DomainWork, agent: AgentRecord, number: string): void {
  if (number === '' || agent.device?.number === number) return
  if (agent.device !== undefined) agent.device.agent = undefined
  const device = deviceOf(work.domain, number)
  const other = device.agent
  if (other !== undefined) {
    other.device = undefined
    other.state = 'loggedOut'
    refreshAgent(work, other)
    putAgentRow(work, other)
  }
  device.agent = agent
  agent.device = device
}
