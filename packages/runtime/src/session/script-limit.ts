import { constants } from 'node:buffer'

/** A limit that a script ran into and could have caught. */
export interface ScriptLimit {
  /** Name and value, as an operator reads them. */
  readonly name: string
  readonly value: number
}

/** Stack of a thread of V8, in kilobytes, unless Node is told otherwise. */
const STACK_KB = 984

/**
 * The limit behind an exception that no script caught; `undefined`: an error of the script itself. V8 has no other sign of it than
 * the words of its message.
 */
export function scriptLimitOf(message: string): ScriptLimit | undefined {
  if (message === 'Maximum call stack size exceeded') return { name: 'stackKb', value: STACK_KB }
  if (message === 'Invalid string length') return { name: 'maxTextLength', value: constants.MAX_STRING_LENGTH }
  const dynamic = /^evaluated text is longer than (\d+) characters$/.exec(message)?.[1]
  return dynamic === undefined ? undefined : { name: 'maxDynamicChars', value: Number(dynamic) }
}
