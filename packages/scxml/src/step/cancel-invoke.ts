import type { ChartState } from '../compile/chart.ts'
import type { Macrostep } from './macrostep.ts'

/**
 * Ends the running invocations of a state that is left.
 *
 * Order: document order of the elements. Spec: SCXML 1.0, appendix D, cancelInvoke.
 */
export function cancelInvokes({ effects, session }: Macrostep, state: ChartState): void {
  for (const [invokeId, invocation] of session.invokes ?? []) {
    if (invocation.state !== state.index) continue
    session.invokes?.delete(invokeId)
    effects.push({ kind: 'cancelInvoke', invokeId })
  }
}
