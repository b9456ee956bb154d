import type { PlannedAction } from '@segue/runtime'
import { fault } from './errors.ts'
import type { Fault, FaultCode } from './errors.ts'
import { booleanOf, isRecord, numberOf, shown } from './values.ts'

/** The attributes of one action; remembers the first thing that was wrong, so that a plan asks once, at its end. */
export interface AttributeReader {
  /** Text; numbers become text. `undefined` when absent. */
  text(name: string): string | undefined
  /** Text that has to be there; `''` after a problem. */
  requiredText(name: string): string
  /** A number or numeric text; anything else counts as absent. */
  number(name: string): number | undefined
  /** As `number`, and not below zero. */
  seconds(name: string): number | undefined
  flag(name: string, fallback: boolean): boolean
  object(name: string): Readonly<Record<string, unknown>> | undefined
  value(name: string): unknown
  /** Notes a problem of the document's own kind. */
  note(code: FaultCode, values: Readonly<Record<string, string>>): void
  readonly problem: Fault | undefined
}

/** Reads the attributes of `action`. `null`, like `undefined`, is absent. */
export function readAttributes(action: PlannedAction): AttributeReader {
  let problem: Fault | undefined
  const element = action.element
  const note = (code: FaultCode, values: Readonly<Record<string, string>>): void => {
    problem ??= fault(code, { element, ...values })
  }
  const bad = (attribute: string, expected: string): undefined => {
    note('SEG-MODULE-002', { attribute, expected, value: shown(value(attribute)) })
    return undefined
  }
  const value = (name: string): unknown =>
    Object.hasOwn(action.attributes, name) ? (action.attributes[name] ?? undefined) : undefined
  const text = (name: string): string | undefined => {
    const given = value(name)
    if (given === undefined || typeof given === 'string') return given
    return typeof given === 'number' ? String(given) : bad(name, 'text')
  }
  return {
    value,
    note,
    text,
    requiredText(name) {
      const given = text(name)
      if (given === undefined || given === '') note('SEG-MODULE-001', { attribute: name })
      return given ?? ''
    },
    number: (name) => numberOf(value(name)),
    seconds(name) {
      const given = numberOf(value(name))
      return given !== undefined && given < 0 ? bad(name, 'a number of seconds that is not negative') : given
    },
    flag(name, fallback) {
      const given = value(name)
      if (given === undefined || given === '') return fallback
      return booleanOf(given) ?? bad(name, '"true" or "false"') ?? fallback
    },
    object(name) {
      const given = value(name)
      if (given === undefined || given === '') return undefined
      return isRecord(given) ? given : bad(name, 'an object')
    },
    get problem() {
      return problem
    },
  }
}
