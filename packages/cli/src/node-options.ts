import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { NodeSettings, StoreChoice, SwitchAddress } from '@segue/server'
import { configurationFilesOf, DEFAULT_SETTINGS, defaultShards, shardMemoryMb } from '@segue/server'
import { CommandFailure, EXIT } from './exit-codes.ts'

/** Options that `serve`, `dev` and `sim` share. */
export interface NodeOptions {
  readonly data: string
  readonly store: StoreChoice
  readonly host: string
  readonly port: number
  readonly allowOrigin?: readonly string[]
  readonly documentMaxAge?: number
  readonly shards?: number
  readonly shardMemoryMb?: number
  readonly shardSetApartMs?: number
  readonly shardStrikes?: number
  readonly sessionMaxMb?: number
}

/** Settings of a node that serves a folder. */
export async function nodeSettings(
  folder: string,
  options: NodeOptions,
  switches: readonly SwitchAddress[],
  pace: NodeSettings['pace'] = DEFAULT_SETTINGS.pace,
): Promise<NodeSettings> {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory() !== true) {
    const what = found === undefined ? `there is no folder "${folder}"` : `"${folder}" is no folder`
    throw new CommandFailure(EXIT.configuration, what, 'name the folder that holds segue.yaml')
  }
  const origins = (options.allowOrigin ?? []).map(checkedOrigin)
  const configurationFiles = await configurationFilesOf(folder)
  if (configurationFiles.length === 0) {
    throw new CommandFailure(
      EXIT.configuration,
      `no configuration in "${folder}"`,
      'a folder needs a segue.yaml; examples/business-hours/segue.yaml is a small one',
    )
  }
  return {
    ...DEFAULT_SETTINGS,
    configurationFiles,
    dataFolder: options.data,
    store: options.store,
    host: options.host,
    port: options.port,
    switches,
    documentRoots: [resolve(folder)],
    documentOrigins: origins,
    documentMaxAgeS: options.documentMaxAge ?? DEFAULT_SETTINGS.documentMaxAgeS,
    pace,
    ...shardSettings(options),
    ...pointModule(process.env['SEGUE_STORE_POINTS']),
  }
}

/** Options of a server: scripts run in processes of their own where nothing else is said. */
export function inShards(options: NodeOptions): NodeOptions {
  return { ...options, shards: options.shards ?? defaultShards() }
}

/** Programs that have no option for them run scripts in their own process. */
function shardSettings({
  shardMemoryMb: memoryMb,
  shardSetApartMs,
  shardStrikes,
  sessionMaxMb,
  shards = 0,
}: NodeOptions): Pick<NodeSettings, 'shards' | 'shardMemoryMb' | 'shardLimits' | 'maxSessionBytes'> {
  return {
    shards,
    shardMemoryMb: memoryMb ?? shardMemoryMb(Math.max(1, shards)),
    shardLimits: {
      ...(shardSetApartMs === undefined ? {} : { shardSetApartMs }),
      ...(shardStrikes === undefined ? {} : { maxStrikes: shardStrikes }),
    },
    ...(sessionMaxMb === undefined ? {} : { maxSessionBytes: sessionMaxMb * 1_048_576 }),
  }
}

/** Tests of a node's death name the places where it dies. */
function pointModule(path: string | undefined): Pick<NodeSettings, 'storePointModule'> {
  return path === undefined || path === '' ? {} : { storePointModule: resolve(path) }
}

/** An origin without a path; a longer address would look like a narrower permission than it is. */
function checkedOrigin(word: string): string {
  const url = URL.canParse(word) ? new URL(word) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin
  throw new CommandFailure(
    EXIT.usage,
    `"${word}" is no origin`,
    'an origin is scheme, host and port, for example http://127.0.0.1:8080',
  )
}

/** Reads `NAME=HOST:PORT`. */
export function switchAddress(word: string, token: string): SwitchAddress {
  const match = /^([^=]+)=(.+):(\d+)$/.exec(word)
  if (match === null) throw new CommandFailure(EXIT.usage, `"${word}" is not of the form NAME=HOST:PORT`)
  const [, switchName = '', host = '', port = ''] = match
  return { switchName, host, port: Number(port), token }
}
