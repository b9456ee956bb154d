import { Command } from 'commander'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { print } from './print.ts'

/** `segue agent …`: log agents in and out, and see how the groups stand. */
export function agentCommand(output: Output): Command {
  const agent = new Command('agent').description('log agents in and out; see how the groups stand')
  agent.addHelpText(
    'before',
    'Examples:\n  segue agent login ada\n  segue agent ready ada\n  segue agent notready ada --reason lunch\n',
  )
  for (const [verb, description] of [
    ['login', 'logs an agent in (not ready)'],
    ['ready', 'the agent takes calls'],
    ['notready', 'the agent takes no calls'],
    ['logout', 'logs an agent out'],
  ] as const) {
    withConnection(agent.command(verb))
      .description(description)
      .argument('<agent-id>', 'employee id')
      .option('--device <number>', 'telephone (default: from the configuration)')
      .option('--reason <text>', 'why')
      .action(async (id: string, options: ConnectionOptions & { device?: string; reason?: string }) => {
        const api = await apiClient(options)
        const answer = await api.post(`/api/v1/agents/${encodeURIComponent(id)}/${verb}`, {
          ...(options.device === undefined ? {} : { device: options.device }),
          ...(options.reason === undefined ? {} : { reason: options.reason }),
        })
        print(output, options.json, answer, () => `${id}: ${verb}`)
      })
  }
  withConnection(agent.command('list'))
    .description('agents, groups and queues now')
    .action(async (options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get('/api/v1/status'), (status) =>
        JSON.stringify(status['domain'], undefined, 2),
      )
    })
  return agent
}
