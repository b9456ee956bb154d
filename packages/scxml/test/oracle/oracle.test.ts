import { describe, expect, it } from 'vitest'
import { runCampaign } from './campaign.ts'
import { compareCase } from './compare.ts'
import type { Case } from './compare.ts'
import { generateChart, generateItems } from './generate-chart.ts'
import { shrink } from './shrink.ts'

const seed = Number(process.env['SEGUE_SEED'] ?? 1)

describe('engine and naive oracle', () => {
  it('agree on random charts and events, also when sessions are reloaded after every step', async () => {
    const { coverage, failure, reloaded, sequences } = await runCampaign({
      seed,
      sequences: 2000,
      sequencesPerChart: 5,
    })
    console.log(
      `seed ${seed}, ${sequences} sequences, ${reloaded} of them reloaded after every step\n${coverage.table}`,
    )

    expect(failure).toBeUndefined()
    expect(coverage.rare).toEqual([])
  }, 120_000)

  it('charts and events depend on nothing but the seed', () => {
    expect(generateChart(7)).toEqual(generateChart(7))
    expect(generateItems(7)).toEqual(generateItems(7))
    expect(generateChart(7)).not.toEqual(generateChart(8))
  })

  it('a failing case shrinks to what is needed to fail', async () => {
    const failing: Case = { chart: generateChart(4), items: generateItems(4), isReloaded: true }
    const fails = async ({ chart, items }: Case): Promise<boolean> => {
      const comparison = await compareCase({ chart, items, isReloaded: false }).catch(() => undefined)
      return comparison?.occurred.has('event that nothing takes') === true
    }
    expect(await fails(failing)).toBe(true)

    const smallest = await shrink(failing, fails)

    expect(smallest.items).toHaveLength(1)
    expect(smallest.chart.states).toHaveLength(1)
    expect(smallest.chart.states[0]).toMatchObject({ transitions: [], onentry: [], states: [] })
  }, 60_000)
})
