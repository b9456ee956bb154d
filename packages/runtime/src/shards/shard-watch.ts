import type { ShardProcessLimits } from './limits.ts'
import { residentBytes } from './processor-time.ts'
import type { Stay } from './progress-watch.ts'
import type { ShardProcess } from './shard-process.ts'

/** One look at the processes. */
export interface ShardLook {
  readonly nowMs: number
  readonly limits: ShardProcessLimits
  readonly memoryMb: number
  /** Memory is not looked at each time: reading it takes longer than the rest. */
  readonly looksAtMemory: boolean
}

/** Memory of a process besides what V8 counts. */
const OTHER_MEMORY_MB = 192

/** What has to happen to a process that has sessions: killed for memory, set apart after so long a stay, or nothing. */
export function judgeServing(process: ShardProcess, look: ShardLook): 'memory' | Stay | undefined {
  const stay = process.stay(look.nowMs)
  if (isOverMemory(process, look)) return 'memory'
  if (stay === undefined) return undefined
  const { shardLoadMs, shardSetApartMs, shardSetApartWallMs } = look.limits
  const { processorMs, wallMs } = stay
  const isStuck = process.isStepping
    ? (processorMs ?? 0) >= shardSetApartMs || wallMs >= shardSetApartWallMs
    : (processorMs ?? wallMs) >= shardLoadMs
  return isStuck ? stay : undefined
}

/** Why a process that was set apart has to be killed now; `undefined`: it may go on. */
export function judgeApart(process: ShardProcess, look: ShardLook): 'time' | 'memory' | undefined {
  const stay = process.stay(look.nowMs)
  const limitMs = process.culprit?.limitMs
  if (stay === undefined || limitMs === undefined) return undefined
  // A process that gets no processor at all is not waited for without end.
  if ((stay.processorMs ?? stay.wallMs) >= limitMs || stay.wallMs >= limitMs * 3) return 'time'
  return isOverMemory(process, look) ? 'memory' : undefined
}

function isOverMemory(process: ShardProcess, { looksAtMemory, memoryMb }: ShardLook): boolean {
  return looksAtMemory && (residentBytes(process.pid) ?? 0) > (memoryMb + OTHER_MEMORY_MB) * 1_048_576
}
