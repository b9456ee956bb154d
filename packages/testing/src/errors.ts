import { fillTemplate } from '@segue/scxml'
import type { FaultSpec } from '@segue/scxml'

/** What can be wrong with scenario files and what goes wrong when they run: area TEST. */
export const testFaults = {
  'SEG-TEST-001': {
    message: 'the file cannot be read as YAML: {reason}',
    hint: 'correct the text at this place; indentation of YAML counts',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-002': {
    message: '"{path}": {reason}',
    hint: '{suggestion}',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-003': {
    message: 'unknown key "{key}" in "{path}"',
    hint: '{suggestion}',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-004': {
    message: 'the file is too large: {what} is more than {limit}',
    hint: 'split it into several files',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-005': {
    message: 'two scenarios are called "{name}"',
    hint: 'the other one is in line {line}; give each one a name of its own',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-006': {
    message: 'no step before this one is called "{name}"',
    hint: '{suggestion}',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-007': {
    message: 'there is no "segue.yaml" in "{folder}"',
    hint: 'write "application:" with the folder of the application, relative to the scenario file',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-008': {
    message: 'the world of the scenario could not be started: {reason}',
    hint: 'correct the configuration, the document, or what "given" says',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-009': {
    message: 'the scenario did not end within {limitS} s of real time',
    hint: 'something happens again and again without an end, or raise the limit with --timeout',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-010': {
    message: '{what} is not as expected',
    hint: 'the story above says what happened before',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-011': {
    message: 'the step cannot be done: {reason}',
    hint: '{suggestion}',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-012': {
    message: 'something unexpected happened: {what}',
    hint: 'correct the application, expect it with "then", or allow it with "allow: [{kind}]"',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-013': {
    message: 'the scenarios of the script cannot be used: {reason}',
    hint: 'export "scenarios": a list of objects with "name" and the function "run"',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-014': {
    message: 'only {percent} % of the transitions of "{application}" are covered, {least} % are wanted',
    hint: '--coverage lists the transitions that no scenario took',
    severity: 'error',
    handling: 'terminal',
  },
  'SEG-TEST-015': {
    message: 'there is no scenario file in "{folder}"',
    hint: 'scenario files end in ".scenario.yaml", ".scenario.yml", ".scenario.mjs", ".scenario.js" or ".scenario.ts"',
    severity: 'error',
    handling: 'terminal',
  },
} as const satisfies Record<string, FaultSpec>

/** Code of an entry of this catalogue. */
export type TestFaultCode = keyof typeof testFaults

type Parameters = Readonly<Record<string, string | number>>

/** Message and hint of a fault, filled in. */
export function testFault(
  code: TestFaultCode,
  parameters: Parameters,
): { readonly message: string; readonly hint: string } {
  const { hint, message } = testFaults[code]
  return { message: fillTemplate(message, parameters), hint: fillTemplate(hint, parameters) }
}
