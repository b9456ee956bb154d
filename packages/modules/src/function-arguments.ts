import { FunctionError } from '@segue/runtime'
import { fault } from './errors.ts'
import type { FaultCode } from './errors.ts'
import { isRecord, numberOf, shown } from './values.ts'

/** Which argument of which function is read. */
export interface ArgumentPlace {
  /** Function as scripts write it: `_genesys.session.dayInZone`. */
  readonly name: string
  readonly index: number
  readonly argument: string
}

/** Error that a script sees, with the code of its catalogue entry. */
export function functionFault(code: FaultCode, values: Readonly<Record<string, string>>): FunctionError {
  return new FunctionError(`${fault(code, values).message} (${code})`)
}

/** An argument that has to be text; numbers become text. */
export function textArgument(args: readonly unknown[], place: ArgumentPlace): string {
  const given = args[place.index]
  if (typeof given === 'string') return given
  if (typeof given === 'number') return String(given)
  throw wrongArgument(given, place, 'text')
}

/** An argument that may be left out; `null` and `undefined` are absent. */
export function optionalTextArgument(args: readonly unknown[], place: ArgumentPlace): string | undefined {
  return args[place.index] === undefined || args[place.index] === null ? undefined : textArgument(args, place)
}

/** An argument that has to be a number or numeric text. */
export function numberArgument(args: readonly unknown[], place: ArgumentPlace): number {
  const given = numberOf(args[place.index])
  if (given === undefined) throw wrongArgument(args[place.index], place, 'a number')
  return given
}

/** An argument that has to be an object. */
export function objectArgument(args: readonly unknown[], place: ArgumentPlace): Readonly<Record<string, unknown>> {
  const given = args[place.index]
  if (!isRecord(given)) throw wrongArgument(given, place, 'an object')
  return given
}

/** Error about an argument of a wrong kind. */
export function wrongArgument(given: unknown, place: ArgumentPlace, expected: string): FunctionError {
  return functionFault('SEG-MODULE-008', { name: place.name, argument: place.argument, value: shown(given), expected })
}
