import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { PostgresServer } from '@segue/testing'
import type { StorePlace } from './contract.ts'

/** A store for one run. */
export interface TestStore {
  readonly place: StorePlace
  /** Takes the store back to the schema before the newest, so that the next worker migrates it with all its data. */
  olderSchema(): Promise<void>
}

/** The part of the database binding that is used here. */
interface Database {
  exec(sql: string): void
  prepare(sql: string): { get(): { readonly value: number } }
  close(): void
}

/** What the newest migration made; a new migration needs its own line. */
const UNDO: Readonly<Record<StorePlace['kind'], { readonly schema: number; readonly sql: string }>> = {
  sqlite: { schema: 2, sql: 'drop index entity_ended' },
  postgres: { schema: 2, sql: 'drop table segue.writer; drop index segue.entity_ended' },
}
const SCHEMA = "value from meta where key = 'schema'"

/** One file in a folder. */
export function sqliteTestStore(folder: string): TestStore {
  const path = join(folder, 'store.db')
  return {
    place: { kind: 'sqlite', path },
    olderSchema: async () => {
      // The binding's own types do not matter here; the store's adapter uses it in the same form.
      const open = createRequire(import.meta.url)('libsql') as new (path: string) => Database
      const database = new open(path)
      try {
        const undo = undoOf('sqlite', database.prepare(`select ${SCHEMA}`).get().value)
        if (undo !== undefined)
          database.exec(`begin; ${undo}; update meta set value = value - 1 where key = 'schema'; commit`)
      } finally {
        database.close()
      }
    },
  }
}

/** A database of its own on a server. */
export async function postgresTestStore(server: PostgresServer): Promise<TestStore> {
  const url = await server.createDatabase()
  return {
    place: { kind: 'postgres', url },
    olderSchema: async () => {
      const found = await server.sql(`set search_path = segue; select ${SCHEMA}`, url)
      const undo = undoOf('postgres', Number(found.split('\n').at(-1)))
      if (undo !== undefined)
        await server.sql(`begin; ${undo}; update segue.meta set value = value - 1 where key = 'schema'; commit`, url)
    },
  }
}

/** `undefined`: a migration that was killed has left the older schema. */
function undoOf(kind: StorePlace['kind'], schema: number): string | undefined {
  const undo = UNDO[kind]
  if (schema === undo.schema - 1) return undefined
  if (schema !== undo.schema) throw new Error(`schema ${schema} of ${kind} is not known here: say how it is undone`)
  return undo.sql
}
