import type { Module } from '@segue/runtime'
import { planWs } from './plan.ts'
import { wsNamespace } from './spec.ts'

/**
 * Answers to HTTP requests that reached the session: declared in `spec.ts`, read and refused in `plan.ts`;
 * nothing performs them yet.
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
