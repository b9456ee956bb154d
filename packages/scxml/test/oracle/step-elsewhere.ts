import type { ChartModel, Item, Observation } from './chart-model.ts'
import { Applications, EngineRun, loadChart } from './run-engine.ts'
import type { StoppedRun } from './run-engine.ts'

/** One item for a session that another process has stopped; JSON-able. */
export interface StepElsewhere {
  readonly chart: ChartModel
  readonly stopped: StoppedRun
  readonly item: Item
}

export interface SteppedElsewhere {
  readonly observation: Observation
  readonly stopped: StoppedRun
}

/** Loads the document and the session, delivers the item, and stops again. */
export async function stepElsewhere({ chart, item, stopped }: StepElsewhere): Promise<SteppedElsewhere> {
  const run = EngineRun.resume(new Applications(await loadChart(chart)).application, stopped)
  const observation = run.deliver(item)
  return { observation, stopped: run.stopped }
}
