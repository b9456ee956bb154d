import { configOption, listItemValue } from '../configuration/lookup.ts'
import type { Condition, Term } from './conditions.ts'
import { warnOnce, type DomainWork, type ResolvedTarget, type RoutingRequest } from './domain.ts'
import { targetSetOf } from './resolve-set.ts'
import { calculate, compare } from './skills.ts'
import { statisticValue } from './statistics.ts'
import { parseTargetId } from './targets.ts'

/** Whether the threshold of a target holds now; a value that is not known makes it false. Spec: queue §4. */
export function isThresholdMet(work: DomainWork, request: RoutingRequest, target: ResolvedTarget): boolean {
  const { threshold } = target.target
  return threshold === undefined || holds(work, request, target, threshold.condition)
}

function holds(work: DomainWork, request: RoutingRequest, target: ResolvedTarget, condition: Condition): boolean {
  if (condition.kind !== 'compare') {
    const isLeft = holds(work, request, target, condition.left)
    if (isLeft !== (condition.kind === 'and')) return isLeft
    return holds(work, request, target, condition.right)
  }
  const left = valueOf(work, request, target, condition.left)
  const right = valueOf(work, request, target, condition.right)
  return left !== undefined && right !== undefined && compare(left, condition.operator, right)
}

function valueOf(work: DomainWork, request: RoutingRequest, target: ResolvedTarget, term: Term): number | undefined {
  switch (term.kind) {
    case 'number':
      return term.value
    case 'name':
    case 'statistic': {
      const value = statisticValue(work, term.name, { request, target, agent: undefined })
      if (value === undefined) warnOnce(work, 'SEG-ROUTE-004', { name: term.name })
      return value
    }
    case 'arithmetic': {
      const left = valueOf(work, request, target, term.left)
      const right = valueOf(work, request, target, term.right)
      return left === undefined || right === undefined ? undefined : calculate(left, term.operator, right)
    }
    case 'call':
      return callValue(work, request, target, term)
  }
}

function callValue(
  work: DomainWork,
  request: RoutingRequest,
  target: ResolvedTarget,
  call: Extract<Term, { kind: 'call' }>,
): number | undefined {
  const [first = '', second = '', third = '', fourth = ''] = call.arguments
  switch (call.name.toLowerCase()) {
    case 'callage':
      return (work.context.nowMs - request.sinceEpochMs) / 1000
    case 'sdata': {
      const parsed = parseTargetId(first)
      const other = parsed.ok ? targetSetOf(work, [parsed.value]).targets[0] : undefined
      return other && statisticValue(work, second, { request, target: other, agent: undefined })
    }
    case 'acfgdata':
      return numberOr(configOption(work.configuration, { application: first }, third), fourth)
    case 'lcfgdata':
      return numberOr(listText(work, first, second, third), fourth)
    default:
      warnOnce(work, 'SEG-ROUTE-004', { name: call.name })
      return undefined
  }
}

function listText(work: DomainWork, list: string, item: string, key: string): string {
  try {
    const value = listItemValue(work.configuration, list, item, key)
    return typeof value === 'string' ? value : ''
  } catch {
    return ''
  }
}

function numberOr(text: string, fallback: string): number | undefined {
  const value = Number(text === '' ? fallback : text)
  return Number.isFinite(value) ? value : undefined
}
