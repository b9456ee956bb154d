import { hasBit, intersects } from '../compile/bits.ts'
import type { Bits } from '../compile/bits.ts'
import type { Chart, ChartTransition } from '../compile/chart.ts'
import { computeExitSet } from './compute-exit-set.ts'
import type { StoredHistory } from './get-effective-target-states.ts'

/**
 * The transitions that can be taken together: on conflict the one of the inner state wins, else the earlier one.
 *
 * Order: that of the enabled transitions. Cost: O(transitions²).
 * Spec: SCXML 1.0, appendix D, removeConflictingTransitions.
 */
export function removeConflictingTransitions(
  chart: Chart,
  configuration: Bits,
  enabledTransitions: readonly ChartTransition[],
  history: StoredHistory | undefined,
): readonly ChartTransition[] {
  if (enabledTransitions.length < 2) return enabledTransitions
  const exitSets = new Map(
    enabledTransitions.map((t) => [t, computeExitSet(chart, configuration, [t], history)] as const),
  )
  const conflict = (t1: ChartTransition, t2: ChartTransition): boolean =>
    intersects(exitSets.get(t1) ?? [], exitSets.get(t2) ?? [])
  let filteredTransitions: ChartTransition[] = []
  for (const t1 of enabledTransitions) {
    const conflicting = filteredTransitions.filter((t2) => conflict(t1, t2))
    const isPreempted = conflicting.some((t2) => !isDescendant(chart, t1.source, t2.source))
    if (isPreempted) continue
    filteredTransitions = filteredTransitions.filter((t2) => !conflicting.includes(t2))
    filteredTransitions.push(t1)
  }
  return filteredTransitions
}

function isDescendant(chart: Chart, state: number, of: number): boolean {
  return hasBit(chart.states[of]?.descendants ?? [], state)
}
