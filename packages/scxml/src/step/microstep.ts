import type { ChartTransition } from '../compile/chart.ts'
import { planFor } from '../compile/configuration.ts'
import { enterStates } from './enter-states.ts'
import { executeTransitionContent } from './execute-transition-content.ts'
import { exitStates } from './exit-states.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Takes a set of transitions: leaves states, runs their content, enters states.
 *
 * Spec: SCXML 1.0, appendix D, microstep.
 */
export function microstep(
  macrostep: Macrostep,
  enabledTransitions: readonly ChartTransition[],
  eventName: string | undefined,
): void {
  const limit = macrostep.chart.limits.microStepLimit
  macrostep.microsteps += 1
  const first = enabledTransitions[0]
  if (limit > 0 && macrostep.microsteps > limit && first !== undefined) {
    macrostep.reachLimit('_microStepLimit', limit, first.place)
    return
  }
  const plan = planFor(macrostep.session.configuration, enabledTransitions)
  const exit = exitStates(macrostep, plan)
  executeTransitionContent(macrostep, enabledTransitions, eventName)
  enterStates(macrostep, plan, exit)
}
