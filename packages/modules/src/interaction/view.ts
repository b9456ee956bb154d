import type { InteractionSlice } from './slice.ts'

/** What scripts read behind `_genesys.ixn`: a list that is also reachable by `g_uid`. Spec: interaction-model §6. */
export function interactionView(slice: InteractionSlice): unknown {
  const first = slice.interactions[0]
  return {
    interactions: { $list: slice.interactions, $key: 'g_uid' },
    ...(first === undefined ? {} : { firstixnid: first.g_uid }),
  }
}
