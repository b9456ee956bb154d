import { addBits, emptyBits, intersection } from '../compile/bits.ts'
import type { Bits } from '../compile/bits.ts'
import type { Chart, ChartTransition } from '../compile/chart.ts'
import type { StoredHistory } from './get-effective-target-states.ts'
import { getTransitionDomain } from './get-transition-domain.ts'

/**
 * Active states that the transitions leave.
 *
 * Spec: SCXML 1.0, appendix D, computeExitSet.
 */
export function computeExitSet(
  chart: Chart,
  configuration: Bits,
  transitions: readonly ChartTransition[],
  history: StoredHistory | undefined,
): Bits {
  const statesToExit = emptyBits(chart.states.length)
  for (const transition of transitions) {
    if (transition.targets.length === 0) continue
    const domain = getTransitionDomain(chart, transition, history)
    const within = domain === undefined ? undefined : chart.states[domain]?.descendants
    if (within !== undefined) addBits(statesToExit, intersection(configuration, within))
  }
  return statesToExit
}
