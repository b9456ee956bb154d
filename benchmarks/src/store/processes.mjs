// What this process and those that it started use: processor time, memory, bytes written. Linux; elsewhere it throws.
import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of /proc in one second: the same on every Linux that Node.js runs on. */
const TICKS_PER_S = 100

/** A process with all that it started and they started. @returns {readonly number[]} */
export function familyOf(pid = process.pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readNumbers(`/proc/${pid}/task/${task}/children`))
  return [pid, ...children.flatMap((child) => tryFamily(child))]
}

/** Processor time so far of this process and the living ones that it started. */
export function processorMs(pid = process.pid) {
  return familyOf(pid).reduce((sum, member) => sum + timeOf(member), 0)
}

/** Proportional set size of a process and all that it started. Units: bytes. */
export function memoryBytes(pid) {
  return familyOf(pid).map((member) => {
    const rollup = readFileSync(`/proc/${member}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
  })
}

/** Bytes that this process has sent to the storage layer. */
export function writtenBytes() {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0)
}

function timeOf(pid) {
  if (pid === process.pid) {
    const { system, user } = process.cpuUsage()
    return (system + user) / 1000
  }
  // Fields behind the name, which may hold blanks: state is the first, user and system time the 12th and 13th.
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_S
}

function tryFamily(pid) {
  try {
    return familyOf(pid)
  } catch {
    // It has ended meanwhile.
    return []
  }
}

function readNumbers(path) {
  try {
    return readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
