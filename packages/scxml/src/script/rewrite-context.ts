import type { ApplicationNames } from './application-names.ts'
import type { PieceFacts } from './analyse-piece.ts'
import type { Closure } from './closures.ts'
import type { FunctionNode } from './scope.ts'
import type { Spliced } from './splice.ts'

/** Names that the generated text uses for itself; chosen so that no script of the application has them. */
export interface GeneratedNames {
  /** State: `v` variables, `d` data, `e` event, `f` fuel… */
  readonly state: string
  /** Functions of the prelude. */
  readonly prelude: string
  /** Factories of functions by number. */
  readonly codes: string
  /** Completion value of a script that stands for a value. */
  readonly completion: string
  /** Bag of variables made by `eval` in a function; a number follows. */
  readonly bag: string
  /** Accessors of the locals that evaluated text sees. */
  readonly locals: string
  readonly value: string
  /** Object for the captured locals of a scope; a number follows. */
  readonly captured: string
  /** Functions that make a closure again, by number. */
  readonly closures: string
}

export interface RewriteContext {
  readonly text: string
  readonly facts: PieceFacts
  readonly names: ApplicationNames
  readonly generated: GeneratedNames
  /** `_my_prefix` of the piece. */
  readonly prefix: string
  readonly keepsCompletion: boolean
  /** Takes the text of a function that can be made anywhere and gives its number; absent in evaluated text. */
  readonly addCode?: (node: FunctionNode, text: Spliced) => number
  /** Takes the text that makes a function from the object of its captured locals, and gives its number. */
  readonly addClosure?: (closure: Closure, text: Spliced) => number
  /** Declarations whose functions exist once per application version. */
  readonly isShared?: (node: FunctionNode) => boolean
  /** Locals around evaluated text, and whether its variables go to a bag (E10). */
  readonly around?: { readonly locals: ReadonlySet<string>; readonly hasBag: boolean }
}

export interface Rewritten {
  readonly body: Spliced
  /** Statements that hoist what the script declares (E5). */
  readonly prologue: string
}
