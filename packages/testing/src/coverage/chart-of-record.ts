import type { Chart, ChartTransition } from '@segue/scxml'
import type { TraceEntry } from '../session-view.ts'

/** Transition that a trace record is about; `undefined` when the chart has no such one. */
export function transitionOf(chart: Chart, { event, line, source, targets }: TraceEntry): ChartTransition | undefined {
  const state = chart.states[chart.indexOf.get(String(source)) ?? (source === '' ? 0 : -1)]
  const wanted = Array.isArray(targets) ? targets.join(' ') : ''
  const fitting = (state?.transitions ?? []).filter(
    ({ place, targetIds }) => place.line === line && targetIds.join(' ') === wanted,
  )
  // Several on one line with the same targets differ in their events.
  return fitting.length < 2
    ? fitting[0]
    : (fitting.find((one) => matchesEvent(one, typeof event === 'string' ? event : undefined, false)) ?? fitting[0])
}

/** Whether an event (`undefined`: none) selects a transition, guards apart. */
export function matchesEvent({ events }: ChartTransition, name: string | undefined, isPlatform: boolean): boolean {
  if (name === undefined) return events.length === 0
  return events.some(
    ({ dotted, prefix }) =>
      prefix === '' ||
      prefix === name ||
      name.startsWith(dotted) ||
      // In the orchestration dialect this one stands for every error of the engine.
      (isPlatform && prefix === 'error.execution' && name.startsWith('error.')),
  )
}

/** Name for people: its events, or `(no event)`. */
export function eventsText({ events }: ChartTransition): string {
  return events.length === 0 ? '(no event)' : events.map(({ prefix }) => prefix || '*').join(' ')
}
