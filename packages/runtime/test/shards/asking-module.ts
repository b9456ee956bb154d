import { FunctionError } from '../../src/module/contract.ts'
import type { Module } from '../../src/module/contract.ts'

/** A module with one function that asks the front. */
export const askingModule: Module = {
  name: 'asking',
  roots: [{ root: 'asking', constants: {} }],
  namespace: { module: 'asking', uris: [], elements: [] },
  functions: [
    {
      kind: 'ask',
      root: 'asking',
      name: 'weather',
      doc: 'weather of a place',
      question([place]) {
        if (typeof place !== 'string') throw new FunctionError('a place is text')
        return { place }
      },
      unknownYet: 'unknown',
    },
  ],
  initial: () => null,
  plan: () => ({ kind: 'planned', commands: [] }),
  apply: (_notice, slice) => slice,
  view: () => ({}),
}
