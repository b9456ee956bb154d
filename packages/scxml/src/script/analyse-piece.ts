import type { CallExpression, Identifier } from 'acorn'
import { closuresOf, type Captured, type Closures } from './closures.ts'
import { childrenOf, type Ast } from './parse-piece.ts'
import {
  boundNames,
  declareLexical,
  hoistedNames,
  isFunction,
  isStrictBody,
  makeScope,
  scopeOf,
  type FunctionFact,
  type FunctionNode,
  type NameScope,
} from './scope.ts'

/** A name that no function or block of the piece declares. */
export interface FreeName {
  readonly name: string
  readonly node: Identifier
  readonly use: 'read' | 'write' | 'update' | 'typeof'
  /** Innermost function whose direct `eval` may declare the name (E10). */
  readonly dynamicOwners: readonly FunctionFact[]
}

export interface DirectEval {
  readonly node: CallExpression
  /** Local names in sight, innermost wins; the value says whether it can be written. */
  readonly locals: ReadonlyMap<string, boolean>
  readonly owner: FunctionFact | undefined
  /** Whether `arguments` is there. */
  readonly hasArguments: boolean
}

export interface Refusal {
  readonly construct: string
  readonly instead: string
  readonly node: Ast
}

/** What the syntax of one piece says, before anything is known about the others. */
export interface PieceFacts {
  readonly free: ReadonlyMap<Ast, FreeName>
  readonly functions: ReadonlyMap<Ast, FunctionFact>
  /** `this` that is not a class's own: at script level, or in a function that may be called plainly (E6). */
  readonly thisUses: ReadonlyMap<Ast, 'script' | 'function'>
  readonly evals: ReadonlyMap<Ast, DirectEval>
  readonly refusals: readonly Refusal[]
  /** Functions that are values and can be saved with their locals (E8). */
  readonly closures: Closures
  /** Names that the piece declares as members of `$`. */
  readonly vars: readonly string[]
  readonly functionNames: readonly string[]
  readonly lexicals: readonly string[]
  readonly isStrict: boolean
}

/** How the outermost declarations of a text are kept. */
export type TopLevel = 'session' | 'evaluated'

/** Resolves every name of a piece. `evaluated` keeps top-level `let`, `const`, `class` local, as `eval` does. */
export function analysePiece(tree: Ast, topLevel: TopLevel = 'session'): PieceFacts {
  const analysis = new Analysis(topLevel)
  return analysis.run(tree)
}

/** Built-in methods that call what they are given before they return. */
const passingMethods: ReadonlySet<string> = new Set(
  'forEach map filter some every find findIndex reduce reduceRight sort replace'.split(' '),
)

interface Place {
  readonly scope: NameScope
  readonly owner: FunctionFact | undefined
  readonly thisIs: 'script' | 'function' | 'class'
  readonly isStrict: boolean
  /** Functions here cannot be written down elsewhere. */
  readonly isFixed?: boolean
}

class Analysis {
  readonly #topLevel: TopLevel
  readonly #free = new Map<Ast, FreeName>()
  readonly #functions = new Map<Ast, FunctionFact>()
  readonly #thisUses = new Map<Ast, 'script' | 'function'>()
  readonly #evals = new Map<Ast, DirectEval>()
  readonly #refusals: Refusal[] = []
  readonly #captures = new Map<Ast, Captured>()
  /** Functions that are called where they stand, or by a built-in method that does not keep them. */
  readonly #passing = new Set<Ast>()
  readonly #members = new Map<Ast, Extract<Ast, { type: 'Property' }>>()

  constructor(topLevel: TopLevel) {
    this.#topLevel = topLevel
  }

  run(tree: Ast): PieceFacts {
    const scope = makeScope('script', undefined, undefined)
    const body = tree.type === 'Program' ? tree.body : []
    const hoisted = hoistedNames(tree)
    const lexical = makeScope('script', undefined, undefined)
    declareLexical(lexical, body, false)
    if (this.#topLevel === 'evaluated') for (const [name, writable] of lexical.names) scope.names.set(name, writable)
    const place: Place = { scope, owner: undefined, thisIs: 'script', isStrict: isStrictBody(body) }
    if (tree.type === 'Program') for (const statement of body) this.#visit(statement, place)
    else this.#visit(tree, place)
    return {
      free: this.#withDynamicOwners(),
      functions: this.#functions,
      thisUses: this.#thisUses,
      evals: this.#evals,
      refusals: this.#refusals,
      closures: closuresOf(this.#functions.values(), this.#captures, this.#passing, this.#members),
      vars: hoisted.vars,
      functionNames: tree.type === 'Program' ? hoisted.blockFunctions : [],
      lexicals: this.#topLevel === 'session' ? [...lexical.names.keys()] : [],
      isStrict: isStrictBody(body),
    }
  }

  /** A direct `eval` may stand behind the name in the text: owners are known only at the end. */
  #withDynamicOwners(): ReadonlyMap<Ast, FreeName> {
    return new Map(
      [...this.#free].map(([node, free]) => [
        node,
        { ...free, dynamicOwners: free.dynamicOwners.filter((owner) => owner.hasDirectEval) },
      ]),
    )
  }

  #visitAll(nodes: readonly (Ast | null | undefined)[], place: Place): void {
    for (const node of nodes) if (node !== null && node !== undefined) this.#visit(node, place)
  }

  #visit(node: Ast, place: Place, use: FreeName['use'] = 'read'): void {
    if (isFunction(node)) return this.#visitFunction(node, place, true)
    switch (node.type) {
      case 'Identifier':
        return this.#name(node, place, use)
      case 'ThisExpression':
        return this.#this(node, place)
      case 'MemberExpression':
        this.#visit(node.object, place)
        if (node.computed) this.#visit(node.property, place)
        return
      case 'Property':
        if (node.computed) this.#visit(node.key, place)
        if (node.method || node.kind !== 'init') {
          this.#members.set(node.value, node)
          return this.#visitMethod(node.value, place)
        }
        return this.#visit(node.value, place, use)
      case 'MethodDefinition':
        if (node.computed) this.#visit(node.key, place)
        return this.#visitMethod(node.value, { ...place, thisIs: 'class' })
      case 'PropertyDefinition':
        if (node.computed) this.#visit(node.key, place)
        return this.#visitAll([node.value], { ...place, thisIs: 'class' })
      case 'AssignmentExpression':
        this.#visit(node.left, place, node.operator === '=' ? 'write' : 'update')
        return this.#visit(node.right, place)
      case 'UpdateExpression':
        return this.#visit(node.argument, place, 'update')
      case 'UnaryExpression':
        return this.#visit(
          node.argument,
          place,
          node.operator === 'typeof' ? 'typeof' : node.operator === 'delete' ? 'typeof' : 'read',
        )
      case 'ObjectPattern':
        for (const property of node.properties) this.#visit(property, place, use)
        return
      case 'ArrayPattern':
        for (const element of node.elements) if (element !== null) this.#visit(element, place, use)
        return
      case 'RestElement':
        return this.#visit(node.argument, place, use)
      case 'AssignmentPattern':
        this.#visit(node.left, place, use)
        return this.#visit(node.right, place)
      case 'VariableDeclarator':
        this.#visit(node.id, place, 'write')
        return this.#visitAll([node.init], place)
      case 'BlockStatement':
      case 'StaticBlock':
        return this.#visitBlock(node, node.body, node.type === 'StaticBlock' ? { ...place, thisIs: 'class' } : place)
      case 'SwitchStatement':
        this.#visit(node.discriminant, place)
        return this.#visitBlock(
          node,
          node.cases.flatMap((one) => one.consequent),
          place,
        )
      case 'ForStatement':
        return this.#visitFor(node, node.init, place)
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.type === 'ForOfStatement' && node.await) this.#refuse(node, 'for await', 'use a plain "for … of" loop')
        return this.#visitFor(node, node.left, place)
      case 'CatchClause':
        return this.#visitCatch(node.param, node.body, place)
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#visitClass(node, place)
      case 'CallExpression':
        return this.#visitCall(node, place)
      case 'LabeledStatement':
        return this.#visit(node.body, place)
      case 'BreakStatement':
      case 'ContinueStatement':
        return
      case 'Super':
      case 'MetaProperty':
        if (place.owner?.isArrow === true) this.#leave(place.owner, undefined, true)
        this.#bind(place.owner)
        return
      case 'ReturnStatement':
        if (place.owner === undefined)
          this.#refuse(node, '"return" outside of a function', 'put the code into a function, or use "if"')
        return this.#visitAll([node.argument], place)
      case 'WithStatement':
        this.#refuse(node, '"with"', 'name the object in front of each member')
        return
      case 'ImportExpression':
        this.#refuse(node, '"import()"', 'include the library with xi:include')
        return
      case 'AwaitExpression':
        this.#refuse(node, '"await"', 'send a request and wait for its event in a transition')
        return
      default:
        for (const child of childrenOf(node)) this.#visit(child, place)
    }
  }

  #visitFor(
    node: Extract<Ast, { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }>,
    head: Ast | null | undefined,
    place: Place,
  ): void {
    const scope = makeScope('block', place.scope, place.owner)
    if (head !== null && head !== undefined) declareLexical(scope, [head], false)
    const inner = { ...place, scope }
    scope.site = node
    // Names of the head are other ones in each round: what is made here has none of the body's.
    const inHead = { ...inner, isFixed: true }
    if (node.type === 'ForStatement') this.#visitAll([node.init, node.test, node.update], inHead)
    else {
      this.#visit(node.left, inHead, 'write')
      this.#visit(node.right, inHead)
    }
    this.#visit(node.body, inner)
  }

  #visitBlock(node: Ast, statements: readonly Ast[], place: Place): void {
    const scope = makeScope('block', place.scope, place.owner)
    declareLexical(scope, statements, place.owner !== undefined || node.type === 'StaticBlock')
    if (node.type === 'BlockStatement') scope.site = node
    if (node.type === 'StaticBlock') for (const name of hoistedNames(node).vars) scope.names.set(name, true)
    const inner = { ...place, scope }
    if (node.type === 'SwitchStatement') {
      for (const one of node.cases) this.#visitAll([one.test, ...one.consequent], inner)
    } else this.#visitAll(statements, inner)
  }

  #visitCatch(parameter: Ast | null | undefined, body: Ast, place: Place): void {
    const scope = makeScope('block', place.scope, place.owner)
    scope.site = parameter ?? undefined
    if (parameter !== null && parameter !== undefined) {
      for (const name of patternNames(parameter)) scope.names.set(name, true)
      this.#visit(parameter, { ...place, scope }, 'write')
    }
    this.#visit(body, { ...place, scope })
  }

  #visitClass(node: Extract<Ast, { type: 'ClassDeclaration' | 'ClassExpression' }>, place: Place): void {
    const scope = makeScope('block', place.scope, place.owner)
    const isMember = node.type === 'ClassDeclaration' && place.scope.kind === 'script' && this.#topLevel === 'session'
    if (node.id !== null && node.id !== undefined && !isMember) scope.names.set(node.id.name, false)
    const inner = { ...place, scope }
    this.#visitAll([node.superClass], inner)
    for (const member of node.body.body) this.#visit(member, inner)
  }

  #visitMethod(node: Ast, place: Place): void {
    if (isFunction(node)) this.#visitFunction(node, place, false)
    else this.#visit(node, place)
  }

  #visitFunction(node: FunctionNode, place: Place, isPlain: boolean): void {
    if (node.async) this.#refuse(node, 'an async function', 'send a request and wait for its event in a transition')
    const isArrow = node.type === 'ArrowFunctionExpression'
    const fact: FunctionFact = {
      node,
      outer: place.owner,
      isArrow,
      isPlain: isPlain && place.thisIs !== 'class',
      isInStrict: place.isStrict,
      captures: false,
      hasDirectEval: false,
      place: place.scope,
      scope: undefined,
      uses: new Map(),
      isBound: place.isFixed === true || place.thisIs === 'class',
    }
    this.#functions.set(node, fact)
    let scope = place.scope
    if (node.type === 'FunctionExpression' && node.id) {
      scope = makeScope('function', scope, fact)
      scope.names.set(node.id.name, false)
      scope.site = node.id
    }
    scope = makeScope('function', scope, fact)
    scope.site = node
    fact.scope = scope
    for (const parameter of node.params) for (const name of boundNames(parameter)) scope.names.set(name, true)
    if (!isArrow) scope.names.set('arguments', true)
    if (node.body.type === 'BlockStatement') {
      const hoisted = hoistedNames(node.body)
      for (const name of [...hoisted.vars, ...hoisted.blockFunctions]) scope.names.set(name, true)
      declareLexical(scope, node.body.body, true)
    }
    const thisIs = isArrow || place.thisIs === 'class' ? place.thisIs : 'function'
    const isStrict = place.isStrict || (node.body.type === 'BlockStatement' && isStrictBody(node.body.body))
    const inner: Place = {
      scope,
      owner: fact,
      thisIs: isPlain || place.thisIs === 'class' ? thisIs : 'function',
      isStrict,
      ...(place.isFixed === true && { isFixed: true }),
    }
    for (const parameter of node.params) this.#visit(parameter, { ...inner, isFixed: true }, 'write')
    if (node.body.type === 'BlockStatement') this.#visitAll(node.body.body, inner)
    else this.#visit(node.body, inner)
  }

  #visitCall(node: CallExpression, place: Place): void {
    const { callee } = node
    if (callee.type === 'Identifier' && callee.name === 'eval' && scopeOf('eval', place.scope) === undefined) {
      this.#directEval(node, place)
    }
    this.#markPassing(node)
    if (callee.type === 'Identifier') this.#name(callee, place, 'read', true)
    else this.#visit(callee, place)
    this.#visitAll(node.arguments, place)
  }

  #markPassing({ callee, arguments: given }: CallExpression): void {
    this.#passing.add(callee)
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return
    const { name } = callee.property
    if (name === 'call' || name === 'apply') this.#passing.add(callee.object)
    if (passingMethods.has(name)) for (const argument of given) this.#passing.add(argument)
  }

  /** Text that is evaluated, `super` and the like need the function where it stands, and all around it. */
  #bind(from: FunctionFact | undefined): void {
    for (let owner = from; owner !== undefined; owner = owner.outer) {
      owner.isBound = true
      if (!owner.isArrow) return
    }
  }

  #directEval(node: CallExpression, place: Place): void {
    const locals = new Map<string, boolean>()
    for (let scope: NameScope | undefined = place.scope; scope !== undefined; scope = scope.parent) {
      for (const [name, writable] of scope.names) {
        if (locals.has(name) || name === 'arguments') continue
        locals.set(name, writable)
        this.#leave(place.owner, scope, false)
      }
    }
    if (place.owner !== undefined) place.owner.hasDirectEval = true
    for (let { owner } = place; owner !== undefined; owner = owner.outer) owner.isBound = true
    if (place.owner?.isArrow === true) this.#leave(place.owner, undefined, true)
    const hasArguments = scopeOf('arguments', place.scope) !== undefined
    this.#evals.set(node, { node, locals, owner: place.owner, hasArguments })
  }

  #name(node: Identifier, place: Place, use: FreeName['use'], isCalled = false): void {
    const scope = scopeOf(node.name, place.scope)
    if (scope !== undefined) {
      if (!isCalled && use !== 'write') scope.escaping.add(node.name)
      if (scope.owner !== place.owner) this.#capture(node, scope, place.owner, use)
      return this.#leave(place.owner, scope, false)
    }
    const dynamicOwners: FunctionFact[] = []
    for (let owner = place.owner; owner !== undefined; owner = owner.outer) dynamicOwners.push(owner)
    this.#free.set(node, { name: node.name, node, use, dynamicOwners })
  }

  #this(node: Ast, place: Place): void {
    if (place.thisIs === 'class') return
    this.#thisUses.set(node, place.thisIs)
    if (place.thisIs !== 'function' || place.owner?.isArrow !== true) return
    this.#leave(place.owner, undefined, true)
    let home: FunctionFact | undefined = place.owner
    while (home?.isArrow === true) home = home.outer
    if (home?.scope === undefined) return
    home.scope.captured.add('this')
    this.#captures.set(node, { name: 'this', scope: home.scope, use: 'read' })
    for (let owner: FunctionFact | undefined = place.owner; owner?.isArrow === true; owner = owner.outer) {
      owner.uses.set('this', home.scope)
    }
  }

  #capture(node: Identifier, scope: NameScope, from: FunctionFact | undefined, use: FreeName['use']): void {
    const { name } = node
    this.#captures.set(node, { name, scope, use })
    scope.captured.add(name)
    let outermost: FunctionFact | undefined
    for (let owner = from; owner !== undefined && owner !== scope.owner; owner = owner.outer) {
      owner.uses.set(name, scope)
      if (name === 'arguments') owner.isBound = true
      outermost = owner
    }
    const isItself = outermost?.node.type === 'FunctionDeclaration' && outermost.node.id?.name === name
    if (!isItself) scope.escaping.add(name)
  }

  /** Marks the functions between `from` and the scope that is reached; `throughArrows` stops at the first function. */
  #leave(from: FunctionFact | undefined, reached: NameScope | undefined, throughArrows: boolean): void {
    for (let owner = from; owner !== undefined && owner !== reached?.owner; owner = owner.outer) {
      if (throughArrows && !owner.isArrow) return
      owner.captures = true
    }
  }

  #refuse(node: Ast, construct: string, instead: string): void {
    this.#refusals.push({ construct, instead, node })
  }
}

function patternNames(node: Ast): readonly string[] {
  switch (node.type) {
    case 'Identifier':
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'AssignmentPattern':
      return boundNames(node)
    default:
      return []
  }
}
