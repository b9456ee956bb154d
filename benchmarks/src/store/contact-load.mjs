// Sessions of workload B, the events that drive them, and what they have to hold afterwards.
import { roundOf } from '../workloads.mjs'
import { documentUrl } from './centre.mjs'

const round = roundOf('contact')
const STARTS_AT_ONCE = 200

/** Sessions that take turns, with the number of events that each was given. */
export class ContactSessions {
  ids = []
  given = []
  #next = 0

  /** Starts so many sessions of a document. */
  async start(centre, count, url = documentUrl('contact.scxml')) {
    let left = count
    const one = async () => {
      while (left > 0) {
        left -= 1
        const started = await centre.startSession({ url, parameters: {} })
        if (!started.ok) throw new Error(`a session did not start: ${JSON.stringify(started)}`)
        this.ids.push(started.sessionId)
        this.given.push(0)
      }
    }
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, one))
  }

  /** The next event: of the session whose turn it is, the one that follows in its round. */
  next() {
    const at = this.#next
    this.#next = (at + 1) % this.ids.length
    return this.nextOf(at)
  }

  /** The event that follows in the round of one session. `at`: its place among the sessions. */
  nextOf(at) {
    const { name, data = {} } = round[this.given[at] % round.length]
    this.given[at] += 1
    return { id: this.ids[at], name, data }
  }
}

/**
 * Keeps so many events on their way for a time and so many of them at least.
 *
 * @returns {Promise<{ events: number, elapsedMs: number }>}
 */
export async function keepBusy(centre, sessions, { inFlight, durationMs, maxEvents = Number.POSITIVE_INFINITY }) {
  const from = performance.now()
  const until = from + durationMs
  let events = 0
  let given = 0
  const lane = async () => {
    while (performance.now() < until && given < maxEvents) {
      given += 1
      await deliver(centre, sessions.next())
      events += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  return { events, elapsedMs: performance.now() - from }
}

/** Resolves when the event is durable. Errors: rejects when it is not accepted. */
export async function deliver(centre, { id, name, data }) {
  const { status } = await centre.sendEvent(id, { name, data, source: 'api' })
  if (status !== 'accepted') throw new Error(`event "${name}" for session "${id}" was answered "${status}"`)
}

/** Compares every session with what its events make of it. Errors: rejects at the first that differs. */
export async function checkSessions(centre, { ids, given }) {
  for (const [at, id] of ids.entries()) {
    const report = await centre.session(id)
    if (report === undefined) throw new Error(`session "${id}" is not there`)
    checkReport(id, given[at], report.version, report.states, JSON.parse(report.data))
  }
}

/** Compares what is known of one session. */
export function checkReport(id, events, version, states, data) {
  const { stats, active } = expectedAfter(events)
  if (version !== undefined && version !== events + 1)
    throw new Error(`session "${id}" has version ${version} after ${events} events`)
  const missing = active.filter((state) => !states.includes(state))
  if (missing.length > 0)
    throw new Error(`session "${id}" is in "${states}" after ${events} events, not in "${active}"`)
  for (const [name, count] of Object.entries(stats)) {
    if (data.stats[name] === count) continue
    throw new Error(`"stats.${name}" of session "${id}" is ${data.stats[name]} after ${events} events, not ${count}`)
  }
}

function expectedAfter(events) {
  const timesOf = (name) => {
    const at = round.findIndex((driven) => driven.name === name)
    return Math.floor(events / round.length) + (events % round.length > at ? 1 : 0)
  }
  return {
    stats: {
      rounds: timesOf('wrapup.done'),
      holds: timesOf('hold'),
      digits: timesOf('dtmf'),
      offers: timesOf('agent.available'),
      drops: timesOf('network.lost'),
    },
    active: events === 0 ? ['idle', 'unassigned', 'off', 'none'] : round[(events - 1) % round.length].then,
  }
}
