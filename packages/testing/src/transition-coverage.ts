import type { Chart } from '@segue/scxml'
import type { SessionView } from './session-view.ts'

/** Collects which transitions of a document sessions have taken. */
export interface TransitionCoverage {
  /** Adds what a session has taken so far; adding it twice changes nothing. */
  add(session: SessionView): void
  /**
   * Transitions of the document that no added session took, as `state:line event → target`, in document order. Initial
   * and history transitions do not count: they are taken with their state.
   */
  missing(chart: Chart): readonly string[]
}

/** Begins to collect taken transitions, of one test or of many. */
export function transitionCoverage(): TransitionCoverage {
  const taken = new Set<string>()
  return {
    add({ trace }) {
      for (const entry of trace) {
        if (entry.kind === 'transition') taken.add(placeOf(String(entry['source']), Number(entry['line'])))
      }
    },
    missing: (chart) =>
      chart.states
        .flatMap(({ transitions }) => transitions)
        .filter(({ place }) => !taken.has(placeOf(place.state, place.line)))
        .map(({ events, place, targetIds }) => {
          const names = events.map(({ prefix }) => prefix || '*')
          return [placeOf(place.state, place.line), ...names, '→', ...targetIds].join(' ')
        }),
  }
}

function placeOf(state: string, line: number): string {
  return `${state}:${line}`
}
