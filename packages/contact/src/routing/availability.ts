import { agentExclusion } from './select.ts'
import { noteDevice, type AgentRecord, type DomainWork } from './domain.ts'

/** Brings an agent's place among the free ones up to date and remembers agents that became free. */
export function refreshAgent(work: DomainWork, agent: AgentRecord): void {
  const nowMs = work.context.nowMs
  if (agent.reservation !== undefined && agent.reservation.untilEpochMs <= nowMs) agent.reservation = undefined
  trackBusy(agent, nowMs)
  const isFree = agentExclusion(agent, nowMs) === undefined
  if (isFree === agent.isFree) {
    if (isFree) work.freed.add(agent)
    return
  }
  agent.isFree = isFree
  if (isFree) {
    agent.freeSinceEpochMs = nowMs
    for (const target of agent.targets) target.free.add(agent)
    work.freed.add(agent)
    return
  }
  for (const target of agent.targets) target.free.delete(agent)
  work.freed.delete(agent)
}

/** Keeps an agent for an interaction until a time; the timer of the agent ends it. */
export function reserveAgent(
  work: DomainWork,
  agent: AgentRecord,
  reservation: { readonly interactionId: string; readonly requestKey: string; readonly untilEpochMs: number },
): void {
  agent.reservation = { ...reservation }
  if (agent.device !== undefined) noteDevice(work.domain, reservation.interactionId, agent.device)
  if (Number.isFinite(reservation.untilEpochMs)) setAgentTimer(work, agent, reservation.untilEpochMs)
  refreshAgent(work, agent)
}

/** Sets an agent aside for a while; nothing is offered until then. */
export function pauseAgent(work: DomainWork, agent: AgentRecord, durationMs: number): void {
  agent.pausedUntilEpochMs = work.context.nowMs + durationMs
  setAgentTimer(work, agent, agent.pausedUntilEpochMs)
  refreshAgent(work, agent)
}

function setAgentTimer(work: DomainWork, agent: AgentRecord, dueEpochMs: number): void {
  work.effects.push({ kind: 'timer', id: `agent:${agent.id}`, dueEpochMs })
}

function trackBusy(agent: AgentRecord, nowMs: number): void {
  const isBusy = (agent.device?.calls.size ?? 0) > 0
  if (isBusy && agent.busySinceEpochMs === undefined) agent.busySinceEpochMs = nowMs
  if (isBusy || agent.busySinceEpochMs === undefined) return
  agent.busyTotalMs += nowMs - agent.busySinceEpochMs
  agent.busySinceEpochMs = undefined
}
