import type { Program } from 'acorn'
import { analysePiece } from './analyse-piece.ts'
import { applicationNames, type ApplicationNames } from './application-names.ts'
import { freshNames } from './compile-scripts.ts'
import { parseScript, withinDepth } from './parse-piece.ts'
import { rewritePiece } from './rewrite-piece.ts'
import { namesUsedAsObjects } from './shared-functions.ts'

/** A text that a script evaluates while it runs. */
export interface DynamicText {
  /** What asked: `function` texts are one function made of parameters and a body. */
  readonly kind: 'eval' | 'function'
  readonly text: string
  /** Names of the locals in sight. */
  readonly locals: readonly string[]
  /** Whether its variables belong to a function, and not to `$`. */
  readonly hasBag: boolean
}

/** Names of the application, extended by what evaluated texts declare. */
export type DynamicCompiler = (dynamic: DynamicText) => { readonly code: string } | { readonly error: string }

/** Makes the compiler behind `eval` and `Function` of one program. Spec: script-rules E10. */
export function dynamicCompiler(names: ApplicationNames): DynamicCompiler {
  return ({ kind, text, locals, hasBag }) => {
    const parsed = withinDepth(parseScript(text))
    if (parsed.form === 'broken') {
      const { problem } = parsed
      return { error: problem.kind === 'syntax' ? problem.message : 'evaluated text is nested too deeply' }
    }
    if (parsed.form !== 'script') return { error: 'evaluated text is no script' }
    if (kind === 'function' && !isOneFunction(parsed.tree, text))
      return { error: 'parameters and body are no function' }
    const facts = analysePiece(parsed.tree, 'evaluated')
    const [refusal] = facts.refusals
    if (refusal !== undefined) return { error: `${refusal.construct} cannot be used in a script of a session` }
    const generated = freshNames([text, ...locals])
    const own = applicationNames({ dialect: 'orchestration', dataIds: [] }, [facts])
    const { body, prologue } = rewritePiece(parsed.tree, {
      text,
      facts,
      generated,
      prefix: '',
      keepsCompletion: true,
      names: { ...names, meaningOf: (name) => extended(names, own, name) },
      around: { locals: new Set(locals), hasBag },
    })
    const unshared = [...namesUsedAsObjects(parsed.tree, facts)]
      .filter((name) => !locals.includes(name) && names.meaningOf(name).kind === 'variable')
      .map((name) => `${generated.prelude}.unshare(${JSON.stringify(name)});`)
      .join('')
    const strict = facts.isStrict ? '"use strict";' : ''
    return {
      code:
        `(function(${generated.state},${generated.prelude}){return function(${generated.locals},${generated.bag}){` +
        `${strict}${unshared}var ${generated.completion};${prologue}\n${body.text}\n;return ${generated.completion}}})`,
    }
  }
}

/** Whether parameters and body kept to their places: neither of them closes or opens the function itself. */
function isOneFunction({ body }: Program, text: string): boolean {
  const [statement] = body
  if (body.length !== 1 || statement?.type !== 'ExpressionStatement') return false
  const made = statement.expression
  if (made.type !== 'FunctionExpression') return false
  return made.end === text.length - 1 && text.slice(made.body.start - 3, made.body.start + 2) === '\n) {\n'
}

function extended(
  names: ApplicationNames,
  own: ApplicationNames,
  name: string,
): ReturnType<ApplicationNames['meaningOf']> {
  const meaning = names.meaningOf(name)
  if (meaning.kind !== 'unknown') return meaning
  return own.meaningOf(name).kind === 'variable' ? { kind: 'variable' } : meaning
}
