import type { Client, ClientBase } from 'pg'
import { StoreError } from '../errors.ts'
import { failureKind, failureText } from './pg-errors.ts'
import { POSTGRES_MIGRATIONS } from './migrations.ts'

/** What opening a database needs to know. */
export interface OpenDatabaseOptions {
  readonly location: string
  readonly partitions: number
  readonly onPoint: (name: string) => void
}

/** What a database says about itself. */
export interface DatabaseFacts {
  readonly durability: string
}

const OLDEST_VERSION = 140_000
/** Two programs that make the same store at once: one waits or fails, and then finds what the other one made. */
const TRIES = 3

/**
 * Brings a database to the schema of this program, or makes a store in it.
 *
 * Errors: SEG-STORE-002 for a newer one, -003 for what is no store, -004 for another number of partitions, -009 for a
 * server that is too old.
 */
export async function openDatabase(client: Client, options: OpenDatabaseOptions): Promise<DatabaseFacts> {
  const { location } = options
  const { version, isStandby } = await serverFacts(client)
  if (version < OLDEST_VERSION) {
    const found = `PostgreSQL ${Math.floor(version / 10_000)}`
    throw new StoreError('SEG-STORE-009', { location, found, needed: OLDEST_VERSION / 10_000 })
  }
  if (isStandby) throw new StoreError('SEG-STORE-007', { location, reason: 'the server is a standby' })
  for (let tries = 1; ; tries++) {
    try {
      await migrate(client, options)
      break
    } catch (error) {
      if (error instanceof StoreError || failureKind(error) === 'connection') throw error
      if (tries === TRIES) {
        throw new StoreError('SEG-STORE-005', { location, operation: 'open', reason: failureText(error) }, error)
      }
    }
  }
  return { durability: await durability(client) }
}

/**
 * Schema version and number of partitions of a store; `undefined` where there is none.
 *
 * Errors: SEG-STORE-003 when the schema is there and is none of a store.
 */
export async function storedMeta(
  client: ClientBase,
  location: string,
): Promise<{ readonly schema: number; readonly partitions: number | undefined } | undefined> {
  const { rows: tables } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'segue'",
  )
  if (tables.length === 0) return undefined
  if (!tables.some(({ name }) => name === 'meta')) {
    throw new StoreError('SEG-STORE-003', { location, reason: 'its schema "segue" is of another program' })
  }
  const { rows } = await client.query<{ key: string; value: number }>('select key, value from segue.meta')
  const meta = new Map(rows.map(({ key, value }) => [key, Number(value)]))
  return { schema: meta.get('schema') ?? 0, partitions: meta.get('partitions') }
}

/** Names are looked up in the store's own schema; nothing but statements makes a connection different. */
export async function prepareSession(client: ClientBase, statementTimeoutMs: number): Promise<void> {
  await client.query(`set search_path = segue; set statement_timeout = ${statementTimeoutMs}; set jit = off;
    set idle_in_transaction_session_timeout = ${statementTimeoutMs}`)
  const { rows } = await client.query<{ commits: string }>("select current_setting('synchronous_commit') as commits")
  if (rows[0]?.commits === 'off') await client.query('set synchronous_commit = on')
}

async function migrate(client: Client, { location, partitions, onPoint }: OpenDatabaseOptions): Promise<void> {
  const before = await storedMeta(client, location)
  const known = POSTGRES_MIGRATIONS.length
  if (before !== undefined && before.schema > known) {
    throw new StoreError('SEG-STORE-002', { location, found: before.schema, known })
  }
  if (before === undefined) {
    await inTransaction(client, async () => {
      await client.query('create schema if not exists segue')
      await client.query('create table if not exists segue.meta (key text primary key, value bigint not null)')
      await client.query("insert into segue.meta values ('schema', 0) on conflict do nothing")
    })
  }
  for (let version = before?.schema ?? 0; version < known; version++) {
    await inTransaction(client, async () => {
      // The row makes a second program wait, and then see that it is done.
      const { rows } = await client.query("select value from segue.meta where key = 'schema' for update")
      if (Number(rows[0]?.value) !== version) return
      await client.query(`set local search_path = segue; ${POSTGRES_MIGRATIONS[version] ?? ''}`)
      onPoint('in-migration')
      await client.query("update segue.meta set value = $1 where key = 'schema'", [version + 1])
    })
  }
  await client.query("insert into segue.meta values ('partitions', $1) on conflict do nothing", [partitions])
  const found = (await storedMeta(client, location))?.partitions ?? 0
  if (found !== partitions) throw new StoreError('SEG-STORE-004', { location, found, expected: partitions })
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await work()
    await client.query('commit')
  } catch (error) {
    if (failureKind(error) !== 'connection') await client.query('rollback')
    throw error
  }
}

async function serverFacts(client: Client): Promise<{ readonly version: number; readonly isStandby: boolean }> {
  const { rows } = await client.query<{ version: string; standby: boolean }>(
    "select current_setting('server_version_num') as version, pg_is_in_recovery() as standby",
  )
  return { version: Number(rows[0]?.version), isStandby: rows[0]?.standby === true }
}

async function durability(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select name, setting as value from pg_settings
     where name in ('fsync', 'synchronous_commit', 'synchronous_standby_names')`,
  )
  const settings = new Map(rows.map(({ name, value }) => [name, value]))
  if (settings.get('fsync') === 'off') return 'fsync is off: a commit may be lost with the machine of the database'
  return settings.get('synchronous_standby_names') === ''
    ? 'a commit survives the death of the process and of the database server'
    : `a commit survives the loss of the database server (synchronous_commit ${settings.get('synchronous_commit')})`
}
