import type { ForeachInstruction, IfInstruction, Instruction } from '../compile/instruction.ts'
import { raiseError, raiseScriptError } from './errors.ts'
import { executeAction } from './execute-action.ts'
import { executeAssign } from './execute-assign.ts'
import { executeCancel } from './execute-cancel.ts'
import { executeLog } from './execute-log.ts'
import { executeRaise } from './execute-raise.ts'
import { executeSend } from './execute-send.ts'
import type { Macrostep } from './macrostep.ts'

/** Runs each handler as a block of its own: an error ends the block, not its siblings. */
export function executeBlocks(macrostep: Macrostep, blocks: readonly (readonly Instruction[])[]): void {
  for (const block of blocks) executeContent(macrostep, block)
}

/**
 * Runs a block of executable content. `<if>` and `<foreach>` hold blocks themselves, so they share this file.
 *
 * Errors: an element that fails raises one error event and ends the block; the answer is then `false`.
 * Spec: SCXML 1.0, appendix D, executeContent; 4.
 */
export function executeContent(macrostep: Macrostep, content: readonly Instruction[]): boolean {
  for (const instruction of content) {
    if (macrostep.breach !== undefined || !executeInstruction(macrostep, instruction)) return false
  }
  return true
}

function executeInstruction(macrostep: Macrostep, instruction: Instruction): boolean {
  switch (instruction.kind) {
    case 'assign':
      return executeAssign(macrostep, instruction)
    case 'script':
      try {
        macrostep.run(instruction.piece)
        return true
      } catch (thrown) {
        raiseScriptError(macrostep, 'script', thrown, instruction.place)
        return false
      }
    case 'if':
      return executeIf(macrostep, instruction)
    case 'log':
      return executeLog(macrostep, instruction)
    case 'raise':
      return executeRaise(macrostep, instruction)
    case 'send':
      return executeSend(macrostep, instruction)
    case 'cancel':
      return executeCancel(macrostep, instruction)
    case 'action':
      return executeAction(macrostep, instruction)
    case 'foreach':
      return executeForeach(macrostep, instruction)
    case 'unsupported':
      raiseError(macrostep, {
        execution: `error.unsupported.${localName(instruction.name)}`,
        message: `element "${instruction.name}" is not supported`,
        place: instruction.place,
      })
      return false
  }
}

function executeIf(macrostep: Macrostep, { branches, place }: IfInstruction): boolean {
  for (const { cond, content } of branches) {
    if (cond === undefined) return executeContent(macrostep, content)
    try {
      if (!macrostep.test(cond)) continue
    } catch (thrown) {
      // A condition that fails counts as false. Spec: 5.9.1.
      raiseScriptError(macrostep, 'cond', thrown, place)
      continue
    }
    return executeContent(macrostep, content)
  }
  return true
}

function executeForeach(macrostep: Macrostep, instruction: ForeachInstruction): boolean {
  const { content, index, item, place } = instruction
  const items = itemsOf(macrostep, instruction)
  if (items === undefined) return false
  for (let position = 0; position < items.length; position += 1) {
    try {
      macrostep.assign(item, items[position])
      if (index !== undefined) macrostep.assign(index, position)
    } catch (thrown) {
      raiseScriptError(macrostep, 'loc', thrown, place)
      return false
    }
    if (!executeContent(macrostep, content)) return false
  }
  return true
}

function itemsOf(macrostep: Macrostep, { array, illegal, place }: ForeachInstruction): readonly unknown[] | undefined {
  if (illegal !== undefined) {
    raiseError(macrostep, { execution: 'error.illegalloc.SyntaxError', message: `"${illegal}" is no variable`, place })
    return undefined
  }
  try {
    const items = macrostep.program.itemsOf(macrostep.evaluate(array))
    if (items !== undefined) return items
  } catch (thrown) {
    raiseScriptError(macrostep, 'value', thrown, place)
    return undefined
  }
  raiseError(macrostep, {
    execution: 'error.illegalvalue.TypeError',
    message: 'the value of "array" cannot be gone through',
    place,
  })
  return undefined
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
