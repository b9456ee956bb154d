import type { Module } from '../../src/module/contract.ts'
import type { ElementSpec } from '@segue/scxml'

/** A module with a namespace and a view, and actions that are taken and never answered. */
export function bareModule(
  name: string,
  options: { readonly root?: string; readonly actions?: readonly string[]; readonly view?: unknown } = {},
): Module {
  return {
    name,
    roots: [{ root: options.root ?? name, constants: {} }],
    namespace: {
      module: name,
      uris: [`www.genesyslab.com/modules/${name}`, `http://www.genesyslab.com/modules/${name}`],
      elements: (options.actions ?? []).map(action),
    },
    functions: [],
    initial: () => options.view ?? {},
    plan: ({ element, requestId, attributes }) => ({
      kind: 'planned',
      commands: [{ type: `${name}.${element}`, mode: 'open', body: { requestId, attributes } }],
    }),
    apply: ({ payload }, slice) => payload ?? slice,
    view: (slice) => slice,
  }
}

function action(name: string): ElementSpec {
  const any = { kind: 'expression', type: 'any', doc: '', confidence: 'choice' } as const
  return {
    name,
    kind: 'action',
    attributes: [
      { name: 'requestid', kind: 'location', type: 'string', doc: '', confidence: 'choice' },
      { ...any, name: 'interactionid' },
      { ...any, name: 'reason' },
    ],
    children: [],
    events: [],
    doc: '',
    source: '',
    confidence: 'choice',
  }
}
