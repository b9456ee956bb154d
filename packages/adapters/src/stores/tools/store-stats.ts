import { fromStoredText } from '../stored-text.ts'
import type { StoreReader, StoreSizes } from './store-reader.ts'

/** How much a store holds. */
export interface StoreStats {
  readonly engine: 'sqlite' | 'postgres'
  readonly location: string
  readonly schemaVersion: number
  readonly partitions: number
  readonly sizes: StoreSizes
  /** By kind of entity. */
  readonly entities: Readonly<Record<string, { readonly running: number; readonly ended: number }>>
  /** By table. */
  readonly rows: Readonly<Record<string, number>>
  /** Absent: every effect is answered. */
  readonly oldestEffect?: {
    readonly key: string
    readonly type: string
    readonly plannedAtEpochMs: number
  }
}

/** Counts what is there. Cost: reads indexes or tables whole. */
export async function storeStats(reader: StoreReader): Promise<StoreStats> {
  const { engine, location, schemaVersion, partitions, sql } = reader
  const entities: Record<string, { running: number; ended: number }> = {}
  for (const { kind, ended, n } of await reader.rows(sql.entityCounts)) {
    const counted = (entities[String(kind)] ??= { running: 0, ended: 0 })
    counted[Number(ended) === 0 ? 'running' : 'ended'] += Number(n)
  }
  const rows: Record<string, number> = {}
  for (const table of [...Object.keys(sql.tables), 'inbox', sql.documentTable]) {
    rows[table] = Number((await reader.rows(`select count(*) as n from ${table}`))[0]?.['n'])
  }
  const [oldest] = await reader.rows(sql.oldestEffect)
  const stats = { engine, location, schemaVersion, partitions, sizes: await reader.sizes(), entities, rows }
  if (oldest === undefined) return stats
  const text = (name: string): string => fromStoredText(String(oldest[name]))
  const oldestEffect = { key: text('key'), type: text('type'), plannedAtEpochMs: Number(oldest['planned']) }
  return { ...stats, oldestEffect }
}
