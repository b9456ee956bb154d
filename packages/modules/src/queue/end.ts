import type { Command } from '@segue/runtime'
import { toDomain } from '../messages.ts'
import type { QueueSlice } from './slice.ts'

/** Takes back what still waits of the session, also where its interaction has gone before it (P6). */
export function endSubmits({ sessionId, submitted = [], tenant }: QueueSlice): readonly Command[] {
  return submitted.map((interactionId) =>
    toDomain(tenant, 'once', { kind: 'withdraw', replyKey: '', ended: { sessionId, interactionId } }),
  )
}
