import { diagnose } from '../../errors.ts'
import type { Document, StateNode, TargetRef } from '../../read/document.ts'
import type { ChartView } from '../chart-view.ts'
import { isFragment } from '../fragment.ts'
import type { Rule } from '../rule.ts'

/**
 * Some way leads from the start of the document to every state, whatever conditions say. Of a part that nothing leads
 * to only the outermost states are reported. Nothing is said about a fragment for other documents, which decide where
 * it is entered, nor about a document with a wrong target, of which it would only follow.
 *
 * Cost: O(states × depth + transitions).
 * Spec: SCXML 1.0, appendix D, addDescendantStatesToEnter and addAncestorStatesToEnter.
 */
export const checkReach: Rule = (view) => {
  const { document, states, ancestorsOf } = view
  const first = document.states.find(({ kind }) => kind !== 'history')
  const start = document.initial === undefined ? [first] : statesAt(view, document.initial.targets)
  // What ends where it begins cannot be meant to run by itself.
  const endsAtOnce = start.every((state) => state === undefined || state.kind === 'final')
  if (endsAtOnce || isFragment(document) || hasWrongTarget(view)) return []
  const reached = reachedFrom(view, start)
  return states
    .filter((state) => {
      const [parent] = ancestorsOf(state)
      return !reached.has(state) && (parent === undefined || reached.has(parent)) && !isSpare(document, state)
    })
    .map((state) => {
      const name = state.isGeneratedId ? `${state.kind} without id` : state.id
      return diagnose('SEG-DOC-034', state.idSpan, { state: name })
    })
}

/**
 * Ends, and states that a page generator names with an underscore: generators write them whether they are needed or
 * not.
 */
function isSpare({ dialect }: Document, { id, kind, prefix }: StateNode): boolean {
  const name = prefix !== '' && id.startsWith(`${prefix}.`) ? id.slice(prefix.length + 1) : id
  return kind === 'final' || (dialect === 'orchestration' && name.startsWith('_'))
}

function hasWrongTarget({ document, states, statesOf, transitions }: ChartView): boolean {
  const sets = [document.initial, ...states.map(({ initial }) => initial)].map((node) => node?.targets ?? [])
  return [...sets, ...transitions.map(({ transition }) => transition.targets)].some((targets) =>
    targets.some(({ id }) => statesOf(id).length === 0),
  )
}

function reachedFrom(view: ChartView, start: readonly (StateNode | undefined)[]): ReadonlySet<StateNode> {
  const reached = new Set<StateNode>()
  // States of which all children, or those of the initial transition, are entered too.
  const expanded = new Set<StateNode>()
  // States with a shallow history that is reached; `undefined` is the document.
  const remembering = new Set<StateNode | undefined>()
  const waiting = [...start]
  const reach = (state: StateNode): void => {
    if (reached.has(state)) return
    reached.add(state)
    const [parent] = view.ancestorsOf(state)
    // A shallow history brings back any child that was active, and enters it as a target.
    if (state.historyType === 'shallow' && !remembering.has(parent)) {
      remembering.add(parent)
      waiting.push(...(parent?.states ?? view.document.states).filter((one) => reached.has(one)))
    } else if (remembering.has(parent)) waiting.push(state)
    for (const transition of state.transitions) waiting.push(...statesAt(view, transition.targets))
  }
  for (let count = 0; count < waiting.length; count += 1) {
    const state = waiting[count]
    if (state === undefined || expanded.has(state)) continue
    expanded.add(state)
    reach(state)
    waiting.push(...entered(view, state))
    for (const around of view.ancestorsOf(state)) {
      if (reached.has(around) && (around.kind !== 'parallel' || expanded.has(around))) continue
      reach(around)
      if (around.kind === 'parallel') waiting.push(around)
    }
  }
  return reached
}

/** What is entered together with a state that is a target itself. */
function entered(view: ChartView, state: StateNode): readonly (StateNode | undefined)[] {
  const children = state.states.filter(({ kind }) => kind !== 'history')
  if (state.kind === 'parallel') return children
  return state.initial === undefined ? children.slice(0, 1) : statesAt(view, state.initial.targets)
}

function statesAt(view: ChartView, targets: readonly TargetRef[]): readonly StateNode[] {
  return targets.flatMap(({ id }) => view.statesOf(id))
}
