import type { Chart, ChartTransition } from '../compile/chart.ts'

/** What histories store at the moment, by index. */
export type StoredHistory = ReadonlyMap<number, readonly number[]>

/**
 * Targets of a transition with histories replaced by what they stand for.
 *
 * Spec: SCXML 1.0, appendix D, getEffectiveTargetStates.
 */
export function getEffectiveTargetStates(
  chart: Chart,
  transition: ChartTransition,
  history: StoredHistory | undefined,
): readonly number[] {
  if (!transition.hasHistoryTarget) return transition.targets
  const targets = new Set<number>()
  for (const target of transition.targets) {
    const state = chart.states[target]
    const stored = state?.kind === 'history' ? (history?.get(target) ?? defaultOf(chart, target, history)) : [target]
    for (const effective of stored) targets.add(effective)
  }
  return [...targets]
}

function defaultOf(chart: Chart, target: number, history: StoredHistory | undefined): readonly number[] {
  const transition = chart.states[target]?.historyTransition
  return transition === undefined ? [] : getEffectiveTargetStates(chart, transition, history)
}
