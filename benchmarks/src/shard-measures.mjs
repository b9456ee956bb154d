// Events through shard processes and in process, questions to the front, start and memory.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { allModules } from '@segue/modules'
import { contextRealm, createInProcessShard, createQuarantine, createShardProcesses } from '@segue/runtime'
import { summary } from './statistics.mjs'

const program = fileURLToPath(new URL('../../packages/server/dist/shard.js', import.meta.url))
const url = 'bench:shards'
// About 300 B of data a session.
const text = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" profile="ecmascript" name="bench">
  <datamodel><data id="count" expr="0"/><data id="text" expr="'${'x'.repeat(220)}'"/></datamodel>
  <script>var asked = 0;</script>
  <state id="a"><transition event="go" target="b"><assign location="_data.count" expr="_data.count + 1"/></transition>
    <transition event="ask"><script>for (var i = 0; i &lt; 20; i++) asked += _genesys.statistic.sData('G' + i + '@.GA', 'StatAgentsAvailable');</script></transition></state>
  <state id="b"><transition event="go" target="a"><assign location="_data.count" expr="_data.count + 1"/></transition></state>
</scxml>`
const bundle = { hash: 'bench', url, sources: [{ url, text, askedAs: [url] }] }
const stuckUrl = 'bench:stuck'
const stuckText = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" profile="ecmascript" _processEventTimeout="600">
  <state id="a"><transition event="go"><script>var x = /^(a+)+$/.test('${'a'.repeat(48)}!');</script></transition></state>
</scxml>`
const stuckBundle = { hash: 'stuck', url: stuckUrl, sources: [{ url: stuckUrl, text: stuckText, askedAs: [stuckUrl] }] }
const sessions = Array.from({ length: 256 }, (_, at) => `BENCH${String(at).padStart(27, '0')}`)

/** @param {{ repetitions: number, events: number }} options */
export async function measureShards({ repetitions, events }) {
  const rows = []
  const starts = []
  for (let round = 0; round < repetitions; round += 1) starts.push(await startMs())
  rows.push({ id: 'start', what: 'two shards and the warm one, ready', unit: 'ms', value: summary(starts) })
  const answers = []
  const processes = shardProcesses(1, (question) => answered(answers, question))
  await processes.ready()
  rows.push(...(await perEvent(inProcess(), processes, { repetitions, events })))
  rows.push(...(await questions(processes, answers)))
  await processes.drain()
  const gaps = []
  for (let round = 0; round < repetitions; round += 1) gaps.push(await longestGapMs())
  const what = 'longest gap of 100 neighbours while a session is stuck'
  rows.push({ id: 'gap', what, unit: 'ms', value: summary(gaps) })
  rows.push(await memory())
  return { rows, targets: { usPerEventAt256: 10, startMs: 1000, gapMs: 300 } }
}

function inProcess() {
  const server = { name: 'bench', cluster: 'bench', url: undefined }
  return createInProcessShard({ modules: allModules, realm: contextRealm, server })
}

function shardProcesses(count, answer) {
  return createShardProcesses({
    program: { path: program, memoryMb: 512 },
    count,
    quarantine: createQuarantine({ maxStrikes: 3, strikeWindowMs: 1000 }),
    settings: () => ({ nodeName: 'bench', cluster: 'bench', url: 'http://127.0.0.1:1' }),
    nowEpochMs: () => Date.now(),
    answer,
  })
}

async function startMs() {
  const from = performance.now()
  const processes = shardProcesses(2, () => undefined)
  await processes.ready()
  const elapsed = performance.now() - from
  await processes.drain()
  return elapsed
}

/** The same events in process and through a process, in turns: the difference is the price of the border. */
async function perEvent(inside, outside, { repetitions, events }) {
  const places = [inside, outside].map((shard) => ({ shard, versions: new Map() }))
  for (const { shard, versions } of places) {
    shard.replica(null)
    const { ok, message } = await shard.load(bundle)
    if (!ok) throw new Error(message)
    await stepAll(shard, sessions, versions, { kind: 'start', url, application: '', parameters: {}, hash: bundle.hash })
  }
  const sizes = [1, 16, 256]
  const measured = sizes.map(() => ({ inside: [], outside: [], border: [], clock: [] }))
  for (let round = 0; round <= repetitions; round += 1) {
    for (const [at, size] of sizes.entries()) {
      const [within, through] = [await usPerEvent(places[0], size, events), await usPerEvent(places[1], size, events)]
      // The first round warms up.
      if (round === 0) continue
      measured[at].inside.push(within.processor)
      measured[at].outside.push(through.processor)
      measured[at].border.push(through.processor - within.processor)
      measured[at].clock.push(through.clock)
    }
  }
  const unit = 'us/event'
  return sizes.flatMap((size, at) => {
    const { border, clock, inside: within, outside: through } = measured[at]
    return [
      { id: `inProcess${size}`, what: `batches of ${size}: in process`, unit, value: summary(within) },
      { id: `process${size}`, what: `batches of ${size}: through a shard process`, unit, value: summary(through) },
      { id: `border${size}`, what: `batches of ${size}: the border alone`, unit, value: summary(border) },
      { id: `clock${size}`, what: `batches of ${size}: through it, by the clock`, unit, value: summary(clock) },
    ]
  })
}

/** By processor time of this process and those of the shards: others on the machine hardly move it. */
async function usPerEvent({ shard, versions }, size, events) {
  const wanted = size === 1 ? events / 5 : events
  const processorFrom = processorUs(shard)
  const from = performance.now()
  let done = 0
  while (done < wanted) {
    for (let first = 0; first < sessions.length && done < wanted; first += size, done += size)
      await stepAll(shard, sessions.slice(first, first + size), versions, { kind: 'event', name: 'go', data: {} })
  }
  const clock = ((performance.now() - from) * 1000) / done
  return { clock, processor: (processorUs(shard) - processorFrom) / done }
}

function processorUs(shard) {
  const { system, user } = process.cpuUsage()
  return (shard.pids?.() ?? []).reduce((sum, pid) => sum + processUs(pid), system + user)
}

function processUs(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // In hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Neighbours take one event after the other; whoever is lost comes again with its bytes, as the dispatcher does it. */
async function longestGapMs() {
  const processes = shardProcesses(1, () => undefined)
  await processes.ready()
  processes.replica(null)
  await processes.load(bundle)
  await processes.load(stuckBundle)
  const stop = { isOver: false }
  let answeredAt = performance.now()
  let longest = 0
  const neighbours = sessions.slice(0, 100).map(async (sessionId) => {
    let stored
    let version = 1
    let message = { kind: 'start', url, application: '', parameters: {}, hash: bundle.hash }
    let isLost = true
    while (!stop.isOver) {
      const [response] = await processes.step([
        { ...request(sessionId, version, message), wantsSnapshot: true, stored: isLost ? stored : undefined },
      ])
      isLost = !response.ok
      if (!response.ok) continue
      const now = performance.now()
      longest = Math.max(longest, now - answeredAt)
      answeredAt = now
      stored = { hash: bundle.hash, state: response.bytes, redo: [] }
      message = { kind: 'event', name: 'go', data: {} }
      version += 1
    }
  })
  const start = { kind: 'start', url: stuckBundle.url, application: '', parameters: {}, hash: stuckBundle.hash }
  await processes.step([request('STUCK', 1, start)])
  await pause(300)
  longest = 0
  const [stuck] = await processes.step([request('STUCK', 2, { kind: 'event', name: 'go', data: {} })])
  await stuck.later
  await pause(200)
  stop.isOver = true
  await Promise.all(neighbours)
  await processes.drain()
  return longest
}

async function stepAll(shard, ids, versions, message) {
  const requests = ids.map((sessionId) => {
    const version = (versions.get(sessionId) ?? 0) + 1
    versions.set(sessionId, version)
    return { ...request(sessionId, version, message), wantsSnapshot: version % 64 === 0 }
  })
  for (const response of await shard.step(requests)) if (!response.ok) throw new Error(response.message)
}

function request(sessionId, version, message) {
  const common = { nowMs: 1_700_000_000_000, seed: version, stored: undefined, openEffects: [], wantsSnapshot: false }
  return { sessionId, version, message, ...common }
}

function answered(times, question) {
  times.push(performance.now())
  return question.about === undefined ? undefined : 1
}

/** Time from one question of a script to its next one: there, answered, back. */
async function questions(shard, times) {
  const versions = new Map(sessions.map((id) => [id, 1_000_000]))
  const gaps = []
  for (const id of [...sessions, ...sessions]) {
    times.length = 0
    await stepAll(shard, [id], versions, { kind: 'event', name: 'ask', data: {} })
    for (let at = 1; at < times.length; at += 1) gaps.push((times[at] - times[at - 1]) * 1000)
  }
  if (gaps.length === 0) return []
  const sorted = gaps.toSorted((left, right) => left - right)
  return [50, 99].map((percent) => ({
    id: `ask${percent}`,
    what: `question to the front, p${percent} of ${sorted.length}`,
    unit: 'us',
    value: summary([sorted[Math.floor((sorted.length * percent) / 100)]]),
  }))
}

/** Proportional set size of two shards and the warm one, idle, with one application. */
async function memory() {
  const processes = shardProcesses(2, () => undefined)
  await processes.ready()
  await processes.load(bundle)
  const sizes = processes.pids().map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024
  })
  await processes.drain()
  return { id: 'memory', what: 'memory of one shard process (PSS), idle', unit: 'MB', value: summary(sizes) }
}
