import type { FunctionDeclaration } from 'acorn'
import type { PieceFacts } from './analyse-piece.ts'
import { childrenOf, type Ast } from './parse-piece.ts'

/** One parsed piece with what its syntax says. */
export interface AnalysedPiece {
  readonly tree: Ast
  readonly facts: PieceFacts
  readonly isDocumentLevel: boolean
}

const harmlessMembers: ReadonlySet<string> = new Set([
  'call',
  'apply',
  'bind',
  'length',
  'name',
  'toString',
  'toSource',
])

/**
 * Script-level functions that are made once per application version: declared by document-level scripts alone, never
 * assigned, never used as an object. Where several scripts declare one, the later in document order wins.
 * Spec: script-rules E7.
 */
export function sharedFunctions(
  pieces: Iterable<AnalysedPiece>,
  dataIds: ReadonlySet<string>,
): ReadonlyMap<string, FunctionDeclaration | Ast> {
  const candidates = new Map<string, Ast>()
  const refused = new Set<string>(dataIds)
  for (const { tree, facts, isDocumentLevel } of pieces) {
    const top = tree.type === 'Program' ? tree.body : []
    const names = new Set<string>()
    for (const statement of top) {
      if (statement.type !== 'FunctionDeclaration' || statement.id === null) continue
      names.add(statement.id.name)
      candidates.set(statement.id.name, statement)
    }
    for (const name of facts.functionNames) if (!isDocumentLevel || !names.has(name)) refused.add(name)
    for (const name of [...facts.vars, ...facts.lexicals]) refused.add(name)
    refuseUses(tree, facts, refused)
  }
  return new Map([...candidates].filter(([name]) => !refused.has(name)))
}

/** Names that a text evaluated later may use as objects: the value of a statement is what the text gives. */
export function namesUsedAsObjects(tree: Ast, facts: PieceFacts): ReadonlySet<string> {
  const used = new Set<string>()
  refuseUses(tree, facts, used)
  for (const statement of tree.type === 'Program' ? tree.body : []) {
    const free = statement.type === 'ExpressionStatement' ? facts.free.get(statement.expression) : undefined
    if (free !== undefined) used.add(free.name)
  }
  return used
}

function refuseUses(tree: Ast, facts: PieceFacts, refused: Set<string>): void {
  const open: [node: Ast, parent: Ast | undefined][] = [[tree, undefined]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, parent] = next
    const free = facts.free.get(node)
    if (free !== undefined && (free.use === 'write' || free.use === 'update' || !isHarmless(node, parent))) {
      refused.add(free.name)
    }
    const member = writtenMemberOfThis(node) ?? memberByText(node)
    if (member !== undefined) refused.add(member)
    for (const child of childrenOf(node)) open.push([child, node])
  }
}

function isHarmless(node: Ast, parent: Ast | undefined): boolean {
  switch (parent?.type) {
    case 'CallExpression':
    case 'NewExpression':
    case 'BinaryExpression':
    case 'ExpressionStatement':
      return true
    case 'UnaryExpression':
      return parent.operator === 'typeof' || parent.operator === '!'
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test === node
    case 'MemberExpression':
      return (
        parent.object === node &&
        !parent.computed &&
        parent.property.type === 'Identifier' &&
        harmlessMembers.has(parent.property.name)
      )
    default:
      return false
  }
}

/** `this.f = …` and `globalThis.f = …` at script level assign the variable `f`. */
function writtenMemberOfThis(node: Ast): string | undefined {
  if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return undefined
  const { object, property } = node.left
  const isGlobal = object.type === 'ThisExpression' || (object.type === 'Identifier' && object.name === 'globalThis')
  if (!isGlobal) return undefined
  if (property.type === 'Identifier') return property.name
  return property.type === 'Literal' ? String(property.value) : undefined
}

/** `this['f']` and `globalThis['f']` give the function as a value. */
function memberByText(node: Ast): string | undefined {
  if (node.type !== 'MemberExpression' || !node.computed || node.property.type !== 'Literal') return undefined
  const { object, property } = node
  const isGlobal = object.type === 'ThisExpression' || (object.type === 'Identifier' && object.name === 'globalThis')
  return isGlobal ? String(property.value) : undefined
}
