import { compareCase, compareOn } from './compare.ts'
import type { Case, Difference } from './compare.ts'
import { Coverage } from './coverage.ts'
import { generateChart, generateItems } from './generate-chart.ts'
import { Applications, loadChart } from './run-engine.ts'
import { shrink } from './shrink.ts'
import { writeDocument } from './write-document.ts'

export interface CampaignOptions {
  readonly seed: number
  /** Chart and events count as one sequence; every chart gets several. */
  readonly sequences: number
  /** Default 6. */
  readonly sequencesPerChart?: number
  /** Gives the number of sequences so far. */
  readonly onProgress?: (done: number) => void
  /** Stops without shrinking: only whether there is a difference counts. */
  readonly isBrief?: boolean
}

export interface CampaignResult {
  readonly sequences: number
  readonly charts: number
  readonly reloaded: number
  readonly coverage: Coverage
  /** The first failure, ready to print. */
  readonly failure: string | undefined
}

/** Compares engine and oracle over random charts and events, and stops at the first difference. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { isBrief = false, onProgress, seed, sequences, sequencesPerChart = 6 } = options
  const coverage = new Coverage()
  let done = 0
  let charts = 0
  let reloaded = 0
  for (; done < sequences; charts += 1) {
    const chartSeed = seed + charts * 7919
    const model = generateChart(chartSeed)
    coverage.beginChart(model)
    const applications = new Applications(await loadChart(model))
    const isReloaded = charts % 4 === 0
    for (let i = 0; i < sequencesPerChart && done < sequences; i += 1) {
      const one: Case = { chart: model, items: generateItems(chartSeed * 31 + i), isReloaded }
      const { difference, occurred } = compareOn(applications, one)
      coverage.add(occurred)
      done += 1
      if (isReloaded) reloaded += 1
      if (difference === undefined) continue
      const failure = isBrief ? `seed ${chartSeed}` : await report(one, chartSeed, difference)
      return { sequences: done, charts: charts + 1, reloaded, coverage, failure }
    }
    onProgress?.(done)
  }
  return { sequences: done, charts, reloaded, coverage, failure: undefined }
}

async function report(failing: Case, seed: number, difference: Difference): Promise<string> {
  const smallest = await shrink(failing, async (candidate) => {
    try {
      return (await compareCase(candidate)).difference !== undefined
    } catch {
      return false
    }
  })
  const last = (await compareCase(smallest)).difference ?? difference
  return [
    `engine and oracle differ: chart seed ${seed}${smallest.isReloaded ? ', session reloaded after every step' : ''}`,
    writeDocument(smallest.chart),
    `items: ${JSON.stringify(smallest.items)}`,
    `at item ${last.position} (0 is the start)`,
    `oracle: ${JSON.stringify(last.expected)}`,
    `engine: ${JSON.stringify(last.actual)}`,
  ].join('\n')
}
