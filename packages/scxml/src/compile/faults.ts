import type { FaultSpec } from '../diagnostics/fault.ts'

/** Findings of the compiler. */
export const compileFaults = {
  'SEG-COMPILE-001': {
    message: 'the target "{target}" is no state of this document',
    hint: 'write the id of a state, parallel, final or history',
    severity: 'error',
  },
} as const satisfies Record<string, FaultSpec>
