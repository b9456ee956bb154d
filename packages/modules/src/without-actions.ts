import type { Module, ModuleFunction } from '@segue/runtime'
import { fault } from './errors.ts'
import { moduleUris } from './element-attributes.ts'
import { refused } from './refusal.ts'

/**
 * A module whose namespace documents may declare, with no element: each of its elements is a warning at load and
 * `error.unsupported.<element>` when executed.
 */
export function moduleWithoutActions(
  name: string,
  offers: {
    readonly constants?: Readonly<Record<string, unknown>>
    readonly functions?: readonly ModuleFunction<null>[]
    /** False: a root only, behind which there is no XML namespace. */
    readonly hasNamespace?: boolean
  } = {},
): Module<null> {
  const uris = offers.hasNamespace === false ? [] : moduleUris(name)
  return {
    name,
    roots: [{ root: name, constants: offers.constants ?? {} }],
    namespace: { module: name, uris, elements: [] },
    functions: offers.functions ?? [],
    initial: () => null,
    plan: (action) => {
      const what = fault('SEG-MODULE-005', { what: 'the action', element: action.element, advice: 'leave it out' })
      return refused(action, { domain: name, error: 'unsupported', fault: what })
    },
    apply: (_notice, slice) => slice,
    view: () => ({}),
  }
}
