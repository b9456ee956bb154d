import { join, resolve } from 'node:path'
import { Command, type Option } from 'commander'
import type { StoreReader, StoreStats } from '@segue/adapters'
import {
  backupSqliteStore,
  checkStore,
  openPostgresReader,
  openSqliteReader,
  postgresLocation,
  restoreSqliteStore,
  StoreError,
  storeStats,
} from '@segue/adapters'
import type { StoreChoice } from '@segue/server'
import { DEFAULT_SETTINGS, isPostgresUrl, STORE_FILE } from '@segue/server'
import { CommandFailure, EXIT } from '../exit-codes.ts'
import { storeFailure } from '../failures.ts'
import type { Output } from '../output.ts'
import { table } from '../output.ts'
import { storeOption } from './with-node-options.ts'

interface StoreOptions {
  readonly data: string
  readonly store: StoreChoice
  readonly json?: boolean
}

/** Findings that are shown; the rest is counted. */
const MAX_FINDINGS = 1000

/** `segue store …`: back up, restore, check and measure what a node keeps. */
export function storeCommand(output: Output): Command {
  const store = new Command('store').description('back up, restore, check and measure a store')
  store.addHelpText(
    'before',
    'Examples:\n  segue store backup /backup/segue-monday.db\n  segue store check\n' +
      '  segue store stats --store postgres://segue@db.example/segue\n',
  )

  withStore(store.command('backup'))
    .description('writes the store into one file, also while the node runs')
    .argument('<file>', 'file to write; must not exist')
    .action((file: string, options: StoreOptions) =>
      named(async () => {
        const path = sqlitePath(
          options,
          (url) => `pg_dump --format=custom --schema=segue --file=${quoted(file)} ${url}`,
        )
        await backupSqliteStore(path, resolve(file))
        output.result(resolve(file))
      }),
    )

  withStore(store.command('restore'))
    .description('puts a backup in the place of the store; no node may be running')
    .argument('<file>', 'backup')
    .option('--replace', 'also when the store there has unfinished work; it is kept beside the new one')
    .action((file: string, options: StoreOptions & { readonly replace?: boolean }) =>
      named(async () => {
        const restore = '--clean --if-exists --single-transaction'
        const path = sqlitePath(options, (url) => `pg_restore ${restore} --dbname=${url} ${quoted(file)}`)
        const { keptAs } = await restoreSqliteStore(resolve(file), path, {
          replaces: options.replace === true,
          nowEpochMs: Date.now(),
        })
        if (keptAs !== undefined) output.note(`the store before it is now "${keptAs}"`)
        output.result(path)
      }),
    )

  withStore(store.command('check'))
    .description('looks for what cannot be right; also while the node runs')
    .option('--json', 'print the findings as JSON')
    .action((options: StoreOptions) => named(() => check(options, output)))

  withStore(store.command('stats'))
    .description('counts and sizes, and the oldest effect that nobody has answered')
    .option('--json', 'print the figures as JSON')
    .action((options: StoreOptions) =>
      named(async () => {
        await using reader = await openReader(options)
        const stats = await storeStats(reader)
        output.result(options.json === true ? JSON.stringify(stats, undefined, 2) : statsText(stats, Date.now()))
      }),
    )
  return store
}

function withStore(command: Command): Command {
  const option: Option = storeOption()
  return command
    .option('--data <folder>', 'data folder with the SQLite store', DEFAULT_SETTINGS.dataFolder)
    .addOption(option)
}

async function check(options: StoreOptions, output: Output): Promise<void> {
  await using reader = await openReader(options)
  const findings: { readonly subject: string; readonly text: string }[] = []
  let count = 0
  for await (const finding of checkStore(reader)) {
    count++
    if (findings.length < MAX_FINDINGS) findings.push(finding)
  }
  const { engine, location } = reader
  if (options.json === true) output.result(JSON.stringify({ engine, location, count, findings }, undefined, 2))
  else for (const { subject, text } of findings) output.result(`${subject}: ${text}`)
  if (count > 0) throw new CommandFailure(EXIT.findings, `${count} findings in ${location}`, 'restore a backup, or ask')
  if (options.json !== true) output.result(`${location}: nothing found`)
}

async function openReader(options: StoreOptions): Promise<StoreReader> {
  return isPostgresUrl(options.store) ? openPostgresReader(options.store) : openSqliteReader(sqlitePath(options))
}

/** Path of the SQLite store; for another store the command that does it instead. */
function sqlitePath({ store, data }: StoreOptions, instead?: (url: string) => string): string {
  if (store === 'memory') throw new CommandFailure(EXIT.usage, 'a store in memory is gone with its node')
  if (isPostgresUrl(store) && instead !== undefined) {
    throw new CommandFailure(
      EXIT.usage,
      `PostgreSQL does this itself:\n  ${instead(quoted(postgresLocation(store)))}`,
      'docs/guides/operate.md says more; nothing was done',
    )
  }
  return resolve(join(data, STORE_FILE))
}

async function named(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw error instanceof StoreError ? storeFailure(error) : error
  }
}

/** A word of a shell command. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

function statsText(stats: StoreStats, nowEpochMs: number): string {
  const { engine, location, schemaVersion, partitions, sizes, entities, rows, oldestEffect } = stats
  const log = sizes.logBytes > 0 ? `, of these ${mebibytes(sizes.logBytes)} in the log` : ''
  return table([
    ['store', `${engine} in ${location}`],
    ['schema', `version ${schemaVersion}, ${partitions} partitions`],
    ['size', `${mebibytes(sizes.totalBytes)}${log}`],
    ...Object.entries(entities).map(([kind, { running, ended }]) => [kind, `${running} running, ${ended} ended`]),
    ...Object.entries(rows).map(([name, count]) => [name.replace('_', ' '), String(count)]),
    ['oldest effect', oldestEffect === undefined ? 'none unanswered' : effectText(oldestEffect, nowEpochMs)],
  ])
}

function effectText(effect: NonNullable<StoreStats['oldestEffect']>, nowEpochMs: number): string {
  const ageS = Math.max(0, Math.round((nowEpochMs - effect.plannedAtEpochMs) / 1000))
  return `${effect.type} ${effect.key}, unanswered for ${ageS} s`
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}
