import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Clock ticks of `/proc/<pid>/stat` in a second: 100 on every Linux that Node runs on. */
const TICKS_PER_S = 100
const USER_TIME_FIELD = 11
const SYSTEM_TIME_FIELD = 12

/**
 * Processor time that a process has used; `undefined` where the system does not tell (other than Linux).
 *
 * Units: milliseconds, in steps of 10.
 */
export function processorTimeMs(pid: number): number | undefined {
  const text = read(`/proc/${pid}/stat`)
  // The name of the program, in brackets, may hold blanks.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields?.[USER_TIME_FIELD]) + Number(fields?.[SYSTEM_TIME_FIELD])
  return Number.isFinite(ticks) ? (ticks * 1000) / TICKS_PER_S : undefined
}

/** A process with this nice value gets next to nothing of a processor that others want, and all of one that nobody wants. */
const NICE = 19

/** Lets others go first: a process that computes for long shall not take the processor from those that answer. */
export function giveWay(pid: number): void {
  // On Linux a process with a session of its own may have its share through that (`sched_autogroup_enabled`), and the
  // value of a process is that of its first thread only: collectors of garbage have theirs.
  tryTo(() => writeFileSync(`/proc/${pid}/autogroup`, String(NICE)))
  tryTo(() => setPriority(pid, NICE))
  for (const thread of threadsOf(pid)) tryTo(() => setPriority(thread, NICE))
}

/** Memory of a process that is in use, in bytes; `undefined` where the system does not tell. */
export function residentBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return []
  }
}

/** The process is gone, or the system does not allow it: it is watched all the same. */
function tryTo(change: () => void): void {
  try {
    change()
  } catch {
    // See above.
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
