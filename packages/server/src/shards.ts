import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { ApplicationObject } from '@segue/contact'
import type { DefinedModules } from '@segue/modules'
import type { Clock, Incident, Quarantine, QuarantinedVersion, Shard, ShardQuestion } from '@segue/runtime'
import {
  contextRealm,
  createInProcessShard,
  createQuarantine,
  createShardProcesses,
  defaultShardProcessLimits,
} from '@segue/runtime'
import { basicHttpProcessors } from './basic-http-processors.ts'
import type { NodeSettings } from './settings.ts'
import type { ShardSettings } from './shard-settings.ts'

/** What the shards of a node need from the rest of it. */
export interface NodeShardsOptions {
  readonly settings: NodeSettings
  readonly modules: DefinedModules
  readonly log: Logger
  readonly clock: Clock
  readonly quarantine: Quarantine
  /** Known when the node listens. */
  readonly address: { readonly url: string }
  readonly applicationOf: (url: string) => ApplicationObject | undefined
  readonly answer: (question: ShardQuestion) => unknown
  readonly onIncident: (incident: Incident) => void
}

/** Name of the file in the data folder with the versions that take no new sessions. */
const QUARANTINE_FILE = 'quarantine.json'

/** The place where scripts run: processes of their own, or with `shards: 0` the process of the node. */
export function nodeShard(options: NodeShardsOptions): Shard {
  const { address, answer, applicationOf, clock, log, modules, onIncident, quarantine, settings } = options
  const { maxSessionBytes, shardMemoryMb, shards } = settings
  if (shards === 0) {
    return createInProcessShard({
      modules: modules.modules,
      realm: contextRealm,
      server: {
        name: settings.nodeName,
        cluster: settings.cluster,
        get url() {
          return address.url
        },
      },
      traceLevel: (url) => applicationOf(url)?.trace ?? 'outcome',
      ioProcessors: (sessionId) => basicHttpProcessors(address.url, sessionId),
      ask: answer,
      ...(maxSessionBytes !== undefined && { limits: { maxSessionBytes } }),
    })
  }
  const limits = { ...defaultShardProcessLimits, ...settings.shardLimits }
  const { nodeName, cluster } = settings
  return createShardProcesses({
    program: {
      path: shardProgram(),
      memoryMb: shardMemoryMb,
      words: [String(limits.eventTimeoutMs), String(limits.askMs), modules.text, String(maxSessionBytes ?? '')],
    },
    count: shards,
    quarantine,
    settings: (): ShardSettings => ({ nodeName, cluster, url: address.url }),
    answer,
    limits,
    nowEpochMs: () => clock.nowMs(),
    onIncident: (incident) => onIncident({ ...incident, ref: undefined, atEpochMs: clock.nowMs() }),
    onNotice: (text, fields) => log.warn(fields, text),
  })
}

/** The quarantine of a node, which outlives it in its data folder. */
export function nodeQuarantine({ dataFolder, shardLimits }: NodeSettings, log: Logger): Quarantine {
  const file = join(dataFolder, QUARANTINE_FILE)
  const { maxStrikes, strikeWindowMs } = { ...defaultShardProcessLimits, ...shardLimits }
  return createQuarantine({
    maxStrikes,
    strikeWindowMs,
    known: readQuarantine(file, log),
    changed(list) {
      try {
        mkdirSync(dataFolder, { recursive: true })
        writeFileSync(`${file}.new`, `${JSON.stringify(list, undefined, 2)}\n`)
        renameSync(`${file}.new`, file)
      } catch (error) {
        // It holds all the same, until the node ends.
        log.error({ error, file }, 'the quarantine cannot be kept')
      }
    },
  })
}

function readQuarantine(file: string, log: Logger): readonly QuarantinedVersion[] {
  if (!existsSync(file)) return []
  try {
    const list: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Array.isArray(list) ? list.filter(isVersion) : []
  } catch (error) {
    log.error({ error, file }, 'the quarantine cannot be read: it begins empty')
    return []
  }
}

function isVersion(value: unknown): value is QuarantinedVersion {
  if (typeof value !== 'object' || value === null) return false
  const wanted = { hash: 'string', url: 'string', strikes: 'number', sinceEpochMs: 'number', reason: 'string' }
  const members = new Map<string, unknown>(Object.entries(value))
  return Object.entries(wanted).every(([name, type]) => typeof members.get(name) === type)
}

/** Beside the program when that is built, in `dist/` of this package when sources run. */
function shardProgram(): string {
  const beside = fileURLToPath(new URL('shard.js', import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/shard.js', import.meta.url))
}
