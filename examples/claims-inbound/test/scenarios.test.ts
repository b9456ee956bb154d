import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  chartCoverage,
  coverageText,
  failureText,
  loadScenarios,
  percentOf,
  runScenario,
  scenarioFilesIn,
  sharesOf,
} from '@segue/testing'

const folder = fileURLToPath(new URL('.', import.meta.url))
const files = await Promise.all(scenarioFilesIn(folder).map(loadScenarios))
const coverage = chartCoverage()

describe.each(files)('$about', ({ findings, scenarios }) => {
  it('can be read', () => {
    expect(findings).toEqual([])
  })

  it.each(scenarios)('$name', async (scenario) => {
    const { failure } = await runScenario(scenario, { coverage })

    if (failure !== undefined) expect.fail(failureText(failure, folder).join('\n'))
  })

  // How often a web service is asked is another matter when the server dies meanwhile: kill.scenario.yaml.
  const others = scenarios.filter(({ tags }) => !tags.includes('on the wire'))
  it.each(others)('$name (killed and loaded again after everything that happens)', async (scenario) => {
    const { failure } = await runScenario(scenario, { restartAfterEachEvent: true })

    if (failure !== undefined) expect.fail(failureText(failure, folder).join('\n'))
  })
})

it('every state was entered and every transition taken, in both applications', () => {
  const applications = coverage.applications()

  const shares = applications.map((application) => {
    const { states, transitions } = sharesOf(application)
    return { name: application.name, states: percentOf(states), transitions: percentOf(transitions) }
  })
  expect(shares, coverageText(applications).join('\n')).toEqual([
    { name: 'claims', states: 100, transitions: 100 },
    { name: 'survey', states: 100, transitions: 100 },
  ])
})
