import { compileFaults } from './compile/faults.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { documentFaults } from './diagnostics/document-faults.ts'
import { fillTemplate } from './diagnostics/fault.ts'
import type { FaultSpec } from './diagnostics/fault.ts'
import { scriptFaults } from './script/faults.ts'
import type { Span } from './source/source.ts'

/** Every error code of the package. */
export const faults = { ...documentFaults, ...scriptFaults, ...compileFaults } as const satisfies Record<
  string,
  FaultSpec
>

/** Codes of this catalogue. */
export type FaultCode = keyof typeof faults

/** A finding at `span` with the texts of its catalogue entry. */
export function diagnose(
  code: FaultCode,
  span: Span,
  parameters: Readonly<Record<string, string | number>> = {},
): Diagnostic {
  const fault: FaultSpec = faults[code]
  return {
    code,
    severity: fault.severity ?? 'error',
    message: fillTemplate(fault.message, parameters),
    hint: fillTemplate(fault.hint, parameters),
    span,
  }
}
