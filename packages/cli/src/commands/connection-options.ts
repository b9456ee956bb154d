import type { Command } from 'commander'
import { DEFAULT_SETTINGS } from '@segue/server'
import type { Connection } from '../api-client.ts'

/** Options of every command that talks to a running server. */
export function withConnection(command: Command): Command {
  return command
    .option('--url <url>', 'address of the server (default: from the data folder)')
    .option('--token <token>', 'token of the server (default: from the data folder)')
    .option('--data <folder>', 'data folder of a server on this machine', DEFAULT_SETTINGS.dataFolder)
    .option('--json', 'print the answer as JSON')
}

/** What these options say. */
export interface ConnectionOptions extends Connection {
  readonly json?: boolean
}
