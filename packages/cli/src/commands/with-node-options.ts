import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { StoreChoice } from '@segue/server'
import { DEFAULT_SETTINGS, storeChoice } from '@segue/server'

/** Adds the options that `serve`, `dev` and `sim` share. */
export function withNodeOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder', DEFAULT_SETTINGS.dataFolder)
    .addOption(storeOption())
    .option('--host <address>', 'address to listen on', DEFAULT_SETTINGS.host)
    .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, DEFAULT_SETTINGS.port)
    .option('--allow-origin <origin...>', 'origins from which documents may be fetched')
    .option('--document-max-age <seconds>', 'look at a document again when it is older', seconds)
}

/** Adds the options of programs whose scripts run in processes of their own. */
export function withShardOptions(command: Command): Command {
  return command
    .option(
      '--shards <number>',
      'processes that run scripts; 0 runs them in the server itself (default: processors less one)',
      wholeNumber,
    )
    .option('--shard-memory-mb <number>', 'memory of one of them (default: half of the machine for all)', wholeNumber)
    .option('--shard-set-apart-ms <number>', 'processor time after which others go on without it', wholeNumber)
    .option('--shard-strikes <number>', 'sessions that are ended before their version is quarantined', wholeNumber)
    .option('--session-max-mb <number>', 'stored data of one session; one that outgrows it is ended', wholeNumber)
}

/** Where sessions are kept. */
export function storeOption(): Option {
  return new Option('--store <store>', 'where sessions are kept: sqlite, memory or postgres://user@host/database')
    .env('SEGUE_STORE')
    .argParser(storeNamed)
    .default(DEFAULT_SETTINGS.store)
}

function storeNamed(word: string): StoreChoice {
  const choice = storeChoice(word)
  if (choice === undefined) throw new InvalidArgumentError('must be sqlite, memory or postgres://user@host/database')
  return choice
}

function wholeNumber(word: string): number {
  if (!/^\d{1,9}$/.test(word)) throw new InvalidArgumentError('must be a whole number')
  return Number(word)
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
