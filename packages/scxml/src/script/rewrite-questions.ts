import { childrenOf, type Ast } from './parse-piece.ts'
import type { FunctionFact, FunctionNode, NameScope } from './scope.ts'

/** Whether a scope is outside of a function: locals of it are captured by that function. */
export function isAround(scope: NameScope, fact: FunctionFact): boolean {
  for (let owner = scope.owner; owner !== undefined; owner = owner.outer) if (owner === fact) return false
  return true
}

/** Name and kind of a method or accessor whose name is written plainly. */
export function memberOf(node: Extract<Ast, { type: 'Property' }>): {
  readonly key: string
  readonly kind: 'value' | 'get' | 'set'
} {
  const { key } = node
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
  return { key: name, kind: node.kind === 'init' ? 'value' : node.kind }
}

/** Whether text that is evaluated may declare names around a function. */
export function hasDynamicOuter(fact: FunctionFact): boolean {
  for (let outer = fact.outer; outer !== undefined; outer = outer.outer) if (outer.hasDirectEval) return true
  return false
}

/** First identifier of a pattern. */
export function firstName(node: Ast): Ast | undefined {
  if (node.type === 'Identifier') return node
  for (const child of childrenOf(node)) {
    const found = child.type === 'Property' ? firstName(child.value) : firstName(child)
    if (found !== undefined) return found
  }
  return undefined
}

/** Where the body of an arrow begins, with the parentheses that may stand around it. */
export function afterArrow(node: FunctionNode, text: string): number {
  const from = node.params.at(-1)?.end ?? node.start
  const found = /^(?:[\s(),]|\/\/.*|\/\*[\s\S]*?\*\/)*=>/.exec(text.slice(from, node.body.start))
  return from + (found?.[0].length ?? 0)
}
