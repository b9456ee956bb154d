import type { ChartTransition } from '../compile/chart.ts'
import { raiseScriptError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Whether the guard of a transition holds.
 *
 * Errors: a guard that fails counts as false and raises one error event.
 * Spec: SCXML 1.0, appendix D, conditionMatch; 5.9.1.
 */
export function conditionMatch(macrostep: Macrostep, transition: ChartTransition): boolean {
  if (transition.cond === undefined) return true
  try {
    return macrostep.test(transition.cond)
  } catch (thrown) {
    raiseScriptError(macrostep, 'cond', thrown, transition.place)
    return false
  }
}
