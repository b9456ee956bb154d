import type { AnalysedPiece } from './shared-functions.ts'
import type { ApplicationNames } from './application-names.ts'
import type { PieceFacts } from './analyse-piece.ts'
import type { Reach, WriteClass } from './contract.ts'
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
    'fromCharCode isNaN isFinite isInteger search getElementsByTagName getAttribute'
  ).split(' '),
)

/** Built-in methods that change what they are called on and run no code of the application. */
const changingMethods: ReadonlySet<string> = new Set(
  (
    'push pop shift unshift splice reverse fill copyWithin add delete clear set get has exec test match setTime ' +
    'setFullYear setMonth setDate setHours setMinutes setSeconds setMilliseconds setUTCFullYear setUTCMonth ' +
    'setUTCDate setUTCHours setUTCMinutes setUTCSeconds'
  ).split(' '),
)

/** Built-in methods that call a function that they are given. */
const callingMethods: ReadonlySet<string> = new Set(
  'forEach map filter some every find findIndex reduce reduceRight sort replace'.split(' '),
)

const pureIntrinsics: ReadonlySet<string> = new Set(
  (
    'Object Array String Number Boolean Date RegExp Error TypeError RangeError Map Set parseInt parseFloat isNaN ' +
    'isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape uneval BigInt Symbol'
  ).split(' '),
)

/** What running code may change and reach. */
interface Writes {
  readonly names: Set<string>
  readonly reads: Set<string>
  isDeep: boolean
  /** May reach anything: an unknown function runs, or the containers are read as objects. */
  reachesAll: boolean
  takesViews: boolean
  /** A plain call gives the container of the variables as `this`. */
  usesThis: boolean
  readonly calls: Set<string>
  readonly constructions: Set<string>
}

/** What a piece may do with the data model. */
export interface PieceEffects extends Reach {
  readonly writes: WriteClass
}

/** A piece about which nothing is known. */
export const unknownEffects: PieceEffects = { writes: { kind: 'deep' }, reads: 'all', takesViews: true }

/**
 * Classes what every piece may write and reach. Functions of the application count with what they call. Code that is
 * made while a session runs is not seen here; a session that made some says so (`hasOwnCode`).
 *
 * Cost: O(text) once, then O(functions x calls).
 * Spec: design P2.
 */
export function writeClasses(
  pieces: readonly (AnalysedPiece | undefined)[],
  names: ApplicationNames,
): readonly PieceEffects[] {
  const hidden = hiddenCode(pieces)
  const functions = new Map<string, Writes>()
  const direct = pieces.map((piece): Writes => {
    if (piece === undefined) return unknownWrites()
    return collect(piece, names, hidden, functions)
  })
  return direct.map((writes) => close(writes, functions))
}

function noWrites(): Writes {
  return {
    names: new Set(),
    reads: new Set(),
    isDeep: false,
    reachesAll: false,
    takesViews: false,
    usesThis: false,
    calls: new Set(),
    constructions: new Set(),
  }
}

function unknownWrites(): Writes {
  return { ...noWrites(), isDeep: true, reachesAll: true }
}

function close(writes: Writes, functions: ReadonlyMap<string, Writes>): PieceEffects {
  const names = new Set(writes.names)
  const reads = new Set(writes.reads)
  const open = [...writes.calls, ...writes.constructions]
  const seen = new Set<string>()
  const plainCalls = new Set(writes.calls)
  let { isDeep, reachesAll, takesViews } = writes
  reachesAll ||= writes.usesThis
  for (let name = open.pop(); name !== undefined && !(isDeep && reachesAll); name = open.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const called = functions.get(name)
    if (called === undefined) {
      isDeep = true
      reachesAll = true
      break
    }
    isDeep ||= called.isDeep
    reachesAll ||= called.reachesAll
    takesViews ||= called.takesViews
    for (const written of called.names) names.add(written)
    for (const read of called.reads) reads.add(read)
    for (const next of called.calls) plainCalls.add(next)
    open.push(...called.calls, ...called.constructions)
  }
  for (const name of plainCalls) reachesAll ||= functions.get(name)?.usesThis !== false
  for (const name of names) reads.add(name)
  const reach: Reach = { reads: reachesAll ? 'all' : [...reads], takesViews }
  if (isDeep) return { ...reach, writes: { kind: 'deep' } }
  return { ...reach, writes: names.size === 0 ? { kind: 'nothing' } : { kind: 'names', names: [...names] } }
}

function collect(
  piece: AnalysedPiece,
  names: ApplicationNames,
  hidden: HiddenCode,
  functions: Map<string, Writes>,
): Writes {
  const writes = noWrites()
  const { facts, tree } = piece
  const gathering: Gathering = { facts, names, hidden, fresh: new Set() }
  for (const name of [...facts.vars, ...facts.lexicals]) writes.names.add(rootOf(name, names))
  const top = tree.type === 'Program' ? tree.body : [tree]
  const declared = new Set(facts.functionNames)
  for (const node of top) {
    if (node.type !== 'FunctionDeclaration') continue
    const name = node.id?.name ?? ''
    declared.delete(name)
    // Declared twice: either may be the one that runs.
    const own = functions.get(name) ?? noWrites()
    for (const part of [...node.params, node.body]) gather(part, gathering, own)
    functions.set(name, own)
    writes.names.add(rootOf(name, names))
  }
  for (const name of declared) {
    functions.set(name, unknownWrites())
    writes.names.add(rootOf(name, names))
  }
  for (const node of top) if (node.type !== 'FunctionDeclaration') gather(node, gathering, writes)
  return writes
}

/** Root of a name that is declared or used freely. */
function rootOf(name: string, names: ApplicationNames): string {
  return `${names.meaningOf(name).kind === 'datum' ? '_data' : '$'}.${name}`
}

interface Gathering {
  readonly facts: PieceFacts
  readonly names: ApplicationNames
  readonly hidden: HiddenCode
  /** `_genesys` in front of a function, whose answer is nobody else's. */
  readonly fresh: Set<Ast>
}

function gather(tree: Ast, gathering: Gathering, writes: Writes): void {
  const { facts, hidden } = gathering
  const open: [node: Ast, isNested: boolean, parent: Ast | undefined][] = [[tree, false, undefined]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, isNested, parent] = next
    if (facts.evals.has(node) || hidden.isEverywhere) {
      writes.isDeep = true
      writes.reachesAll = true
      return
    }
    if (node.type === 'Identifier') identifier(node, parent, gathering, writes)
    if (facts.thisUses.has(node)) {
      if (facts.thisUses.get(node) === 'function' && !isNested) writes.usesThis = true
      else writes.reachesAll = true
    }
    if (
      node.type === 'AssignmentExpression' ||
      node.type === 'UpdateExpression' ||
      node.type === 'ForInStatement' ||
      node.type === 'ForOfStatement'
    ) {
      const target = node.type === 'UpdateExpression' ? node.argument : node.left
      if (writesMember(target, gathering, writes)) writes.isDeep = true
    }
    if (node.type === 'UnaryExpression' && node.operator === 'delete') writes.isDeep = true
    if (node.type === 'TaggedTemplateExpression' || node.type === 'YieldExpression') {
      writes.isDeep = true
      writes.reachesAll = true
    }
    if (node.type === 'CallExpression' || node.type === 'NewExpression') call(node, gathering, writes)
    // A function made here counts as called here: nobody else can know what it does.
    const nests = isNested || (isFunction(node) && node !== tree && node.type !== 'ArrowFunctionExpression')
    for (const child of childrenOf(node)) open.push([child, nests, node])
  }
}

function identifier(
  node: Extract<Ast, { type: 'Identifier' }>,
  parent: Ast | undefined,
  { facts, fresh, names }: Gathering,
  writes: Writes,
): void {
  const free = facts.free.get(node)
  if (free === undefined) return
  const meaning = names.meaningOf(free.name)
  switch (meaning.kind) {
    case 'system':
      if (!fresh.has(node)) systemName(node, parent, writes)
      return
    case 'intrinsic':
      // The container of the variables as an object.
      if (free.name === 'globalThis') writes.reachesAll = true
      return
    case 'variable':
    case 'datum':
    case 'unknown': {
      const root = rootOf(free.name, names)
      writes.reads.add(root)
      if (free.use === 'write' || free.use === 'update') writes.names.add(root)
    }
  }
}

function systemName(node: Extract<Ast, { type: 'Identifier' }>, parent: Ast | undefined, writes: Writes): void {
  if (node.name === '_genesys' || node.name === '_ioprocessors') writes.takesViews = true
  if (node.name !== '_data') return
  const isMember = parent?.type === 'MemberExpression' && parent.object === node && !parent.computed
  if (isMember && parent.property.type === 'Identifier') writes.reads.add(`_data.${parent.property.name}`)
  else writes.reachesAll = true
}

/** Whether a target is a member; `_data.x` alone counts as a name. */
function writesMember(target: Ast, gathering: Gathering, writes: Writes): boolean {
  if (target.type === 'MemberExpression') {
    const { object, property } = target
    const { facts, names } = gathering
    const isDatum =
      object.type === 'Identifier' &&
      object.name === '_data' &&
      facts.free.has(object) &&
      names.meaningOf('_data').kind === 'system'
    if (isDatum && !target.computed && property.type === 'Identifier') {
      writes.names.add(`_data.${property.name}`)
      return false
    }
    return true
  }
  if (target.type === 'Identifier' || target.type === 'VariableDeclaration') return false
  return childrenOf(target).some((child) => writesMember(child, gathering, writes))
}

function call(
  node: Extract<Ast, { type: 'CallExpression' | 'NewExpression' }>,
  { facts, fresh, names, hidden }: Gathering,
  writes: Writes,
): void {
  const { callee } = node
  const isNew = node.type === 'NewExpression'
  if (callee.type === 'Identifier') {
    const free = facts.free.get(callee)
    const meaning = free === undefined ? undefined : names.meaningOf(free.name)
    if (meaning?.kind === 'system') return
    if (meaning?.kind === 'intrinsic' && pureIntrinsics.has(callee.name)) return
    if (meaning?.kind === 'variable' && !hidden.assigned.has(callee.name)) {
      if (isNew) writes.isDeep = true
      const called = isNew ? writes.constructions : writes.calls
      called.add(callee.name)
      return
    }
    writes.isDeep = true
    writes.reachesAll = true
    return
  }
  // A function written here and called at once was gathered with its body; its plain `this` was seen as nested.
  if (callee.type === 'FunctionExpression' || callee.type === 'ArrowFunctionExpression') return
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    const root = rootOfMember(callee)
    if (root.type === 'Identifier' && root.name === '_genesys' && facts.free.has(root)) {
      fresh.add(root)
      return
    }
    const { name } = callee.property
    if (!hidden.methods.has(name)) {
      if (pureMethods.has(name) || matchesLiteral(node, callee, name)) return
      writes.isDeep = true
      if (changingMethods.has(name)) return
      if (callingMethods.has(name) && node.arguments.every(isPlainArgument)) return
    }
  }
  writes.isDeep = true
  writes.reachesAll = true
}

/** An argument that is no function, or one whose body stands here and was gathered. */
function isPlainArgument(node: Ast): boolean {
  return (
    node.type === 'Literal' ||
    node.type === 'TemplateLiteral' ||
    node.type === 'ArrayExpression' ||
    node.type === 'ObjectExpression' ||
    isFunction(node)
  )
}

/** An expression written here is a new object each time: its `lastIndex` is nobody's. */
function matchesLiteral(
  { arguments: [first] }: Extract<Ast, { type: 'CallExpression' | 'NewExpression' }>,
  callee: Extract<Ast, { type: 'MemberExpression' }>,
  name: string,
): boolean {
  if (name === 'match') return first?.type === 'Literal'
  return (name === 'test' || name === 'exec') && callee.object.type === 'Literal'
}

function rootOfMember(node: Ast): Ast {
  let root = node
  while (root.type === 'MemberExpression') root = root.object
  return root
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
      // A member of that name may be set by its text.
      if (node.type === 'Literal' && typeof node.value === 'string') methods.add(node.value)
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
