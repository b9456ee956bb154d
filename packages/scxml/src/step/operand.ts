import type { Operand } from '../compile/instruction.ts'
import type { Macrostep } from './macrostep.ts'

/** Text of an operand; `''` where it is absent or evaluates to nothing. Errors: throws `ScriptError`. */
export function textOf(macrostep: Macrostep, operand: Operand | undefined): string {
  if (operand === undefined) return ''
  if (operand.kind === 'literal') return operand.value
  const value = macrostep.evaluate(operand.piece)
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : macrostep.program.toText(value)
}
