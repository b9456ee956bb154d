import type { ChartModel, Item, Observation } from './chart-model.ts'
import { Oracle } from './oracle.ts'
import { Applications, loadChart } from './run-engine.ts'

/** One chart with what happens to a session of it. */
export interface Case {
  readonly chart: ChartModel
  readonly items: readonly Item[]
  /** The engine's session goes through its snapshot, in a new application, after every step. */
  readonly isReloaded: boolean
}

/** Where engine and oracle part. */
export interface Difference {
  /** 0 is the start; then the items. */
  readonly position: number
  readonly expected: Observation | string
  readonly actual: Observation | string
}

export interface Comparison {
  readonly difference: Difference | undefined
  /** What occurred in the oracle. */
  readonly occurred: ReadonlySet<string>
}

/** Runs both over a case whose document is not loaded yet. */
export async function compareCase(one: Case): Promise<Comparison> {
  return compareOn(new Applications(await loadChart(one.chart)), one)
}

/** Runs both, side by side, until they part. */
export function compareOn(applications: Applications, { chart: model, items, isReloaded }: Case): Comparison {
  const oracle = new Oracle(model)
  const engine = isReloaded ? applications.reloadedRun() : applications.run()
  const stay = isReloaded ? applications.run() : undefined
  for (let position = 0; position <= items.length; position += 1) {
    const item = items[position - 1]
    const expected = item === undefined ? oracle.start() : oracle.deliver(item)
    const actual = attempt(() => (item === undefined ? engine.start() : engine.deliver(item)))
    const difference = { position, expected, actual }
    if (JSON.stringify(expected) !== JSON.stringify(actual)) return { difference, occurred: oracle.occurred }
    if (stay === undefined) continue
    if (item === undefined) stay.start()
    else stay.deliver(item)
    if (stay.saved !== engine.saved) {
      const saved = { position, expected: stay.saved, actual: engine.saved }
      return { difference: saved, occurred: oracle.occurred }
    }
  }
  return { difference: undefined, occurred: oracle.occurred }
}

/** An engine that throws has failed: it never may. */
function attempt(work: () => Observation): Observation | string {
  try {
    return work()
  } catch (error) {
    return `the engine threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}
