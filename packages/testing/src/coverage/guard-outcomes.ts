import type { Chart, ChartState, ChartTransition } from '@segue/scxml'
import type { TraceEntry } from '../session-view.ts'
import { matchesEvent, transitionOf } from './chart-of-record.ts'

/** What a trace tells of guards and of events in states. */
export interface OutcomeListener {
  /** A guard was evaluated. */
  guard(transition: ChartTransition, outcome: boolean): void
  /** An event was looked at in an active atomic state. */
  event(state: ChartState, name: string, isTaken: boolean): void
}

/** Where the trace stands inside of a microstep. */
type Phase = 'rest' | 'exits' | 'transitions' | 'enters'

/** A selection of transitions that the trace has not decided yet. */
interface Selection {
  /** `undefined`: of event-less transitions. */
  readonly event: string | undefined
  readonly isPlatform: boolean
  readonly active: ReadonlySet<number>
  readonly taken: Set<ChartTransition>
}

/**
 * Tells how guards came out, read from what the engine recorded: transitions in front of the one that was taken had a
 * false guard, and so had all that fit when none was taken. A guard whose transition may have lost against another
 * region is not judged.
 *
 * Order: as in the trace. Spec: SCXML 1.0, appendix D, selectTransitions.
 */
export function guardOutcomes(chart: Chart, trace: readonly TraceEntry[], listener: OutcomeListener): void {
  const active = new Set<number>()
  let selection: Selection | undefined
  let phase: Phase = 'rest'
  /** Configuration before the states of the present microstep were left. */
  let before: ReadonlySet<number> = new Set()

  const isInMicrostep = (): boolean => phase === 'transitions' || phase === 'enters'
  const open = (event: string | undefined, from: ReadonlySet<number>, isPlatform = false): void => {
    selection = { event, isPlatform, active: new Set(from), taken: new Set() }
  }
  const close = (): void => {
    if (selection !== undefined) judge(chart, selection, listener)
    selection = undefined
  }
  /** A microstep is over: event-less transitions are looked at next. */
  const endMicrostep = (): void => {
    if (!isInMicrostep()) return
    close()
    open(undefined, active)
    phase = 'rest'
  }
  const takeTransition = (entry: TraceEntry): void => {
    const transition = transitionOf(chart, entry)
    const event = typeof entry['event'] === 'string' ? entry['event'] : undefined
    const isNext = phase === 'enters' || (phase === 'transitions' && isOver(selection, event, transition))
    if (isNext) endMicrostep()
    if (phase === 'rest') before = new Set(active)
    if (selection === undefined || (selection.event !== event && phase !== 'transitions')) {
      close()
      open(event, before)
    }
    if (transition !== undefined) selection?.taken.add(transition)
    phase = 'transitions'
  }

  for (const entry of trace) {
    switch (entry.kind) {
      case 'event':
        endMicrostep()
        close()
        open(String(entry['name']), active, entry['type'] === 'platform')
        phase = 'rest'
        break
      case 'exit':
        endMicrostep()
        if (phase === 'rest') before = new Set(active)
        phase = 'exits'
        active.delete(chart.indexOf.get(String(entry['state'])) ?? -1)
        break
      case 'transition':
        takeTransition(entry)
        break
      case 'enter':
        active.add(chart.indexOf.get(String(entry['state'])) ?? -1)
        phase = 'enters'
        break
      case 'done':
        // Leaving everything is no selection.
        if (isInMicrostep()) close()
        selection = undefined
        phase = 'rest'
        break
      default:
    }
  }
  endMicrostep()
  close()
}

/** Whether a transition cannot belong to the microstep that has begun. */
function isOver(
  selection: Selection | undefined,
  event: string | undefined,
  transition: ChartTransition | undefined,
): boolean {
  if (selection === undefined || selection.event !== event) return true
  return transition !== undefined && selection.taken.has(transition)
}

function judge(chart: Chart, selection: Selection, listener: OutcomeListener): void {
  const told = new Set<ChartTransition>()
  const tell = (transition: ChartTransition, outcome: boolean): void => {
    if (transition.cond === undefined || told.has(transition)) return
    told.add(transition)
    listener.guard(transition, outcome)
  }
  for (const index of selection.active) {
    const state = chart.states[index]
    if (state === undefined || state.children.some((child) => selection.active.has(child))) continue
    const group = [index, ...state.ancestorList]
      .flatMap((own) => chart.states[own]?.transitions ?? [])
      .filter((transition) => matchesEvent(transition, selection.event, selection.isPlatform))
    const position = group.findIndex((transition) => selection.taken.has(transition))
    if (selection.event !== undefined) listener.event(state, selection.event, position >= 0)
    for (const transition of position >= 0 ? group.slice(0, position) : undecided(chart, group, selection))
      tell(transition, false)
    const taken = group[position]
    if (taken !== undefined) tell(taken, true)
  }
}

/** Transitions of a state that took none, up to the first one that may have been enabled and lost. */
function undecided(chart: Chart, group: readonly ChartTransition[], { taken }: Selection): readonly ChartTransition[] {
  const end = group.findIndex(
    (transition) => transition.cond === undefined || [...taken].some((other) => mayConflict(chart, transition, other)),
  )
  return end < 0 ? group : group.slice(0, end)
}

/** Whether the exit sets of two transitions may meet: the domain of one lies inside that of the other. */
function mayConflict(chart: Chart, one: ChartTransition, other: ChartTransition): boolean {
  if (one.targets.length === 0 || other.targets.length === 0) return false
  const [a, b] = [domainOf(chart, one), domainOf(chart, other)]
  return a === b || isInside(chart, a, b) || isInside(chart, b, a)
}

function domainOf(chart: Chart, { isInternal, source, targets }: ChartTransition): number {
  const state = chart.states[source]
  const holds = (index: number): boolean => targets.every((target) => isInside(chart, target, index))
  if (isInternal && state?.kind === 'compound' && holds(source)) return source
  const ancestors = state?.ancestorList ?? []
  return ancestors.find((index) => chart.states[index]?.kind !== 'parallel' && holds(index)) ?? 0
}

function isInside(chart: Chart, index: number, outer: number): boolean {
  return chart.states[index]?.ancestorList.includes(outer) === true
}
