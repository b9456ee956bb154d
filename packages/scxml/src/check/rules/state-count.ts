import { diagnose } from '../../errors.ts'
import type { Rule } from '../rule.ts'

/** A document has at least one state and at most `maxStates`. */
export const checkStateCount: Rule = ({ document, states }, { maxStates }) => {
  if (states.length === 0) return [diagnose('SEG-DOC-031', document.span)]
  const first = states[maxStates]
  return first === undefined ? [] : [diagnose('SEG-DOC-018', first.idSpan, { limit: maxStates })]
}
