import { diagnose } from '../../errors.ts'
import { prefixesOf } from '../dotted-name.ts'
import { createSuggester } from '../nearest-name.ts'
import type { Rule } from '../rule.ts'

const donePrefix = 'done.state.'

/** A transition that waits for the completion of a state names one that exists. Spec: SCXML 1.0, 3.7. */
export const checkDoneEvents: Rule = ({ states, transitions }) => {
  const known = new Set(states.flatMap(({ id }) => prefixesOf(id)))
  const suggest = createSuggester(states.map(({ id }) => id))
  return transitions
    .flatMap(({ transition }) => transition.events)
    .flatMap(({ text, span }) => {
      if (!text.startsWith(donePrefix)) return []
      const id = text.slice(donePrefix.length).replace(/\.\*?$/, '')
      if (id === '' || id === '*' || known.has(id)) return []
      const near = suggest(id)
      const advice = near === undefined ? 'correct the id' : `did you mean "${donePrefix}${near}"?`
      return [diagnose('SEG-DOC-032', span, { event: text, id, advice })]
    })
}
