import { findDn } from '../configuration/lookup.ts'
import type { AgentGroup, Configuration } from '../configuration/configuration.ts'
import { agentOf, warnOnce, type AgentRecord, type DomainWork, type ResolvedTarget, type TargetSet } from './domain.ts'
import type { Condition, Term } from './conditions.ts'
import { RequestHeap } from './request-heap.ts'
import { matchesSkills, parseSkillExpression } from './skills.ts'
import type { Target } from './targets.ts'

const maxIdleSets = 2000

/** The set of requests that want exactly these targets; made at the first one. */
export function targetSetOf(work: DomainWork, parsed: readonly Target[]): TargetSet {
  const key = parsed.map(targetKey).join(',')
  const known = work.domain.sets.get(key)
  if (known !== undefined) return known
  if (work.domain.sets.size >= maxIdleSets) dropIdleSets(work)
  const set: TargetSet = {
    key,
    parsed,
    targets: [],
    waiting: new RequestHeap(),
    isScanned: false,
    share: { key: '', weights: [], order: [] },
  }
  work.domain.sets.set(key, set)
  resolveSet(work, set)
  return set
}

/** Finds out anew what the targets of a set stand for; after a change of the configuration. */
export function resolveSet(work: DomainWork, set: TargetSet): void {
  for (const target of set.targets) for (const agent of target.members) agent.targets.delete(target)
  const resolved: ResolvedTarget[] = []
  for (const target of set.parsed) {
    const one = resolveTarget(work, set, target, resolved.length)
    if (one === undefined) warnOnce(work, 'SEG-ROUTE-003', { name: target.text })
    else resolved.push(one)
  }
  set.targets = resolved
  for (const target of resolved) {
    const free = [...target.members].filter((agent) => agent.isFree)
    free.sort((a, b) => a.freeSinceEpochMs - b.freeSinceEpochMs)
    for (const agent of target.members) agent.targets.add(target)
    for (const agent of free) target.free.add(agent)
  }
  set.isScanned = resolved.some(
    (target) => target.isDynamic || target.target.threshold !== undefined || target.fixed !== undefined,
  )
  set.share = shareRule(resolved)
}

/** Whether a name could be a telephone number. */
function isNumber(text: string): boolean {
  return /^\+?[\d*#]{1,32}$/.test(text)
}

function targetKey(target: Target): string {
  const threshold = target.threshold === undefined ? '' : `{${target.threshold.text}}`
  return `${threshold}${target.weight === undefined ? '' : `[${target.weight}]`}${target.text}`
}

function dropIdleSets(work: DomainWork): void {
  for (const [key, set] of work.domain.sets) {
    if (set.waiting.size > 0) continue
    for (const target of set.targets) for (const agent of target.members) agent.targets.delete(target)
    work.domain.sets.delete(key)
  }
}

function shareRule(targets: readonly ResolvedTarget[]): TargetSet['share'] {
  const hasWeight = targets.some((target) => target.target.weight !== undefined)
  const weights = targets.map((target) => target.target.weight ?? (hasWeight ? 0 : 1))
  const names = targets.map((target, index) => `[${weights[index]}]${target.target.text}`)
  const order = names.map((_, index) => index).sort((a, b) => compareText(names[a] ?? '', names[b] ?? ''))
  return {
    key: order.map((index) => names[index]).join(','),
    weights: order.map((index) => weights[index] ?? 0),
    order,
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function resolveTarget(work: DomainWork, set: TargetSet, target: Target, index: number): ResolvedTarget | undefined {
  const { configuration } = work
  const isDynamic = target.skill !== undefined && readsStatistics(target.skill.expression)
  const agents = (ids: Iterable<string>): ResolvedTarget => {
    const members = new Set<AgentRecord>()
    for (const id of ids) members.add(agentOf(work.domain, id))
    return { target, set, index, members, free: new Set(), fixed: undefined, isDynamic }
  }
  const { name } = target
  switch (target.type) {
    case 'A': {
      const agent =
        configuration.agents.find((one) => one.id === name) ?? configuration.agents.find((one) => one.name === name)
      return agent && agents([agent.id])
    }
    case 'GA': {
      const group = configuration.agentGroups.find((one) => one.name === name)
      if (group === undefined && (name !== '' || target.skill === undefined)) return undefined
      const ids = group === undefined ? configuration.agents.map((one) => one.id) : groupMembers(configuration, group)
      const skill = target.skill?.expression
      return agents(
        skill === undefined || isDynamic ? ids : [...ids].filter((id) => hasSkills(configuration, id, skill)),
      )
    }
    case 'AP': {
      const place = configuration.places.find((one) => one.name === name)
      const ids = configuration.agents.filter((one) => one.place === name || place?.dns.includes(one.dn) === true)
      return place && agents(ids.map((one) => one.id))
    }
    case 'DN':
    case 'Q':
    case 'RP':
    case 'DL': {
      const fixed = fixedDestination(configuration, target)
      return fixed && { target, set, index, members: new Set(), free: new Set(), fixed, isDynamic: false }
    }
    case 'GP':
    case 'GC':
    case 'C':
    case 'GQ':
      return undefined
  }
}

/** Ids of the members of a group, listed and by skill. */
export function groupMembers(configuration: Configuration, group: AgentGroup): ReadonlySet<string> {
  const ids = new Set(group.agents)
  if (group.skillExpression === undefined) return ids
  const parsed = parseSkillExpression(group.skillExpression)
  if (!parsed.ok) return ids
  for (const agent of configuration.agents) {
    if (matchesSkills(parsed.value, { skills: agent.skills, statistic: () => undefined })) ids.add(agent.id)
  }
  return ids
}

function hasSkills(configuration: Configuration, id: string, expression: Condition): boolean {
  const agent = configuration.agents.find((one) => one.id === id)
  return agent !== undefined && matchesSkills(expression, { skills: agent.skills, statistic: () => undefined })
}

function fixedDestination(configuration: Configuration, target: Target): ResolvedTarget['fixed'] {
  // A queue's name may carry its switch: `6510_SIP_East`.
  const owner = configuration.switches.find((one) => target.name.endsWith(`_${one.name}`))
  const number = owner === undefined ? target.name : target.name.slice(0, -owner.name.length - 1)
  const dn = findDn(configuration, number, owner?.name)
  if (dn !== undefined) {
    const isDevice = dn.type === 'extension' || dn.type === 'acdposition'
    return { number: dn.number, switchName: dn.switch, isDevice }
  }
  if (!isNumber(target.name) && target.type !== 'DL') return undefined
  return { number: target.name, switchName: configuration.switches[0]?.name ?? '', isDevice: false }
}

function readsStatistics(condition: Condition): boolean {
  if (condition.kind !== 'compare') return readsStatistics(condition.left) || readsStatistics(condition.right)
  return termReadsStatistic(condition.left) || termReadsStatistic(condition.right)
}

function termReadsStatistic(term: Term): boolean {
  if (term.kind === 'arithmetic') return termReadsStatistic(term.left) || termReadsStatistic(term.right)
  return term.kind === 'statistic'
}
