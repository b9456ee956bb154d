import type { Chart, ChartState, ChartTransition } from '@segue/scxml'
import type { SessionView, TraceEntry } from '../session-view.ts'
import { eventsText, transitionOf } from './chart-of-record.ts'
import { guardOutcomes } from './guard-outcomes.ts'

/** A state and how often it was entered. */
export interface StateCoverage {
  readonly state: ChartState
  readonly entered: number
}

/** A transition, how often it was taken, and how its guard came out. */
export interface TransitionRow {
  readonly transition: ChartTransition
  /** `state:line event → targets` */
  readonly text: string
  readonly taken: number
  /** `undefined` without a guard. */
  readonly guard: { readonly wasTrue: number; readonly wasFalse: number } | undefined
}

/** Delayed sends of one event. */
export interface TimerCoverage {
  readonly event: string
  readonly started: number
  readonly fired: number
  readonly cancelled: number
  /** Gone with their session. */
  readonly ended: number
}

/** An event in an active atomic state. */
export interface EventInState {
  readonly state: string
  readonly event: string
  readonly taken: number
  readonly ignored: number
}

/** What scenarios have covered of one document. */
export interface ApplicationCoverage {
  readonly url: string
  readonly name: string
  readonly chart: Chart
  readonly sessions: number
  readonly states: readonly StateCoverage[]
  readonly transitions: readonly TransitionRow[]
  readonly timers: readonly TimerCoverage[]
  readonly eventsInStates: readonly EventInState[]
}

/** Covered and all of one kind. */
export interface Share {
  readonly covered: number
  readonly all: number
}

/** Collects from many sessions what they have covered of their charts. */
export interface ChartCoverage {
  add(session: Pick<SessionView, 'trace' | 'url'>, chart: Chart): void
  /** A document that no session may have run. */
  know(url: string, chart: Chart): void
  isKnown(url: string): boolean
  /** In the order in which documents came. */
  applications(): readonly ApplicationCoverage[]
}

/** Begins to collect. Everything is read from the trace; guards and timers need the level `full`. */
export function chartCoverage(): ChartCoverage {
  const collected = new Map<string, Collected>()
  const of = (url: string, chart: Chart): Collected => {
    const key = JSON.stringify([url, ...rowsOf(chart).map((transition) => textOf(chart, transition))])
    const known = collected.get(key) ?? newCollected(url, chart)
    collected.set(key, known)
    return known
  }
  return {
    add: ({ trace, url }, chart) => count(of(url, chart), trace),
    know: (url, chart) => void of(url, chart),
    isKnown: (url) => [...collected.values()].some((one) => one.url === url),
    applications: () => [...collected.values()].map(finished),
  }
}

/** Shares of states, transitions and guards (each way counts) of an application. */
export function sharesOf({ states, transitions }: ApplicationCoverage): {
  readonly states: Share
  readonly transitions: Share
  readonly guards: Share
} {
  const guards = transitions.flatMap(({ guard }) =>
    guard === undefined ? [] : [guard.wasTrue > 0, guard.wasFalse > 0],
  )
  return {
    states: { covered: states.filter(({ entered }) => entered > 0).length, all: states.length },
    transitions: { covered: transitions.filter(({ taken }) => taken > 0).length, all: transitions.length },
    guards: { covered: guards.filter(Boolean).length, all: guards.length },
  }
}

/** Percentage of a share, cut to whole numbers so that 100 means all; an empty one is covered. */
export function percentOf({ all, covered }: Share): number {
  return all === 0 ? 100 : Math.floor((100 * covered) / all)
}

interface Counter {
  readonly started: number
  readonly fired: number
  readonly cancelled: number
  readonly ended: number
}

interface Collected {
  readonly url: string
  readonly chart: Chart
  sessions: number
  readonly entered: Map<string, number>
  readonly taken: Map<string, number>
  readonly guards: Map<string, { wasTrue: number; wasFalse: number }>
  readonly timers: Map<string, Counter>
  readonly events: Map<string, { state: string; event: string; taken: number; ignored: number }>
}

function newCollected(url: string, chart: Chart): Collected {
  return {
    url,
    chart,
    sessions: 0,
    entered: new Map(),
    taken: new Map(),
    guards: new Map(),
    timers: new Map(),
    events: new Map(),
  }
}

function count(own: Collected, trace: readonly TraceEntry[]): void {
  const { chart } = own
  own.sessions += 1
  for (const entry of trace) {
    if (entry.kind === 'enter') add(own.entered, String(entry['state']))
    const transition = entry.kind === 'transition' ? transitionOf(chart, entry) : undefined
    if (transition !== undefined) add(own.taken, keyOf(transition))
  }
  countTimers(own, trace)
  guardOutcomes(chart, trace, {
    guard(transition, outcome) {
      const key = keyOf(transition)
      const guard = own.guards.get(key) ?? { wasTrue: 0, wasFalse: 0 }
      if (outcome) guard.wasTrue += 1
      else guard.wasFalse += 1
      own.guards.set(key, guard)
    },
    event(state, event, isTaken) {
      const key = JSON.stringify([state.id, event])
      const cell = own.events.get(key) ?? { state: state.id, event, taken: 0, ignored: 0 }
      if (isTaken) cell.taken += 1
      else cell.ignored += 1
      own.events.set(key, cell)
    },
  })
}

function countTimers({ timers }: Collected, trace: readonly TraceEntry[]): void {
  const events = new Map<string, string>()
  const tell = (event: string, what: keyof Counter): void => {
    const counter = timers.get(event) ?? { started: 0, fired: 0, cancelled: 0, ended: 0 }
    timers.set(event, { ...counter, [what]: counter[what] + 1 })
  }
  for (const entry of trace) {
    if (entry.kind === 'send' && Number(entry['delayMs']) > 0) {
      events.set(String(entry['sendId']), String(entry['event']))
      tell(String(entry['event']), 'started')
    }
    const fired = entry.kind === 'input' ? events.get(timerIn(entry['message'])) : undefined
    if (fired !== undefined) tell(fired, 'fired')
    const gone = entry.kind === 'timer' ? events.get(String(entry['sendId'])) : undefined
    if (gone !== undefined) tell(gone, entry['outcome'] === 'ended' ? 'ended' : 'cancelled')
  }
}

function timerIn(message: unknown): string {
  if (typeof message !== 'object' || message === null || Reflect.get(message, 'kind') !== 'timer') return ''
  return String(Reflect.get(message, 'id'))
}

function finished(own: Collected): ApplicationCoverage {
  const { chart, events, sessions, timers, url } = own
  return {
    url,
    name: chart.origin.name ?? url.slice(url.lastIndexOf('/') + 1),
    chart,
    sessions,
    states: chart.states
      .filter(({ index, kind }) => index !== 0 && kind !== 'history')
      .map((state) => ({ state, entered: own.entered.get(state.id) ?? 0 })),
    transitions: rowsOf(chart).map((transition) => {
      const key = keyOf(transition)
      return {
        transition,
        text: textOf(chart, transition),
        taken: own.taken.get(key) ?? 0,
        guard: transition.cond === undefined ? undefined : (own.guards.get(key) ?? { wasTrue: 0, wasFalse: 0 }),
      }
    }),
    timers: [...timers].map(([event, counter]) => ({ event, ...counter })),
    eventsInStates: [...events.values()],
  }
}

/** Initial and history transitions do not count: they are taken with their state. */
function rowsOf(chart: Chart): readonly ChartTransition[] {
  return chart.states.flatMap(({ transitions }) => transitions)
}

function keyOf({ index }: ChartTransition): string {
  return String(index)
}

function textOf(chart: Chart, transition: ChartTransition): string {
  const { place, source, targetIds } = transition
  const state = chart.states[source]?.id ?? ''
  const targets = targetIds.length === 0 ? '(stays)' : targetIds.join(' ')
  return `${state}:${place.line} ${eventsText(transition)} → ${targets}`
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
