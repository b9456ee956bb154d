import { randomUUID } from 'node:crypto'
import type {
  AppendResult,
  Clock,
  CommitResult,
  EntityRef,
  Epoch,
  InboxBatch,
  PartitionBatch,
  PurgeRequest,
  Store,
  StoreAnswer,
  StoredEntity,
  StoreDescription,
  StoreQuery,
  TimerRow,
} from '@segue/runtime'
import { entityKey } from '@segue/runtime'
import type { Client } from 'pg'
import { systemClock } from '../../time/system-clock.ts'
import { StoreError } from '../errors.ts'
import { pointFunction } from '../points.ts'
import { toStoredText } from '../stored-text.ts'
import { arrayLiteral } from './array-literal.ts'
import { Connection } from './connection.ts'
import { foldCommit, portionsOf, type FoldedCommit } from './folded-commit.ts'
import { defaultPostgresLimits, type PostgresLimits } from './limits.ts'
import { ConnectionLost } from './pg-errors.ts'
import { openDatabase, prepareSession } from './open-database.ts'
import { postgresLocation } from './location.ts'
import { readDue, readEntities, readQuery } from './reader.ts'
import { APPEND, CLAIM, COMMIT, PURGE_ENDED, PURGE_TRACE, RELEASE, RENEW, TAKE_OVER } from './statements.ts'

/** Where a PostgreSQL store is and how it is used. */
export interface PostgresOptions {
  /** `postgres://user@host:port/database`; the password may stand in PGPASSWORD or `~/.pgpass` instead. */
  readonly url: string
  /** Number of partitions; fixed when the store is created. */
  readonly partitions: number
  readonly limits?: Partial<PostgresLimits>
  readonly clock?: Clock
  /**
   * CommonJS module with `onPoint(name)`, called at `before-commit`, `after-commit` and `in-migration`: for tests that
   * end the process there.
   */
  readonly pointModule?: string
}

/**
 * Opens a store in the schema `segue` of a PostgreSQL database, 14 or later; made when it does not exist.
 *
 * Errors: rejects with `StoreError` SEG-STORE-002 to -005, -007 and -009.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const store = new PostgresStore(options)
  try {
    await store.open()
    return store
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw error
  }
}

interface Claim {
  readonly partition: number
  readonly owner: string
  resolve(epoch: Epoch): void
  reject(error: unknown): void
}

/** What the server knows of this writer. */
interface WriterRow {
  readonly generation: number
  readonly call: number
  readonly answer: string | null
}

class PostgresStore implements Store {
  readonly #location: string
  readonly #partitions: number
  /** Everything that changes something, one after the other. */
  readonly #writes: Connection
  readonly #reads: Connection
  readonly #onPoint: (name: string) => void
  readonly #writerId: string = randomUUID()
  #writer: WriterRow = { generation: 0, call: 0, answer: null }
  #call = 0
  /** An append that was given up and may have landed: nobody was told, so its messages must not be taken. */
  #doubtfulAppend: number | undefined
  #durability = ''
  #claims: Claim[] = []
  #hasClosed = false

  constructor(options: PostgresOptions) {
    const limits = { ...defaultPostgresLimits, ...options.limits }
    const { url, clock = systemClock() } = options
    this.#location = postgresLocation(url)
    this.#partitions = options.partitions
    this.#onPoint = pointFunction(options.pointModule)
    const shared = { url, location: this.#location, limits, clock }
    this.#writes = new Connection({
      ...shared,
      applicationName: 'segue-writer',
      connected: (client) => this.#writerConnected(client, limits.statementTimeoutMs),
    })
    this.#reads = new Connection({
      ...shared,
      applicationName: 'segue-reader',
      connected: (client) => prepareSession(client, limits.statementTimeoutMs),
    })
  }

  get description(): StoreDescription {
    return { engine: 'postgres', durability: this.#durability, location: this.#location }
  }

  async open(): Promise<void> {
    await this.#writes.open()
    await this.#reads.open()
  }

  /** Claims of one turn are made durable together: a node takes all of its partitions at once. */
  claim(partition: number, owner: string): Promise<Epoch> {
    return new Promise((resolve, reject) => {
      if (this.#claims.length === 0) queueMicrotask(() => this.#claimAll())
      this.#claims.push({ partition, owner, resolve, reject })
    })
  }

  renew(partition: number, epoch: Epoch): Promise<boolean> {
    return this.#writes.do('renew', async (client) => {
      const { rowCount } = await client.query({ name: 'renew', text: RENEW, values: [partition, epoch] })
      return rowCount === 1
    })
  }

  async release(partition: number, epoch: Epoch): Promise<void> {
    await this.#writes.do('release', (client) => client.query(RELEASE, [[partition], [epoch]]))
  }

  async commit(batches: readonly PartitionBatch[]): Promise<readonly CommitResult[]> {
    const results: CommitResult[] = []
    for (const portion of portionsOf(batches)) {
      const written = new Set(numbers(await this.#once('commit', COMMIT, commitValues(foldCommit(portion)))))
      for (const at of portion.keys()) results.push(written.has(at) ? 'committed' : 'fenced')
    }
    return results
  }

  async append(batches: readonly InboxBatch[]): Promise<readonly AppendResult[]> {
    const messages = batches.flatMap((batch) => batch.messages.map((message) => ({ ...message, p: batch.partition })))
    const values = [
      batches.map(({ partition }) => partition),
      batches.map(({ epoch }) => epoch),
      messages.map(({ p }) => p),
      messages.map(({ to }) => toStoredText(entityKey(to))),
      messages.map(({ body }) => toStoredText(body)),
    ].map(arrayLiteral)
    const written = new Map(appended(await this.#once('append', APPEND, values)))
    return batches.map(({ partition }) => written.get(partition) ?? 'fenced')
  }

  load(refs: readonly EntityRef[]): Promise<readonly StoredEntity[]> {
    return this.#read('load', (client) => readEntities(client, refs, this.#partitions))
  }

  due(partitions: readonly number[], untilEpochMs: number, limit: number): Promise<readonly TimerRow[]> {
    return this.#read('due', (client) => readDue(client, partitions, untilEpochMs, limit))
  }

  query<Q extends StoreQuery>(query: Q): Promise<StoreAnswer<Q>> {
    // The answer's type follows from `kind`, which the compiler cannot see through the conditional type.
    return this.#read('query', (client) => readQuery(client, query)) as Promise<StoreAnswer<Q>>
  }

  purge({ endedBeforeEpochMs, maxTraceLines, limit }: PurgeRequest): Promise<number> {
    return this.#writes.do('purge', async (client) => {
      const ended = await client.query(PURGE_ENDED, [Math.floor(endedBeforeEpochMs), limit])
      const lines = await client.query(PURGE_TRACE, [maxTraceLines, limit * 100])
      return (ended.rowCount ?? 0) + (lines.rowCount ?? 0)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasClosed) return
    this.#hasClosed = true
    if (this.#writer.generation > 0) {
      await this.#writes
        .do('close', (client) => client.query('delete from writer where id = $1', [this.#writerId]))
        .catch(() => undefined)
    }
    await this.#writes.end()
    await this.#reads.end()
  }

  /** A read sees every change that was asked for before it. */
  #read<T>(operation: string, work: (client: Client) => Promise<T>): Promise<T> {
    const before = this.#writes.settled
    return this.#reads.do(operation, async (client) => {
      await before
      return work(client)
    })
  }

  /** Does a statement exactly once, also over a broken connection. Gives what it left in the writer's row. */
  #once(operation: 'claim' | 'commit' | 'append', text: string, values: readonly unknown[]): Promise<string> {
    let call = 0
    const done = this.#writes.do(operation, async (client, isRepeated) => {
      if (isRepeated && this.#writer.call === call) return this.#writer.answer ?? '[]'
      this.#call++
      call = this.#call
      if (operation === 'commit') this.#onPoint('before-commit')
      const { rows } = await client.query<{ answer: string }>({
        name: operation,
        text,
        values: [this.#writerId, this.#writer.generation, call, ...values],
      })
      const [told] = rows
      if (told === undefined) throw new ConnectionLost('another connection took the place of this one')
      if (operation === 'commit') this.#onPoint('after-commit')
      return told.answer
    })
    if (operation === 'append') {
      done.catch(() => {
        if (call !== 0) this.#doubtfulAppend = call
      })
    }
    return done
  }

  async #writerConnected(client: Client, statementTimeoutMs: number): Promise<void> {
    if (this.#writer.generation === 0) {
      const { durability } = await openDatabase(client, {
        location: this.#location,
        partitions: this.#partitions,
        onPoint: this.#onPoint,
      })
      this.#durability = durability
    }
    await prepareSession(client, statementTimeoutMs)
    // The rows looked up are few and their keys are at hand: one plan for good, and never one that reads a whole table.
    await client.query(`set plan_cache_mode = force_generic_plan; set enable_seqscan = off;
      set enable_hashjoin = off; set enable_mergejoin = off`)
    const { rows } = await client.query<WriterRow>(TAKE_OVER, [this.#writerId])
    const [writer] = rows
    if (writer === undefined) throw new StoreError('SEG-STORE-003', { location: this.#location, reason: 'no writer' })
    if (writer.call === this.#doubtfulAppend) {
      const sequences = appended(writer.answer ?? '[]').flatMap(([, ofPartition]) => ofPartition)
      await client.query('delete from inbox where seq = any($1::bigint[])', [sequences])
    }
    this.#doubtfulAppend = undefined
    this.#writer = writer
    await client.query("delete from writer where seen < now() - interval '7 days'")
  }

  #claimAll(): void {
    const claims = this.#claims
    this.#claims = []
    // One statement takes a partition once, for one owner.
    const groups: Claim[][] = []
    for (const claim of claims) {
      const group = groups.at(-1)
      const fits = group?.every(({ owner, partition }) => owner === claim.owner && partition !== claim.partition)
      if (group !== undefined && fits === true) group.push(claim)
      else groups.push([claim])
    }
    for (const group of groups) void this.#claimGroup(group)
  }

  async #claimGroup(claims: readonly Claim[]): Promise<void> {
    try {
      const partitions = claims.map(({ partition }) => partition)
      const answer: unknown = JSON.parse(await this.#once('claim', CLAIM, [claims[0]?.owner ?? '', partitions]))
      const epochs = new Map<unknown, unknown>(Array.isArray(answer) ? answer : [])
      for (const claim of claims) claim.resolve(Number(epochs.get(claim.partition)))
    } catch (error) {
      for (const claim of claims) claim.reject(error)
    }
  }
}

function commitValues(folded: FoldedCommit): readonly unknown[] {
  const { batches, bytes, entities, ...parts } = folded
  const {
    snapshots,
    redo,
    effects,
    answered,
    timersPut,
    timersDeleted,
    rowsPut,
    rowsDeleted,
    documents,
    trace,
    taken,
  } = parts
  const head = [...batches, ...entities].map(arrayLiteral)
  const rest = [
    ...snapshots,
    ...redo,
    ...effects,
    ...answered,
    ...timersPut,
    ...timersDeleted,
    ...rowsPut,
    ...rowsDeleted,
    ...documents,
    ...trace,
    ...taken,
  ]
  return [...head, bytes, ...rest.map(arrayLiteral)]
}

/** Partitions that were written, with the sequences of their rows. */
function appended(json: string): readonly (readonly [partition: number, sequences: readonly number[]])[] {
  const parsed: unknown = JSON.parse(json)
  return Array.isArray(parsed) ? parsed.map(([partition, sequences]) => [Number(partition), sequences.map(Number)]) : []
}

/** A JSON array of numbers, as our own statements make it. */
function numbers(json: string): readonly number[] {
  const parsed: unknown = JSON.parse(json)
  return Array.isArray(parsed) ? parsed.map(Number) : []
}
