import { matchesSkills } from './skills.ts'
import { warnOnce, type AgentRecord, type DomainWork, type ResolvedTarget, type RoutingRequest } from './domain.ts'
import { chooseByShare, countShare } from './percentage.ts'
import { isAgentStatistic, statisticValue } from './statistics.ts'
import { isThresholdMet } from './thresholds.ts'
import { idealDistance } from './tuning.ts'

/** What a request gets: a target and, where it stands for people, one of them. */
export interface Selection {
  readonly target: ResolvedTarget
  readonly agent: AgentRecord | undefined
}

/** A target that was not possible, or an agent, and the rule that says so. */
interface Exclusion {
  readonly target: string
  readonly agent?: string
  readonly rule: string
}

/** How many exclusions a trace record names; the rest is counted. */
const maxExplained = 20

/**
 * The target that a request gets now, by its order type; `undefined` when none is possible.
 *
 * Order: `any` takes a random possible target; inside a group the agent who is free longest. `max` and `min` compare
 * the statistic and fall back to the order of `any` when it is not known.
 * Cost: O(targets) for `any` and `percentage`; O(free agents) for statistics of agents.
 * Spec: queue §13.1.
 */
export function select(work: DomainWork, request: RoutingRequest): Selection | undefined {
  const set = request.set
  if (set === undefined) return undefined
  const possible = set.targets.filter((target) => isPossible(work, request, target))
  if (possible.length === 0) return undefined
  const { orderType, orderStatistic } = request.submit
  if (orderType === 'percentage') {
    const chosen = selectByShare(work, request, possible)
    return chosen && { target: chosen, agent: firstAgent(work, request, chosen) }
  }
  if (orderType !== 'any' && orderStatistic !== '' && orderStatistic !== 'none') {
    const best = selectByStatistic(work, request, possible)
    if (best !== undefined) return best
    warnOnce(work, 'SEG-ROUTE-004', { name: orderStatistic })
  }
  const target = possible[Math.floor(work.random() * possible.length)] ?? possible[0]
  return target && { target, agent: firstAgent(work, request, target) }
}

/** Why each target or agent of a request's set is not possible now, at most `maxExplained`. */
export function explain(work: DomainWork, request: RoutingRequest): { excluded: Exclusion[]; more: number } {
  const excluded: Exclusion[] = []
  let all = 0
  for (const target of request.set?.targets ?? []) {
    const targetRule = targetExclusion(work, request, target)
    if (targetRule !== undefined) {
      all++
      if (excluded.length < maxExplained) excluded.push({ target: target.target.text, rule: targetRule })
      continue
    }
    const notFree = target.members.size - target.free.size
    all += notFree
    if (notFree === 0 || excluded.length >= maxExplained) continue
    for (const agent of target.members) {
      if (excluded.length >= maxExplained) break
      const isExcluded = request.tuning.excludedAgents?.includes(agent.id) === true
      const rule = isExcluded ? 'excluded by the document' : agentExclusion(agent, work.context.nowMs)
      if (rule !== undefined) excluded.push({ target: target.target.text, agent: agent.id, rule })
    }
  }
  return { excluded, more: Math.max(0, all - excluded.length) }
}

/** The rule that keeps an agent from taking an interaction now; `undefined`: free. */
export function agentExclusion(agent: AgentRecord, nowMs: number): string | undefined {
  if (agent.configured === undefined) return 'not configured'
  if (agent.state === 'loggedOut') return 'logged out'
  if (agent.state === 'afterCallWork') return 'after-call work'
  if (agent.state === 'notReady') return agent.reason === undefined ? 'not ready' : `not ready: ${agent.reason}`
  if (agent.device === undefined) return 'no telephone'
  if (agent.device.calls.size > 0) return 'busy'
  if (agent.reservation !== undefined) return 'reserved'
  if (agent.pausedUntilEpochMs > nowMs) return 'set aside after a refused or unanswered call'
  return undefined
}

function isPossible(work: DomainWork, request: RoutingRequest, target: ResolvedTarget): boolean {
  if (targetExclusion(work, request, target) !== undefined) return false
  if (target.fixed !== undefined) return true
  const isChecked = target.isDynamic || (request.tuning.excludedAgents?.length ?? 0) > 0
  return isChecked ? firstAgent(work, request, target) !== undefined : target.free.size > 0
}

function targetExclusion(work: DomainWork, request: RoutingRequest, target: ResolvedTarget): string | undefined {
  if (request.failedTargets.has(target.index)) return 'routing to it failed'
  if (target.fixed?.isDevice === true) {
    const device = work.domain.devices.get(target.fixed.number)
    if (device !== undefined && device.calls.size > 0) return 'busy'
    if (device?.agent?.reservation !== undefined) return 'reserved'
  }
  if (!isThresholdMet(work, request, target)) return `threshold ${target.target.threshold?.text ?? ''}`
  return undefined
}

function firstAgent(work: DomainWork, request: RoutingRequest, target: ResolvedTarget): AgentRecord | undefined {
  let best: AgentRecord | undefined
  let bestDistance = Infinity
  for (const agent of target.free) {
    if (!satisfies(work, request, target, agent)) continue
    if (request.ideal === undefined) return agent
    const distance = idealDistance(request.ideal, agent)
    if (distance >= bestDistance) continue
    best = agent
    bestDistance = distance
  }
  return best
}

function satisfies(work: DomainWork, request: RoutingRequest, target: ResolvedTarget, agent: AgentRecord): boolean {
  if (request.tuning.excludedAgents?.includes(agent.id) === true) return false
  if (!target.isDynamic || target.target.skill === undefined) return true
  return matchesSkills(target.target.skill.expression, {
    skills: agent.configured?.skills ?? {},
    statistic: (name) => statisticValue(work, name, { request, target, agent }),
  })
}

function selectByStatistic(
  work: DomainWork,
  request: RoutingRequest,
  possible: readonly ResolvedTarget[],
): Selection | undefined {
  const { orderType, orderStatistic: name } = request.submit
  const sign = orderType === 'max' ? 1 : -1
  let best: Selection | undefined
  let bestValue = -Infinity
  for (const target of possible) {
    const agents = target.fixed === undefined && isAgentStatistic(name) ? target.free : [undefined]
    for (const agent of agents) {
      if (agent !== undefined && !satisfies(work, request, target, agent)) continue
      const value = statisticValue(work, name, { request, target, agent })
      if (value === undefined) return undefined
      if (value * sign <= bestValue) continue
      bestValue = value * sign
      best = { target, agent: agent ?? firstAgent(work, request, target) }
    }
  }
  return best
}

function selectByShare(
  work: DomainWork,
  request: RoutingRequest,
  possible: readonly ResolvedTarget[],
): ResolvedTarget | undefined {
  const set = request.set
  if (set === undefined) return undefined
  const { key, weights, order } = set.share
  const counts = work.domain.shares.get(key) ?? weights.map(() => 0)
  const isPossibleIndex = new Set(possible.map((target) => target.index))
  const chosen = chooseByShare(weights, counts, (index) => isPossibleIndex.has(order[index] ?? -1))
  if (chosen === undefined) return undefined
  const next = countShare(weights, counts, chosen)
  work.domain.shares.set(key, next)
  work.rows.push({ kind: 'put', table: 'share', key, value: JSON.stringify(next) })
  return set.targets[order[chosen] ?? -1]
}
