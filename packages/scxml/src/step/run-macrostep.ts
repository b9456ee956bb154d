import { touchedAll } from '../script/touch.ts'
import type { Effect, StepHost, StepInput, StepOutcome, TraceRecord } from './contract.ts'
import { Macrostep } from './macrostep.ts'
import type { SessionState } from './session.ts'

/**
 * Runs `work` as one macrostep of a session and hands over what came of it. `work` gives the name of the event that
 * was taken.
 */
export function runMacrostep(
  session: SessionState,
  input: StepInput,
  host: StepHost,
  work: (macrostep: Macrostep) => string | undefined,
): StepOutcome {
  const macrostep = new Macrostep(session, input, host)
  const { chart, program } = macrostep
  const { sessionId } = session.identity
  program.enter(session.scope, { sessionId, name: chart.origin.name ?? '' }, input, macrostep)
  macrostep.event = undefined
  try {
    const taken = work(macrostep)
    const touched = program.hasOwnCode(session.scope) ? touchedAll : macrostep.touched
    return {
      effects: macrostep.effects,
      trace: macrostep.trace,
      ended: macrostep.ended,
      hasMore: session.isRunning && session.queue !== undefined && session.queue.length > 0,
      taken,
      dataMayHaveChanged: touched !== undefined,
      touched,
    }
  } finally {
    program.leave()
  }
}

/** What a step gives in which nothing happened. */
export function emptyOutcome(trace: readonly TraceRecord[]): StepOutcome {
  return {
    effects: noEffects,
    trace,
    ended: undefined,
    hasMore: false,
    taken: undefined,
    dataMayHaveChanged: false,
    touched: undefined,
  }
}

const noEffects: readonly Effect[] = Object.freeze([])
