import type { CancelInstruction } from '../compile/instruction.ts'
import { enqueueOwn } from './dispatch.ts'
import { raiseScriptError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'
import { textOf } from './operand.ts'

/**
 * Cancels delayed sends. In the orchestration dialect `cancel.successful` or `error.notallowed` answers on the
 * session's own external queue.
 *
 * Spec: SCXML 1.0, 6.3; scxml-dialect section 2.
 */
export function executeCancel(macrostep: Macrostep, { sendId, place }: CancelInstruction): boolean {
  let id: string
  try {
    id = textOf(macrostep, sendId)
  } catch (thrown) {
    raiseScriptError(macrostep, 'value', thrown, place)
    return false
  }
  const isCancelled = cancelTimers(macrostep, id)
  if (macrostep.chart.origin.dialect === 'orchestration') {
    const name = isCancelled ? 'cancel.successful' : 'error.notallowed'
    enqueueOwn(
      macrostep,
      { kind: 'event', name, sendId: id, data: JSON.stringify({ sendid: id }), type: 'platform' },
      place,
    )
  }
  return true
}

function cancelTimers({ effects, session }: Macrostep, sendId: string): boolean {
  let isCancelled = false
  for (const [key, { message }] of session.timers ?? []) {
    if (message.sendId !== sendId) continue
    session.timers?.delete(key)
    effects.push({ kind: 'cancelTimer', sendId: key })
    isCancelled = true
  }
  return isCancelled
}
