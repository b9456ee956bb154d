import type { AssignInstruction } from '../compile/instruction.ts'
import { raiseScriptError } from './errors.ts'
import type { Macrostep } from './macrostep.ts'

/** Spec: SCXML 1.0, 5.4. */
export function executeAssign(macrostep: Macrostep, instruction: AssignInstruction): boolean {
  let value: unknown
  try {
    value = valueOf(macrostep, instruction)
  } catch (thrown) {
    raiseScriptError(macrostep, 'value', thrown, instruction.place)
    return false
  }
  try {
    macrostep.assign(instruction.location, value)
    return true
  } catch (thrown) {
    raiseScriptError(macrostep, 'loc', thrown, instruction.place)
    return false
  }
}

function valueOf(macrostep: Macrostep, { content, value }: AssignInstruction): unknown {
  if (value !== undefined) return macrostep.evaluate(value)
  return content === undefined ? undefined : macrostep.program.readContent(content)
}
