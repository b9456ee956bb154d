import { Command, Option } from 'commander'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { keyValues } from './key-values.ts'
import { print } from './print.ts'
import { recordOf, recordsOf } from '../records.ts'

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
    .option('--conn-id <id>', 'connection id, up to 16 hexadecimal digits')
    .option('--parent <call-id>', 'call that this one belongs to')
    .addOption(new Option('--type <type>', 'type of the call').choices(['inbound', 'outbound', 'internal', 'consult']))
    .addOption(new Option('--category <category>', 'other than a voice call').choices(['voice', 'msgbased', 'chat']))
    .option('--patience <seconds>', 'how long the caller waits', Number)
    .addHelpText(
      'before',
      'Examples:\n  segue call place --from 0301112233 --to 4200\n  segue call place --from 0301112233 --to 4200 --user-data ticket=17 language=de\n',
    )
    .action(
      async (
        options: ConnectionOptions & {
          from: string
          to: string
          userData?: string[]
          callId?: string
          connId?: string
          parent?: string
          type?: string
          category?: string
          patience?: number
        },
      ) => {
        const api = await apiClient(options)
        const answer = await api.post('/api/v1/calls', {
          from: options.from,
          to: options.to,
          userData: keyValues(options.userData ?? []),
          ...given({
            callId: options.callId,
            connId: options.connId,
            parentCallId: options.parent,
            type: options.type,
            category: options.category,
          }),
          ...(options.patience === undefined ? {} : { patienceS: options.patience }),
        })
        print(output, options.json, answer, ({ callId }) => String(callId))
      },
    )

  withConnection(call.command('list'))
    .description('live interactions and the sessions that own them')
    .option('--ended', 'ended ones too')
    .action(async (options: ConnectionOptions & { ended?: boolean }) => {
      const api = await apiClient(options)
      const path = options.ended === true ? '/api/v1/interactions?ended=true' : '/api/v1/interactions'
      print(output, options.json, await api.get(path), callTable)
    })

  withConnection(call.command('show'))
    .description('one interaction with its parties and user data')
    .argument('<call-id>')
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get(`/api/v1/interactions/${encodeURIComponent(id)}`), callText)
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
        () => `${id}: keys ${digits} pressed`,
      )
    })

  for (const [verb, description, done] of [
    ['hangup', 'the caller hangs up', 'the caller has hung up'],
    ['answer', 'a ringing telephone is answered', 'answered'],
    ['release', 'a telephone leaves the call', 'released'],
  ] as const) {
    withConnection(call.command(verb))
      .description(description)
      .argument('<call-id>')
      .option('--device <number>', 'telephone, when several are in the call')
      .action(async (id: string, options: ConnectionOptions & { device?: string }) => {
        const api = await apiClient(options)
        const body = options.device === undefined ? {} : { device: options.device }
        print(output, options.json, await api.post(`/api/v1/calls/${encodeURIComponent(id)}/${verb}`, body), () => done)
      })
  }
  return call
}

/** Options that were given. */
function given(options: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function callTable(answer: Readonly<Record<string, unknown>>): string {
  const interactions = recordsOf(answer['interactions'])
  if (interactions.length === 0) return 'no calls'
  return table([
    ['CALL', 'FROM', 'TO', 'STATE', 'SESSION'],
    ...interactions.map(({ id, from, to, state, owner, hasEnded }) => [
      String(id),
      String(from ?? ''),
      String(to ?? ''),
      hasEnded === true ? 'ended' : String(state ?? ''),
      String(owner ?? '') || '-',
    ]),
  ])
}

function callText(call: Readonly<Record<string, unknown>>): string {
  const parties = Array.isArray(call['parties'])
    ? recordsOf(call['parties'])
    : Object.values(recordOf(call['parties'])).map(recordOf)
  const data = Object.entries(recordOf(call['userData'])).map(([key, value]) => [`  ${key}`, JSON.stringify(value)])
  return [
    table([
      ['call', String(call['id'])],
      ['category', String(call['category'])],
      ['from', String(call['from'] ?? '')],
      ['to', String(call['to'] ?? '')],
      ['state', call['hasEnded'] === true ? 'ended' : String(call['state'])],
      ['session', String(call['owner'] ?? '') || '-'],
    ]),
    'parties',
    table(
      parties.map(({ device, deviceType, devicetype, state }) => [
        `  ${String(device ?? '-')}`,
        String(deviceType ?? devicetype ?? ''),
        String(state),
      ]),
    ),
    'user data',
    ...(data.length === 0 ? ['  none'] : [table(data)]),
  ].join('\n')
}
