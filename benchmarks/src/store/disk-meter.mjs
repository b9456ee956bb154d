// What a run writes to the disk.
import { Client } from 'pg'
import { writtenBytes } from './processes.mjs'

/** Bytes that reached the disk: of this process for SQLite, the log of the server for PostgreSQL. */
export async function diskMeter({ store, url }) {
  if (store === 'memory') return { bytes: () => 0, end: () => undefined }
  if (store === 'sqlite') return { bytes: writtenBytes, end: () => undefined }
  const client = new Client(url)
  await client.connect()
  const first = (await client.query('select pg_current_wal_lsn() as lsn')).rows[0].lsn
  return {
    async bytes() {
      const { rows } = await client.query('select pg_wal_lsn_diff(pg_current_wal_lsn(), $1)::bigint as bytes', [first])
      return Number(rows[0].bytes)
    },
    end: () => client.end(),
  }
}
