import type { Ast } from './parse-piece.ts'
import type { FunctionFact, NameScope } from './scope.ts'

/** A name that belongs to a function around the one that uses it. */
export interface Captured {
  readonly name: string
  readonly scope: NameScope
  readonly use: 'read' | 'write' | 'update' | 'typeof'
}

/** A function that is a value and can be made again from its code and the locals that it captures. */
export interface Closure {
  readonly fact: FunctionFact
  /** Innermost scope whose locals it captures. */
  readonly around: NameScope | undefined
  /** The member of an object literal that it is, `undefined` for all others. */
  readonly member: Extract<Ast, { type: 'Property' }> | undefined
}

export interface Closures {
  readonly byNode: ReadonlyMap<Ast, Closure>
  /** Functions declared in a scope, which get their stamp where the scope begins. */
  readonly declared: ReadonlyMap<NameScope, ReadonlyMap<string, Closure>>
  /** Scopes by the syntax that has them. */
  readonly sites: ReadonlyMap<Ast, NameScope>
  /** Uses of captured names. */
  readonly captures: ReadonlyMap<Ast, Captured>
}

/**
 * Chooses the functions that are stamped, and numbers the scopes whose locals they capture. Functions that are called
 * where they stand cost nothing.
 *
 * Spec: script-rules E8.
 */
export function closuresOf(
  functions: Iterable<FunctionFact>,
  captures: ReadonlyMap<Ast, Captured>,
  passing: ReadonlySet<Ast>,
  members: ReadonlyMap<Ast, Extract<Ast, { type: 'Property' }>>,
): Closures {
  const byNode = new Map<Ast, Closure>()
  const declared = new Map<NameScope, Map<string, Closure>>()
  const sites = new Map<Ast, NameScope>()
  let count = 0
  for (const fact of functions) {
    const member = members.get(fact.node)
    if (!isValue(fact, member, passing)) continue
    const scopes = [...fact.uses.values()]
    if (scopes.some((scope) => scope.site === undefined)) continue
    const around = innermost(fact.place, new Set(scopes))
    const closure: Closure = { fact, around, member }
    byNode.set(fact.node, closure)
    for (let scope = around; scope !== undefined; scope = reachable(scope)) {
      if (scope.site === undefined || scope.captured.size === 0 || scope.number !== undefined) continue
      scope.number = count
      sites.set(scope.site, scope)
      count += 1
    }
    if (fact.node.type !== 'FunctionDeclaration') continue
    const { place } = fact
    const names = declared.get(place) ?? new Map<string, Closure>()
    declared.set(place, names.set(fact.node.id?.name ?? '', closure))
    if (place.site !== undefined) sites.set(place.site, place)
  }
  return { byNode, declared, sites, captures }
}

/** Nearest scope around one whose captured locals stand in an object. */
export function numberedAround(scope: NameScope): NameScope | undefined {
  let at = reachable(scope)
  while (at !== undefined && at.number === undefined) at = reachable(at)
  return at
}

/** A function that captures nothing may be written down elsewhere: what is around it cannot be named there. */
function reachable({ owner, parent }: NameScope): NameScope | undefined {
  return owner !== undefined && parent?.owner !== owner && owner.uses.size === 0 ? undefined : parent
}

function isValue(
  { node, isBound, isPlain, captures, outer, place }: FunctionFact,
  member: Closure['member'],
  passing: ReadonlySet<Ast>,
): boolean {
  if (isBound) return false
  for (let around = outer; around !== undefined; around = around.outer) if (around.hasDirectEval) return false
  if (member !== undefined) return !member.computed
  if (!isPlain || passing.has(node)) return false
  if (node.type !== 'FunctionDeclaration') return captures
  const name = node.id?.name ?? ''
  if (place.site === undefined || (place.owner !== undefined && !place.names.has(name))) return false
  // At script level a function in a block is a variable of the session too (annex B).
  return place.escaping.has(name) || place.owner === undefined
}

function innermost(from: NameScope, among: ReadonlySet<NameScope>): NameScope | undefined {
  let scope: NameScope | undefined = from
  while (scope !== undefined && !among.has(scope)) scope = scope.parent
  return scope
}
