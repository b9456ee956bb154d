import { hasBit } from '../compile/bits.ts'
import type { Bits } from '../compile/bits.ts'
import type { Chart } from '../compile/chart.ts'

/**
 * Whether a compound state has an active final child, or every region of a parallel state is in a final state.
 *
 * Spec: SCXML 1.0, appendix D, isInFinalState.
 */
export function isInFinalState(chart: Chart, active: Bits, index: number): boolean {
  const state = chart.states[index]
  if (state?.kind === 'compound') {
    return state.children.some((child) => chart.states[child]?.kind === 'final' && hasBit(active, child))
  }
  if (state?.kind === 'parallel') return state.children.every((child) => isInFinalState(chart, active, child))
  return false
}
