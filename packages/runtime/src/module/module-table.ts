import type { ModuleSurface } from '@segue/scxml'
import type { Module, ModuleFunction } from './contract.ts'

/** The modules of a node, looked up by what documents and scripts write. */
export interface ModuleTable {
  readonly modules: readonly Module[]
  readonly surfaces: readonly ModuleSurface[]
  /** Position of a module by its name. */
  readonly indexByName: ReadonlyMap<string, number>
  /** Position of a module by each of its namespaces. */
  readonly indexByUri: ReadonlyMap<string, number>
  /** Position of the module whose view stands behind a root; roots with constants only are absent. */
  readonly indexByViewRoot: ReadonlyMap<string, number>
  /** Function and position of its module by `root.name`. */
  readonly functions: ReadonlyMap<string, { readonly call: ModuleFunction<unknown>; readonly index: number }>
}

/** Builds the tables once per node. A module whose name or root is taken is a mistake of the composition. */
export function moduleTable(modules: readonly Module[]): ModuleTable {
  const surfaces: ModuleSurface[] = []
  const indexByName = new Map<string, number>()
  const indexByUri = new Map<string, number>()
  const indexByViewRoot = new Map<string, number>()
  const functions = new Map<string, { readonly call: ModuleFunction<unknown>; readonly index: number }>()
  const roots = new Set<string>()
  for (const [index, module] of modules.entries()) {
    if (indexByName.has(module.name)) throw new Error(`two modules are called "${module.name}"`)
    indexByName.set(module.name, index)
    for (const uri of module.namespace.uris) indexByUri.set(uri, index)
    for (const [position, { root, constants }] of module.roots.entries()) {
      if (roots.has(root)) throw new Error(`two modules use the root "_genesys.${root}"`)
      roots.add(root)
      if (position === 0) indexByViewRoot.set(root, index)
      const own = module.functions.filter((one) => one.root === root)
      for (const one of own) functions.set(`${root}.${one.name}`, { call: one, index })
      surfaces.push({ root, functions: own.map(({ name }) => name), constants: JSON.stringify(constants) })
    }
  }
  return { modules, surfaces, indexByName, indexByUri, indexByViewRoot, functions }
}
