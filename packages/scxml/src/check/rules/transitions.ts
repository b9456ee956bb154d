import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { StateNode } from '../../read/document.ts'
import type { Rule } from '../rule.ts'

/** A history has exactly one transition, without trigger; every other transition has a trigger or a target. */
export const checkTransitions: Rule = ({ states }) =>
  states.flatMap((state) => (state.kind === 'history' ? checkHistory(state) : checkTriggers(state)))

/** Spec: SCXML 1.0, 3.10. */
function checkHistory(state: StateNode): readonly Diagnostic[] {
  const [transition, ...others] = state.transitions
  if (transition === undefined || others.length > 0 || transition.targets.length === 0) {
    return [diagnose('SEG-DOC-027', state.idSpan, { element: 'history' })]
  }
  const found: Diagnostic[] = []
  const [event] = transition.events
  const wrong = { element: 'history' }
  if (event !== undefined) found.push(diagnose('SEG-DOC-026', event.span, { ...wrong, attribute: 'event' }))
  if (transition.cond !== undefined) {
    found.push(diagnose('SEG-DOC-026', transition.cond.span, { ...wrong, attribute: 'cond' }))
  }
  return found
}

/** Spec: SCXML 1.0, 3.5. */
function checkTriggers(state: StateNode): readonly Diagnostic[] {
  return state.transitions
    .filter(({ events, cond, targets }) => events.length === 0 && cond === undefined && targets.length === 0)
    .map(({ span }) => diagnose('SEG-DOC-028', span))
}
