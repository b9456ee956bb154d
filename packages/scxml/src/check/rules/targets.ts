import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { TargetRef } from '../../read/document.ts'
import { createSuggester } from '../nearest-name.ts'
import type { Rule } from '../rule.ts'

/** Every target of a transition, and every initial state, exists. Spec: SCXML 1.0, 3.2, 3.3 and 3.5. */
export const checkTargets: Rule = ({ document, states, statesOf, transitions }) => {
  const initial = [document.initial, ...states.map((state) => state.initial)]
  const targets = [
    ...initial.flatMap((node) => node?.targets ?? []),
    ...transitions.flatMap(({ transition }) => transition.targets),
  ]
  const suggest = createSuggester(states.filter(({ isGeneratedId }) => !isGeneratedId).map(({ id }) => id))
  return targets.filter(({ id }) => statesOf(id).length === 0).map((target) => report(target, suggest(target.id)))
}

function report(target: TargetRef, near: string | undefined): Diagnostic {
  const advice = near === undefined ? 'correct the id, or add a state of that id' : `did you mean "${near}"?`
  return diagnose('SEG-DOC-021', target.span, { target: target.id, advice })
}
