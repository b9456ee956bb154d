// Durable macrosteps over HTTP: `segue serve` as it is started, and a client in another process on the same machine.
import { checkOverHttp, eventOverHttp, startOverHttp } from './http-load.mjs'
import { percentiles } from './percentiles.mjs'
import { processorMs } from './processes.mjs'
import { serve } from './served-node.mjs'

/** @param {{ place: object, shards: number, connections: number, sessions: number, seconds: number }} task */
export async function overHttp({ place, shards, connections, sessions, seconds }) {
  const node = await serve(place, { shards })
  try {
    const ids = await startOverHttp(node, sessions, connections)
    const given = ids.map(() => 0)
    let next = 0
    const drive = async (durationMs) => {
      const tookMs = []
      const from = performance.now()
      const lane = async () => {
        while (performance.now() - from < durationMs) {
          const at = next
          next = (next + 1) % ids.length
          given[at] += 1
          const called = performance.now()
          await eventOverHttp(node, ids[at], given[at] - 1)
          tookMs.push(performance.now() - called)
        }
      }
      await Promise.all(Array.from({ length: connections }, lane))
      return { tookMs, elapsedMs: performance.now() - from }
    }
    await drive(seconds * 400)
    const processorBefore = processorMs(node.pid)
    const { tookMs, elapsedMs } = await drive(seconds * 1000)
    const usedMs = processorMs(node.pid) - processorBefore
    await checkOverHttp(node, ids, given, connections)
    return {
      perSecond: (tookMs.length / elapsedMs) * 1000,
      processorUs: (usedMs * 1000) / tookMs.length,
      ...percentiles('', tookMs),
    }
  } finally {
    await node.stop()
  }
}
