import type { Shard, ShardIncident, ShardQuestion } from '../session/contract.ts'
import type { ShardProgram } from './command-line.ts'
import type { ShardProcessLimits } from './limits.ts'
import type { Quarantine } from './quarantine.ts'

/** How the shard processes of a node are set up. */
export interface ShardProcessesOptions {
  readonly program: ShardProgram
  /** Processes that have sessions; one more is kept warm. */
  readonly count: number
  readonly quarantine: Quarantine
  /** JSON-able settings that the program of the shard reads, taken with each replica. */
  readonly settings: () => unknown
  /** Answers functions that need the front, at once; `undefined`: not known yet. */
  readonly answer?: (question: ShardQuestion) => unknown
  readonly limits?: Partial<ShardProcessLimits>
  /** Time of incidents and strikes, in milliseconds since 1970-01-01 UTC. */
  readonly nowEpochMs: () => number
  /** Told what an operator has to know of the processes themselves. Never throws. */
  readonly onIncident?: (incident: ShardIncident) => void
  /** Told what happens to the processes, for the log. Never throws. */
  readonly onNotice?: (text: string, fields: Readonly<Record<string, unknown>>) => void
}

/** Shard processes behind the interface of one shard. */
export interface ShardProcesses extends Shard, AsyncDisposable {
  /** Resolves when every process that has sessions can take some. */
  ready(): Promise<void>
  /** Processes that have sessions, by lane; then the warm one. */
  pids(): readonly number[]
  /** Processes that were set apart and finish one step. */
  apart(): readonly number[]
}
