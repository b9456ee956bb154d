import { resolve } from 'node:path'
import type {
  AppendResult,
  CommitResult,
  EntityRef,
  Epoch,
  InboxBatch,
  PartitionBatch,
  PurgeRequest,
  StateChange,
  Step,
  Store,
  StoreAnswer,
  StoredEntity,
  StoreDescription,
  StoreQuery,
  TimerRow,
} from '@segue/runtime'
import { StoreError } from '../errors.ts'
import { checkpointerMain } from './checkpointer.ts'
import { MIGRATIONS } from './migrations.ts'
import { WorkerClient, WorkerFailed } from './worker-client.ts'
import type { WorkerFailure, WorkerSettings, WriterAnswers, WriterRequest } from './worker-protocol.ts'
import { startWorker } from './worker-source.ts'
import { writerMain } from './writer.ts'

/** Where a SQLite store is and how it is used. */
export interface SqliteOptions {
  /** File of the database; made when it does not exist. Its folder has to exist. */
  readonly path: string
  /** Number of partitions; fixed when the store is created. */
  readonly partitions: number
  /** Most pages (4 KiB) that the file may have: a limit for the disk it takes. */
  readonly maxPages?: number
  /**
   * CommonJS module with `onPoint(name)`, called in the store's threads at `before-commit`, `after-commit`,
   * `in-checkpoint` and `in-migration`: for tests that end the process there.
   */
  readonly pointModule?: string
}

/** Bytes written between checkpoints. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024
const CHECKPOINT_COMMITS = 200
/**
 * Pages of the log above which the writer itself brings it back to its beginning. It comes right after a checkpoint
 * that has moved nearly all of them, so that little is left to do on the hot path.
 */
const MAX_LOG_PAGES = 4096

/**
 * Opens a store in one SQLite file: one writer thread, write-ahead log, every commit synchronised, checkpoints from a
 * second connection.
 *
 * Errors: rejects with `StoreError` SEG-STORE-001 to -005 and leaves the file as it was.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const settings: WorkerSettings = {
    path: resolve(options.path),
    resolveFrom: import.meta.url,
    migrations: MIGRATIONS,
    partitions: options.partitions,
    maxPages: options.maxPages,
    pointModule: options.pointModule,
  }
  const writer = new WorkerClient(startWorker(writerMain, settings))
  try {
    await writer.ask({ op: 'open' } satisfies WriterRequest)
  } catch (error) {
    await writer.end()
    throw openingError(settings, error)
  }
  return new SqliteStore(settings, writer)
}

interface Claim {
  readonly partition: number
  readonly resolve: (epoch: Epoch) => void
  readonly reject: (error: unknown) => void
}

class SqliteStore implements Store {
  readonly description: StoreDescription
  readonly #settings: WorkerSettings
  readonly #writer: WorkerClient
  #checkpointer: WorkerClient | undefined
  #isCheckpointing = false
  #hasClosed = false
  #bytesSince = 0
  #commitsSince = 0
  readonly #claims = new Map<string, Claim[]>()
  /** Releases of this turn. */
  #releases:
    | { readonly held: { readonly partition: number; readonly epoch: Epoch }[]; readonly done: Promise<void> }
    | undefined

  constructor(settings: WorkerSettings, writer: WorkerClient) {
    this.#settings = settings
    this.#writer = writer
    this.description = {
      engine: 'sqlite',
      durability: 'a commit survives the death of the process and of the machine',
      location: settings.path,
    }
  }

  /** Claims of one turn are made durable together: a node takes all of its partitions at once. */
  claim(partition: number, owner: string): Promise<Epoch> {
    return new Promise((resolve, reject) => {
      const claims = this.#claims.get(owner)
      if (claims !== undefined) {
        claims.push({ partition, resolve, reject })
        return
      }
      this.#claims.set(owner, [{ partition, resolve, reject }])
      queueMicrotask(() => void this.#claimAll(owner))
    })
  }

  renew(partition: number, epoch: Epoch): Promise<boolean> {
    return this.#ask('renew', { op: 'renew', partition, epoch })
  }

  /** Like claims: a node that stops lets go of everything with one write. */
  release(partition: number, epoch: Epoch): Promise<void> {
    const held = this.#releases?.held ?? []
    held.push({ partition, epoch })
    this.#releases ??= { held, done: Promise.resolve().then(() => this.#releaseAll()) }
    return this.#releases.done
  }

  async commit(batches: readonly PartitionBatch[]): Promise<readonly CommitResult[]> {
    const results = await this.#ask('commit', { op: 'commit', batches: batches.map(compactBatch) })
    for (const batch of batches) for (const step of batch.steps) this.#bytesSince += sizeOf(step)
    this.#commitsSince++
    if (this.#bytesSince >= CHECKPOINT_BYTES || this.#commitsSince >= CHECKPOINT_COMMITS) this.#startCheckpoint()
    return results
  }

  append(batches: readonly InboxBatch[]): Promise<readonly AppendResult[]> {
    return this.#ask('append', {
      op: 'append',
      batches: batches.map(({ partition, epoch, messages }) => ({
        partition,
        epoch,
        messages: messages.map(({ to, body }) => ({ to: { kind: to.kind, id: to.id }, body })),
      })),
    })
  }

  load(refs: readonly EntityRef[]): Promise<readonly StoredEntity[]> {
    return this.#ask('load', { op: 'load', refs: refs.map(({ kind, id }) => ({ kind, id })) })
  }

  due(partitions: readonly number[], untilEpochMs: number, limit: number): Promise<readonly TimerRow[]> {
    return this.#ask('due', { op: 'due', partitions, untilEpochMs: Math.floor(untilEpochMs), limit })
  }

  async query<Q extends StoreQuery>(query: Q): Promise<StoreAnswer<Q>> {
    // JSON border: the writer answers each kind of query with its own rows.
    return (await this.#ask('query', { op: 'query', query })) as StoreAnswer<Q>
  }

  purge(request: PurgeRequest): Promise<number> {
    return this.#ask('purge', { op: 'purge', request })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasClosed) return
    this.#hasClosed = true
    if (this.#checkpointer !== undefined) {
      await this.#checkpointer.ask({ op: 'close' }).catch(() => undefined)
      await this.#checkpointer.end()
    }
    await this.#writer.ask({ op: 'close' } satisfies WriterRequest).catch(() => undefined)
    await this.#writer.end()
  }

  async #claimAll(owner: string): Promise<void> {
    const claims = this.#claims.get(owner) ?? []
    this.#claims.delete(owner)
    try {
      const partitions = claims.map((claim) => claim.partition)
      const epochs = await this.#ask('claim', { op: 'claim', owner, partitions })
      for (const [at, claim] of claims.entries()) claim.resolve(epochs[at] ?? 0)
    } catch (error) {
      for (const claim of claims) claim.reject(error)
    }
  }

  async #releaseAll(): Promise<void> {
    const held = this.#releases?.held ?? []
    this.#releases = undefined
    await this.#ask('release', { op: 'release', held })
  }

  async #ask<Op extends keyof WriterAnswers>(
    operation: Op,
    request: WriterRequest & { readonly op: Op },
  ): Promise<WriterAnswers[Op]> {
    const location = this.#settings.path
    if (this.#hasClosed) throw new StoreError('SEG-STORE-006', { location })
    try {
      // Realm border: the writer answers each operation with its own type.
      return (await this.#writer.ask(request)) as WriterAnswers[Op]
    } catch (error) {
      const reason = error instanceof WorkerFailed ? describe(error.failure) : String(error)
      throw new StoreError('SEG-STORE-005', { location, operation, reason }, error)
    }
  }

  #startCheckpoint(): void {
    if (this.#isCheckpointing || this.#hasClosed) return
    this.#isCheckpointing = true
    this.#bytesSince = 0
    this.#commitsSince = 0
    void this.#checkpoint().finally(() => {
      this.#isCheckpointing = false
    })
  }

  /** A checkpoint that fails costs only time: the log goes on growing until one succeeds. */
  async #checkpoint(): Promise<void> {
    try {
      this.#checkpointer ??= new WorkerClient(startWorker(checkpointerMain, this.#settings))
      const result = await this.#checkpointer.ask({ op: 'checkpoint' })
      if (logPagesOf(result) > MAX_LOG_PAGES && !this.#hasClosed) await this.#ask('restartLog', { op: 'restartLog' })
    } catch {
      this.#bytesSince = CHECKPOINT_BYTES / 2
    }
  }
}

function logPagesOf(result: unknown): number {
  return typeof result === 'object' && result !== null && 'logPages' in result ? Number(result.logPages) : 0
}

/** Bytes are copied to the writer with the whole buffer they are a view of: cut them out first. */
function compactBatch(batch: PartitionBatch): PartitionBatch {
  return { ...batch, steps: batch.steps.map((step) => ({ ...step, change: compactChange(step.change) })) }
}

function compactChange(change: StateChange): StateChange {
  switch (change.kind) {
    case 'snapshot':
      return { kind: 'snapshot', state: compact(change.state) }
    case 'redo':
      return { kind: 'redo', redo: compact(change.redo) }
    case 'none':
      return change
    case 'end': {
      const state = change.state === undefined ? undefined : compact(change.state)
      const { endedAtEpochMs } = change
      return change.redo === undefined
        ? { kind: 'end', state, endedAtEpochMs }
        : { kind: 'end', state, redo: compact(change.redo), endedAtEpochMs }
    }
  }
}

function compact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes)
}

function sizeOf({ change, effects, trace }: Step): number {
  let size = 200 + effects.length * 300 + trace.length * 200
  if (change.kind === 'snapshot') size += change.state.length
  if (change.kind === 'redo') size += change.redo.length
  return size
}

function openingError({ path, partitions }: WorkerSettings, error: unknown): StoreError {
  const location = path
  if (!(error instanceof WorkerFailed)) {
    return new StoreError('SEG-STORE-005', { location, operation: 'open', reason: String(error) }, error)
  }
  const { failure } = error
  const found = failure.found ?? 0
  switch (failure.code) {
    case 'LOCKED':
      return new StoreError('SEG-STORE-001', { location }, error)
    case 'NEWER':
      return new StoreError('SEG-STORE-002', { location, found, known: MIGRATIONS.length }, error)
    case 'NOTSTORE':
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return new StoreError('SEG-STORE-003', { location, reason: failure.message }, error)
    case 'PARTITIONS':
      return new StoreError('SEG-STORE-004', { location, found, expected: partitions }, error)
    default:
      return new StoreError('SEG-STORE-005', { location, operation: 'open', reason: describe(failure) }, error)
  }
}

function describe(failure: WorkerFailure): string {
  return `${failure.message} (${failure.code})`
}
