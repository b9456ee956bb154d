import { exitInterpreter } from './exit-interpreter.ts'
import { startInvokes } from './invoke.ts'
import type { Macrostep } from './macrostep.ts'
import { microstep } from './microstep.ts'
import { selectEventlessTransitions } from './select-eventless-transitions.ts'
import { selectTransitions } from './select-transitions.ts'

/**
 * Runs event-less transitions and internal events until nothing is enabled, then starts invocations: the inner part
 * of the loop, between two external events.
 *
 * Order: event-less transitions before internal events, these in the order in which they were raised.
 * Spec: SCXML 1.0, appendix D, mainEventLoop.
 */
export function completeMacrostep(macrostep: Macrostep): void {
  while (macrostep.isRunning) {
    const eventless = selectEventlessTransitions(macrostep)
    if (eventless.length > 0) {
      microstep(macrostep, eventless, undefined)
      continue
    }
    const event = macrostep.internalQueue.shift()
    if (event !== undefined) {
      macrostep.event = event
      macrostep.record({ kind: 'event', name: event.name, type: event.type })
      const enabled = selectTransitions(macrostep, event)
      if (enabled.length > 0 && macrostep.isRunning) microstep(macrostep, enabled, event.name)
      continue
    }
    if (macrostep.statesToInvoke === undefined) return
    // A failing invocation raises an error, so that the loop goes on.
    startInvokes(macrostep)
  }
  exitInterpreter(macrostep, 'final')
}
