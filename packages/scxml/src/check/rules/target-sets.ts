import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { diagnose } from '../../errors.ts'
import type { StateNode, TargetRef } from '../../read/document.ts'
import type { ChartView } from '../chart-view.ts'
import type { Rule } from '../rule.ts'

/**
 * Several targets of one transition can be active together.
 *
 * Cost: O(targets × depth).
 * Spec: SCXML 1.0, 3.13 "legal state configuration".
 */
export const checkTargetSets: Rule = (view) => {
  const initial = [view.document.initial, ...view.states.map((state) => state.initial)]
  const sets = [
    ...initial.map((node) => node?.targets ?? []),
    ...view.transitions.map(({ transition }) => transition.targets),
  ]
  return sets.filter((targets) => targets.length > 1).flatMap((targets) => firstConflict(view, targets))
}

function firstConflict(view: ChartView, targets: readonly TargetRef[]): readonly Diagnostic[] {
  const targeted = new Map<StateNode, TargetRef>()
  // Which child an earlier target makes active in each state around it; `undefined` is the document.
  const chosen = new Map<StateNode | undefined, { readonly child: StateNode; readonly by: TargetRef }>()
  for (const target of targets) {
    const [state] = view.statesOf(target.id)
    if (state === undefined || targeted.has(state)) continue
    const around = view.ancestorsOf(state)
    let conflict = chosen.get(state)?.by
    let child = state
    for (const parent of [...around, undefined]) {
      const earlier = chosen.get(parent)
      const isOtherChild = parent?.kind !== 'parallel' && earlier !== undefined && earlier.child !== child
      conflict ??= isOtherChild ? earlier.by : parent === undefined ? undefined : targeted.get(parent)
      if (earlier === undefined) chosen.set(parent, { child, by: target })
      if (parent !== undefined) child = parent
    }
    if (conflict !== undefined) {
      return [diagnose('SEG-DOC-023', target.span, { first: conflict.id, second: target.id })]
    }
    targeted.set(state, target)
  }
  return []
}
