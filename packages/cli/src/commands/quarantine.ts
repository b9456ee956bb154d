import { Command } from 'commander'
import { pathToFileURL } from 'node:url'
import { displayPath } from '@segue/scxml'
import { apiClient } from '../api-client.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import { recordOf, recordsOf } from '../records.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { withConnection } from './connection-options.ts'
import { print } from './print.ts'

/** Characters of a hash that tell versions apart for people. */
const HASH_CHARACTERS = 12

/** `segue quarantine …`: application versions that take no new sessions. */
export function quarantineCommand(output: Output): Command {
  const quarantine = new Command('quarantine').description('application versions that take no new sessions')
  quarantine.addHelpText('before', 'Examples:\n  segue quarantine list\n  segue quarantine lift 3f9a1c0b2d4e\n')

  withConnection(quarantine.command('list'))
    .description('versions in quarantine, with the reason')
    .action(async (options: ConnectionOptions) => {
      const api = await apiClient(options)
      print(output, options.json, await api.get('/api/v1/quarantine'), ({ versions }) =>
        versionText(recordsOf(versions)),
      )
    })

  withConnection(quarantine.command('lift'))
    .description('new sessions of the version may start again')
    .argument('<hash>', 'hash of the version, or its beginning')
    .action(async (hash: string, options: ConnectionOptions) => {
      const api = await apiClient(options)
      const answer = await api.post(`/api/v1/quarantine/${encodeURIComponent(hash)}/lift`)
      print(output, options.json, answer, ({ lifted }) => `lifted: ${urlText(recordOf(lifted))}`)
    })
  return quarantine
}

function versionText(versions: readonly Readonly<Record<string, unknown>>[]): string {
  if (versions.length === 0) return 'no version is in quarantine'
  return versions
    .map((version) =>
      table([
        ['version', String(version['hash']).slice(0, HASH_CHARACTERS)],
        ['document', urlText(version)],
        ['since', new Date(Number(version['sinceEpochMs'])).toISOString().slice(0, 19).replace('T', ' ')],
        ['strikes', String(version['strikes'])],
        ['reason', String(version['reason'])],
      ]),
    )
    .join('\n\n')
}

function urlText(version: Readonly<Record<string, unknown>>): string {
  return displayPath(String(version['url']), pathToFileURL(process.cwd()).href)
}
