import type { Module } from '@segue/runtime'
import { applyWs } from './apply.ts'
import { planWs } from './plan.ts'
import type { WsSlice } from './slice.ts'
import { wsNamespace } from './spec.ts'

/**
 * Answers to HTTP requests that reached the session: declared in `spec.ts`, planned in `plan.ts`, remembered in
 * `apply.ts`, performed in `open-requests.ts`, where the callers wait.
 */
export const wsModule: Module<WsSlice> = {
  name: 'ws',
  roots: [{ root: 'ws', constants: {} }],
  namespace: wsNamespace,
  functions: [],
  initial: () => null,
  plan: planWs,
  apply: applyWs,
  view: () => ({}),
  end: (slice) => (slice ?? []).map(({ id }) => ({ type: 'ws.abandon', mode: 'once', body: { requestId: id } })),
}
