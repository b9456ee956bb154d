import type { Chart, ChartTransition } from '../compile/chart.ts'
import { addAncestorStatesToEnter, addDescendantStatesToEnter } from './add-states-to-enter.ts'
import type { EntrySet } from './add-states-to-enter.ts'
import { getEffectiveTargetStates } from './get-effective-target-states.ts'
import type { StoredHistory } from './get-effective-target-states.ts'
import { getTransitionDomain } from './get-transition-domain.ts'
import { noStates } from './macrostep.ts'

/**
 * States that the transitions enter, those of them entered by default, and content of histories to run.
 *
 * Spec: SCXML 1.0, appendix D, computeEntrySet.
 */
export function computeEntrySet(
  chart: Chart,
  transitions: readonly ChartTransition[],
  history: StoredHistory | undefined,
): EntrySet {
  const entrySet: EntrySet = {
    chart,
    history,
    statesToEnter: noStates(chart),
    statesForDefaultEntry: noStates(chart),
    defaultHistoryContent: new Map(),
    usesHistory: false,
  }
  for (const transition of transitions) {
    if (transition.hasHistoryTarget) entrySet.usesHistory = true
    for (const target of transition.targets) addDescendantStatesToEnter(entrySet, target)
    const ancestor = getTransitionDomain(chart, transition, history)
    if (ancestor === undefined) continue
    for (const target of getEffectiveTargetStates(chart, transition, history)) {
      addAncestorStatesToEnter(entrySet, target, ancestor)
    }
  }
  return entrySet
}
