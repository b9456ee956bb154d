import type { Pattern } from 'acorn'
import { childrenOf, type Ast } from './parse-piece.ts'

/** Nodes that are functions. */
export type FunctionNode = Extract<
  Ast,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>

/** A region of names inside of one piece. The outermost one (`script`) holds no names: those are members of `$`. */
export interface NameScope {
  readonly kind: 'script' | 'function' | 'block'
  readonly parent: NameScope | undefined
  /** Local names; `false` for those that cannot be written. */
  readonly names: Map<string, boolean>
  /** The function that the scope belongs to, `undefined` at script level. */
  readonly owner: FunctionFact | undefined
  /** Names that inner functions use; `this` among them where an arrow does. */
  readonly captured: Set<string>
  /** Names that are used otherwise than by calling them, or by a function that is not declared under the name. */
  readonly escaping: Set<string>
  /** The piece of syntax in whose body the object for captured locals is made; `undefined` where none can be. */
  site: Ast | undefined
  /** Number of that object, given when a closure that can be saved needs it (E8). */
  number: number | undefined
}

/** What is known about one function of a piece. */
export interface FunctionFact {
  readonly node: FunctionNode
  readonly outer: FunctionFact | undefined
  readonly isArrow: boolean
  /** A `function` or arrow that can be written down elsewhere as it is: no method, nothing of a class. */
  readonly isPlain: boolean
  /** Stands in strict code; its own directive does not count. */
  readonly isInStrict: boolean
  /** Uses names, `this` or `arguments` of what is around it. */
  captures: boolean
  /** Calls `eval` directly: `var` in evaluated text becomes a variable of this function (E10). */
  hasDirectEval: boolean
  /** Where it is written. */
  readonly place: NameScope
  /** The scope of its parameters and variables; set as soon as it is visited. */
  scope: NameScope | undefined
  /** Names of locals around it that it or a function in it uses, with the scope that has them. */
  readonly uses: Map<string, NameScope>
  /** Cannot be written down elsewhere: `super`, `arguments` of what is around, `eval`, code of a class. */
  isBound: boolean
}

export function makeScope(
  kind: NameScope['kind'],
  parent: NameScope | undefined,
  owner: FunctionFact | undefined,
): NameScope {
  return {
    kind,
    parent,
    names: new Map(),
    owner,
    captured: new Set(),
    escaping: new Set(),
    site: undefined,
    number: undefined,
  }
}

/** Scope that declares `name`, `undefined` for a free name. */
export function scopeOf(name: string, from: NameScope): NameScope | undefined {
  for (let scope: NameScope | undefined = from; scope !== undefined; scope = scope.parent) {
    if (scope.names.has(name)) return scope
  }
  return undefined
}

/** Names that a pattern binds. */
export function boundNames(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'MemberExpression':
      return []
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        property.type === 'RestElement' ? boundNames(property.argument) : boundNames(property.value),
      )
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : boundNames(element)))
    case 'RestElement':
      return boundNames(pattern.argument)
    case 'AssignmentPattern':
      return boundNames(pattern.left)
  }
}

/** Names that `var` and functions in blocks give to the surrounding function or script; nested functions excluded. */
export function hoistedNames(body: Ast): {
  readonly vars: readonly string[]
  readonly blockFunctions: readonly string[]
} {
  const vars: string[] = []
  const blockFunctions: string[] = []
  const open: Ast[] = [...childrenOf(body)].reverse()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'FunctionDeclaration') blockFunctions.push(node.id?.name ?? '')
    if (isFunction(node) || node.type === 'ClassBody') continue
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const declarator of node.declarations) vars.push(...boundNames(declarator.id))
    }
    open.push(...[...childrenOf(node)].reverse())
  }
  return { vars, blockFunctions }
}

/** Adds the names of `let`, `const`, `class` and functions that stand directly in a block. */
export function declareLexical(scope: NameScope, statements: readonly Ast[], withFunctions: boolean): void {
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
      const isWritable = statement.kind === 'let'
      for (const declarator of statement.declarations) {
        for (const name of boundNames(declarator.id)) scope.names.set(name, isWritable)
      }
    }
    if (statement.type === 'ClassDeclaration' && statement.id !== null) scope.names.set(statement.id.name, true)
    if (withFunctions && statement.type === 'FunctionDeclaration' && statement.id !== null) {
      scope.names.set(statement.id.name, true)
    }
  }
}

export function isFunction(node: Ast): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  )
}

/** Whether the directives of a body ask for strict mode. */
export function isStrictBody(statements: readonly Ast[]): boolean {
  for (const statement of statements) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) return false
    if (statement.directive === 'use strict') return true
  }
  return false
}
