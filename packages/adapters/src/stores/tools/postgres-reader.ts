import { Client } from 'pg'
import { StoreError } from '../errors.ts'
import { defaultPostgresLimits } from '../postgres/limits.ts'
import { postgresLocation } from '../postgres/location.ts'
import { POSTGRES_MIGRATIONS } from '../postgres/migrations.ts'
import { storedMeta } from '../postgres/open-database.ts'
import { failureText } from '../postgres/pg-errors.ts'
import type { StoreReader, StoreRow, StoreSql } from './store-reader.ts'

const JOINED = 'x left join entity e on e.p = x.p and e.key = x.entity'

const sql: StoreSql = {
  first: '',
  entities: `select key as at, key as subject, p, ver, ended, attributes::text as attributes from entity
    where key > ? order by key limit ?`,
  records: `select subject, part, ver, bytes from (
      select entity as subject, 'state' as part, 0 as ver, state as bytes from snapshot
      union all
      select entity, 'redo', ver, record from redo) as r
    where subject > ? and subject <= ?`,
  effects: 'select entity as subject, key, body from effect where entity > ? and entity <= ?',
  inbox: 'select seq, entity as subject, body from inbox where seq > ? order by seq limit ?',
  trace: 'select seq, entity as subject, line from trace where seq > ? order by seq limit ?',
  orphans: (table) => `select distinct x.entity as subject from ${table} ${JOINED} where e.key is null`,
  timersOfEnded: `select x.entity as subject, x.id from timer ${JOINED} where e.ended > 0`,
  sessionsWithoutState: `select key as subject, ver from entity e
    where key > 'session/' and key < 'session0' and ver > 0
      and not exists (select 1 from snapshot s where s.p = e.p and s.entity = e.key)`,
  entityCounts: `select split_part(key, '/', 1) as kind, (ended > 0)::int as ended, count(*) as n
    from entity group by 1, 2 order by 1`,
  oldestEffect: 'select key, type, planned from effect order by planned, seq limit 1',
  tables: {
    snapshot: 'a snapshot',
    redo: 'redo records',
    effect: 'effects',
    timer: 'timers',
    named_row: 'rows',
    trace: 'trace lines',
  },
  documentTable: 'document',
}

const SIZE = `select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'segue' and c.relkind = 'r'`

/**
 * Reads a PostgreSQL store from a connection of its own, in one transaction that changes nothing.
 *
 * Errors: SEG-STORE-002 for one of a newer program, -003 for what is no store, -007 when the server cannot be reached, -010
 * where there is nothing.
 */
export async function openPostgresReader(url: string): Promise<StoreReader> {
  const location = postgresLocation(url)
  const client = new Client({
    connectionString: url,
    application_name: 'segue-store',
    connectionTimeoutMillis: defaultPostgresLimits.connectTimeoutMs,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new StoreError('SEG-STORE-007', { location, reason: failureText(error) }, error)
  }
  try {
    const meta = await storedMeta(client, location)
    if (meta === undefined) throw new StoreError('SEG-STORE-010', { location })
    const known = POSTGRES_MIGRATIONS.length
    if (meta.schema > known) throw new StoreError('SEG-STORE-002', { location, found: meta.schema, known })
    await client.query('begin isolation level repeatable read read only; set local search_path = segue')
    return {
      engine: 'postgres',
      location,
      schemaVersion: meta.schema,
      partitions: meta.partitions ?? 0,
      sql,
      rows: async (query, ...values) => {
        let at = 0
        const { rows } = await client.query<StoreRow>(
          query.replaceAll('?', () => `$${++at}`),
          [...values],
        )
        return rows
      },
      damage: async () => [],
      sizes: async () => ({ totalBytes: Number((await client.query<StoreRow>(SIZE)).rows[0]?.['bytes']), logBytes: 0 }),
      [Symbol.asyncDispose]: async () => client.end(),
    }
  } catch (error) {
    await client.end()
    throw error
  }
}
