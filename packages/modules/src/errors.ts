import type { FaultSpec } from '@segue/scxml'

/** What modules refuse before anything is sent: area MODULE. The text is the `description` of the error event, or the message of the error thrown inside a script. */
export const faults = {
  'SEG-MODULE-001': {
    message: '"{element}" needs the attribute "{attribute}"',
    hint: 'write {attribute}="…"; an expression that gives undefined counts as absent',
    handling: 'continue',
  },
  'SEG-MODULE-002': {
    message: 'attribute "{attribute}" of "{element}" cannot be {value}',
    hint: 'expected: {expected}',
    handling: 'continue',
  },
  'SEG-MODULE-003': {
    message: '"{element}" names no target',
    hint: 'put "target" or "targetid" elements into "targets"; a target needs a name and a type, or a skill expression',
    handling: 'continue',
  },
  'SEG-MODULE-004': {
    message: '{value} is no address that "{attribute}" of "{element}" can use: {reason}',
    hint: 'a number, "number@switch", a "sip:" or "tel:" address, or an object such as the resource of "queue.submit.done"',
    handling: 'continue',
  },
  'SEG-MODULE-005': {
    message: '{what} of "{element}" is not supported',
    hint: '{advice}',
    handling: 'continue',
  },
  'SEG-MODULE-006': {
    message: '"{element}" needs a child element "{child}"',
    hint: '{advice}',
    handling: 'continue',
  },
  'SEG-MODULE-007': {
    message: '"{element}" may not stand here',
    hint: '{advice}',
    handling: 'continue',
  },
  'SEG-MODULE-008': {
    message: '"{name}" was called with {value} as {argument}',
    hint: 'expected: {expected}',
    handling: 'continue',
  },
  'SEG-MODULE-009': {
    message: '"{name}": this session has no interaction {value}',
    hint: 'name one of "_genesys.ixn.interactions", or call it after "interaction.added"',
    handling: 'continue',
  },
  'SEG-MODULE-010': {
    message: '"{name}": {reason}',
    hint: 'check the configuration: the name has to be written as it is there, in the same letter case',
    handling: 'continue',
  },
  'SEG-MODULE-011': {
    message: '"{element}": no request {id} waits for an answer of this session',
    hint: 'pass "_event.sendid" of the request, and answer it once and in time',
    handling: 'continue',
  },
} as const satisfies Record<string, FaultSpec>

/** Codes of this catalogue. */
export type FaultCode = keyof typeof faults

/** A fault with its texts filled in. */
export interface Fault {
  readonly code: FaultCode
  readonly message: string
}

/** The fault `code` about these values. */
export function fault(code: FaultCode, values: Readonly<Record<string, string>>): Fault {
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
  return { code, message: `${fill(faults[code].message)}; ${fill(faults[code].hint)}` }
}
