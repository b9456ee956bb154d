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
    message: 'the session reached its limit "{name}" of {value} at {element}, line {line}; application "{url}"',
    hint: 'look for a loop there, or raise the limit on the document',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SESSION-003': {
    message: 'one step planned {planned} effects, {value} are the most; application "{url}"',
    hint: 'send in portions: let the session take an event between them',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SESSION-004': {
    message: 'the session is older than its limit "_maxtime" of {value} s; application "{url}"',
    hint: 'end sessions by a final state, or raise "_maxtime" of the document',
    severity: 'warning',
    handling: 'terminal',
  },
  'SEG-SESSION-005': {
    message:
      'the session reached its limit "maxSessionBytes" of {value} at {element}, line {line}, or before; application "{url}"',
    hint: 'look for a list or text there that grows with every event; "maxSessionBytes" is the limit',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SESSION-006': {
    message: 'a script reached its limit "{name}" of {value} at {element}, line {line}; application "{url}"',
    hint: 'the session goes on with an error event; look for recursion without end, or for a text that grows, there',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-DATA-001': {
    message: 'the value at "{path}" cannot be saved ({what}): it is undefined after a restart',
    hint: 'keep plain data there, or make the value again when it is needed',
    severity: 'warning',
    handling: 'terminal',
  },
  'SEG-SHARD-001': {
    message:
      'the session reached its limit "_processEventTimeout" of {limitMs} ms with {message} at {place}; application "{url}"',
    hint: 'look for a regular expression that goes back and forth, or for huge sorts; "_processEventTimeout" is the limit',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SHARD-002': {
    message:
      'the session reached the limit "shardMemoryMb" of {memoryMb} MB with {message} at {place}; application "{url}"',
    hint: 'look for lists and texts that grow without end; "shardMemoryMb" is the limit',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SHARD-003': {
    message: 'the shard ended twice ({end}) while the session took {message} at {place}; application "{url}"',
    hint: 'look at the script of this event; what ended the process stands in the log',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-SHARD-004': {
    message:
      'this version of "{url}" is in quarantine: {strikes} of its sessions had to be ended. The last one: {reason}',
    hint: 'mend the document (a new version starts at once), or lift it with "segue quarantine lift"',
    severity: 'error',
    handling: 'terminal',
    status: 409,
  },
  'SEG-SHARD-005': {
    message: 'a shard process ended by itself ({end}); its sessions go on in another one',
    hint: 'nothing is lost; if it happens again, look for whoever kills it, or for memory that runs out',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-SHARD-006': {
    message: 'shard processes do not stay up ({end}): {reason}',
    hint: 'sessions wait until one does; look at memory and at the number of processes that are allowed',
    severity: 'error',
    handling: 'pause',
  },
  'SEG-SHARD-007': {
    message:
      'the session was the first that took long when the limit "maxSetApart" of {value} was reached, with {message} at {place}; application "{url}"',
    hint: 'make the computation of this event shorter; "maxSetApart" is the limit',
    severity: 'error',
    handling: 'terminal',
  },
} as const satisfies Record<string, FaultSpec>

/** Code of an entry in the catalogue of sessions. */
export type SessionFaultCode = keyof typeof sessionFaults

/** Text of a fault with its places filled in. */
export function sessionMessage(code: SessionFaultCode, parameters: Readonly<Record<string, string | number>>): string {
  return fillTemplate(sessionFaults[code].message, parameters)
}
