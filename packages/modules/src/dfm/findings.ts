import { fillTemplate } from '@segue/scxml'
import type { Diagnostic, FaultSpec, Span } from '@segue/scxml'

/** What can be wrong with module definition files: area DFM. */
export const definitionFaults = {
  'SEG-DFM-001': {
    message: '"{element}" cannot stand in "{parent}"',
    hint: 'allowed: {allowed}',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-DFM-002': {
    message: '"{element}" needs the attribute "{attribute}"',
    hint: 'write {attribute}="…"',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-DFM-003': {
    message: '"{element}" has no "{child}"',
    hint: 'a module needs a "connection" with a "server", and a "transport" for each action',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-DFM-004': {
    message: '"{attribute}" cannot be "{value}"',
    hint: 'expected: {expected}',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-DFM-005': {
    message: '{kind} "{name}" is declared twice',
    hint: 'give one of them another name',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-DFM-006': {
    message: '"{element}" has no attribute "{attribute}"; it is ignored',
    hint: 'known: {allowed}',
    severity: 'warning',
    handling: 'continue',
  },
  'SEG-DFM-007': {
    message: '{count} {what}, {limit} are the most',
    hint: 'split the module into several files',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-DFM-008': {
    message: 'the file cannot be read: {reason}',
    hint: 'name it in "moduleDefinitions" by its path from the configuration file',
    severity: 'error',
    handling: 'terminal',
  },
} as const satisfies Record<string, FaultSpec>

/** Codes of definition files. */
export type DefinitionFaultCode = keyof typeof definitionFaults

/** A finding about a place in a definition file. */
export function definitionDiagnostic(
  code: DefinitionFaultCode,
  span: Span,
  values: Readonly<Record<string, string | number>>,
): Diagnostic {
  const { hint, message, severity } = definitionFaults[code]
  return { code, severity, message: fillTemplate(message, values), hint: fillTemplate(hint, values), span }
}
