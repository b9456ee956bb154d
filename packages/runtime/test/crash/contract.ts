import type { Message, StoreCounts } from '@segue/runtime'

/**
 * Words between the processes of the crash suite. Driver: sends events, records acknowledgements, kills. Worker: the
 * runtime that is killed. Ledger: takes effects. All of it is JSON, one object a line.
 */

/** Places at which a worker kills itself; `random`: the driver kills it from outside. */
export const KILL_POINTS = [
  'accepted',
  'stepped',
  'before-commit',
  'after-commit',
  'before-effect',
  'after-effect',
  'in-checkpoint',
  'in-migration',
  'random',
] as const

export type KillPoint = (typeof KILL_POINTS)[number]

/** Where the sessions are. */
export type StorePlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Trouble made at the store port. */
export interface PortTrouble {
  /** Longest delay of an operation, before and after it; every hundredth is ten times as long. */
  readonly delayMs?: number
  /** Share of the commits whose answer is lost after they have happened. */
  readonly lostAnswers?: number
  /** Commits are confirmed so long before they happen: what the suite has to find. */
  readonly earlyAnswersMs?: number
}

/** What a worker is started with. */
export interface WorkerSettings {
  readonly store: StorePlace
  readonly partitions: number
  readonly owner: string
  /** Number of this life; stands beside each effect in the ledger. */
  readonly life: number
  /** Socket of the ledger. */
  readonly ledger: string
  /** File that holds the progress record; see `progress.ts`. */
  readonly progress: string
  /** Where the worker kills itself: at the first pass from this one on with enough commits in flight. */
  readonly kill?: {
    readonly point: KillPoint
    readonly pass: number
    readonly minInFlight: number
    /** Waits, while the worker goes on, until a checkpoint is half done, and then so long. */
    readonly inCheckpoint?: { readonly index: string; readonly afterMs: number }
  }
  /** CommonJS module with the points inside of the store. */
  readonly pointModule: string
  readonly trouble?: PortTrouble
}

export type WorkerOrder =
  | { readonly kind: 'go'; readonly settings: WorkerSettings }
  | { readonly kind: 'deliver'; readonly number: number; readonly message: Message }
  | { readonly kind: 'counts' }
  | { readonly kind: 'shards' }

export type WorkerReport =
  /** The runtime takes messages. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly number: number; readonly status: string }
  | { readonly kind: 'counts'; readonly counts: StoreCounts }
  /** Processes of its shards that have sessions; then the warm one. */
  | { readonly kind: 'shards'; readonly pids: readonly number[] }
  | { readonly kind: 'incident'; readonly code: string; readonly message: string }
  /** The store could not be opened; the process ends. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

/** One delivery of an effect, as the ledger wrote it down. */
export interface Delivery {
  readonly key: string
  readonly name: string
  readonly life: number
}
