import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CrashWorld, until } from '../crash-world.ts'
import { sqliteTestStore } from '../test-store.ts'
import type { Fault } from './fault.ts'

const run = promisify(execFile)
const EVENTS = 150
const TIMEOUT_MS = 60_000
const TROUBLE_MS = 500
const SMALL = 'size=8m'
const LARGE = 'size=256m'
const PAUSED = 'SEG-RUNTIME-002'

/**
 * The file system is full: nothing is acknowledged until there is room again, a worker that is killed meanwhile costs
 * nothing, and one that starts meanwhile works or says why not.
 */
export const fullDisk: Fault = async ({ folder, programs, seed }) => {
  const disk = join(folder, 'disk')
  await mkdir(disk)
  const problem = await tried('mount', ['-t', 'tmpfs', '-o', SMALL, 'tmpfs', disk])
  if (problem !== undefined) return { skipped: `a small file system cannot be mounted: ${problem}` }
  try {
    await using world = new CrashWorld({ programs, folder, store: sqliteTestStore(disk), seed })
    await world.start()
    world.clients.hasBallast = true
    const { worker: first } = await world.begin()
    await until('the disk is full', TIMEOUT_MS, () => isPaused(world))
    await pause(TROUBLE_MS)
    const during = await acknowledgedMeanwhile(world)
    await world.end(first)
    const second = await world.begin()
    const refusal = second.state === 'refused' ? (world.incidents.at(-1) ?? '') : ''
    await run('mount', ['-o', `remount,${LARGE}`, disk])
    world.clients.hasBallast = false
    const third = second.state === 'ready' ? second : await world.begin()
    await more(world)
    await world.end(third.worker)
    const verdict = await world.finish()
    if (during > 0) throw new Error(`${during} events were acknowledged on a full disk`)
    return { ...verdict, seen: { onFullDisk: second.state, refusal } }
  } finally {
    await run('umount', [disk])
  }
}

/** The files become unwritable under a worker, and are so when the next one starts. */
export const readOnlyDisk: Fault = async ({ folder, programs, seed }) => {
  const store = sqliteTestStore(folder)
  await using world = new CrashWorld({ programs, folder, store, seed })
  await world.start()
  const path = join(folder, 'store.db')
  const files = (): readonly string[] => [path, `${path}-wal`].filter((file) => existsSync(file))
  const { worker: first } = await world.begin()
  await more(world)
  const problem = await tried('chattr', ['+i', ...files()])
  if (problem !== undefined) return { skipped: `files cannot be made immutable: ${problem}` }
  try {
    await until('the runtime is told', TIMEOUT_MS, () => isPaused(world))
    await pause(TROUBLE_MS)
    const during = await acknowledgedMeanwhile(world)
    if (during > 0) throw new Error(`${during} events were acknowledged on a read-only disk`)
    await run('chattr', ['-i', ...files()])
    await more(world)
    await world.end(first)
    await run('chattr', ['+i', ...files()])
    const { state } = await world.begin()
    const refusal = world.incidents.at(-1) ?? ''
    if (state !== 'refused') throw new Error(`a worker on a read-only disk was ${state}`)
    await run('chattr', ['-i', ...files()])
    return { ...(await world.finish()), seen: { refusal } }
  } finally {
    await run('chattr', ['-i', ...files()])
  }
}

function isPaused(world: CrashWorld): boolean {
  return world.incidents.some((text) => text.startsWith(PAUSED))
}

/** Events that are acknowledged while nothing can be written. */
async function acknowledgedMeanwhile({ clients }: CrashWorld): Promise<number> {
  const before = clients.acknowledged
  await pause(TROUBLE_MS)
  return clients.acknowledged - before
}

function more({ clients }: CrashWorld): Promise<void> {
  const wanted = clients.acknowledged + EVENTS
  return until('events are acknowledged', TIMEOUT_MS, () => clients.acknowledged >= wanted)
}

/** Why a command did not work. */
async function tried(command: string, words: readonly string[]): Promise<string | undefined> {
  try {
    await run(command, words)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error)
  }
}
