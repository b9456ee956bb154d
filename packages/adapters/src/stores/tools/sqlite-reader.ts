import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { StoreError } from '../errors.ts'
import { MIGRATIONS } from '../sqlite/migrations.ts'
import type { Database } from '../sqlite/worker-protocol.ts'
import type { StoreReader, StoreSql } from './store-reader.ts'

const NAME = "coalesce(e.kind || '/' || e.id, 'row ' || x.entity)"
const JOINED = 'x left join entity e on e.rid = x.entity'

const sql: StoreSql = {
  first: 0,
  entities: `select rid as at, kind || '/' || id as subject, p, ver, ended, attributes from entity
    where rid > ? order by rid limit ?`,
  records: `select subject, part, ver, bytes from (
      select ${NAME} as subject, x.entity, 'state' as part, 0 as ver, x.state as bytes from snapshot ${JOINED}
      union all
      select ${NAME}, x.entity, 'redo', x.ver, x.record from redo ${JOINED})
    where entity > ? and entity <= ?`,
  effects: `select ${NAME} as subject, x.key, x.body from effect ${JOINED}
    where e.rid is not null and x.entity > ? and x.entity <= ?`,
  inbox: "select seq, kind || '/' || id as subject, body from inbox where seq > ? order by seq limit ?",
  trace: `select x.seq, ${NAME} as subject, x.line from trace ${JOINED} where x.seq > ? order by x.seq limit ?`,
  orphans: (table) => `select distinct ${NAME} as subject from ${table} ${JOINED} where e.rid is null`,
  timersOfEnded: `select ${NAME} as subject, x.id from timer ${JOINED} where e.ended > 0`,
  sessionsWithoutState: `select kind || '/' || id as subject, ver from entity e
    where kind = 'session' and ver > 0 and not exists (select 1 from snapshot s where s.entity = e.rid)`,
  entityCounts: 'select kind, ended > 0 as ended, count(*) as n from entity group by kind, ended > 0 order by kind',
  oldestEffect: 'select key, type, planned from effect order by planned, seq limit 1',
  tables: {
    snapshot: 'a snapshot',
    redo: 'redo records',
    effect: 'effects',
    timer: 'timers',
    row: 'rows',
    trace: 'trace lines',
  },
  documentTable: 'document',
}

/**
 * Reads a SQLite store from a connection of its own.
 *
 * Errors: SEG-STORE-002 for one of a newer program, -003 for what is no store, -010 where there is nothing.
 */
export function openSqliteReader(path: string): StoreReader {
  const db = openSqliteFile(path)
  try {
    db.exec('begin')
    const meta = sqliteMeta(db, path)
    return {
      engine: 'sqlite',
      location: path,
      schemaVersion: meta.schema,
      partitions: meta.partitions,
      sql,
      rows: async (query, ...values) => db.prepare(query).all(...values),
      damage: async () =>
        db
          .prepare('pragma integrity_check(100)')
          .all()
          .flatMap((row) => String(row['integrity_check']).split('\n'))
          .filter((text) => text !== 'ok' && !text.startsWith('***')),
      sizes: async () => {
        const logBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
        return { totalBytes: statSync(path).size + logBytes, logBytes }
      },
      [Symbol.asyncDispose]: async () => db.close(),
    }
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * A connection to a file that exists.
 *
 * Errors: SEG-STORE-010 where there is nothing.
 */
export function openSqliteFile(path: string): Database {
  if (!existsSync(path)) throw new StoreError('SEG-STORE-010', { location: path })
  // The binding is found from the place of this package, as the store's threads find it.
  const Binding: new (file: string, options: { readonly timeout: number }) => Database = createRequire(import.meta.url)(
    'libsql',
  )
  return new Binding(path, { timeout: 5000 })
}

/**
 * Schema version and partitions of a store.
 *
 * Errors: SEG-STORE-002 for one of a newer program, -003 for what is no store.
 */
function sqliteMeta(db: Database, path: string): { readonly schema: number; readonly partitions: number } {
  const value = (key: string): number => {
    try {
      return Number(db.prepare('select value from meta where key = ?').get(key)?.['value'] ?? 0)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new StoreError('SEG-STORE-003', { location: path, reason }, error)
    }
  }
  const schema = value('schema')
  const known = MIGRATIONS.length
  if (schema > known) throw new StoreError('SEG-STORE-002', { location: path, found: schema, known })
  if (schema === 0) throw new StoreError('SEG-STORE-003', { location: path, reason: 'it has no schema version' })
  return { schema, partitions: value('partitions') }
}
