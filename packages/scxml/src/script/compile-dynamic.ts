import { analysePiece } from './analyse-piece.ts'
import { applicationNames, type ApplicationNames } from './application-names.ts'
import { freshNames } from './compile-scripts.ts'
import { parseScript, withinDepth } from './parse-piece.ts'
import { rewritePiece } from './rewrite-piece.ts'

/** A text that a script evaluates while it runs. */
export interface DynamicText {
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
  return ({ text, locals, hasBag }) => {
    const parsed = withinDepth(parseScript(text))
    if (parsed.form === 'broken') {
      const { problem } = parsed
      return { error: problem.kind === 'syntax' ? problem.message : 'evaluated text is nested too deeply' }
    }
    if (parsed.form !== 'script') return { error: 'evaluated text is no script' }
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
    const strict = facts.isStrict ? '"use strict";' : ''
    return {
      code:
        `(function(${generated.state},${generated.prelude}){return function(${generated.locals},${generated.bag}){` +
        `${strict}var ${generated.completion};${prologue}\n${body.text}\n;return ${generated.completion}}})`,
    }
  }
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
