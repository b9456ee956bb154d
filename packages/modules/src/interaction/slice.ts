import type { InteractionView } from '@segue/contact'

/** What a session knows of its interactions: a copy, changed by events only (interaction-model §2). */
export interface InteractionSlice {
  readonly sessionId: string
  /** Owned interactions in the order of association. */
  readonly interactions: readonly InteractionView[]
}

/** The owned interaction `interactionId`. */
export function ownedInteraction(slice: InteractionSlice, interactionId: string): InteractionView | undefined {
  return slice.interactions.find(({ g_uid: id }) => id === interactionId)
}
