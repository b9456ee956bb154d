import type { ClockPace } from '@segue/adapters'

/** Address of a switch process and the word that lets us in. */
export interface SwitchAddress {
  readonly switchName: string
  readonly host: string
  readonly port: number
  readonly token: string
}

/** How a node is set up. Every value has a line in the configuration reference. */
export interface NodeSettings {
  /** Files with configuration objects, in order. */
  readonly configurationFiles: readonly string[]
  /** Folder of the store, the token and the node's address. */
  readonly dataFolder: string
  readonly store: 'sqlite' | 'memory'
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
} as const satisfies Partial<NodeSettings>
