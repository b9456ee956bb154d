// Time from an event's arrival to its acknowledgement, at a rate that does not wait for the answers.
import { openStore, startCentre } from './centre.mjs'
import { ContactSessions, deliver, keepBusy } from './contact-load.mjs'
import { checkStored } from './durable.mjs'
import { processorMs } from './processes.mjs'
import { percentiles } from './percentiles.mjs'

const TICK_MS = 1
/** Events on their way above which none is given: those behind come late, which is told. */
const MAX_OPEN = 10_000

/** @param {{ place: object, shards: number, perSecond: number, sessions: number, seconds: number }} task */
export async function latency({ place, shards, perSecond, sessions: count, seconds }) {
  const { centre, close } = await startCentre({ store: await openStore(place), shards })
  const sessions = new ContactSessions()
  await sessions.start(centre, count)
  await keepBusy(centre, sessions, { inFlight: 32, durationMs: seconds * 400 })
  await atRate(centre, sessions, perSecond, seconds * 400)

  const processorBefore = processorMs()
  const { lateMs, tookMs, elapsedMs } = await atRate(centre, sessions, perSecond, seconds * 1000)
  const usedMs = processorMs() - processorBefore
  // Some were acknowledged before they were taken.
  await centre.runtime.idle()
  await close()
  if (place.store !== 'memory') await checkStored(place, sessions)
  return {
    ...percentiles('', tookMs),
    lateP99Ms: percentiles('', lateMs).p99Ms,
    reachedPerSecond: (tookMs.length / elapsedMs) * 1000,
    processorUs: (usedMs * 1000) / tookMs.length,
  }
}

/**
 * Delivers events at their times, whatever became of those before. `tookMs`: from the call to its acknowledgement;
 * `lateMs`: how long after its time the call was made.
 */
async function atRate(centre, sessions, perSecond, durationMs) {
  const tookMs = []
  const lateMs = []
  const under = []
  const from = performance.now()
  const total = Math.floor((perSecond * durationMs) / 1000)
  for (let given = 0; given < total;) {
    const now = performance.now()
    const open = given - tookMs.length
    const wanted = Math.floor(((now - from) * perSecond) / 1000) + 1
    const due = Math.min(total, wanted, given + MAX_OPEN - open)
    for (; given < due; given += 1) {
      const called = performance.now()
      lateMs.push(called - from - (given * 1000) / perSecond)
      under.push(deliver(centre, sessions.next()).then(() => tookMs.push(performance.now() - called)))
    }
    await new Promise((resolve) => {
      setTimeout(resolve, TICK_MS)
    })
  }
  await Promise.all(under)
  return { tookMs, lateMs, elapsedMs: performance.now() - from }
}
