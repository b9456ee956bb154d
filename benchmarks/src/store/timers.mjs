// Timers of many sessions that are due at once: how long the others are not served while they are taken.
import { systemClock } from '@segue/adapters'
import { setTimeout as pause } from 'node:timers/promises'
import { documentUrl, openStore, startCentre } from './centre.mjs'
import { ContactSessions, deliver } from './contact-load.mjs'
import { percentiles } from './percentiles.mjs'

const AT_ONCE = 200
const PROBE_EVERY_MS = 10
const PROBES = 50
const SAMPLE = 500
const LIMIT_MS = 300_000
/** Version of a session when its timer was taken: started, armed, ticked. */
const TICKED = 3

/**
 * `isOverdue: false`: the timers fall due while the node runs. `true`: they fell due while it was down.
 *
 * @param {{ place: object, shards: number, timers: number, isOverdue: boolean }} task
 */
export async function timers({ place, shards, timers: count, isOverdue }) {
  const shifted = { ms: 0 }
  const clock = movableClock(shifted)
  let running = await startCentre({ store: await openStore(place), shards, clock })
  const probes = new ContactSessions()
  await probes.start(running.centre, PROBES)
  const from = performance.now()
  const ids = await startTimed(running.centre, count)
  // Twice the time that it took to start them, so that all are armed when the first is due.
  const delayMs = isOverdue ? 3_600_000 : 2 * (performance.now() - from) + 5000
  const dueAtMs = clock.nowMs() + delayMs
  await arm(running.centre, ids, () => Math.max(1, dueAtMs - clock.nowMs()))
  if (isOverdue) {
    await running.close()
    shifted.ms += 2 * delayMs
    running = await startCentre({ store: await openStore(place), shards, clock })
  } else if (clock.nowMs() > dueAtMs) throw new Error('the first timers were due before the last was set')
  else await pause(Math.max(0, dueAtMs - clock.nowMs() - 1000))

  const { centre } = running
  let ticked = 0
  const stopListening = centre.runtime.onTrace((ref, version) => {
    if (version === TICKED && ref.kind === 'session' && ids.has(ref.id)) ticked += 1
  })
  const began = performance.now()
  const takenMs = await probe(centre, probes, () => ticked === count)
  const tookMs = performance.now() - began
  stopListening()
  await check(centre, [...ids])
  await running.close()
  return { ...percentiles('probe', takenMs), wokenPerSecond: (count / tookMs) * 1000, tookMs }
}

function movableClock(shifted) {
  const clock = systemClock()
  return {
    nowMs: () => clock.nowMs() + shifted.ms,
    schedule: (atEpochMs, callback) => clock.schedule(atEpochMs - shifted.ms, callback),
  }
}

async function startTimed(centre, count) {
  const ids = new Set()
  const url = documentUrl('timers.scxml')
  let left = count
  const lane = async () => {
    while (left > 0) {
      left -= 1
      const started = await centre.startSession({ url, parameters: {} })
      if (!started.ok) throw new Error(`a session did not start: ${JSON.stringify(started)}`)
      ids.add(started.sessionId)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return ids
}

async function arm(centre, ids, delayMs) {
  const waiting = ids.values()
  const lane = async () => {
    for (const id of waiting) await deliver(centre, { id, name: 'arm', data: { delayMs: delayMs() } })
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** Events for other sessions at fixed times; how long each took from its time to its acknowledgement. */
async function probe(centre, sessions, isDone) {
  const tookMs = []
  const under = []
  const from = performance.now()
  for (let given = 0; !isDone();) {
    if (performance.now() - from > LIMIT_MS) throw new Error(`not all timers were taken within ${LIMIT_MS} ms`)
    for (; from + given * PROBE_EVERY_MS <= performance.now(); given += 1) {
      const due = from + given * PROBE_EVERY_MS
      under.push(deliver(centre, sessions.next()).then(() => tookMs.push(performance.now() - due)))
    }
    await pause(1)
  }
  await Promise.all(under)
  return tookMs
}

async function check(centre, ids) {
  const stride = Math.max(1, Math.floor(ids.length / SAMPLE))
  for (let at = 0; at < ids.length; at += stride) {
    const { data, version } = await centre.session(ids[at])
    if (JSON.parse(data).count !== 1 || version !== TICKED)
      throw new Error(`session "${ids[at]}" has version ${version} and ${data} instead of one tick`)
  }
}
