import { readFile } from 'node:fs/promises'

/** Where the shared index of SQLite's log says how many frames are in the database file (walformat, WalCkptInfo). */
export const MOVED_AT = 96
/** Where it says how many frames the last checkpoint set out to move. */
export const BEGUN_AT = 128

/** How far checkpoints of a database are, in frames of its log. */
export interface CheckpointState {
  /** In the database file for good. */
  readonly moved: number
  /** What the last checkpoint set out to move: the log is synchronised up to there. */
  readonly begun: number
}

/** Reads the index that a killed process has left. */
export async function checkpointState(path: string): Promise<CheckpointState> {
  const index = await readFile(`${path}-shm`)
  return { moved: index.readUInt32LE(MOVED_AT), begun: index.readUInt32LE(BEGUN_AT) }
}
