import type { ModuleNotice } from '@segue/runtime'
import { isRecord } from '../values.ts'
import type { WsSlice } from './slice.ts'

/** Remembers a request that reached the session, and forgets those whose callers have gone by then. */
export function applyWs({ payload }: ModuleNotice, slice: WsSlice): WsSlice {
  if (!isRecord(payload)) return slice
  const { atEpochMs, requestId, untilEpochMs } = payload
  if (typeof requestId !== 'string' || typeof atEpochMs !== 'number' || typeof untilEpochMs !== 'number') return slice
  const waiting = (slice ?? []).filter((request) => request.untilEpochMs > atEpochMs && request.id !== requestId)
  return [...waiting, { id: requestId, untilEpochMs }]
}
