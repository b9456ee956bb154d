import type { ChartTransition } from '../compile/chart.ts'
import type { Macrostep } from './macrostep.ts'
import { enabledOf } from './select-transitions.ts'

/**
 * Event-less transitions that are enabled in the current configuration, conflicts removed.
 *
 * Spec: SCXML 1.0, appendix D, selectEventlessTransitions.
 */
export function selectEventlessTransitions(macrostep: Macrostep): readonly ChartTransition[] {
  return enabledOf(macrostep, macrostep.session.configuration.eventless)
}
