import type { Module } from '@segue/runtime'
import { applyInteraction } from './apply.ts'
import { endInteractions } from './end.ts'
import { interactionFunctions } from './functions.ts'
import { mediaTypes } from './media-types.ts'
import { planInteraction } from './plan.ts'
import type { InteractionSlice } from './slice.ts'
import { interactionNamespace } from './spec.ts'
import { interactionView } from './view.ts'

/**
 * Interactions of a session: declared in `spec.ts`, planned in `plan.ts`, performed by the interaction entity of
 * `@segue/contact` (`interactions/`), answered through `apply.ts`; functions of `_genesys.ixn` in `functions.ts`.
 */
export const interactionModule: Module<InteractionSlice> = {
  name: 'interaction',
  roots: [{ root: 'ixn', constants: { mediaType: mediaTypes } }],
  namespace: interactionNamespace,
  functions: interactionFunctions,
  initial: ({ sessionId }) => ({ sessionId, interactions: [] }),
  plan: planInteraction,
  apply: applyInteraction,
  view: interactionView,
  end: endInteractions,
}
