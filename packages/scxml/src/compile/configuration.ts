import { keyOf, membersOf } from './bits.ts'
import type { Bits } from './bits.ts'
import type { Chart, ChartState, ChartTransition } from './chart.ts'
import { matchesName, splitDescriptor } from './event-descriptor.ts'

/**
 * A configuration of a chart, made once and shared by all sessions that are in it, with what was found out about it:
 * candidates per event and plans of microsteps.
 */
export interface Configuration {
  readonly bits: Bits
  /** Active states in document order, without the document. */
  readonly states: readonly ChartState[]
  readonly ids: readonly string[]
  /** Active states that have invocations. */
  readonly invoking: readonly ChartState[]
  readonly byEvent: Map<string, Candidates>
  readonly eventless: Candidates
  /** Root of the tree of microsteps, by transition index. */
  readonly microsteps: Map<number, MicrostepPlan>
}

/** Transitions that an event can enable: per atomic state in document order, inner states first. */
export interface Candidates {
  readonly groups: readonly (readonly ChartTransition[])[]
  /** A guarded transition stands in several groups: its guard is evaluated once only. */
  readonly isShared: boolean
}

/** What a microstep with these transitions does; what follows from them is kept when no history decides it. */
export interface MicrostepPlan {
  readonly transitions: readonly ChartTransition[]
  /** The transitions without those that are pre-empted by another one. */
  compatible: readonly ChartTransition[] | undefined
  exit: ExitPlan | undefined
  entry: EntryPlan | undefined
  readonly longer: Map<number, MicrostepPlan>
}

export interface ExitPlan {
  /** In exit order. */
  readonly states: readonly ChartState[]
  /** History index and what it stores. */
  readonly histories: readonly { readonly history: number; readonly states: readonly number[] }[]
}

export interface EntryPlan {
  /** In entry order. */
  readonly states: readonly ChartState[]
  readonly statesForDefaultEntry: Bits
  /** Default transitions of histories by index of the state whose entry runs them. */
  readonly defaultHistoryContent: ReadonlyMap<number, ChartTransition>
  readonly next: Configuration
}

/** Configurations of a chart that are known; emptied when full. */
export type ChartMemo = Map<string, Configuration>

const maxConfigurations = 4096
const maxEventsPerConfiguration = 256
const maxPlansPerLevel = 256

/** The shared configuration with these members. */
export function configurationOf(chart: Chart, bits: Bits): Configuration {
  const key = keyOf(bits)
  const known = chart.memo.get(key)
  if (known !== undefined) return known
  const states = membersOf(bits).flatMap((index) => chart.states[index] ?? [])
  const configuration: Configuration = {
    bits: [...bits],
    states,
    ids: states.map((state) => state.id),
    invoking: states.filter((state) => state.invokes.length > 0),
    byEvent: new Map(),
    eventless: candidates(chart, states, (transition) => transition.events.length === 0),
    microsteps: new Map(),
  }
  if (chart.memo.size >= maxConfigurations) chart.memo.clear()
  chart.memo.set(key, configuration)
  return configuration
}

/**
 * Transitions that an event of this name can enable.
 *
 * Spec: in the orchestration dialect a descriptor that matches `error.execution` matches every error of the engine.
 */
export function candidatesFor(
  chart: Chart,
  configuration: Configuration,
  name: string,
  isEngineError: boolean,
): Candidates {
  const widened = isEngineError && chart.origin.dialect === 'orchestration'
  const key = widened ? `!${name}` : name
  const known = configuration.byEvent.get(key)
  if (known !== undefined) return known
  const found = candidates(chart, configuration.states, ({ events }) =>
    events.some(
      (descriptor) => matchesName(descriptor, name) || (widened && matchesName(descriptor, executionError.prefix)),
    ),
  )
  if (configuration.byEvent.size >= maxEventsPerConfiguration) configuration.byEvent.clear()
  configuration.byEvent.set(key, found)
  return found
}

const executionError = splitDescriptor('error.execution')

/** The plan for these transitions, kept in a tree by transition index. */
export function planFor(configuration: Configuration, transitions: readonly ChartTransition[]): MicrostepPlan {
  let plan = noPlan
  let level = configuration.microsteps
  for (let depth = 0; depth < transitions.length; depth += 1) {
    const index = transitions[depth]?.index ?? -1
    const known = level.get(index)
    plan = known ?? newPlan(transitions.slice(0, depth + 1))
    if (known === undefined) {
      if (level.size >= maxPlansPerLevel) level.clear()
      level.set(index, plan)
    }
    level = plan.longer
  }
  return plan
}

const noPlan = newPlan([])

function newPlan(transitions: readonly ChartTransition[]): MicrostepPlan {
  return { transitions, compatible: undefined, exit: undefined, entry: undefined, longer: new Map() }
}

function candidates(
  chart: Chart,
  states: readonly ChartState[],
  isCandidate: (transition: ChartTransition) => boolean,
): Candidates {
  const groups: ChartTransition[][] = []
  const seen = new Set<ChartTransition>()
  let isShared = false
  for (const state of states) {
    if (state.kind !== 'atomic' && state.kind !== 'final') continue
    const group: ChartTransition[] = []
    for (const index of [state.index, ...state.ancestorList]) {
      for (const transition of chart.states[index]?.transitions ?? []) {
        if (!isCandidate(transition)) continue
        if (seen.has(transition) && transition.cond !== undefined) isShared = true
        seen.add(transition)
        group.push(transition)
      }
    }
    if (group.length > 0) groups.push(group)
  }
  return { groups, isShared }
}
