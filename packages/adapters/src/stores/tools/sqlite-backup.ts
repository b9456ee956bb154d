import { existsSync } from 'node:fs'
import { copyFile, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createRequire } from 'node:module'
import { StoreError } from '../errors.ts'
import type { Database } from '../sqlite/worker-protocol.ts'
import { checkStore } from './check-store.ts'
import { openSqliteFile, openSqliteReader } from './sqlite-reader.ts'
import { storeStats } from './store-stats.ts'

/** What a restore does with a store that has unfinished work. */
export interface RestoreOptions {
  /** Keeps it beside the new one instead of refusing. */
  readonly replaces: boolean
  /** Stands in the name under which it is kept. */
  readonly nowEpochMs: number
}

/** What a restore did. */
export interface Restored {
  /** Where the store before it is now; absent: there was none, or it had nothing unfinished and is kept as well. */
  readonly keptAs: string | undefined
}

/**
 * Writes a SQLite store as it is at this moment into one file, also while a node uses it. The file is there when it is
 * whole and on the disk, never before.
 *
 * Errors: SEG-STORE-002, -003, -010 as for reading; -005 when the disk refuses; -013 when the file exists.
 */
export async function backupSqliteStore(path: string, file: string): Promise<void> {
  if (existsSync(file)) throw new StoreError('SEG-STORE-013', { location: file })
  await openSqliteReader(path)[Symbol.asyncDispose]()
  const partial = `${file}.partial`
  await rm(partial, { force: true })
  try {
    const db = openSqliteFile(path)
    try {
      db.prepare('vacuum into ?').run(partial)
    } finally {
      db.close()
    }
    await synchronise(partial)
    await rename(partial, file)
    await synchronise(dirname(file))
  } catch (error) {
    await rm(partial, { force: true })
    throw refused(path, 'backup', error)
  }
}

/**
 * Puts a backup in the place of a store that no node uses. The backup is checked first; a store with unfinished work is
 * left alone unless it may be replaced.
 *
 * Errors: SEG-STORE-001 when a node uses the store, -011 when the backup has findings, -012 when the store has unfinished
 * work; -002, -003, -010 for the backup as for reading.
 */
export async function restoreSqliteStore(file: string, path: string, options: RestoreOptions): Promise<Restored> {
  await requireSound(file)
  const lock = takeLock(path)
  const partial = `${path}.partial`
  try {
    if (existsSync(path) && !options.replaces) await requireFinished(path)
    await copyFile(file, partial)
    await synchronise(partial)
    const keptAs = existsSync(path)
      ? `${path}.${new Date(options.nowEpochMs).toISOString().replaceAll(/[:.]/g, '-')}`
      : undefined
    // The log belongs to the file before: beside the new one it would be taken for its own.
    for (const suffix of ['-wal', '-shm', '']) {
      if (existsSync(path + suffix)) await rename(path + suffix, `${keptAs ?? `${path}.old`}${suffix}`)
    }
    await rename(partial, path)
    await synchronise(dirname(path))
    return { keptAs }
  } catch (error) {
    await rm(partial, { force: true })
    throw error instanceof StoreError ? error : refused(path, 'restore', error)
  } finally {
    lock.close()
  }
}

async function requireSound(file: string): Promise<void> {
  await using reader = openSqliteReader(file)
  for await (const { subject, text } of checkStore(reader)) {
    throw new StoreError('SEG-STORE-011', { location: file, reason: `${subject} ${text}` })
  }
}

async function requireFinished(path: string): Promise<void> {
  await using reader = openSqliteReader(path)
  const { entities, rows } = await storeStats(reader)
  const work = [
    [entities['session']?.running ?? 0, 'sessions run'],
    [entities['interaction']?.running ?? 0, 'interactions live'],
    [rows['effect'] ?? 0, 'effects are unanswered'],
    [rows['inbox'] ?? 0, 'messages wait'],
  ] as const
  const unfinished = work.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  if (unfinished.length > 0) throw new StoreError('SEG-STORE-012', { location: path, reason: unfinished.join(', ') })
}

/** The same lock that a node holds. */
function takeLock(path: string): Database {
  const Binding: new (file: string, options: { readonly timeout: number }) => Database = createRequire(import.meta.url)(
    'libsql',
  )
  const lock = new Binding(`${path}-lock`, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
    return lock
  } catch (error) {
    lock.close()
    throw new StoreError('SEG-STORE-001', { location: path }, error)
  }
}

async function synchronise(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function refused(path: string, operation: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new StoreError('SEG-STORE-005', { location: path, operation, reason }, error)
}
