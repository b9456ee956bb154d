import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { StateNode } from '../../read/document.ts'
import type { ChartView } from '../chart-view.ts'
import type { Rule } from '../rule.ts'

/** The initial states of a state stand inside it. Spec: SCXML 1.0, 3.3 and 3.6. */
export const checkInitial: Rule = (view) => view.states.flatMap((state) => outside(view, state))

function outside(view: ChartView, state: StateNode): readonly Diagnostic[] {
  return (state.initial?.targets ?? []).flatMap((target) => {
    const found = view.statesOf(target.id)
    // An id that is used twice is reported as such.
    if (found.length === 0 || found.some((one) => view.ancestorsOf(one).includes(state))) return []
    const inside =
      state.states
        .map(({ id }) => id)
        .slice(0, 10)
        .join(', ') || 'it has none'
    return [diagnose('SEG-DOC-022', target.span, { target: target.id, state: state.id, inside })]
  })
}
