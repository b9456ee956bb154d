// The neighbours at their rate, one bomb after the other, and what came of each.
import { setTimeout as pause } from 'node:timers/promises'
import { summary } from '../statistics.mjs'
import { bombDocument, bombs as allBombs, watcherDocument } from './bombs.mjs'
import { DiskProbe } from './disk-probe.mjs'
import { neighbourDocument, wrongWith } from './neighbours.mjs'
import { serveNode, startClient } from './served-node.mjs'

const WARM_UP_MS = 1500
const SETTLE_MS = 400
const LOOK_MS = 100
/** So long a bomb may take to its end. */
const PATIENCE_MS = 60_000
/** So long sessions may take to step what was acknowledged. */
const CATCH_UP_MS = 15_000
/** Wall time of the legal computation on an idle machine. */
const LEGAL_MS = 2000

/**
 * @param {{ folder: string, bombs: readonly object[], runs: number, sessions: number, perSecond: number,
 *   onRow: (row: object) => void }} task
 */
export async function runBombs({ bombs, folder, onRow, perSecond, runs, sessions }) {
  const documents = {
    'contact-durable.scxml': neighbourDocument(false),
    'contact-persist-false.scxml': neighbourDocument(true),
    ...Object.fromEntries(
      bombs.flatMap((bomb) => [
        [
          `${fileOf(bomb)}.scxml`,
          bombDocument({ ...bomb, script: bomb.script?.replace('LEGAL_ROUNDS', String(legalRounds())) }),
        ],
        [`watch-${fileOf(bomb)}.scxml`, watcherDocument(`${fileOf(bomb)}.scxml`)],
      ]),
    ),
  }
  const node = await serveNode({ folder, documents })
  const client = startClient()
  const disk = new DiskProbe(folder)
  try {
    const ids = await startNeighbours(node, sessions)
    const { port } = new URL(node.url)
    await client.ask('open', { ids, perSecond, port: Number(port), token: node.token })
    const calm = await calmRun({ node, client, disk })
    const rows = []
    for (const bomb of bombs) {
      const done = []
      let quarantine
      for (let run = 0; run < runs && node.isUp(); run += 1) {
        done.push(await dropBomb({ node, client, disk }, bomb))
        quarantine = (await quarantined(node, bomb)) ?? quarantine
      }
      const row = { name: bomb.name, ends: bomb.ends, ...together(done), quarantine }
      rows.push(row)
      onRow(row)
    }
    return { sessions, perSecond, runs, calm, rows, targets: { medianGapMs: 300, worstGapMs: 1000 } }
  } finally {
    client.close()
    await disk.close()
    await node.close()
  }
}

async function startNeighbours(node, count) {
  const ids = []
  for (let at = 0; at < count; at += 1) {
    const started = await node.start(at % 2 === 0 ? 'contact-durable.scxml' : 'contact-persist-false.scxml')
    if (!started.ok) throw new Error(`a neighbour did not start: ${JSON.stringify(started.body)}`)
    ids.push(started.id)
  }
  return ids
}

/** The neighbours without any bomb: the gap that the rate and the machine make by themselves. */
async function calmRun({ client, disk, node }) {
  await client.ask('run')
  await pause(WARM_UP_MS)
  await client.ask('begin')
  disk.takeLongestMs()
  await pause(2000)
  const seen = await client.ask('end')
  return { ...seen, diskMs: disk.takeLongestMs(), neighbours: await checked({ client, node }) }
}

async function dropBomb({ client, disk, node }, bomb) {
  const watcher = await node.start(`watch-${fileOf(bomb)}.scxml`)
  if (!watcher.ok) return { refused: watcher.body }
  const child = await until(async () => (await watched(node, watcher.id)).child || undefined)
  if (child === undefined) return { refused: 'the bomb did not start' }
  await client.ask('run')
  await pause(WARM_UP_MS)
  await client.ask('begin')
  disk.takeLongestMs()
  const from = performance.now()
  const end = await detonated(node, { bomb, child, watcher: watcher.id })
  const tookMs = performance.now() - from
  await pause(SETTLE_MS)
  const seen = await client.ask('end')
  const diskMs = disk.takeLongestMs()
  const incidents = await incidentsOf(node, child)
  for (const id of [watcher.id, child]) await node.call(`/scxml/session/${id}/terminate`, 'POST', {})
  return { ...seen, diskMs, tookMs, end, incidents, isUp: node.isUp(), neighbours: await checked({ client, node }) }
}

/**
 * Looking at a session goes through the shard: `longestLookMs` is how long sessions stood still at most, while their
 * events were taken and acknowledged.
 *
 * Sends `go`, again where one is not enough, until somebody is told of an end.
 */
async function detonated(node, { bomb, child, watcher }) {
  const { times = 1 } = bomb
  let longestLookMs = 0
  const deadline = performance.now() + PATIENCE_MS
  for (let sent = 0; performance.now() < deadline;) {
    const from = performance.now()
    const { finished, told } = await watched(node, watcher)
    longestLookMs = Math.max(longestLookMs, performance.now() - from)
    if (told.length > 0) return { how: told.map(({ event }) => event), told, longestLookMs }
    if (finished >= times) return { how: ['bomb.finished'], told, longestLookMs }
    if (sent < times) {
      sent += 1
      await node.call(`/scxml/session/${child}/event/go`, 'POST', {})
      if (times > 1) continue
    }
    await pause(LOOK_MS)
  }
  return { how: ['nothing'], told: [], longestLookMs }
}

async function watched(node, id) {
  const { body } = await node.call(`/scxml/session/${id}/query`)
  return { child: '', finished: 0, told: [], ...body.data }
}

async function incidentsOf(node, id) {
  const found = await until(async () => {
    const { body } = await node.call('/api/v1/incidents')
    const own = body.incidents.filter(({ entity }) => entity === `session/${id}`)
    return own.length > 0 ? own : undefined
  }, 1000)
  return (found ?? []).map(({ code, kind, message }) => ({ code, kind, message }))
}

/** Stops the client, waits for what is on its way, and compares every session with what was acknowledged. */
async function checked({ client, node }) {
  const lines = await client.ask('halt', { patienceMs: 60_000 })
  const wrong = { lost: 0, doubled: 0, reordered: 0, refused: 0, unanswered: 0 }
  const examples = []
  for (const line of lines) {
    const { acknowledged, id, refused, refusedNumbers, sent } = line
    wrong.refused += refusedNumbers.length
    const last = acknowledged + refusedNumbers.length
    wrong.unanswered += sent - last
    // Acknowledged is what is durable; the session may still be at it.
    const { body, found } = await settled(node, id, { last, refusedNumbers })
    if (found !== undefined) wrong[found.kind] += found.by
    if (found !== undefined || refused.length > 0)
      examples.push({ id, sent, acknowledged, refused, found, state: body.state, seen: body.data?.seen })
  }
  const events = lines.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  return { ...wrong, events, examples: examples.slice(0, 3) }
}

async function settled(node, id, taken) {
  const deadline = performance.now() + CATCH_UP_MS
  for (;;) {
    const { body } = await node.call(`/scxml/session/${id}/query`)
    const found = body.data === undefined ? { kind: 'lost', by: 1 } : wrongWith(body, taken)
    if (found?.kind !== 'lost' || performance.now() > deadline) return { body, found }
    await pause(LOOK_MS)
  }
}

/** Whether the version is in quarantine and refused, and takes sessions again when it is lifted. */
async function quarantined(node, bomb) {
  const { body } = await node.call('/api/v1/quarantine')
  const version = body.versions.find(({ url }) => url.endsWith(`/${fileOf(bomb)}.scxml`))
  if (version === undefined) return undefined
  const refused = await node.start(`${fileOf(bomb)}.scxml`)
  await node.call(`/api/v1/quarantine/${version.hash}/lift`, 'POST', {})
  const again = await node.start(`${fileOf(bomb)}.scxml`)
  if (again.ok) await node.call(`/scxml/session/${again.id}/terminate`, 'POST', {})
  return { strikes: version.strikes, isRefused: !refused.ok, isLifted: again.ok }
}

function together(all) {
  const done = all.filter(({ refused }) => refused === undefined)
  const sum = (kind) => done.reduce((total, { neighbours }) => total + neighbours[kind], 0)
  const gaps = done.map(({ longestGapMs }) => longestGapMs)
  return {
    runs: done.length,
    refusedStarts: all.length - done.length,
    gapMs: gaps.length === 0 ? undefined : summary(gaps),
    tookMs: summary(done.map(({ tookMs }) => tookMs)),
    ratePerSecond: summary(done.map(({ acknowledgedPerSecond }) => acknowledgedPerSecond)),
    clientLateMs: Math.max(...done.map(({ clientLateMs }) => clientLateMs)),
    diskMs: summary(done.map(({ diskMs }) => diskMs)),
    lookMs: summary(done.map(({ end }) => end.longestLookMs)),
    lost: sum('lost'),
    unanswered: sum('unanswered'),
    doubled: sum('doubled'),
    reordered: sum('reordered'),
    refused: sum('refused'),
    isUp: done.every(({ isUp }) => isUp),
    details: done.map(({ diskMs, end, incidents, longestGapMs, longestWaitMs, neighbours, tookMs }) => ({
      how: end.how,
      told: end.told.slice(0, 2),
      incidents,
      longestGapMs,
      longestWaitMs,
      diskMs,
      tookMs,
      ...(neighbours.examples.length > 0 && { examples: neighbours.examples }),
    })),
  }
}

function fileOf({ name }) {
  return `bomb-${allBombs.findIndex((bomb) => bomb.name === name)}`
}

async function until(look, patienceMs = 20_000) {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined || performance.now() > deadline) return found
    await pause(20)
  }
}

let rounds

/** Rounds of the legal computation that take two seconds here: measured, because machines differ. */
function legalRounds() {
  if (rounds !== undefined) return rounds
  const items = Array.from({ length: 4e5 }, (_, k) => (k * 7919) % 1e6)
  const from = process.cpuUsage()
  for (let round = 0; round < 2; round += 1) items.reverse().sort((left, right) => left - right)
  const { user } = process.cpuUsage(from)
  rounds = Math.max(1, Math.round((LEGAL_MS * 2000) / user))
  return rounds
}
