// Memory of a node that holds many sessions, and the start of one on what it left when it was killed.
import { checkOverHttp, eventOverHttp, spread, startOverHttp } from './http-load.mjs'
import { percentiles } from './percentiles.mjs'
import { memoryBytes } from './processes.mjs'
import { serve } from './served-node.mjs'
import { setTimeout as pause } from 'node:timers/promises'

const CONNECTIONS = 64
const SAMPLE = 500

/**
 * `driven`: how many of the sessions are given an event, those that were started first. `restS`: how long the node rests
 * before it is looked at; garbage of the load is collected in the first seconds.
 *
 * @param {{ place: object, shards: number, sessions: number, driven: number, restS: number, restarts: number }} task
 */
export async function liveSessions({ place, shards, sessions, driven, restS, restarts }) {
  let node = await serve(place, { shards })
  try {
    const emptyBytes = sum(memoryBytes(node.pid))
    const from = performance.now()
    const ids = await startOverHttp(node, sessions, CONNECTIONS)
    const startsPerSecond = (sessions / (performance.now() - from)) * 1000
    const startedBytes = sum(memoryBytes(node.pid))
    const given = ids.map(() => 0)
    let at = 0
    await spread(driven, CONNECTIONS, () => {
      const mine = at++
      given[mine] += 1
      return eventOverHttp(node, ids[mine], 0)
    })
    const drivenBytes = sum(memoryBytes(node.pid))
    await pause(restS * 1000)
    const settledBytes = memoryBytes(node.pid)
    // Those that were used longest ago: with more sessions than stay in memory, they have left it.
    const oldest = await timesOf(node, ids, given, (index) => index)
    await checkOverHttp(node, ids.slice(0, SAMPLE), given, CONNECTIONS)

    const readyMs = []
    const firstEventMs = []
    let afterRestart = {}
    for (let restart = 0; restart < restarts; restart += 1) {
      await node.kill()
      node = await serve(place, { shards })
      readyMs.push(node.readyMs)
      await eventOverHttp(node, ids.at(-1), given.at(-1))
      given[given.length - 1] += 1
      firstEventMs.push(performance.now() - node.startedAtMs)
      const stride = Math.max(1, Math.floor(ids.length / SAMPLE))
      afterRestart = await timesOf(node, ids, given, (index) => (index * stride) % (ids.length - 1))
    }
    const sample = Array.from({ length: SAMPLE }, (_, index) => Math.floor((index * ids.length) / SAMPLE))
    await checkOverHttp(
      node,
      sample.map((index) => ids[index]),
      sample.map((index) => given[index]),
      CONNECTIONS,
    )
    return {
      sessions,
      startsPerSecond,
      emptyBytes,
      startedBytes,
      drivenBytes,
      settledBytes: sum(settledBytes),
      processes: settledBytes.length,
      largestBytes: Math.max(...settledBytes),
      ...percentiles('oldest', oldest),
      readyMs,
      firstEventMs,
      ...percentiles('afterRestart', afterRestart),
    }
  } finally {
    await node.stop()
  }
}

/** Times of one event each for some sessions, one after the other. */
async function timesOf(node, ids, given, indexOf) {
  const tookMs = []
  for (let count = 0; count < Math.min(SAMPLE, ids.length - 1); count += 1) {
    const index = indexOf(count)
    const called = performance.now()
    await eventOverHttp(node, ids[index], given[index])
    given[index] += 1
    tookMs.push(performance.now() - called)
  }
  return tookMs
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}
