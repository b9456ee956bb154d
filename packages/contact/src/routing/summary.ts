import type { AgentState } from '../agents/agent-state.ts'
import { groupMembers } from './resolve-set.ts'
import type { AgentRecord, DomainCounters, Domain } from './domain.ts'
import { routingLimits } from './limits.ts'

/** How agents and requests of a group stand now. */
export interface GroupSummary {
  readonly name: string
  /** Requests that have the group among their targets. */
  readonly waiting: number
  readonly loggedIn: number
  readonly ready: number
  readonly ringing: number
  readonly talking: number
  /** Requests that were routed to the group, since the domain was taken over. */
  readonly routed: number
}

/** How an agent stands now. Agents that have never logged in are not listed. */
export interface AgentSummary {
  readonly id: string
  readonly state: AgentState
  readonly reason: string
  /** Number of the telephone; `''` when logged out. */
  readonly device: string
  /** Can take an interaction now. */
  readonly isFree: boolean
  readonly interactions: readonly { readonly id: string; readonly state: 'ringing' | 'connected' }[]
}

/** Requests of a virtual queue. */
export interface QueueSummary {
  readonly name: string
  readonly waiting: number
  readonly longestWaitS: number
}

/** What status displays show of a domain. */
export interface DomainSummary {
  readonly waiting: number
  readonly agents: readonly AgentSummary[]
  readonly groups: readonly GroupSummary[]
  readonly queues: readonly QueueSummary[]
  readonly counters: Readonly<DomainCounters>
  /** Part of the routed requests that were routed within `serviceLevelThresholdS`; 1 when none was routed. */
  readonly serviceLevelRatio: number
  readonly serviceLevelThresholdS: number
}

/** Current figures of a domain. Cost: O(agents + requests); for displays, not for decisions. */
export function domainSummary(domain: Domain, nowMs: number): DomainSummary {
  const { counters, configuration } = domain
  const waiting = [...domain.requests.values()].filter((request) => request.state !== 'routing')
  const groups = (configuration?.agentGroups ?? []).map((group) => {
    const members = configuration === undefined ? new Set<string>() : groupMembers(configuration, group)
    const agents = [...members].flatMap((id) => domain.agents.get(id) ?? [])
    const count = (matches: (agent: AgentRecord) => boolean): number => agents.filter(matches).length
    return {
      name: group.name,
      waiting: waiting.filter((one) => one.set?.targets.some((target) => target.target.name === group.name)).length,
      loggedIn: count((agent) => agent.state !== 'loggedOut'),
      ready: count((agent) => agent.isFree),
      ringing: count((agent) => hasCall(agent, 'ringing')),
      talking: count((agent) => hasCall(agent, 'connected')),
      routed: routedTo(domain, group.name),
    }
  })
  const queues = new Map<string, QueueSummary>()
  for (const queue of configuration?.virtualQueues ?? []) {
    queues.set(queue.name, { name: queue.name, waiting: 0, longestWaitS: 0 })
  }
  for (const { submit, sinceEpochMs } of waiting) {
    if (submit.queue === '' || submit.queue === 'none') continue
    const earlier = queues.get(submit.queue)
    queues.set(submit.queue, {
      name: submit.queue,
      waiting: (earlier?.waiting ?? 0) + 1,
      longestWaitS: Math.max(earlier?.longestWaitS ?? 0, Math.floor((nowMs - sinceEpochMs) / 1000)),
    })
  }
  return {
    waiting: waiting.length,
    agents: [...domain.agents.values()].map(agentSummary),
    groups,
    queues: [...queues.values()],
    counters: { ...counters },
    serviceLevelRatio: counters.routed === 0 ? 1 : counters.routedWithinServiceLevel / counters.routed,
    serviceLevelThresholdS: routingLimits.serviceLevelMs / 1000,
  }
}

function agentSummary(agent: AgentRecord): AgentSummary {
  return {
    id: agent.id,
    state: agent.state,
    reason: agent.reason ?? '',
    device: agent.device?.number ?? '',
    isFree: agent.isFree,
    interactions: [...(agent.device?.calls ?? [])].map(([id, state]) => ({ id, state })),
  }
}

function hasCall(agent: AgentRecord, state: 'ringing' | 'connected'): boolean {
  return [...(agent.device?.calls.values() ?? [])].includes(state)
}

/** `targetobjectselected` is `name@statserver.type`; a name may hold an `@` itself. */
function routedTo(domain: Domain, name: string): number {
  let routed = 0
  for (const [target, count] of domain.routedByTarget) {
    if (target.slice(0, target.lastIndexOf('@')) === name) routed += count
  }
  return routed
}
