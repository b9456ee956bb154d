// What runs inside a measured process. Everything is checked before and after it is measured: an engine that does not
// do the work has no result.
import { generatedPage } from './generated-page.mjs'
import { documentOf, roundOf } from './workloads.mjs'

const sessionsThrownAway = 200

/** Opens a workload document in an engine. */
export function open(engine, workload) {
  return engine.open({ ...documentOf(workload), machine: workload }, roundOf(workload))
}

/** Events per second of one session. @param {{ engine: object, workload: 'A' | 'B', seconds: number }} options */
export async function throughput({ engine, workload, seconds }) {
  const document = documentName(workload)
  const machine = await open(engine, document)
  const round = roundOf(document)
  const session = machine.create()
  let sent = playCheckedRound(machine, session, round)
  sent += drive(machine, session, round, seconds * 400).events
  const { cpuMs, elapsedMs, events } = drive(machine, session, round, seconds * 1000)
  sent += events
  checkCount(machine, session, document, sent)
  playCheckedRound(machine, session, round)
  const snapshot = workload === 'B' ? measureSnapshot(machine, session) : undefined
  return {
    events,
    perSecond: (events / elapsedMs) * 1000,
    perCpuSecond: (events / cpuMs) * 1000,
    ...(snapshot && { snapshot }),
  }
}

/** Time and memory of sessions that do nothing. @param {{ engine: object, document: string, sessions: number }} options */
export async function idle({ engine, document, sessions }) {
  const machine = await open(engine, document)
  const round = roundOf(document)
  playCheckedRound(machine, machine.create(), round)
  for (let i = 0; i < sessionsThrownAway; i += 1) machine.create()
  const held = Array.from({ length: sessions }).fill(undefined)
  const before = settledMemory()
  const cpuBefore = process.cpuUsage()
  const from = performance.now()
  for (let i = 0; i < sessions; i += 1) held[i] = machine.create()
  const elapsedMs = performance.now() - from
  const { system, user } = process.cpuUsage(cpuBefore)
  const created = settledMemory()
  for (const session of held) for (let index = 0; index < round.length; index += 1) machine.send(session, index)
  const played = settledMemory()
  for (const session of held) {
    checkStates(machine, session, round.at(-1))
    if (machine.sharesData !== true) checkCount(machine, session, document, 1)
  }
  return {
    createUs: (elapsedMs * 1000) / sessions,
    createCpuUs: (system + user) / sessions,
    heapBytes: (created.heap - before.heap) / sessions,
    rssBytes: (created.rss - before.rss) / sessions,
    heapBytesAfterRound: (played.heap - before.heap) / sessions,
    rssBytesAfterRound: (played.rss - before.rss) / sessions,
  }
}

/** Time from text to the first started session, warm: milliseconds, one number for each repetition. */
export async function loading({ engine, document: name, repetitions }) {
  const document = name === 'generated' ? generatedPage() : { ...documentOf(name), machine: name }
  const elapsed = []
  const cpu = []
  for (let i = 0; i < repetitions; i += 1) {
    const before = process.cpuUsage()
    const from = performance.now()
    const machine = await engine.open(document, roundOf('contact'))
    machine.create()
    elapsed.push(performance.now() - from)
    const { system, user } = process.cpuUsage(before)
    cpu.push((system + user) / 1000)
  }
  return { sizeBytes: document.text.length, elapsedMs: elapsed, cpuMs: cpu }
}

/**
 * Sends rounds until that much time has passed, by the clock and by processor time: on a busy machine the clock alone
 * would leave an engine half warm.
 */
export function drive(machine, session, round, durationMs) {
  const length = round.length
  const rounds = Math.ceil(3000 / length)
  let events = 0
  const before = process.cpuUsage()
  const from = performance.now()
  let elapsedMs = 0
  let cpuMs = 0
  do {
    for (let i = 0; i < rounds; i += 1) for (let index = 0; index < length; index += 1) machine.send(session, index)
    events += rounds * length
    elapsedMs = performance.now() - from
    const { system, user } = process.cpuUsage(before)
    cpuMs = (system + user) / 1000
  } while (elapsedMs < durationMs || cpuMs < durationMs)
  return { events, elapsedMs, cpuMs }
}

function playCheckedRound(machine, session, round) {
  for (const [index, driven] of round.entries()) {
    machine.send(session, index)
    checkStates(machine, session, driven)
  }
  return round.length
}

function checkStates(machine, session, { name, then }) {
  if (then === undefined) return
  const active = [...machine.atomicStates(session)].sort().join(' ')
  const wanted = [...then].sort().join(' ')
  if (active !== wanted) throw new Error(`after "${name}" the active states are "${active}" and not "${wanted}"`)
}

function checkCount(machine, session, document, sent) {
  if (document !== 'pingpong') return
  const count = machine.countOf(session)
  if (count !== sent) throw new Error(`after ${sent} events "count" is ${count}`)
}

function measureSnapshot(machine, session) {
  if (machine.snapshotText === undefined) return undefined
  const repetitions = 2000
  let bytes = 0
  for (let i = 0; i < repetitions; i += 1) bytes = Buffer.byteLength(machine.snapshotText(session))
  const from = performance.now()
  for (let i = 0; i < repetitions; i += 1) machine.snapshotText(session)
  return { bytes, us: ((performance.now() - from) * 1000) / repetitions }
}

function documentName(workload) {
  return workload === 'A' ? 'pingpong' : 'contact'
}

/** Used memory after everything that nobody holds is gone. */
function settledMemory() {
  for (let i = 0; i < 4; i += 1) globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed, rss }
}
