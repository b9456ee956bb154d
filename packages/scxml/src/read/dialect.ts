import { bindingsInScope } from '../xml/tree.ts'
import type { XmlElement } from '../xml/tree.ts'
import { attributeOf } from '../xml/tree.ts'
import type { Dialect } from './document.ts'
import type { ModuleIndex } from './module-index.ts'

/** Dialect of a document: the orchestration dialect says `profile="ecmascript"` or binds the namespace of a module. */
export function dialectOf(root: XmlElement, modules: ModuleIndex): Dialect {
  if (attributeOf(root, 'profile')?.value.text.trim() === 'ecmascript') return 'orchestration'
  return bindsModule(root, modules) ? 'orchestration' : 'w3c'
}

function bindsModule(root: XmlElement, modules: ModuleIndex): boolean {
  const waiting = [root]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const uri of bindingsInScope({ bindings: next.scope.bindings, outer: undefined }).values()) {
      if (modules.byUri(uri) !== undefined) return true
    }
    for (const child of next.children) if (child.kind === 'element') waiting.push(child)
  }
  return false
}
