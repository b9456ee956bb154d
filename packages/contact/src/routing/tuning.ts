import type { RoutingTuning } from '../contract.ts'
import type { AgentRecord, DomainWork, RoutingRequest } from './domain.ts'
import { park, takeOut } from './request-book.ts'
import { parseSkillExpression, type SkillExpression } from './skills.ts'

/** Puts settings of the queue functions into force for a request; absent members stay as they are. Spec: queue §12. */
export function tuneRequest(work: DomainWork, request: RoutingRequest, tuning: RoutingTuning): void {
  const wasInHeap = request.heapIndex >= 0
  takeOut(work, request)
  request.tuning = { ...request.tuning, ...tuning }
  const { idealAgent, interactionBegunAtEpochMs } = request.tuning
  if (interactionBegunAtEpochMs !== undefined) request.sinceEpochMs = interactionBegunAtEpochMs
  const parsed = idealAgent === undefined || idealAgent === '' ? undefined : parseSkillExpression(idealAgent)
  request.ideal = parsed?.ok === true ? parsed.value : undefined
  age(work, request)
  if (wasInHeap) park(work, request)
}

/** Priority at this moment, and the timer of the next step of ageing. Spec: queue §13.4. */
function age(work: DomainWork, request: RoutingRequest): void {
  const { priorityIncrement, priorityLimits } = request.tuning
  const { submittedAtEpochMs } = request.submit
  const base = request.tuning.priority ?? request.submit.priority
  let priority = Number.isFinite(base) ? base : 0
  if (priorityIncrement !== undefined && priorityIncrement.everyS > 0) {
    const everyMs = Math.max(1000, priorityIncrement.everyS * 1000)
    const steps = Math.max(0, Math.floor((work.context.nowMs - submittedAtEpochMs) / everyMs))
    priority += priorityIncrement.by * steps
    const isAtLimit = priorityLimits !== undefined && priorityIncrement.by > 0 && priority >= priorityLimits.upper
    if (!isAtLimit) {
      const dueEpochMs = submittedAtEpochMs + (steps + 1) * everyMs
      work.effects.push({ kind: 'timer', id: `age:${request.key}`, dueEpochMs })
    }
  }
  if (priorityLimits !== undefined) {
    priority = Math.min(Math.max(priority, priorityLimits.lower), priorityLimits.upper)
  }
  request.priority = priority
}

/** An interval of ageing is over: the request gets its new place. */
export function handleAgeTimer(work: DomainWork, key: string): void {
  const request = work.domain.requests.get(key)
  if (request !== undefined) tuneRequest(work, request, {})
}

/** Distance of an agent's skills from an ideal: 0 fits exactly. Spec: queue §13.6. */
export function idealDistance(expression: SkillExpression, agent: AgentRecord): number {
  if (expression.kind !== 'compare') {
    const distances = [idealDistance(expression.left, agent), idealDistance(expression.right, agent)]
    return expression.kind === 'or' ? Math.min(...distances) : distances.reduce((sum, one) => sum + one, 0)
  }
  const { left, right, operator } = expression
  if (left.kind !== 'name' || right.kind !== 'number') return 0
  const skills = agent.configured?.skills ?? {}
  const level = Object.hasOwn(skills, left.name) ? (skills[left.name] ?? 0) : 0
  switch (operator) {
    case '=':
      return Math.abs(level - right.value)
    case '!=':
      return level === right.value ? 1 : 0
    case '>':
      return Math.max(0, right.value + 1 - level)
    case '>=':
      return Math.max(0, right.value - level)
    case '<':
      return Math.max(0, level - right.value + 1)
    default:
      return Math.max(0, level - right.value)
  }
}
