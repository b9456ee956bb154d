import { Command } from 'commander'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { keyValues } from './key-values.ts'
import { print } from './print.ts'
import { traceText } from '../trace-text.ts'

/** `segue session …`: start, steer and look at sessions. */
export function sessionCommand(output: Output): Command {
  const session = new Command('session').description('start, steer and look at sessions')
  session.addHelpText(
    'before',
    'Examples:\n  segue session list\n  segue session show SESSION-ID\n  segue session event SESSION-ID order.paid --with amount=12\n',
  )

  withConnection(session.command('start'))
    .description('starts a session of a document')
    .argument('<url>', 'address of the document')
    .option('--param <name=value...>', 'start parameters')
    .action(async (src: string, options: ConnectionOptions & { param?: string[] }) => {
      const api = await apiClient(options)
      const answer = await api.post('/scxml/session/start', { ...keyValues(options.param ?? []), src })
      print(output, options.json, answer, ({ sessionid }) => String(sessionid))
    })

  withConnection(session.command('list'))
    .description('running sessions')
    .option('--ended', 'ended ones too')
    .action(async (options: ConnectionOptions & { ended?: boolean }) => {
      const api = await apiClient(options)
      const path = options.ended === true ? '/api/v1/sessions?ended=true' : '/api/v1/sessions'
      print(output, options.json, await api.get(path), ({ sessions }) =>
        table([
          ['SESSION', 'APPLICATION', 'STATES'],
          ...(sessions as Record<string, unknown>[]).map((row) => [
            String(row['id']),
            String(row['application'] ?? row['url'] ?? ''),
            row['hasEnded'] === true ? 'ended' : String(row['states'] ?? ''),
          ]),
        ]),
      )
    })

  withConnection(session.command('show'))
    .description('states, data and trace of a session')
    .argument('<session-id>')
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get(`/api/v1/sessions/${encodeURIComponent(id)}`), (answer) =>
        [
          `session   ${id}`,
          `document  ${String(answer['url'])}`,
          `states    ${(answer['states'] as string[]).join(' ')}`,
          `data      ${JSON.stringify(answer['data'])}`,
          'trace',
          ...(answer['trace'] as Record<string, unknown>[]).map((line) => `  ${traceText(line)}`),
        ].join('\n'),
      )
    })

  withConnection(session.command('event'))
    .description('sends an event to a session')
    .argument('<session-id>')
    .argument('<name>')
    .option('--with <key=value...>', 'members of _event.data')
    .action(async (id: string, name: string, options: ConnectionOptions & { with?: string[] }) => {
      const api = await apiClient(options)
      const path = `/scxml/session/${encodeURIComponent(id)}/event/${encodeURIComponent(name)}`
      print(output, options.json, await api.post(path, keyValues(options.with ?? [])), () => 'accepted')
    })

  withConnection(session.command('terminate'))
    .description('ends a session; its onexit blocks run')
    .argument('<session-id>')
    .action(async (id: string, options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(
        output,
        options.json,
        await api.post(`/scxml/session/${encodeURIComponent(id)}/terminate`),
        () => 'terminated',
      )
    })
  return session
}
