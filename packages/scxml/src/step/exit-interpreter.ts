import { clearBit, emptyBits, membersOf } from '../compile/bits.ts'
import { configurationOf } from '../compile/configuration.ts'
import { cancelInvokes } from './cancel-invoke.ts'
import type { EndRecord } from './contract.ts'
import { executeBlocks } from './execute-content.ts'
import { inExitOrder } from './exit-states.ts'
import type { Macrostep } from './macrostep.ts'
import { evaluateDoneData } from './payload.ts'

/**
 * Ends the session: leaves every state, cancels invocations and timers, and gives the result of a top-level final.
 * After a breach of a limit no content runs any more.
 *
 * Order: exit order. Spec: SCXML 1.0, appendix D, exitInterpreter and returnDoneEvent.
 */
export function exitInterpreter(macrostep: Macrostep, reason: EndRecord['reason']): void {
  const { chart, effects, session } = macrostep
  session.isRunning = false
  let data: string | undefined
  for (const state of inExitOrder(chart, membersOf(macrostep.active))) {
    macrostep.record(state.exitRecord)
    executeBlocks(macrostep, state.onexit)
    cancelInvokes(macrostep, state)
    if (macrostep.breach === undefined && reason === 'final' && state.kind === 'final' && state.parent === 0) {
      data = evaluateDoneData(macrostep, state)
    }
    clearBit(macrostep.active, state.index)
  }
  for (const sendId of session.timers?.keys() ?? []) effects.push({ kind: 'cancelTimer', sendId })
  session.timers = undefined
  session.queue = undefined
  session.configuration = configurationOf(chart, emptyBits(chart.states.length))
  const limit = macrostep.breach
  macrostep.ended = limit === undefined ? { reason, data } : { reason: 'limit', data: undefined, limit }
  macrostep.record({ kind: 'done', reason: macrostep.ended.reason })
}
