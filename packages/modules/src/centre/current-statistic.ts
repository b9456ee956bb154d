import { domainSummary } from '@segue/contact'
import type { AgentSummary, Domain, DomainSummary, GroupSummary } from '@segue/contact'
import { isRecord } from '../values.ts'

/** A statistic is at most this old: figures of a domain are counted once for all who ask meanwhile. */
const MAX_AGE_MS = 100

const counted = new WeakMap<Domain, { readonly atEpochMs: number; readonly summary: DomainSummary }>()

/**
 * Current value of a statistic that a script asks for; `undefined`: not known. Agents, agent groups and virtual queues
 * have some; every other object and statistic is not known yet.
 *
 * Cost: O(agents + requests) once in 100 ms, else O(groups) or O(agents).
 * Spec: statistic §2.1, §5.
 */
export function currentStatistic(about: unknown, domain: Domain | undefined, nowMs: number): number | undefined {
  if (domain === undefined || !isRecord(about)) return undefined
  const { object, statistic } = about
  if (typeof object !== 'string' || typeof statistic !== 'string') return undefined
  const { name, type } = targetOf(object)
  const summary = summaryOf(domain, nowMs)
  switch (type) {
    case 'A':
      return ofAgent(
        statistic,
        summary.agents.find(({ id }) => id === name),
      )
    case 'GA':
      return ofGroup(
        statistic,
        summary.groups.find((group) => group.name === name),
      )
    default:
      return statistic === 'CallsWaiting' ? summary.queues.find((queue) => queue.name === name)?.waiting : undefined
  }
}

/** `name@server.type`; the name may hold an `@` itself. */
function targetOf(object: string): { readonly name: string; readonly type: string } {
  const at = object.lastIndexOf('@')
  if (at < 0) return { name: object, type: '' }
  return { name: object.slice(0, at), type: object.slice(object.lastIndexOf('.') + 1).toUpperCase() }
}

function summaryOf(domain: Domain, nowMs: number): DomainSummary {
  const known = counted.get(domain)
  if (known !== undefined && Math.abs(nowMs - known.atEpochMs) < MAX_AGE_MS) return known.summary
  const summary = domainSummary(domain, nowMs)
  counted.set(domain, { atEpochMs: nowMs, summary })
  return summary
}

function ofGroup(statistic: string, group: GroupSummary | undefined): number | undefined {
  if (group === undefined) return undefined
  return ofAgents(statistic, group.ready, group.loggedIn)
}

function ofAgent(statistic: string, agent: AgentSummary | undefined): number | undefined {
  if (agent === undefined) return undefined
  return ofAgents(statistic, agent.isFree ? 1 : 0, agent.state === 'loggedOut' ? 0 : 1)
}

function ofAgents(statistic: string, ready: number, loggedIn: number): number | undefined {
  switch (statistic) {
    case 'StatAgentsAvailable':
    case 'RStatAgentsReady':
    case 'RStatAgentsReadyvoice':
      return ready
    case 'StatAgentsBusy':
      return loggedIn - ready
    case 'StatAgentsTotal':
    case 'RStatAgentsTotal':
      return loggedIn
    default:
      return undefined
  }
}
