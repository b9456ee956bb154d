import { burnFuel, chargeCatch, rethrowSpent } from './fuel-text.ts'
import { childrenOf, type Ast } from './parse-piece.ts'
import { NameTexts } from './name-texts.ts'
import { numberedAround, type Closure } from './closures.ts'
import { isFunction, type FunctionFact, type FunctionNode, type NameScope } from './scope.ts'
import { lineBreaks, Splicer, type Spliced } from './splice.ts'
import type { RewriteContext, Rewritten } from './rewrite-context.ts'
import { afterArrow, firstName, hasDynamicOuter, isAround, memberOf } from './rewrite-questions.ts'

/** Rewrites the names of one piece; everything else stays as the customer wrote it. Spec: script-rules E3–E6, E10, E15. */
export function rewritePiece(tree: Ast, context: RewriteContext): Rewritten {
  return new Rewriting(context).run(tree)
}

class Rewriting {
  readonly #context: RewriteContext
  readonly #texts: NameTexts
  readonly #hoisted: string[] = []
  readonly #codes = new Map<FunctionNode, number>()
  readonly #closures = new Map<Closure, number>()
  #edits = new Splicer()
  /** What a `finally` block evaluates is not the value of the script. */
  #isInFinally = false

  constructor(context: RewriteContext) {
    this.#context = context
    this.#texts = new NameTexts(context)
  }

  run(tree: Ast): Rewritten {
    const { text, facts } = this.#context
    if (tree.type === 'Program') {
      for (const statement of tree.body) {
        this.#separate(statement)
        this.#topStatement(statement)
      }
    } else this.#visit(tree, false)
    const vars = new Set(facts.vars)
    for (const name of facts.functionNames) vars.delete(name)
    const lines = [...vars].flatMap((name) => {
      const holder = this.#texts.holderOfDeclared(name)
      return holder === undefined ? [] : [`if(!(${JSON.stringify(name)} in ${holder}))${holder}.${name}=void 0;`]
    })
    // An expression keeps the comments and parentheses around it.
    return { body: this.#edits.render(text, 0, text.length), prologue: [...this.#hoisted, ...lines].join('') }
  }

  #topStatement(node: Ast): void {
    const { text, generated, isShared, addCode } = this.#context
    if (node.type === 'FunctionDeclaration') {
      const name = node.id?.name ?? ''
      const holder = this.#texts.holderOfDeclared(name)
      if (addCode === undefined) {
        if (holder !== undefined) this.#hoisted.push(`${holder}.${name}=${name};`)
        return this.#function(node)
      }
      const code = this.#addCode(node)
      if (isShared?.(node) !== true && holder !== undefined) {
        this.#hoisted.push(`${holder}.${name}=${generated.codes}[${code}]();`)
      }
      return this.#edits.replace(node.start, node.end, `;${lineBreaks(text, node.start, node.end)}`)
    }
    if (node.type === 'ClassDeclaration' && this.#context.facts.lexicals.includes(node.id?.name ?? '')) {
      this.#edits.open(node.start, `${this.#texts.holderOfDeclared(node.id?.name ?? '') ?? ''}.${node.id?.name ?? ''}=`)
      this.#visitChildren(node, true)
      return this.#edits.close(node.end, ';')
    }
    this.#visit(node, true)
  }

  /** `isTop`: outside of every function, where `var` makes members. */
  #visit(node: Ast, isTop: boolean): void {
    const { facts, generated, keepsCompletion } = this.#context
    if (isFunction(node)) return this.#functionValue(node)
    switch (node.type) {
      case 'Identifier':
        return this.#name(node)
      case 'ThisExpression': {
        const use = facts.thisUses.get(node)
        if (use === 'script') this.#edits.replace(node.start, node.end, this.#texts.thisAtTop())
        if (use === 'function') {
          this.#edits.replace(node.start, node.end, this.#texts.replacementOf(node) ?? this.#texts.thisInFunction())
        }
        return
      }
      case 'Property':
        return this.#property(node, isTop)
      case 'ObjectExpression':
        return this.#object(node, isTop)
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) this.#visit(node.key, isTop)
        if (node.value) {
          if (isFunction(node.value)) this.#function(node.value)
          else this.#visit(node.value, isTop)
        }
        return
      case 'MemberExpression':
        this.#visit(node.object, isTop)
        if (node.computed) this.#visit(node.property, isTop)
        return
      case 'LabeledStatement':
        return this.#branch(node.body, isTop)
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        return
      case 'DebuggerStatement':
        return this.#edits.replace(node.start, node.end, ';')
      case 'VariableDeclaration':
        if (isTop && this.#isMember(node)) return this.#declaration(node, 'statement')
        return this.#visitChildren(node, isTop)
      case 'ExpressionStatement': {
        const wraps = keepsCompletion && isTop && !this.#isInFinally
        if (wraps) this.#edits.open(node.start, `${generated.completion}=(`)
        this.#visit(node.expression, isTop)
        if (wraps) this.#edits.close(this.#context.text[node.end - 1] === ';' ? node.end - 1 : node.end, ')')
        return
      }
      case 'AssignmentExpression':
        this.#guardIntrinsic(node.left)
        this.#visit(node.left, isTop)
        return this.#visit(node.right, isTop)
      case 'UnaryExpression':
        if (node.operator === 'delete' && this.#texts.isDeclared(node.argument)) {
          return this.#edits.replace(node.start, node.end, 'false')
        }
        return this.#visit(node.argument, isTop)
      case 'CallExpression':
        return this.#call(node, isTop)
      case 'TaggedTemplateExpression':
        this.#callee(node.tag, isTop)
        return this.#visit(node.quasi, isTop)
      case 'BlockStatement':
        if (isTop) this.#hoistInBlock(node.start + 1, node.body)
        this.#edits.open(node.start + 1, this.#enter(node))
        return this.#statements(node.body, isTop)
      case 'SwitchCase':
        if (node.test) this.#visit(node.test, isTop)
        if (isTop && node.consequent[0]) this.#hoistInBlock(node.consequent[0].start, node.consequent)
        return this.#statements(node.consequent, isTop)
      case 'IfStatement':
        this.#visit(node.test, isTop)
        this.#branch(node.consequent, isTop)
        if (node.alternate) this.#branch(node.alternate, isTop)
        return
      case 'WhileStatement':
        this.#visit(node.test, isTop)
        return this.#loopBody(node.body, isTop)
      case 'DoWhileStatement':
        this.#loopBody(node.body, isTop)
        return this.#visit(node.test, isTop)
      case 'ForStatement':
        if (node.init?.type === 'VariableDeclaration' && isTop && node.init.kind === 'var') {
          this.#declaration(node.init, 'for')
        } else if (node.init) this.#visit(node.init, isTop)
        if (node.test) this.#visit(node.test, isTop)
        if (node.update) this.#visit(node.update, isTop)
        return this.#loopBody(node.body, isTop, node)
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.left.type === 'VariableDeclaration' && isTop && node.left.kind === 'var') {
          this.#declaration(node.left, 'each')
        } else this.#visit(node.left, isTop)
        this.#visit(node.right, isTop)
        return this.#loopBody(node.body, isTop, node)
      case 'CatchClause':
        this.#catchParameter(node, isTop)
        return this.#visit(node.body, isTop)
      case 'TryStatement':
        this.#visit(node.block, isTop)
        if (node.handler) this.#visit(node.handler, isTop)
        if (node.finalizer) {
          this.#edits.open(node.finalizer.start + 1, rethrowSpent(this.#context.generated))
          const isInFinally = this.#isInFinally
          this.#isInFinally = true
          this.#visit(node.finalizer, isTop)
          this.#isInFinally = isInFinally
        }
        return
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.superClass) this.#visit(node.superClass, isTop)
        for (const member of node.body.body) this.#visit(member, isTop)
        return
      case 'StaticBlock':
        return this.#statements(node.body, false)
      default:
        return this.#visitChildren(node, isTop)
    }
  }

  #statements(statements: readonly Ast[], isTop: boolean): void {
    for (const statement of statements) {
      this.#separate(statement)
      this.#visit(statement, isTop)
    }
  }

  /** Replaced names may begin with a parenthesis, which would continue a line before that has no semicolon. */
  #separate(statement: Ast): void {
    if (statement.type !== 'ExpressionStatement') return
    let first: Ast = statement
    for (
      let next: Ast | undefined = statement;
      next !== undefined && !isFunction(next);
      next = childrenOf(first).find((child) => child.start === statement.start)
    ) {
      first = next
    }
    const isReplaced = this.#context.facts.free.has(first) || this.#context.facts.thisUses.has(first)
    if (isReplaced) this.#edits.open(statement.start, ';')
  }

  #visitChildren(node: Ast, isTop: boolean): void {
    for (const child of childrenOf(node)) {
      if (child.type === 'Identifier' && node.type === 'ClassDeclaration' && child === node.id) continue
      this.#visit(child, isTop)
    }
  }

  #name(node: Extract<Ast, { type: 'Identifier' }>): void {
    const text = this.#texts.replacementOf(node)
    if (text !== undefined) this.#edits.replace(node.start, node.end, text)
  }

  #property(node: Extract<Ast, { type: 'Property' }>, isTop: boolean): void {
    if (node.computed) this.#visit(node.key, isTop)
    if (node.method || node.kind !== 'init') {
      if (isFunction(node.value)) this.#function(node.value)
      return
    }
    if (node.shorthand) {
      const target = node.value.type === 'AssignmentPattern' ? node.value.left : node.value
      if (target.type === 'Identifier' && this.#texts.replacementOf(target) !== undefined) {
        this.#edits.open(node.start, `${target.name}:`)
      }
    }
    this.#visit(node.value, isTop)
  }

  #isMember(node: Extract<Ast, { type: 'VariableDeclaration' }>): boolean {
    if (node.kind === 'var') return true
    const [first] = node.declarations
    if (first === undefined) return false
    // `let` and `const` are members only where they stand directly in the script: there they are free names.
    const probe = first.id.type === 'Identifier' ? first.id : firstName(first.id)
    return probe !== undefined && this.#context.facts.free.has(probe)
  }

  #declaration(node: Extract<Ast, { type: 'VariableDeclaration' }>, where: 'statement' | 'for' | 'each'): void {
    const { text } = this.#context
    const [first] = node.declarations
    if (first === undefined) return
    const hasPattern = where !== 'each' && node.declarations.some(({ id }) => id.type !== 'Identifier')
    this.#edits.replace(
      node.start,
      first.start,
      (hasPattern ? 'void(' : '') + lineBreaks(text, node.start, first.start),
    )
    for (const { id, init, start, end } of node.declarations) {
      if (where === 'each') {
        this.#visit(id, true)
        if (init) this.#edits.replace(id.end, init.end, '')
      } else if (init) {
        this.#visit(id, true)
        this.#visit(init, true)
      } else if (node.kind === 'let' && id.type === 'Identifier') {
        this.#visit(id, true)
        this.#edits.close(id.end, '=void 0')
      } else this.#edits.replace(start, end, '0')
    }
    const hasEnd = text[node.end - 1] === ';'
    if (hasPattern) this.#edits.close(hasEnd && where === 'statement' ? node.end - 1 : node.end, ')')
    if (where === 'statement' && !hasEnd) this.#edits.close(node.end, ';')
  }

  /** What is caught passes the prelude first; a pattern is taken apart in the body, behind that. */
  #catchParameter({ body, param }: Extract<Ast, { type: 'CatchClause' }>, isTop: boolean): void {
    const { text, generated } = this.#context
    const charge = chargeCatch(this.#context.generated)
    if (!param) return this.#edits.open(body.start + 1, charge)
    this.#visit(param, isTop)
    if (param.type === 'Identifier') {
      const inward = `${param.name}=${generated.prelude}.inward(${param.name});`
      return this.#edits.open(body.start + 1, charge + inward + this.#enter(param))
    }
    this.#edits.open(param.start, `${generated.value}){${charge}let `)
    this.#edits.close(param.end, `=${generated.prelude}.inward(${generated.value});${this.#enter(param)}`)
    this.#edits.replace(param.end, body.start + 1, lineBreaks(text, param.end, body.start + 1))
  }

  #branch(node: Ast, isTop: boolean): void {
    if (node.type !== 'FunctionDeclaration' || !isTop) return this.#visit(node, isTop)
    this.#edits.open(node.start, '{')
    this.#hoistInBlock(node.start, [node])
    this.#function(node)
    this.#edits.close(node.end, '}')
  }

  /** Functions in blocks at script level are locals of the block and members of `$` (annex B). */
  #hoistInBlock(at: number, statements: readonly Ast[]): void {
    for (const statement of statements) {
      if (statement.type !== 'FunctionDeclaration') continue
      const name = statement.id?.name ?? ''
      const holder = this.#texts.holderOfDeclared(name)
      if (holder !== undefined) this.#edits.open(at, `${holder}.${name}=${name};`)
    }
  }

  #loopBody(body: Ast, isTop: boolean, site?: Ast): void {
    const burn = burnFuel(this.#context.generated) + (site === undefined ? '' : this.#enter(site))
    if (body.type === 'BlockStatement') {
      this.#edits.open(body.start + 1, burn)
      return this.#visit(body, isTop)
    }
    this.#edits.open(body.start, `{${burn}`)
    this.#visit(body, isTop)
    this.#edits.close(body.end, '}')
  }

  #functionValue(node: FunctionNode): void {
    const { text, facts, generated, addCode, addClosure } = this.#context
    const fact = facts.functions.get(node)
    const isMovable =
      addCode !== undefined &&
      fact !== undefined &&
      fact.isPlain &&
      !fact.captures &&
      !hasDynamicOuter(fact) &&
      node.type !== 'FunctionDeclaration'
    const closure = facts.closures.byNode.get(node)
    if (closure !== undefined && addClosure !== undefined && node.type !== 'FunctionDeclaration') {
      // Parentheses around it would come between.
      this.#edits.open(node.start, `${generated.prelude}.close(`)
      this.#function(node)
      const close = `,${this.#closureNumber(closure)},${this.#captured(closure.around)})`
      return this.#edits.close(node.end, close)
    }
    if (!isMovable) return this.#function(node)
    const code = this.#addCode(node)
    this.#edits.replace(node.start, node.end, `${generated.codes}[${code}](${lineBreaks(text, node.start, node.end)})`)
  }

  #addCode(node: FunctionNode): number {
    const { addCode } = this.#context
    const known = this.#codes.get(node)
    if (known !== undefined) return known
    const number = addCode?.(node, this.#apart(node, undefined)) ?? -1
    this.#codes.set(node, number)
    return number
  }

  #closureNumber(closure: Closure): number {
    const { addClosure } = this.#context
    const known = this.#closures.get(closure)
    if (known !== undefined) return known
    const number = addClosure?.(closure, this.#apart(closure.fact.node, closure.fact, closure.member)) ?? -1
    this.#closures.set(closure, number)
    return number
  }

  /** Text of a function that stands elsewhere. */
  #apart(node: FunctionNode, again: FunctionFact | undefined, whole: Ast = node): Spliced {
    const outer = { edits: this.#edits, again: this.#texts.again }
    this.#edits = new Splicer()
    this.#texts.again = again
    this.#function(node)
    const spliced = this.#edits.render(this.#context.text, whole.start, whole.end)
    this.#edits = outer.edits
    this.#texts.again = outer.again
    return spliced
  }

  /** Object with the captured locals of a numbered scope and of those around it. */
  #captured(scope: NameScope | undefined): string {
    const { generated } = this.#context
    if (scope?.number === undefined) return 'null'
    if (this.#texts.again !== undefined && isAround(scope, this.#texts.again)) return generated.locals
    return `${generated.captured}${scope.number}`
  }

  /** What stands where a scope begins: the object of its captured locals, and stamps of the functions it declares. */
  #enter(site: Ast): string {
    const { facts, generated, addClosure } = this.#context
    const { sites, declared } = facts.closures
    const scope = sites.get(site)
    if (scope === undefined || addClosure === undefined) return ''
    let text = ''
    if (scope.number !== undefined) {
      const members = [...scope.captured]
        .filter((name) => name !== 'arguments')
        .map((name) => this.#accessorOf(name, scope))
      const around = `__proto__:${this.#captured(numberedAround(scope))}`
      text = `const ${generated.captured}${scope.number}=${generated.prelude}.scope({${[around, ...members].join(',')}});`
    }
    for (const [name, closure] of declared.get(scope) ?? []) {
      text += `${generated.prelude}.close(${name},${this.#closureNumber(closure)},${this.#captured(closure.around)});`
    }
    return text
  }

  #accessorOf(name: string, scope: NameScope): string {
    const { value } = this.#context.generated
    if (name === 'this') return `this:${this.#texts.thisInFunction()}`
    const setter = scope.names.get(name) === true ? `,set ${name}(${value}){${name}=${value}}` : ''
    return `get ${name}(){return ${name}}${setter}`
  }

  #object(node: Extract<Ast, { type: 'ObjectExpression' }>, isTop: boolean): void {
    const { facts, generated, addClosure } = this.#context
    const closures = node.properties.flatMap((property) => {
      const closure = property.type === 'Property' ? facts.closures.byNode.get(property.value) : undefined
      return closure?.member === undefined ? [] : [closure]
    })
    const isStamped = closures.length > 0 && addClosure !== undefined
    if (isStamped) this.#edits.open(node.start, `${generated.prelude}.own(`)
    this.#visitChildren(node, isTop)
    if (!isStamped) return
    const list = closures.flatMap((closure) => {
      if (closure.member === undefined) return []
      const { key, kind } = memberOf(closure.member)
      return [`${JSON.stringify(key)},"${kind}",${this.#closureNumber(closure)},${this.#captured(closure.around)}`]
    })
    this.#edits.close(node.end, `,[${list.join(',')}])`)
  }

  #function(node: FunctionNode): void {
    const { prelude, bag, state } = this.#context.generated
    const fact = this.#context.facts.functions.get(node)
    if (node.body.type !== 'BlockStatement') {
      for (const parameter of node.params) this.#visit(parameter, false)
      const entry = this.#enter(node)
      if (entry !== '') {
        this.#edits.open(afterArrow(node, this.#context.text), `{${burnFuel(this.#context.generated)}${entry}return (`)
        this.#visit(node.body, false)
        return this.#edits.close(node.end, ')}')
      }
      this.#edits.open(node.body.start, `(--${state}.f<0&&${prelude}.spent(),`)
      this.#visit(node.body, false)
      return this.#edits.close(node.body.end, ')')
    }
    let entry = burnFuel(this.#context.generated)
    if (fact?.hasDirectEval === true) {
      const name = `${bag}${this.#texts.bags.size}`
      this.#texts.bags.set(fact, name)
      entry += `var ${name}=${prelude}.bag();`
    }
    for (const parameter of node.params) this.#visit(parameter, false)
    if (node.type === 'FunctionExpression' && node.id) entry += this.#enter(node.id)
    entry += this.#enter(node)
    const directives = node.body.body.filter((one) => one.type === 'ExpressionStatement' && one.directive !== undefined)
    const last = directives.at(-1)
    const separator = last !== undefined && this.#context.text[last.end - 1] !== ';' ? ';' : ''
    this.#edits.open(last?.end ?? node.body.start + 1, separator + entry)
    this.#statements(node.body.body, false)
  }

  #call(node: Extract<Ast, { type: 'CallExpression' }>, isTop: boolean): void {
    const { facts, names, generated, around } = this.#context
    const evaluation = facts.evals.get(node)
    if (evaluation !== undefined && names.meaningOf('eval').kind === 'intrinsic') {
      const locals = [...evaluation.locals].map(([name, isWritable]) => {
        const setter = isWritable ? `,set ${name}(${generated.value}){${name}=${generated.value}}` : ''
        return `get ${name}(){return ${name}}${setter}`
      })
      if (evaluation.hasArguments) locals.push('arguments:arguments')
      if (around !== undefined) locals.push(`__proto__:${generated.locals}`)
      const outerBag = around?.hasBag === true ? generated.bag : undefined
      const bag = evaluation.owner === undefined ? outerBag : this.#texts.bags.get(evaluation.owner)
      const self = evaluation.owner === undefined ? this.#texts.thisAtTop() : this.#texts.thisInFunction()
      this.#edits.replace(
        node.callee.start,
        node.callee.end,
        `${generated.prelude}.direct({${locals.join(',')}},${self},${bag ?? 'void 0'})`,
      )
      for (const argument of node.arguments) this.#visit(argument, isTop)
      return
    }
    this.#callee(node.callee, isTop)
    for (const argument of node.arguments) this.#visit(argument, isTop)
  }

  /** A name that became a member is still called as a name: without an object in front. */
  #callee(callee: Ast, isTop: boolean): void {
    const isMember = this.#texts.replacementOf(callee) !== undefined
    if (isMember) this.#edits.open(callee.start, '(0,')
    this.#visit(callee, isTop)
    if (isMember) this.#edits.close(callee.end, ')')
  }

  /** `Date.f = …` and `Date.prototype.f = …` go through the prelude, which protects a shared realm (E11). */
  #guardIntrinsic(left: Ast): void {
    if (left.type !== 'MemberExpression') return
    let root: Ast = left.object
    if (root.type === 'MemberExpression' && !root.computed && root.property.type === 'Identifier') {
      if (root.property.name !== 'prototype') return
      root = root.object
    }
    const free = this.#context.facts.free.get(root)
    if (free === undefined || this.#context.names.meaningOf(free.name).kind !== 'intrinsic') return
    if (free.name === 'globalThis') return
    const key = !left.computed && left.property.type === 'Identifier' ? `,${JSON.stringify(left.property.name)}` : ''
    this.#edits.open(left.object.start, `${this.#context.generated.prelude}.guard(`)
    this.#edits.close(left.object.end, `${key})`)
  }
}
