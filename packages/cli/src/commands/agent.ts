import { Command } from 'commander'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import { recordOf, recordsOf } from '../records.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { print } from './print.ts'

/** `segue agent …`: log agents in and out, and see how the groups stand. */
export function agentCommand(output: Output): Command {
  const agent = new Command('agent').description('log agents in and out; see how they stand')
  agent.addHelpText(
    'before',
    'Examples:\n  segue agent list\n  segue agent login ada\n  segue agent ready ada\n  segue agent notready ada --reason lunch\n',
  )
  for (const [verb, description, past] of [
    ['login', 'logs an agent in (not ready)', 'is logged in, not ready'],
    ['ready', 'the agent takes calls', 'is ready'],
    ['notready', 'the agent takes no calls', 'is not ready'],
    ['logout', 'logs an agent out', 'is logged out'],
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
        print(output, options.json, answer, () => `${id} ${past}`)
      })
  }
  withConnection(agent.command('list'))
    .description('agents with their states')
    .action(async (options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get('/api/v1/agents'), agentTable)
    })
  withConnection(agent.command('groups'))
    .description('groups and queues now')
    .action(async (options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get('/api/v1/status'), groupTables)
    })
  return agent
}

function agentTable(answer: Readonly<Record<string, unknown>>): string {
  const agents = recordsOf(answer['agents'])
  if (agents.length === 0) return 'no agent is configured'
  return table([
    ['AGENT', 'NAME', 'STATE', 'TELEPHONE', 'CALL', 'GROUPS'],
    ...agents.map((agent) => {
      const calls = recordsOf(agent['interactions'])
      const reason = agent['reason'] === '' ? '' : ` (${String(agent['reason'])})`
      return [
        String(agent['id']),
        String(agent['name']),
        `${STATES[String(agent['state'])] ?? String(agent['state'])}${reason}`,
        String(agent['device']),
        calls.map(({ id, state }) => `${String(state)} ${String(id)}`).join(', ') || '-',
        Array.isArray(agent['groups']) ? agent['groups'].join(', ') : '',
      ]
    }),
  ])
}

const STATES: Readonly<Record<string, string>> = {
  loggedOut: 'logged out',
  notReady: 'not ready',
  afterCallWork: 'after-call work',
}

function groupTables(status: Readonly<Record<string, unknown>>): string {
  const domain = recordOf(status['domain'])
  const groups = recordsOf(domain['groups']).map((group) =>
    ['name', 'loggedIn', 'ready', 'ringing', 'talking', 'waiting'].map((member) => String(group[member])),
  )
  const queues = recordsOf(domain['queues']).map((queue) => [
    String(queue['name']),
    String(queue['waiting']),
    `${String(queue['longestWaitS'])} s`,
  ])
  return [
    table([['GROUP', 'LOGGED IN', 'READY', 'RINGING', 'TALKING', 'WAITING'], ...groups]),
    '',
    table([['QUEUE', 'WAITING', 'LONGEST'], ...queues]),
  ].join('\n')
}
