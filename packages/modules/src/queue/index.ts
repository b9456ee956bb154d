import type { Module } from '@segue/runtime'
import { overwriteTypes, routeTypes } from '../route-types.ts'
import { endSubmits } from './end.ts'
import { queueFunctions } from './functions.ts'
import { planQueue } from './plan.ts'
import type { QueueSlice } from './slice.ts'
import { queueNamespace } from './spec.ts'

/** Use of agent capacity against the state that statistics tell. Members are opaque. Spec: queue §11. */
const useCapacityConditions = { Never: 0, Only: 1, OnStatError: 2 } as const

/**
 * Queueing and target selection: declared in `spec.ts`, planned in `plan.ts` (targets in `targets.ts`), performed and answered by the
 * routing domain of `@segue/contact` (`routing/submit.ts`, `cancel.ts`, `query.ts`, `update.ts`); nothing of an answer is kept, hence
 * no `apply.ts`. Functions of `_genesys.queue` in `functions.ts`.
 */
export const queueModule: Module<QueueSlice> = {
  name: 'queue',
  roots: [
    {
      root: 'queue',
      constants: { rType: routeTypes, usecapcond: useCapacityConditions, overwriteType: overwriteTypes },
    },
  ],
  namespace: queueNamespace,
  functions: queueFunctions,
  initial: ({ sessionId, tenant }) => ({ sessionId, tenant: tenant.name, tuning: {} }),
  plan: planQueue,
  apply: (_notice, slice) => slice,
  end: endSubmits,
  view: () => ({}),
}
