// Workload D: sessions of B that take turns, each given its next event when the one before it is durable.
import { openStore, startCentre } from './centre.mjs'
import { ContactSessions, deliver } from './contact-load.mjs'
import { diskMeter } from './disk-meter.mjs'
import { checkStored } from './durable.mjs'
import { percentiles } from './percentiles.mjs'

/** @param {{ place: object, shards: number, sessions: number, seconds: number }} task */
export async function turns({ place, shards, sessions: count, seconds }) {
  const { centre, close } = await startCentre({ store: await openStore(place), shards })
  const sessions = new ContactSessions()
  await sessions.start(centre, count)
  await takeTurns(centre, sessions, seconds * 400)

  const meter = await diskMeter(place)
  const writtenBefore = await meter.bytes()
  const { tookMs, elapsedMs } = await takeTurns(centre, sessions, seconds * 1000)
  // Some were acknowledged before they were taken.
  await centre.runtime.idle()
  const written = (await meter.bytes()) - writtenBefore
  await meter.end()
  await close()
  if (place.store !== 'memory') await checkStored(place, sessions)
  return {
    ...percentiles('', tookMs),
    perSecond: (tookMs.length / elapsedMs) * 1000,
    writtenBytes: written / tookMs.length,
  }
}

async function takeTurns(centre, sessions, durationMs) {
  const tookMs = []
  const from = performance.now()
  const lane = async (at) => {
    for (let called = performance.now(); called < from + durationMs; called = performance.now()) {
      await deliver(centre, sessions.nextOf(at))
      tookMs.push(performance.now() - called)
    }
  }
  await Promise.all(sessions.ids.map((_id, at) => lane(at)))
  return { tookMs, elapsedMs: performance.now() - from }
}
