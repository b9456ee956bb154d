import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSwitchPlan } from '@segue/adapters'
import type { SwitchPlan } from '@segue/adapters'
import { configurationFilesOf, readConfigurationFiles } from '@segue/server'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { configurationFailure } from './failures.ts'

/** Plan of the simulated switch of a folder: `simulation.json`, or telephones and routing points without people. */
export async function switchPlan(folder: string, people: boolean): Promise<SwitchPlan> {
  if (people) {
    const file = join(folder, 'simulation.json')
    const text = await readFile(file, 'utf8').catch(() => {
      throw new CommandFailure(
        EXIT.configuration,
        `there is no "${file}"`,
        'it says how simulated callers and agents behave; examples/business-hours has one',
      )
    })
    const result = parseSwitchPlan(text)
    if (!result.ok) throw new CommandFailure(EXIT.configuration, `${file}: ${result.message}`)
    return result.plan
  }
  const { configuration, findings } = await readConfigurationFiles(await configurationFilesOf(folder), 1)
  if (configuration === undefined) throw configurationFailure(findings)
  return {
    switchName: configuration.switches[0]?.name ?? 'Simulated',
    routingPoints: configuration.dns.filter(({ type }) => type === 'routepoint').map(({ number }) => ({ number })),
    agents: configuration.agents.map(({ id, dn }) => ({ id, dn })),
  }
}
