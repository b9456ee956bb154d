import { setTimeout as pause } from 'node:timers/promises'
import { CrashWorld, until } from '../crash-world.ts'
import { postgresTestStore, sqliteTestStore } from '../test-store.ts'
import type { Fault } from './fault.ts'

const EVENTS = 150
const TIMEOUT_MS = 60_000
const STOPPED_MS = 300

/**
 * A worker is stopped in the middle of its work and goes on later. On SQLite another one is refused meanwhile: the file
 * is locked. On PostgreSQL another one takes over, and what the first still tries to commit is fenced.
 */
export const stoppedWorker: Fault = async ({ folder, postgres, programs, seed }) => {
  const store = postgres === undefined ? sqliteTestStore(folder) : await postgresTestStore(postgres)
  await using world = new CrashWorld({ programs, folder, store, seed })
  const { clients } = world
  const more = (what: string): Promise<void> => {
    const wanted = clients.acknowledged + EVENTS
    return until(what, TIMEOUT_MS, () => clients.acknowledged >= wanted)
  }
  await world.start()
  const { worker: first } = await world.begin()
  await more('the first worker takes events')
  await until('the first worker has commits in flight', TIMEOUT_MS, () => world.progress.inFlight > 0)
  first.signal('SIGSTOP')
  const { inFlight } = world.progress
  const second = await world.begin({ progress: `${folder}/progress-of-second` })
  if (postgres === undefined) {
    if (second.state !== 'refused') throw new Error(`a second worker was not refused but ${second.state}`)
    const refusal = world.incidents.at(-1) ?? ''
    if (!refusal.startsWith('SEG-STORE-001')) throw new Error(`the second worker was refused with ${refusal}`)
    await pause(STOPPED_MS)
    first.signal('SIGCONT')
    await more('the first worker goes on')
    await world.end(first)
    return { ...(await world.finish()), seen: { inFlight, refusal: 'SEG-STORE-001' } }
  }
  if (second.state !== 'ready') throw new Error(`the second worker did not take over: ${world.incidents.at(-1)}`)
  await more('the second worker takes events')
  first.signal('SIGCONT')
  const fenced = (): number => world.incidents.filter((text) => text.startsWith('SEG-RUNTIME-003')).length
  await until('the first worker is fenced', TIMEOUT_MS, () => fenced() > 0)
  await more('the second worker goes on')
  const fencedPartitions = fenced()
  await world.end(first)
  await world.end(second.worker)
  return { ...(await world.finish()), seen: { inFlight, fencedPartitions } }
}
