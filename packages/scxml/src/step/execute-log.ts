import type { LogInstruction } from '../compile/instruction.ts'
import { raiseScriptError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'
import { textOf } from './operand.ts'

/** Spec: SCXML 1.0, 4.7; scxml-dialect section 6 (levels 1 to 4, 1 when none is given). */
export function executeLog(macrostep: Macrostep, { expr, label, level, place }: LogInstruction): boolean {
  try {
    const text = expr === undefined ? '' : macrostep.program.toText(macrostep.evaluate(expr))
    macrostep.log(text, textOf(macrostep, label), levelOf(textOf(macrostep, level)))
    return true
  } catch (thrown) {
    raiseScriptError(macrostep, 'value', thrown, place)
    return false
  }
}

function levelOf(text: string): number {
  const level = Number(text)
  return Number.isInteger(level) && level >= 1 && level <= 4 ? level : 1
}
