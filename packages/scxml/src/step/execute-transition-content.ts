import type { ChartTransition } from '../compile/chart.ts'
import { executeContent } from './execute-content.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Runs the content of the transitions, each a block of its own.
 *
 * Spec: SCXML 1.0, appendix D, executeTransitionContent.
 */
export function executeTransitionContent(
  macrostep: Macrostep,
  enabledTransitions: readonly ChartTransition[],
  eventName: string | undefined,
): void {
  for (const transition of enabledTransitions) {
    if (macrostep.breach !== undefined) return
    if (macrostep.isTraced) {
      macrostep.trace.push({
        kind: 'transition',
        source: transition.place.state,
        targets: transition.targetIds,
        event: eventName,
        line: transition.place.line,
      })
    }
    if (transition.content.length > 0) executeContent(macrostep, transition.content)
  }
}
