import type {
  AppendResult,
  CommitResult,
  Epoch,
  InboxBatch,
  PartitionBatch,
  PurgeRequest,
  StoredEntity,
  StoreQuery,
  EntityRef,
  TimerRow,
} from '@segue/runtime'

/** What a worker is started with. */
export interface WorkerSettings {
  readonly path: string
  /** Module from whose place `libsql` is resolved. */
  readonly resolveFrom: string
  readonly migrations: readonly string[]
  readonly partitions: number
  /** Tests make a disk that is full by it. */
  readonly maxPages: number | undefined
  /** CommonJS module with `onPoint(name)`: tests end the process at named points. */
  readonly pointModule: string | undefined
}

/** What a worker's main function gets besides its settings. */
export interface WorkerTools {
  open: OpenDatabase
  /** Text as the database can keep it, and back. */
  toText(text: string): string
  fromText(stored: string): string
  onPoint(name: string): void
}

/** Requests to the writer, answered in their order. */
export type WriterRequest =
  | { readonly op: 'open' }
  | { readonly op: 'claim'; readonly owner: string; readonly partitions: readonly number[] }
  | { readonly op: 'renew'; readonly partition: number; readonly epoch: Epoch }
  | { readonly op: 'release'; readonly held: readonly { readonly partition: number; readonly epoch: Epoch }[] }
  | { readonly op: 'commit'; readonly batches: readonly PartitionBatch[] }
  | { readonly op: 'append'; readonly batches: readonly InboxBatch[] }
  | { readonly op: 'load'; readonly refs: readonly EntityRef[] }
  | {
      readonly op: 'due'
      readonly partitions: readonly number[]
      readonly untilEpochMs: number
      readonly limit: number
    }
  | { readonly op: 'query'; readonly query: StoreQuery }
  | { readonly op: 'purge'; readonly request: PurgeRequest }
  /** Brings the log back to its beginning; on the hot path, only when checkpoints cannot keep up. */
  | { readonly op: 'restartLog' }
  | { readonly op: 'close' }

/** Answers by operation. */
export interface WriterAnswers {
  readonly open: undefined
  readonly claim: readonly Epoch[]
  readonly renew: boolean
  readonly release: undefined
  readonly commit: readonly CommitResult[]
  readonly append: readonly AppendResult[]
  readonly load: readonly StoredEntity[]
  readonly due: readonly TimerRow[]
  readonly query: unknown
  readonly purge: number
  readonly restartLog: undefined
  readonly close: undefined
}

export interface WorkerRequest {
  readonly id: number
  readonly request: WriterRequest | { readonly op: 'checkpoint' }
}

export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: WorkerFailure }

/** Why an operation did not happen; `code` is of SQLite or one of the worker's own names. */
export interface WorkerFailure {
  readonly code: string
  readonly message: string
  readonly found?: number
}

/** The part of the database binding that the workers use. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}

export interface Statement {
  run(...values: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number }
  get(...values: readonly unknown[]): Readonly<Record<string, unknown>> | undefined
  all(...values: readonly unknown[]): readonly Readonly<Record<string, unknown>>[]
}

/** Opens a database file. */
export type OpenDatabase = (path: string, options: { readonly timeout: number }) => Database
