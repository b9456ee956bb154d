import { setTimeout as pause } from 'node:timers/promises'
import type { PostgresServer } from '@segue/testing'
import { CrashWorld, until } from '../crash-world.ts'
import { randomOf } from '../random.ts'
import { postgresTestStore } from '../test-store.ts'
import type { Fault, FaultContext, FaultOutcome } from './fault.ts'

const TIMES = 2
const EVENTS = 120
const TIMEOUT_MS = 60_000
const LONGEST_PAUSE_MS = 200

/** The database is killed and started again under a worker that lives on. */
export const killedServer: Fault = (context) =>
  withoutServer(context, async (server) => {
    await server.kill()
    await server.restart()
  })

/** Connections are cut, also between a commit and its answer. */
export const cutConnections: Fault = (context) => withoutServer(context, (server) => server.cutConnections())

async function withoutServer(
  { folder, postgres, programs, seed }: FaultContext,
  fail: (server: PostgresServer) => Promise<void>,
): Promise<FaultOutcome> {
  if (postgres === undefined) return { skipped: 'it needs a PostgreSQL server' }
  const random = randomOf(seed)
  await using world = new CrashWorld({ programs, folder, store: await postgresTestStore(postgres), seed })
  await world.start()
  const { worker } = await world.begin()
  let inFlight = Number.POSITIVE_INFINITY
  for (let time = 0; time < TIMES; time++) {
    const wanted = world.clients.acknowledged + EVENTS
    await until('events are acknowledged', TIMEOUT_MS, () => world.clients.acknowledged >= wanted)
    await pause(random() * LONGEST_PAUSE_MS)
    await until('commits are in flight', TIMEOUT_MS, () => world.progress.inFlight > 0)
    inFlight = Math.min(inFlight, world.progress.inFlight)
    await fail(postgres)
  }
  const wanted = world.clients.acknowledged + EVENTS
  await until('events are acknowledged', TIMEOUT_MS, () => world.clients.acknowledged >= wanted)
  await world.end(worker)
  return { ...(await world.finish()), seen: { times: TIMES, leastInFlight: inFlight } }
}
