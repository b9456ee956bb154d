import type { Document, Executable, StateNode, TransitionNode } from '../read/document.ts'

/** A document as the rules look at it. */
export interface ChartView {
  readonly document: Document
  /** Every state in document order. */
  readonly states: readonly StateNode[]
  /** States of an id; more than one when the id is not unique. */
  statesOf(id: string): readonly StateNode[]
  /** The states around a state, the innermost first. */
  ancestorsOf(state: StateNode): readonly StateNode[]
  readonly transitions: readonly PlacedTransition[]
  /** Every piece of executable content in document order, also nested ones. */
  readonly executables: readonly Executable[]
}

export interface PlacedTransition {
  readonly source: StateNode
  readonly transition: TransitionNode
}

/** Walks a document once. Cost: O(size of the document). */
export function viewChart(document: Document): ChartView {
  const states: StateNode[] = []
  const byId = new Map<string, StateNode[]>()
  const parents = new Map<StateNode, StateNode>()
  const visit = (state: StateNode, parent: StateNode | undefined): void => {
    states.push(state)
    if (parent !== undefined) parents.set(state, parent)
    const same = byId.get(state.id)
    if (same === undefined) byId.set(state.id, [state])
    else same.push(state)
    for (const child of state.states) visit(child, state)
  }
  for (const state of document.states) visit(state, undefined)
  const executables: Executable[] = []
  collect(document.initial?.content ?? [], executables)
  for (const state of states) for (const content of contentsOf(state)) collect(content, executables)
  return {
    document,
    states,
    statesOf: (id) => byId.get(id) ?? [],
    ancestorsOf(state) {
      const found: StateNode[] = []
      for (let at = parents.get(state); at !== undefined; at = parents.get(at)) found.push(at)
      return found
    },
    transitions: states.flatMap((source) => source.transitions.map((transition) => ({ source, transition }))),
    executables,
  }
}

function contentsOf(state: StateNode): readonly (readonly Executable[])[] {
  return [
    state.initial?.content ?? [],
    ...[...state.onentry, ...state.onexit].map(({ content }) => content),
    ...state.transitions.map(({ content }) => content),
    ...state.invokes.map(({ finalize }) => finalize?.content ?? []),
  ]
}

/** Executable content with everything that is nested in it, in document order. */
export function withNested(content: readonly Executable[]): readonly Executable[] {
  const found: Executable[] = []
  collect(content, found)
  return found
}

function collect(content: readonly Executable[], into: Executable[]): void {
  for (const one of content) {
    into.push(one)
    if (one.kind === 'if') for (const branch of one.branches) collect(branch.content, into)
    if (one.kind === 'foreach') collect(one.content, into)
  }
}
