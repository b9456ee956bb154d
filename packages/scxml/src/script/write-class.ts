import type { AnalysedPiece } from './shared-functions.ts'
import type { ApplicationNames } from './application-names.ts'
import type { PieceFacts } from './analyse-piece.ts'
import type { WriteClass } from './contract.ts'
import { childrenOf, type Ast } from './parse-piece.ts'
import { isFunction } from './scope.ts'

/** Built-in methods that change nothing, whatever they are called on. */
const pureMethods: ReadonlySet<string> = new Set(
  (
    'toSource toString valueOf toLocaleString indexOf lastIndexOf includes slice substring substr charAt charCodeAt ' +
    'concat join split trim trimStart trimEnd toUpperCase toLowerCase startsWith endsWith repeat padStart padEnd ' +
    'hasOwnProperty isArray keys stringify parse floor ceil round abs max min pow random now getTime getFullYear ' +
    'getMonth getDate getDay getHours getMinutes getSeconds getMilliseconds getTimezoneOffset getUTCFullYear ' +
    'getUTCMonth getUTCDate getUTCDay getUTCHours getUTCMinutes getUTCSeconds toISOString toFixed toPrecision UTC ' +
    'fromCharCode isNaN isFinite isInteger match search getElementsByTagName getAttribute'
  ).split(' '),
)

const pureIntrinsics: ReadonlySet<string> = new Set(
  (
    'Object Array String Number Boolean Date RegExp Error TypeError RangeError Map Set parseInt parseFloat isNaN ' +
    'isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape uneval BigInt Symbol'
  ).split(' '),
)

/** What running code may change: `undefined` names mean anything. */
interface Writes {
  readonly names: Set<string>
  isDeep: boolean
  readonly calls: Set<string>
}

/**
 * Classes what every piece may write. Functions of the application count with what they call.
 *
 * Cost: O(text) once, then O(functions x calls).
 * Spec: design P2.
 */
export function writeClasses(
  pieces: readonly (AnalysedPiece | undefined)[],
  names: ApplicationNames,
): readonly WriteClass[] {
  const hidden = hiddenCode(pieces)
  const functions = new Map<string, Writes>()
  const direct = pieces.map((piece): Writes => {
    if (piece === undefined) return { names: new Set(), isDeep: true, calls: new Set() }
    const writes = collect(piece, names, hidden, functions)
    return writes
  })
  return direct.map((writes) => close(writes, functions))
}

function close(writes: Writes, functions: ReadonlyMap<string, Writes>): WriteClass {
  const all = new Set(writes.names)
  const open = [...writes.calls]
  const seen = new Set<string>()
  let isDeep = writes.isDeep
  for (let name = open.pop(); name !== undefined && !isDeep; name = open.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const called = functions.get(name)
    if (called === undefined) isDeep = true
    else {
      isDeep = called.isDeep
      for (const written of called.names) all.add(written)
      open.push(...called.calls)
    }
  }
  if (isDeep) return { kind: 'deep' }
  return all.size === 0 ? { kind: 'nothing' } : { kind: 'names', names: [...all] }
}

function collect(
  piece: AnalysedPiece,
  names: ApplicationNames,
  hidden: HiddenCode,
  functions: Map<string, Writes>,
): Writes {
  const writes: Writes = { names: new Set(), isDeep: false, calls: new Set() }
  const { facts, tree } = piece
  for (const name of [...facts.vars, ...facts.lexicals]) writes.names.add(`$.${name}`)
  const top = tree.type === 'Program' ? tree.body : [tree]
  const declared = new Set(facts.functionNames)
  for (const node of top) {
    if (node.type !== 'FunctionDeclaration') continue
    const name = node.id?.name ?? ''
    declared.delete(name)
    // Declared twice: either may be the one that runs.
    const own = functions.get(name) ?? { names: new Set(), isDeep: false, calls: new Set() }
    for (const part of [...node.params, node.body]) gather(part, facts, names, hidden, own)
    functions.set(name, own)
    writes.names.add(`$.${name}`)
  }
  for (const name of declared) {
    functions.set(name, { names: new Set(), isDeep: true, calls: new Set() })
    writes.names.add(`$.${name}`)
  }
  for (const node of top) if (node.type !== 'FunctionDeclaration') gather(node, facts, names, hidden, writes)
  return writes
}

function gather(tree: Ast, facts: PieceFacts, names: ApplicationNames, hidden: HiddenCode, writes: Writes): void {
  const open: Ast[] = [tree]
  for (let node = open.pop(); node !== undefined && !writes.isDeep; node = open.pop()) {
    const free = facts.free.get(node)
    if (free !== undefined && (free.use === 'write' || free.use === 'update')) {
      const meaning = names.meaningOf(free.name)
      if (meaning.kind !== 'system') writes.names.add(`${meaning.kind === 'datum' ? '_data' : '$'}.${free.name}`)
    }
    if (facts.evals.has(node) || hidden.isEverywhere) writes.isDeep = true
    if (
      node.type === 'AssignmentExpression' ||
      node.type === 'UpdateExpression' ||
      node.type === 'ForInStatement' ||
      node.type === 'ForOfStatement'
    ) {
      const target = node.type === 'UpdateExpression' ? node.argument : node.left
      if (writesMember(target, facts, writes)) writes.isDeep = true
    }
    if (node.type === 'UnaryExpression' && node.operator === 'delete') writes.isDeep = true
    if (node.type === 'TaggedTemplateExpression' || node.type === 'YieldExpression') writes.isDeep = true
    if (node.type === 'CallExpression' || node.type === 'NewExpression')
      call(node.callee, node.type === 'NewExpression', facts, names, hidden, writes)
    if (isFunction(node) && node !== tree) {
      // A function made here counts as called here: nobody else can know what it does.
      open.push(node.body)
      continue
    }
    open.push(...childrenOf(node))
  }
}

/** Whether a target is a member; `_data.x` alone counts as a name. */
function writesMember(target: Ast, facts: PieceFacts, writes: Writes): boolean {
  if (target.type === 'MemberExpression') {
    const { object, property } = target
    const isDatum = object.type === 'Identifier' && object.name === '_data' && facts.free.has(object)
    if (isDatum && !target.computed && property.type === 'Identifier') {
      writes.names.add(`_data.${property.name}`)
      return false
    }
    return true
  }
  if (target.type === 'Identifier' || target.type === 'VariableDeclaration') return false
  return childrenOf(target).some((child) => writesMember(child, facts, writes))
}

function call(
  callee: Ast,
  isNew: boolean,
  facts: PieceFacts,
  names: ApplicationNames,
  hidden: HiddenCode,
  writes: Writes,
): void {
  if (callee.type === 'Identifier') {
    const free = facts.free.get(callee)
    const meaning = free === undefined ? undefined : names.meaningOf(free.name)
    if (meaning?.kind === 'system') return
    if (meaning?.kind === 'intrinsic' && pureIntrinsics.has(callee.name)) return
    if (meaning?.kind === 'variable' && !isNew) {
      writes.calls.add(callee.name)
      if (hidden.assigned.has(callee.name)) writes.isDeep = true
      return
    }
    writes.isDeep = true
    return
  }
  // A function written here and called at once was gathered with its body.
  if (callee.type === 'FunctionExpression' || callee.type === 'ArrowFunctionExpression') return
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    if (rootName(callee) === '_genesys') return
    if (pureMethods.has(callee.property.name) && !hidden.methods.has(callee.property.name)) return
  }
  writes.isDeep = true
}

function rootName(node: Ast): string | undefined {
  let root = node
  while (root.type === 'MemberExpression') root = root.object
  return root.type === 'Identifier' ? root.name : undefined
}

interface HiddenCode {
  /** Reading a member or converting a value may run the application's code. */
  readonly isEverywhere: boolean
  /** Names of members that are written somewhere, so that a built-in method of that name is not certain. */
  readonly methods: ReadonlySet<string>
  /** Names that are assigned and not only declared as functions. */
  readonly assigned: ReadonlySet<string>
}

function hiddenCode(pieces: readonly (AnalysedPiece | undefined)[]): HiddenCode {
  const methods = new Set<string>()
  const assigned = new Set<string>()
  let isEverywhere = false
  for (const piece of pieces) {
    if (piece === undefined) continue
    for (const { name, use } of piece.facts.free.values()) {
      if (use === 'write' || use === 'update') assigned.add(name)
      if (name === 'Proxy' || name === 'Reflect' || name === 'Symbol') isEverywhere = true
    }
    const open: Ast[] = [piece.tree]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.type === 'Property' && node.kind !== 'init') isEverywhere = true
      if (node.type === 'ClassBody') isEverywhere = true
      if (node.type === 'Property' && node.key.type === 'Identifier') methods.add(node.key.name)
      if (node.type === 'Property' && node.key.type === 'Literal') methods.add(String(node.key.value))
      if (node.type === 'MemberExpression' && node.property.type === 'Identifier') {
        if (/^(?:define(?:Property|Properties)|__define[GS]etter__|setPrototypeOf)$/.test(node.property.name)) {
          isEverywhere = true
        }
      }
      if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
        const { property } = node.left
        if (property.type === 'Identifier') methods.add(property.name)
        if (property.type === 'Literal') methods.add(String(property.value))
      }
      open.push(...childrenOf(node))
    }
  }
  for (const name of ['toString', 'valueOf', 'toJSON']) if (methods.has(name)) isEverywhere = true
  return { isEverywhere, methods, assigned }
}
