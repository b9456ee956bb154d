import type { Database, WorkerSettings, WorkerTools } from './worker-protocol.ts'

/** How many pages the log has, and how many of them are in the database file. */
export interface CheckpointResult {
  readonly logPages: number
  readonly donePages: number
}

/**
 * Moves the log into the database file from a connection of its own, off the hot path. Runs in a worker thread from its
 * own source text, so it uses nothing from outside of its braces but types (see `worker-source.ts`).
 */
export function checkpointerMain(
  settings: WorkerSettings,
  { open, onPoint }: WorkerTools,
): (request: { readonly op: 'checkpoint' | 'close' }) => CheckpointResult | undefined {
  let db: Database | undefined

  return function handle(request) {
    if (request.op === 'close') {
      db?.close()
      db = undefined
      return undefined
    }
    if (db === undefined) {
      db = open(settings.path, { timeout: 0 })
      // The file that is synchronised here is the database; the log is the writer's.
      db.exec('pragma synchronous = full')
    }
    onPoint('in-checkpoint')
    const row = db.prepare('pragma wal_checkpoint(passive)').get()
    return { logPages: Number(row?.['log'] ?? 0), donePages: Number(row?.['checkpointed'] ?? 0) }
  }
}
