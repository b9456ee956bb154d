// Sessions of workload B over the HTTP interface.
import { setTimeout as pause } from 'node:timers/promises'
import { roundOf } from '../workloads.mjs'
import { checkReport } from './contact-load.mjs'

const round = roundOf('contact')
const CHECKS = 20
const CHECK_EVERY_MS = 100

/** Starts so many sessions, with as many calls under way at once. */
export async function startOverHttp({ client, document }, count, connections) {
  const ids = []
  const path = '/scxml/session/start'
  await spread(count, connections, async () => {
    ids.push((await client.call('POST', path, { src: document })).sessionid)
  })
  return ids
}

/** Gives a session the event that follows in its round. */
export async function eventOverHttp({ client }, id, given) {
  const { name, data = {} } = round[given % round.length]
  const { accepted } = await client.call('POST', `/scxml/session/${id}/event/${name}`, data)
  if (accepted !== 'accepted') throw new Error(`event "${name}" for session "${id}" was answered "${accepted}"`)
}

/** Compares sessions with what their events make of them. */
export async function checkOverHttp({ client }, ids, given, connections) {
  let at = 0
  await spread(ids.length, connections, async () => {
    const mine = at++
    for (let tries = 1; ; tries += 1) {
      const { data, state } = await client.call('GET', `/scxml/session/${ids[mine]}/query`)
      try {
        checkReport(ids[mine], given[mine], undefined, state, data)
        return
      } catch (error) {
        // The last event may have been acknowledged before it was taken.
        if (tries === CHECKS) throw error
        await pause(CHECK_EVERY_MS)
      }
    }
  })
}

/** Does something so many times, with at most so many under way. */
export async function spread(times, atOnce, work) {
  let left = times
  const lane = async () => {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  await Promise.all(Array.from({ length: Math.min(times, atOnce) }, lane))
}
