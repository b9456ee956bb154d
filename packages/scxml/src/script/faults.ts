import type { FaultSpec } from '../diagnostics/fault.ts'

/** Findings and failures of customers' scripts; merged into the catalogue of the package. */
export const scriptFaults = {
  'SEG-SCRIPT-001': {
    message: 'syntax error: {message}',
    hint: 'correct the expression or script at the marked place',
    severity: 'error',
  },
  'SEG-SCRIPT-002': {
    message: '{construct} cannot be used in a script of a session',
    hint: '{instead}',
    severity: 'error',
  },
  'SEG-SCRIPT-003': {
    message: 'name "{name}" is read but nothing declares it',
    hint: 'declare it with "var {name}" in a script or as a <data id="{name}">, or correct the spelling',
    severity: 'warning',
  },
  'SEG-SCRIPT-004': {
    message: '"{text}" is not a place that can be written to',
    hint: 'write a variable, a member such as "a.b" or an indexed member such as "a[\'b\']"',
    severity: 'error',
  },
  'SEG-SCRIPT-005': {
    message: 'scripts are too large: {size} of at most {limit} characters',
    hint: 'split the application or move tables into configured lists',
    severity: 'error',
  },
  'SEG-SCRIPT-006': {
    message: 'the script is nested deeper than {limit} levels',
    hint: 'break the expression up into several statements',
    severity: 'error',
  },
  'SEG-SCRIPT-010': {
    message: 'saved data cannot be read: {reason}',
    hint: 'the data was written by a newer version or was damaged; restore it from a backup or start the session again',
    severity: 'error',
    handling: 'terminal',
  },
} as const satisfies Record<string, FaultSpec>

/** Codes of `scriptFaults`. */
export type ScriptFaultCode = keyof typeof scriptFaults
