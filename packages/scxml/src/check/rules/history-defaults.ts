import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { StateNode } from '../../read/document.ts'
import type { ChartView } from '../chart-view.ts'
import type { Rule } from '../rule.ts'

/**
 * The default of a history stands inside the state that the history belongs to, and is no other history of that state:
 * entering it would go round in a circle or leave the state.
 *
 * Spec: SCXML 1.0, 3.10.
 */
export const checkHistoryDefaults: Rule = (view) =>
  view.states.filter(({ kind }) => kind === 'history').flatMap((history) => misplaced(view, history))

function misplaced(view: ChartView, history: StateNode): readonly Diagnostic[] {
  const [parent] = view.ancestorsOf(history)
  const fits = (state: StateNode): boolean => {
    const around = view.ancestorsOf(state)
    return (parent === undefined || around.includes(parent)) && !(state.kind === 'history' && around[0] === parent)
  }
  return history.transitions
    .flatMap(({ targets }) => targets)
    .flatMap((target) => {
      const found = view.statesOf(target.id)
      if (found.length === 0 || found.some(fits)) return []
      const children = (parent?.states ?? view.document.states).filter(({ kind }) => kind !== 'history')
      const inside = children
        .map(({ id }) => id)
        .slice(0, 10)
        .join(', ')
      const names = { target: target.id, history: history.id, state: parent?.id ?? 'scxml', inside }
      return [diagnose('SEG-DOC-033', target.span, names)]
    })
}
