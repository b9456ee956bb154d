import {
  contextRealm,
  createInProcessShard,
  createQuarantine,
  createShardProcesses,
  type Shard,
  type ShardIncident,
} from '@segue/runtime'
import { ledgerModule } from './application.ts'

/** Where scripts run, with the processes that can be killed. */
export interface WorkerShard {
  readonly shard: Shard
  pids(): readonly number[]
}

const MEMORY_MB = 256

/** Shard processes of a program; without one the worker steps sessions itself. */
export function makeShard(program: string | undefined, onIncident: (incident: ShardIncident) => void): WorkerShard {
  if (program === undefined) {
    const server = { name: 'n', cluster: 'c', url: undefined }
    return { shard: createInProcessShard({ modules: [ledgerModule], realm: contextRealm, server }), pids: () => [] }
  }
  const shard = createShardProcesses({
    program: { path: program, memoryMb: MEMORY_MB },
    count: 1,
    quarantine: createQuarantine({ maxStrikes: 3, strikeWindowMs: 3_600_000 }),
    settings: () => undefined,
    nowEpochMs: () => Date.now(),
    onIncident,
  })
  return { shard, pids: () => shard.pids() }
}
