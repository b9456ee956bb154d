import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { StateNode, TransitionNode } from '../../read/document.ts'
import { prefixesOf } from '../dotted-name.ts'
import { stemOf } from '../event-match.ts'
import { placeOf } from '../places.ts'
import type { Rule } from '../rule.ts'

/**
 * No earlier transition of the same state, without a condition, takes everything that a transition waits for: in one
 * state the first that is enabled wins.
 *
 * Spec: SCXML 1.0, appendix D, selectTransitions.
 */
export const checkShadowed: Rule = ({ document, states }) =>
  states.filter(({ kind }) => kind !== 'history').flatMap((state) => shadowed(state, document.url))

function shadowed(state: StateNode, documentUrl: string): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  const winners = new Map<string, TransitionNode>()
  let eventless: TransitionNode | undefined
  const places = new Map<TransitionNode, string>()
  const earlierAt = (winner: TransitionNode): string => {
    const place = places.get(winner) ?? placeOf(winner.span, documentUrl)
    places.set(winner, place)
    return place
  }
  for (const transition of state.transitions) {
    const { events, cond } = transition
    if (events.length === 0) {
      if (eventless !== undefined) {
        found.push(diagnose('SEG-DOC-035', transition.span, { earlier: earlierAt(eventless), event: '' }))
      } else if (cond === undefined) eventless = transition
      continue
    }
    for (const { text, span } of events) {
      const winner = winnerOf(winners, stemOf(text))
      if (winner === undefined) continue
      found.push(diagnose('SEG-DOC-035', span, { earlier: earlierAt(winner), event: ` for "${text}"` }))
    }
    if (cond === undefined) for (const { text } of events) winners.set(stemOf(text), transition)
  }
  return found
}

function winnerOf(winners: ReadonlyMap<string, TransitionNode>, stem: string): TransitionNode | undefined {
  for (const prefix of [...prefixesOf(stem), '']) {
    const winner = winners.get(prefix)
    if (winner !== undefined) return winner
  }
  return undefined
}
