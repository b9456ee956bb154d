import type { Module } from '@segue/runtime'
import { planDialog } from './plan.ts'
import type { DialogSlice } from './slice.ts'
import { dialogNamespace } from './spec.ts'

/**
 * Treatments: declared in `spec.ts`, planned in `plan.ts` (elements become treatments in `../treatments.ts`, which
 * `queue:submit` uses too), performed by the interaction entity of `@segue/contact` (`interactions/`), answered by its
 * events alone; nothing of an answer is kept, hence no `apply.ts`.
 */
export const dialogModule: Module<DialogSlice> = {
  name: 'dialog',
  roots: [{ root: 'dialog', constants: {} }],
  namespace: dialogNamespace,
  functions: [],
  initial: ({ sessionId }) => ({ sessionId }),
  plan: planDialog,
  apply: (_notice, slice) => slice,
  view: () => ({}),
}
