import { diagnose } from '../../errors.ts'
import type { ActionNode, StateNode } from '../../read/document.ts'
import type { ChartView } from '../chart-view.ts'
import { withNested } from '../chart-view.ts'
import { waitsFor } from '../event-match.ts'
import { isFragment } from '../fragment.ts'
import type { Rule } from '../rule.ts'

const failed = 'error.queue.submit'
const done = 'queue.submit.done'

/**
 * A `queue:submit` that finds nobody in time has a way on: where the session may be while it waits, some transition
 * takes `error.queue.submit`. Also regions beside it count, and states that it goes to before an answer. Nothing is said
 * about a fragment: the document around it may take the event.
 *
 * Spec: queue §9.
 */
export const checkSubmitErrors: Rule = (view) => {
  if (isFragment(view.document)) return []
  return view.states
    .flatMap((state) => [
      ...startedBy(
        state.onentry.flatMap(({ content }) => withNested(content)),
        [state],
      ),
      ...state.transitions.flatMap(({ content, targets }) => {
        const next = targets.flatMap(({ id }) => view.statesOf(id))
        return startedBy(withNested(content), next.length === 0 ? [state] : next)
      }),
    ])
    .slice(0, maxLookedAt)
    .filter(({ waiting }) => waiting.length > 0 && !isAnswered(view, waiting))
    .map(({ submit }) => diagnose('SEG-DOC-037', submit.span))
}

/** Submits that are looked at: the cost of each grows with the document. */
const maxLookedAt = 200

interface StartedSubmit {
  readonly submit: ActionNode
  /** Where the session is afterwards. */
  readonly waiting: readonly StateNode[]
}

function startedBy(content: ReturnType<typeof withNested>, waiting: readonly StateNode[]): readonly StartedSubmit[] {
  return content.flatMap((node) =>
    node.kind === 'action' && node.module === 'queue' && node.spec.name === 'submit' ? [{ submit: node, waiting }] : [],
  )
}

function isAnswered(view: ChartView, waiting: readonly StateNode[]): boolean {
  const seen = new Set<StateNode>()
  const open = [...waiting]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue
    seen.add(state)
    if (state.transitions.some((transition) => waitsFor(transition, failed))) return true
    open.push(...view.ancestorsOf(state), ...descendantsBeside(view, state, seen))
    for (const transition of state.transitions) {
      if (!waitsFor(transition, done)) open.push(...transition.targets.flatMap(({ id }) => view.statesOf(id)))
    }
  }
  return false
}

/** States inside of a state that was entered itself, and all regions of a parallel state. */
function descendantsBeside(view: ChartView, state: StateNode, seen: ReadonlySet<StateNode>): readonly StateNode[] {
  const cameFromInside = state.states.some((child) => seen.has(child))
  return cameFromInside && state.kind !== 'parallel' ? [] : state.states
}
