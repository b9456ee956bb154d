import type { Command } from '@segue/runtime'
import { toInteraction } from '../messages.ts'
import type { InteractionSlice } from './slice.ts'

/** Gives every interaction up that the session still owns; none is cleared (P6). */
export function endInteractions(slice: InteractionSlice): readonly Command[] {
  return slice.interactions.map(({ g_uid: id }) =>
    toInteraction(id, 'once', { kind: 'sessionEnded', sessionId: slice.sessionId }),
  )
}
