import { availableParallelism, totalmem } from 'node:os'
import type { ClockPace } from '@segue/adapters'
import type { ShardProcessLimits } from '@segue/runtime'

const MIN_SHARD_MEMORY_MB = 128
const MAX_SHARD_MEMORY_MB = 4_096

/** Address of a switch process and the word that lets us in. */
export interface SwitchAddress {
  readonly switchName: string
  readonly host: string
  readonly port: number
  readonly token: string
}

/** Address of a PostgreSQL database; the password may stand in PGPASSWORD or `~/.pgpass` instead. */
export type PostgresUrl = `${'postgres' | 'postgresql'}://${string}`

/** Where sessions are kept: a file in the data folder, memory, or a PostgreSQL database. */
export type StoreChoice = 'sqlite' | 'memory' | PostgresUrl

/** Reads the name of a store; `undefined` when it is none. */
export function storeChoice(word: string): StoreChoice | undefined {
  if (word === 'sqlite' || word === 'memory') return word
  return isPostgresUrl(word) && URL.canParse(word) ? word : undefined
}

/** Whether a store is one in a PostgreSQL database. */
export function isPostgresUrl(word: string): word is PostgresUrl {
  return /^postgres(?:ql)?:\/\//.test(word)
}

/** How a node is set up. Every value has a line in the configuration reference. */
export interface NodeSettings {
  /** Files with configuration objects, in order. */
  readonly configurationFiles: readonly string[]
  /** Folder of the store, the token and the node's address. */
  readonly dataFolder: string
  readonly store: StoreChoice
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly nodeName: string
  readonly cluster: string
  /** Two characters of `[0-9A-Z]`. */
  readonly cell: string
  readonly partitions: number
  readonly switches: readonly SwitchAddress[]
  /** Folders below which documents may be read. */
  readonly documentRoots: readonly string[]
  /** Origins from which documents may be fetched, for example `http://127.0.0.1:8080`. */
  readonly documentOrigins: readonly string[]
  /** A document is looked at again for a new session when it is older. */
  readonly documentMaxAgeS: number
  readonly pace: ClockPace
  /** CommonJS module with `onPoint(name)`, called at named points of the store's work: for tests that end the node there. */
  readonly storePointModule?: string
  /** Processes that run scripts, besides the warm one; 0: scripts run in the process of the node. */
  readonly shards: number
  /** Memory of the scripts and sessions of one shard process. */
  readonly shardMemoryMb: number
  /** Other limits of shard processes, where they differ from the defaults. */
  readonly shardLimits: Partial<ShardProcessLimits>
  /** Stored form of one session, where it differs from the default; one that outgrows it is ended. */
  readonly maxSessionBytes?: number
}

/** Shard processes of a server that is told no number: one processor stays with the front. */
export function defaultShards(): number {
  return Math.max(1, availableParallelism() - 1)
}

/** Memory of each of so many shards: together half of the machine. Units: MiB. */
export function shardMemoryMb(shards: number): number {
  const share = totalmem() / 2 / 1_048_576 / (shards + 1)
  return Math.round(Math.min(MAX_SHARD_MEMORY_MB, Math.max(MIN_SHARD_MEMORY_MB, share)))
}

/** What holds when nothing else is said. */
export const DEFAULT_SETTINGS = {
  dataFolder: '.segue',
  store: 'sqlite',
  host: '127.0.0.1',
  port: 8460,
  nodeName: 'segue',
  cluster: 'segue',
  cell: '00',
  partitions: 256,
  switches: [],
  documentOrigins: [],
  documentMaxAgeS: 60,
  pace: { speed: 1, originEpochMs: 0 },
  shards: 0,
  shardMemoryMb: shardMemoryMb(defaultShards()),
  shardLimits: {},
} as const satisfies Partial<NodeSettings>
