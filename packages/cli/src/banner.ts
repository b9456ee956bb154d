import type { NodeSettings, RunningNode } from '@segue/server'
import { VERSION } from './version.ts'

/** What a started node shows: where it is, what it keeps and how, what it runs, how to stop it. */
export function banner(node: RunningNode, settings: NodeSettings): string {
  const { engine, durability, location } = node.centre.runtime.store
  const configuration = node.centre.configuration()
  const applications = node.applications.map(({ name, ok }) => (ok ? name : `${name} (refused)`))
  const recovered = node.recovered.sessions === 0 ? '' : `, ${node.recovered.sessions} sessions recovered`
  return [
    `segue ${VERSION}`,
    `  API           ${node.url}  (token in ${settings.dataFolder}/api-token)`,
    `  store         ${engine} in ${location}: ${durability}${recovered}`,
    `  applications  ${applications.join(', ') || 'none'}`,
    `  agents        ${configuration.agents.length} in ${configuration.agentGroups.map(({ name }) => name).join(', ') || 'no group'}`,
    `  stop          Ctrl-C`,
  ].join('\n')
}
