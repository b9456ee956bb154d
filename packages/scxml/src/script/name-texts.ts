import type { FreeName } from './analyse-piece.ts'
import type { Meaning } from './application-names.ts'
import type { Captured } from './closures.ts'
import { replacedIntrinsics } from './names.ts'
import type { Ast } from './parse-piece.ts'
import type { RewriteContext } from './rewrite-context.ts'
import { isAround } from './rewrite-questions.ts'
import type { FunctionFact } from './scope.ts'

/** What each name of a piece becomes in the program. Spec: script-rules E3–E6, E10. */
export class NameTexts {
  readonly #context: RewriteContext
  /** Names of the bags that `eval` fills, by function. */
  readonly bags = new Map<FunctionFact, string>()
  /** The function that is written to be made again: what it captures stands in an object. */
  again: FunctionFact | undefined

  constructor(context: RewriteContext) {
    this.#context = context
  }

  replacementOf(node: Ast): string | undefined {
    const { facts } = this.#context
    const free = facts.free.get(node)
    if (free !== undefined) return this.#textOf(free)
    const captured = facts.closures.captures.get(node)
    if (captured === undefined || this.again === undefined || !isAround(captured.scope, this.again)) return undefined
    return this.#capturedText(captured)
  }

  #capturedText({ name, scope, use }: Captured): string {
    const { prelude, locals } = this.#context.generated
    const isWrite = use === 'write' || use === 'update'
    if (!isWrite || scope.names.get(name) !== false) return `${locals}.${name}`
    // The own name of a function expression cannot be written, and nobody is told.
    return scope.site?.type === 'Identifier' ? `${prelude}.sink` : `${prelude}.constant`
  }

  /** What a free name becomes; `undefined` leaves it as it is. */
  #textOf(free: FreeName): string | undefined {
    const { names, generated, around, prefix } = this.#context
    const { name, use } = free
    const quoted = JSON.stringify(name)
    if (around?.locals.has(name) === true) return `${generated.locals}.${name}`
    const meaning = names.meaningOf(name)
    switch (meaning.kind) {
      case 'system':
        if (use === 'write' || use === 'update') return `${generated.prelude}.sink`
        if (meaning.system.kind === 'prefix') return JSON.stringify(prefix)
        return `${meaning.system.kind === 'state' ? generated.state : generated.prelude}.${meaning.system.member}`
      case 'intrinsic':
        if (name === 'globalThis') return `${generated.state}.v`
        return replacedIntrinsics.includes(name) ? `${generated.prelude}.${name}` : undefined
      case 'variable':
      case 'datum':
      case 'unknown': {
        const holder = this.#holder(meaning)
        const isChecked = meaning.kind === 'unknown' && (use === 'read' || use === 'update')
        const missing = `${generated.prelude}.missing(${quoted})`
        const tests = this.#bagsOf(free).map((bag) => `${quoted} in ${bag}?${bag}:`)
        if (tests.length > 0) {
          const last = isChecked ? `${quoted} in ${holder}?${holder}:${missing}` : holder
          return `(${tests.join('')}${last}).${name}`
        }
        if (!isChecked) return `${holder}.${name}`
        return use === 'read'
          ? `(${quoted} in ${holder}?${holder}.${name}:${missing})`
          : `(${quoted} in ${holder}?${holder}:${missing}).${name}`
      }
    }
  }

  #bagsOf(free: FreeName): readonly string[] {
    const bags = free.dynamicOwners.flatMap((owner) => this.bags.get(owner) ?? [])
    return this.#context.around?.hasBag === true ? [...bags, this.#context.generated.bag] : bags
  }

  #holder(meaning: Meaning): string {
    return `${this.#context.generated.state}.${meaning.kind === 'datum' ? 'd' : 'v'}`
  }

  /** Object that keeps a name declared at script level; `undefined` for system names, whose declaration is ignored. */
  holderOfDeclared(name: string): string | undefined {
    const { names, generated, around } = this.#context
    if (around?.locals.has(name) === true) return generated.locals
    const meaning = names.meaningOf(name)
    if (meaning.kind === 'system') return undefined
    return around?.hasBag === true ? generated.bag : this.#holder(meaning)
  }

  thisAtTop(): string {
    return this.#context.around === undefined ? `${this.#context.generated.state}.v` : 'this'
  }

  thisInFunction(): string {
    const { prelude, state } = this.#context.generated
    return `(this===${prelude}.global?${state}.v:this)`
  }

  isDeclared(node: Ast): boolean {
    const { facts, names, around } = this.#context
    const free = facts.free.get(node)
    if (free === undefined && this.replacementOf(node) !== undefined) return true
    if (free === undefined || around?.locals.has(free.name) === true || free.dynamicOwners.length > 0) return false
    return names.declared.has(free.name) && names.meaningOf(free.name).kind === 'variable'
  }
}
