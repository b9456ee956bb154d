import { diagnose } from '../../errors.ts'
import { placeOf } from '../places.ts'
import type { Rule } from '../rule.ts'

/** Every state id is used once; each later use is an error that names the first. Spec: SCXML 1.0, 3.14. */
export const checkUniqueIds: Rule = ({ document, states, statesOf }) =>
  states.flatMap((state) => {
    const [first] = statesOf(state.id)
    if (first === undefined || first === state) return []
    return [diagnose('SEG-DOC-020', state.idSpan, { id: state.id, first: placeOf(first.idSpan, document.url) })]
  })
