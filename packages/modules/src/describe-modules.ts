import type { ElementSpec } from '@segue/scxml'
import { allModules } from './modules.ts'

/** One module for the generated reference. JSON-able. */
export interface ModuleDescription {
  readonly name: string
  readonly uris: readonly string[]
  readonly elements: readonly ElementSpec[]
  readonly roots: readonly RootDescription[]
}

/** A member of `_genesys`. */
export interface RootDescription {
  readonly root: string
  readonly constants: Readonly<Record<string, unknown>>
  readonly functions: readonly {
    readonly name: string
    /** `read` only looks; `act` also asks for something. */
    readonly kind: 'read' | 'act' | 'ask'
    readonly doc: string
  }[]
}

/** Everything that documentation and editor schemas say about the modules. Order: as in `allModules`. */
export function describeModules(): readonly ModuleDescription[] {
  return allModules.map((module) => ({
    name: module.name,
    uris: module.namespace.uris,
    elements: module.namespace.elements,
    roots: module.roots.map(({ root, constants }) => ({
      root,
      constants,
      functions: module.functions
        .filter((one) => one.root === root)
        .map(({ name, kind, doc }) => ({ name, kind, doc })),
    })),
  }))
}
