import type { RaiseInstruction } from '../compile/instruction.ts'
import { internalEvent } from './macrostep.ts'
import type { Macrostep } from './macrostep.ts'
import { evaluatePayload } from './payload.ts'

/** Spec: SCXML 1.0, 4.2; `<param>` children are of the orchestration dialect. */
export function executeRaise(macrostep: Macrostep, { event, params, place }: RaiseInstruction): boolean {
  if (params.length === 0) {
    macrostep.raiseEvent(internalEvent(event, undefined), place)
    return true
  }
  const payload = evaluatePayload(macrostep, { names: [], params, content: undefined }, { place })
  if (!payload.ok) return false
  macrostep.raiseEvent(internalEvent(event, payload.data), place)
  return true
}
