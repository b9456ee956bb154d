import { hasBit } from '../compile/bits.ts'
import type { Chart, ChartTransition } from '../compile/chart.ts'
import { findLCCA } from './find-lcca.ts'
import { getEffectiveTargetStates } from './get-effective-target-states.ts'
import type { StoredHistory } from './get-effective-target-states.ts'

/**
 * The state within which a transition leaves and enters states; `undefined` for a transition without targets.
 *
 * Spec: SCXML 1.0, appendix D, getTransitionDomain.
 */
export function getTransitionDomain(
  chart: Chart,
  transition: ChartTransition,
  history: StoredHistory | undefined,
): number | undefined {
  const targets = getEffectiveTargetStates(chart, transition, history)
  if (targets.length === 0) return undefined
  const source = chart.states[transition.source]
  const staysInside =
    transition.isInternal &&
    source?.kind === 'compound' &&
    targets.every((target) => hasBit(source.descendants, target))
  return staysInside ? transition.source : findLCCA(chart, [transition.source, ...targets])
}
