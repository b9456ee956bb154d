import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { failureText, loadScenarios, runScenario, scenarioFilesIn } from '@segue/testing'

const folder = fileURLToPath(new URL('.', import.meta.url))
const files = await Promise.all(scenarioFilesIn(folder).map(loadScenarios))

describe.each(files)('$about', ({ findings, scenarios }) => {
  it('can be read', () => {
    expect(findings).toEqual([])
  })

  it.each(scenarios)('$name', async (scenario) => {
    const { failure } = await runScenario(scenario)

    if (failure === undefined) return
    expect.fail(failureText(failure, folder).join('\n'))
  })
})
