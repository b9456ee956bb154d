import { Command } from 'commander'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import { recordsOf } from '../records.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { print } from './print.ts'

/** `segue incidents …`: stuck and failed sessions and commands, and what becomes of them. */
export function incidentsCommand(output: Output): Command {
  const incidents = new Command('incidents').description('stuck and failed sessions and commands; decide about them')
  incidents.addHelpText('before', 'Examples:\n  segue incidents list\n  segue incidents retry i17\n')

  withConnection(incidents.command('list'))
    .description('incidents that nobody has decided about')
    .action(async (options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get('/api/v1/incidents'), (answer) =>
        incidentText(recordsOf(answer['incidents'])),
      )
    })
  for (const [action, description, past] of [
    ['retry', 'steps the message or performs the command again', 'is tried again'],
    ['skip', 'goes on without the message, or answers the command as failed', 'is skipped'],
    ['end', 'ends the session', 'ends its session'],
  ] as const) {
    withConnection(incidents.command(action))
      .description(description)
      .argument('<incident-id>')
      .action(async (id: string, options: ConnectionOptions) => {
        const api = await apiClient(options)
        const answer = await api.post(`/api/v1/incidents/${encodeURIComponent(id)}/${action}`)
        print(output, options.json, answer, () => `${id} ${past}`)
      })
  }
  return incidents
}

function incidentText(incidents: readonly Readonly<Record<string, unknown>>[]): string {
  if (incidents.length === 0) return 'nothing is stuck'
  return incidents
    .map(({ actions, at, code, entity, id, message }) =>
      table([
        ['incident', String(id)],
        ['since', String(at).slice(0, 19).replace('T', ' ')],
        ['entity', String(entity)],
        ['what', `${String(code)} ${String(message)}`],
        ['can be', Array.isArray(actions) ? actions.join(', ') : ''],
      ]),
    )
    .join('\n\n')
}
