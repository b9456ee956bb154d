import { Command } from 'commander'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { keyValues } from './key-values.ts'
import { print } from './print.ts'

/** `segue call …`: place calls and act as a caller or a telephone. */
export function callCommand(output: Output): Command {
  const call = new Command('call').description('place calls; act as a caller or a telephone')
  call.addHelpText(
    'before',
    'Examples:\n  segue call place --from 0301112233 --to 4200\n  segue call list\n  segue call hangup CALL-ID\n',
  )

  withConnection(call.command('place'))
    .description('a caller dials a number')
    .requiredOption('--from <number>', 'number of the caller')
    .requiredOption('--to <number>', 'number that is called')
    .option('--user-data <key=value...>', 'attached data')
    .option('--call-id <id>', 'id of the call (default: a new one)')
    .option('--patience <seconds>', 'how long the caller waits', Number)
    .action(
      async (
        options: ConnectionOptions & {
          from: string
          to: string
          userData?: string[]
          callId?: string
          patience?: number
        },
      ) => {
        const api = await apiClient(options)
        const answer = await api.post('/api/v1/calls', {
          from: options.from,
          to: options.to,
          userData: keyValues(options.userData ?? []),
          ...(options.callId === undefined ? {} : { callId: options.callId }),
          ...(options.patience === undefined ? {} : { patienceS: options.patience }),
        })
        print(output, options.json, answer, ({ callId }) => String(callId))
      },
    )

  withConnection(call.command('list'))
    .description('live interactions and the sessions that own them')
    .action(async (options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get('/api/v1/interactions'), ({ interactions }) =>
        table([
          ['CALL', 'SESSION'],
          ...(interactions as { id: string; owner: string }[]).map(({ id, owner }) => [id, owner === '' ? '-' : owner]),
        ]),
      )
    })

  withConnection(call.command('show'))
    .description('one interaction with its parties and user data')
    .argument('<call-id>')
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get(`/api/v1/interactions/${encodeURIComponent(id)}`), (answer) =>
        JSON.stringify(answer, undefined, 2),
      )
    })

  withConnection(call.command('press'))
    .description('the caller presses keys')
    .argument('<call-id>')
    .argument('<digits>')
    .action(async (id: string, digits: string, options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(
        output,
        options.json,
        await api.post(`/api/v1/calls/${encodeURIComponent(id)}/press`, { digits }),
        () => 'pressed',
      )
    })

  for (const [verb, description] of [
    ['hangup', 'the caller hangs up'],
    ['answer', 'a ringing telephone is answered'],
    ['release', 'a telephone leaves the call'],
  ] as const) {
    withConnection(call.command(verb))
      .description(description)
      .argument('<call-id>')
      .option('--device <number>', 'telephone, when several are in the call')
      .action(async (id: string, options: ConnectionOptions & { device?: string }) => {
        const api = await apiClient(options)
        const body = options.device === undefined ? {} : { device: options.device }
        print(
          output,
          options.json,
          await api.post(`/api/v1/calls/${encodeURIComponent(id)}/${verb}`, body),
          () => `${verb}: done`,
        )
      })
  }
  return call
}
