import type { ChartTransition } from '../compile/chart.ts'
import { candidatesFor, planFor } from '../compile/configuration.ts'
import type { Candidates } from '../compile/configuration.ts'
import { conditionMatch } from './condition-match.ts'
import type { ChartEvent, Macrostep } from './macrostep.ts'
import { removeConflictingTransitions } from './remove-conflicting-transitions.ts'

/**
 * Transitions that the event enables in the current configuration, conflicts removed.
 *
 * Order: document order of atomic states, inner states before outer ones.
 * Errors: a guard that fails counts as false and adds an error event to the internal queue.
 * Cost: O(candidates) where the pair of configuration and event name is known.
 * Spec: SCXML 1.0, appendix D, selectTransitions.
 */
export function selectTransitions(macrostep: Macrostep, event: ChartEvent): readonly ChartTransition[] {
  const { chart, session } = macrostep
  return enabledOf(macrostep, candidatesFor(chart, session.configuration, event.name, event.isEngineError))
}

/** The first enabled transition of each group, conflicts removed. */
export function enabledOf(macrostep: Macrostep, { groups, isShared }: Candidates): readonly ChartTransition[] {
  if (groups.length === 0) return none
  const verdicts = isShared ? new Map<ChartTransition, boolean>() : undefined
  let enabledTransitions: ChartTransition[] | undefined = undefined
  for (const group of groups) {
    const enabled = firstEnabled(macrostep, group, verdicts)
    if (enabled === undefined) continue
    if (enabledTransitions === undefined) enabledTransitions = [enabled]
    else if (!enabledTransitions.includes(enabled)) enabledTransitions.push(enabled)
  }
  if (enabledTransitions === undefined) return none
  if (enabledTransitions.length === 1) return enabledTransitions
  return compatibleOf(macrostep, enabledTransitions)
}

function compatibleOf(
  { chart, session }: Macrostep,
  enabledTransitions: readonly ChartTransition[],
): readonly ChartTransition[] {
  const plan = planFor(session.configuration, enabledTransitions)
  if (plan.compatible !== undefined) return plan.compatible
  const { bits } = session.configuration
  const compatible = removeConflictingTransitions(chart, bits, enabledTransitions, session.history)
  if (!enabledTransitions.some(({ hasHistoryTarget }) => hasHistoryTarget)) plan.compatible = compatible
  return compatible
}

const none: readonly ChartTransition[] = Object.freeze([])

function firstEnabled(
  macrostep: Macrostep,
  group: readonly ChartTransition[],
  verdicts: Map<ChartTransition, boolean> | undefined,
): ChartTransition | undefined {
  for (const transition of group) {
    if (transition.cond === undefined) return transition
    const verdict = verdicts?.get(transition) ?? conditionMatch(macrostep, transition)
    verdicts?.set(transition, verdict)
    if (verdict) return transition
  }
  return undefined
}
