import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { DEFAULT_SETTINGS } from '@segue/server'

/** Adds the options that `serve`, `dev` and `sim` share. */
export function withNodeOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder', DEFAULT_SETTINGS.dataFolder)
    .addOption(
      new Option('--store <engine>', 'where sessions are kept').choices(['sqlite', 'memory']).default('sqlite'),
    )
    .option('--host <address>', 'address to listen on', DEFAULT_SETTINGS.host)
    .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, DEFAULT_SETTINGS.port)
    .option('--allow-origin <origin...>', 'origins from which documents may be fetched')
    .option('--document-max-age <seconds>', 'look at a document again when it is older', seconds)
}

function portNumber(word: string): number {
  const port = Number(word)
  if (!/^\d{1,5}$/.test(word) || port > 65_535) throw new InvalidArgumentError('must be a number from 0 to 65535')
  return port
}

function seconds(word: string): number {
  const value = Number(word)
  if (word.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('must be a number of seconds, 0 or more')
  return value
}
