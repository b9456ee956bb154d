import type { FaultSpec } from '@segue/scxml'
import { fillTemplate } from '@segue/scxml'

/** Catalogue of what ends or refuses a session. */
export const sessionFaults = {
  'SEG-SESSION-001': {
    message: '"{url}" cannot be started: {reason}',
    hint: 'correct the document and reload it; running sessions keep their version',
    severity: 'error',
    handling: 'terminal',
    status: 422,
  },
  'SEG-SESSION-002': {
    message: 'the session reached its limit "{name}" of {value} at {element}, line {line}',
    hint: 'look for a loop there, or raise the limit on the document',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SESSION-003': {
    message: 'one step planned {planned} effects, {value} are the most',
    hint: 'send in portions: let the session take an event between them',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SESSION-004': {
    message: 'the session is older than its limit "_maxtime" of {value} s',
    hint: 'end sessions by a final state, or raise "_maxtime" of the document',
    severity: 'warning',
    handling: 'terminal',
  },
  'SEG-DATA-001': {
    message: 'the value at "{path}" cannot be saved ({what}): it is undefined after a restart',
    hint: 'keep plain data there, or make the value again when it is needed',
    severity: 'warning',
    handling: 'terminal',
  },
} as const satisfies Record<string, FaultSpec>

/** Code of an entry in the catalogue of sessions. */
export type SessionFaultCode = keyof typeof sessionFaults

/** Text of a fault with its places filled in. */
export function sessionMessage(code: SessionFaultCode, parameters: Readonly<Record<string, string | number>>): string {
  return fillTemplate(sessionFaults[code].message, parameters)
}
