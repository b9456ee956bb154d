import type { AgentRecord, DomainWork, ResolvedTarget, RoutingRequest } from './domain.ts'

/** Whose value is asked: the request, the target, and the agent where the statistic is one of agents. */
export interface StatisticSubject {
  readonly request: RoutingRequest
  readonly target: ResolvedTarget
  readonly agent: AgentRecord | undefined
}

const agentStatistics = new Set([
  'StatAgentLoading',
  'StatAgentLoadingMedia',
  'StatAgentOccupancy',
  'StatTimeInReadyState',
  'StatAgentLoggedIn',
])

/** True for statistics that differ between the agents of one group. */
export function isAgentStatistic(name: string): boolean {
  return agentStatistics.has(name)
}

/**
 * Current value of a statistic that orders targets or stands in a threshold; `undefined`: not known.
 *
 * Units: seconds for times, 0–100 for occupancy. `StatAgentLoading` is the time in ready state: every agent has one
 * voice device, so that more free devices never decides.
 * Cost: O(members of the target) for counts.
 * Spec: queue §13.1, §14.
 */
export function statisticValue(work: DomainWork, name: string, subject: StatisticSubject): number | undefined {
  const { target, agent, request } = subject
  const nowMs = work.context.nowMs
  const members = agent === undefined ? [...target.members] : [agent]
  const count = (matches: (agent: AgentRecord) => boolean): number => members.filter(matches).length
  switch (name) {
    case 'StatAgentLoading':
    case 'StatAgentLoadingMedia':
    case 'StatTimeInReadyState':
      return average(members.filter((one) => one.isFree).map((one) => (nowMs - one.freeSinceEpochMs) / 1000))
    case 'StatAgentOccupancy':
      return average(members.filter((one) => one.state !== 'loggedOut').map((one) => occupancy(one, nowMs)))
    case 'StatAgentLoggedIn':
    case 'StatAgentsInQueueLogin':
    case 'StatAgentsTotal':
    case 'RStatAgentsTotal':
      return count((one) => one.state !== 'loggedOut')
    case 'StatAgentsAvailable':
    case 'StatAgentsInQueueReady':
    case 'RStatAgentsReady':
    case 'RStatAgentsReadyvoice':
      return agent === undefined ? target.free.size : Number(agent.isFree)
    case 'StatAgentsBusy':
      return count((one) => (one.device?.calls.size ?? 0) > 0)
    case 'StatCallsInQueue':
    case 'RStatCallsInQueue':
    case 'CallsWaiting':
      return target.set.waiting.size
    case 'PositionInQueue':
      return request.heapIndex < 0 ? 1 : target.set.waiting.items().filter((one) => precedes(one, request)).length + 1
    case 'InVQWaitTime':
      return (nowMs - request.sinceEpochMs) / 1000
    case 'StatLoadBalance':
    case 'StatExpectedWaitingTime':
    case 'StatEstimatedWaitingTime': {
      const staffed = count((one) => one.state === 'ready')
      return staffed === 0 ? Number.MAX_SAFE_INTEGER : target.set.waiting.size / staffed
    }
    default:
      return undefined
  }
}

function precedes(one: RoutingRequest, other: RoutingRequest): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority
  return (
    one.sinceEpochMs < other.sinceEpochMs || (one.sinceEpochMs === other.sinceEpochMs && one.arrival < other.arrival)
  )
}

function occupancy(agent: AgentRecord, nowMs: number): number {
  const loggedInMs = nowMs - agent.loggedInAtEpochMs
  const currentMs = agent.busySinceEpochMs === undefined ? 0 : nowMs - agent.busySinceEpochMs
  return loggedInMs <= 0 ? 0 : Math.min(100, (100 * (agent.busyTotalMs + currentMs)) / loggedInMs)
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
