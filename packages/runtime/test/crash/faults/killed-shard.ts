import { setTimeout as pause } from 'node:timers/promises'
import { CrashWorld, until, within } from '../crash-world.ts'
import { randomOf } from '../random.ts'
import { sqliteTestStore } from '../test-store.ts'
import type { Fault } from './fault.ts'

const TIMES = 3
const EVENTS = 120
const TIMEOUT_MS = 60_000
const LONGEST_PAUSE_MS = 100

/** The process that steps the sessions is killed again and again; the worker goes on with another from what is stored. */
export const killedShard: Fault = async ({ folder, programs, seed }) => {
  const random = randomOf(seed)
  const store = sqliteTestStore(folder)
  await using world = new CrashWorld({ programs, folder, store, seed, hasShardProcesses: true })
  const more = (): Promise<void> => {
    const wanted = world.clients.acknowledged + EVENTS
    return until('events are acknowledged', TIMEOUT_MS, () => world.clients.acknowledged >= wanted)
  }
  await world.start()
  const { worker } = await world.begin()
  const killed = new Set<number>()
  for (let time = 0; time < TIMES; time++) {
    await more()
    await pause(random() * LONGEST_PAUSE_MS)
    // Events go on being acknowledged from the inbox while no shard is there.
    const pid = await within(
      'another shard is in its place',
      TIMEOUT_MS,
      nextShard(() => world.shards(worker), killed),
    )
    killed.add(pid)
    process.kill(pid, 'SIGKILL')
  }
  await more()
  await world.end(worker)
  return { ...(await world.finish()), seen: { killed: killed.size } }
}

/** The first shard that was not killed yet. */
async function nextShard(shards: () => Promise<readonly number[]>, killed: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const [pid] = await shards()
    if (pid !== undefined && !killed.has(pid)) return pid
    await pause(LONGEST_PAUSE_MS / 10)
  }
}
