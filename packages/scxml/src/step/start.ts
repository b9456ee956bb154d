import type { MicrostepPlan } from '../compile/configuration.ts'
import { planFor } from '../compile/configuration.ts'
import { touchedAll } from '../script/touch.ts'
import type { Session, StepHost, StepInput, StepOutcome } from './contract.ts'
import { enterStates } from './enter-states.ts'
import { raiseScriptError } from './errors.ts'
import { executeContent } from './execute-content.ts'
import { initializeData } from './initialize-data.ts'
import { completeMacrostep } from './main-event-loop.ts'
import type { Macrostep } from './macrostep.ts'
import { runMacrostep } from './run-macrostep.ts'
import { stateOf } from './session.ts'

/**
 * Binds data, runs document-level scripts and enters the initial configuration: the first macrostep.
 *
 * Spec: SCXML 1.0, appendix D, interpret.
 */
export function start(session: Session, input: StepInput, host: StepHost): StepOutcome {
  const state = stateOf(session)
  state.isRunning = true
  return runMacrostep(state, input, host, (macrostep) => {
    macrostep.touch(touchedAll)
    const { chart } = macrostep
    initializeData(macrostep, chart.isLateBinding ? chart.data.filter(({ isTopLevel }) => isTopLevel) : chart.data)
    executeGlobalScripts(macrostep)
    const initial = chart.states[0]?.initial
    if (initial !== undefined) {
      executeContent(macrostep, initial.content)
      enterStates(macrostep, initialPlan(macrostep), undefined)
    }
    completeMacrostep(macrostep)
    return undefined
  })
}

/** Order: document order. Spec: SCXML 1.0, appendix D, executeGlobalScriptElement. */
function executeGlobalScripts(macrostep: Macrostep): void {
  for (const { piece, place } of macrostep.chart.globalScripts) {
    if (macrostep.breach !== undefined) return
    try {
      macrostep.run(piece)
    } catch (thrown) {
      raiseScriptError(macrostep, 'script', thrown, place)
    }
  }
}

function initialPlan({ chart, session }: Macrostep): MicrostepPlan {
  const initial = chart.states[0]?.initial
  return planFor(session.configuration, initial === undefined ? [] : [initial])
}
