import type { ElementNamespace, ElementSpec } from '../elements/element-spec.ts'
import type { XmlElement } from '../xml/tree.ts'

/** The modules a document may use, found by namespace URI. */
export interface ModuleIndex {
  readonly names: readonly string[]
  byUri(uri: string): ElementNamespace | undefined
  /** Specification of an element, with the module it belongs to. */
  find(element: XmlElement): { readonly module: ElementNamespace; readonly spec: ElementSpec | undefined } | undefined
}

/** An index of modules; their URIs are known with and without `http://` in front. */
export function indexModules(modules: readonly ElementNamespace[]): ModuleIndex {
  const byUri = new Map<string, ElementNamespace>()
  const specs = new Map<ElementNamespace, ReadonlyMap<string, ElementSpec>>()
  for (const module of modules) {
    for (const uri of module.uris) byUri.set(withoutScheme(uri), module)
    specs.set(module, new Map(module.elements.map((spec) => [spec.name, spec])))
  }
  return {
    names: modules.map(({ module }) => module),
    byUri: (uri) => byUri.get(withoutScheme(uri)),
    find(element) {
      const module = byUri.get(withoutScheme(element.namespace))
      return module === undefined ? undefined : { module, spec: specs.get(module)?.get(element.local) }
    },
  }
}

function withoutScheme(uri: string): string {
  return uri.replace(/^http:\/\//, '')
}
