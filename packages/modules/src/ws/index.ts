import type { Module } from '@segue/runtime'
import { planWs } from './plan.ts'
import { wsNamespace } from './spec.ts'

/**
 * Answers to HTTP requests that reached the session: declared in `spec.ts`, planned in `plan.ts`, performed by the HTTP
 * server (command `ws.response`), answered by its events alone, hence no `apply.ts`.
 */
export const wsModule: Module<null> = {
  name: 'ws',
  roots: [{ root: 'ws', constants: {} }],
  namespace: wsNamespace,
  functions: [],
  initial: () => null,
  plan: planWs,
  apply: (_notice, slice) => slice,
  view: () => ({}),
}
