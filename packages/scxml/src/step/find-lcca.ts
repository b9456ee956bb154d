import { hasBit } from '../compile/bits.ts'
import type { Chart } from '../compile/chart.ts'

/**
 * The innermost compound state (or the document) that is a proper ancestor of all the states.
 *
 * Spec: SCXML 1.0, appendix D, findLCCA.
 */
export function findLCCA(chart: Chart, states: readonly number[]): number {
  const [first = 0, ...others] = states
  for (const ancestor of chart.states[first]?.ancestorList ?? []) {
    const state = chart.states[ancestor]
    if (state === undefined || (state.kind !== 'compound' && state.kind !== 'document')) continue
    if (others.every((other) => hasBit(state.descendants, other))) return ancestor
  }
  return 0
}
