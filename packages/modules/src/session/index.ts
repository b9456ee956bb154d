import type { Module } from '@segue/runtime'
import { days, lookupSequence } from './enumerations.ts'
import { sessionFunctions } from './functions.ts'
import { planSession } from './plan.ts'
import type { SessionSlice } from './slice.ts'
import { sessionNamespace } from './spec.ts'
import { sessionView } from './view.ts'

/**
 * The session itself: declared in `spec.ts`, planned in `plan.ts` (`fetch` in `plan-fetch.ts`), performed for `http.fetch`
 * by the fetch performer and for `session.start`, `session.terminate` by the runtime, later starts in
 * `scheduled-start.ts` and `start-performer.ts`; answered by events alone, hence no `apply.ts`. Functions of `_genesys.session` in `functions.ts`.
 */
export const sessionModule: Module<SessionSlice> = {
  name: 'session',
  roots: [{ root: 'session', constants: { lookupseq: lookupSequence, day: days } }],
  namespace: sessionNamespace,
  functions: sessionFunctions,
  initial: ({ tenant, documentUrl }) => ({ tenant: tenant.name, tenantId: tenant.id, documentUrl }),
  plan: planSession,
  apply: (_notice, slice) => slice,
  view: sessionView,
}
