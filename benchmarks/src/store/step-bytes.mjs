// What one durable step writes, for sessions with data of some sizes and steps that change none, little or deep of them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageOf } from '../saved-steps.mjs'
import { sizeOf } from './bare.mjs'
import { documentUrl, openStore, startCentre, watched } from './centre.mjs'
import { diskMeter } from './disk-meter.mjs'

const SIZES = [1000, 5000, 50_000]
const CHANGES = [
  { change: 'nothing', event: 'nothing' },
  { change: 'a number at the top', event: 'number' },
  { change: 'one member deep inside', event: 'deep' },
]
/** Snapshots come with every 64th step: so many steps hold their share of them. */
const STEPS = 128

/** @param {{ place: object, sessions: number }} task */
export async function stepBytes({ place, sessions: count }) {
  const rows = []
  const folder = join(place.folder, 'documents')
  mkdirSync(folder, { recursive: true })
  const handed = { bytes: 0, steps: 0 }
  const store = watched(await openStore(place), (batches) => {
    for (const { steps } of batches)
      for (const step of steps) {
        handed.bytes += sizeOf(step)
        handed.steps += 1
      }
  })
  const { centre, close } = await startCentre({ store, folder })
  const meter = await diskMeter(place)
  for (const sizeBytes of SIZES) {
    writeFileSync(join(folder, `data-${sizeBytes}.scxml`), pageOf(sizeBytes))
    const url = documentUrl(`data-${sizeBytes}.scxml`, folder)
    for (const { change, event } of CHANGES) {
      const ids = await Promise.all(Array.from({ length: count }, () => start(centre, url)))
      const before = { ...handed, written: await meter.bytes() }
      for (let step = 0; step < STEPS; step += 1)
        await Promise.all(ids.map((id) => centre.sendEvent(id, { name: event, data: {}, source: 'api' })))
      await centre.runtime.idle()
      const steps = handed.steps - before.steps
      if (steps !== STEPS * count) throw new Error(`${steps} steps instead of ${STEPS * count}`)
      await check(centre, ids, event)
      rows.push({
        sizeBytes,
        change,
        handedBytes: (handed.bytes - before.bytes) / steps,
        writtenBytes: ((await meter.bytes()) - before.written) / steps,
      })
    }
  }
  await meter.end()
  await close()
  return { rows, sessions: count }
}

async function start(centre, url) {
  const started = await centre.startSession({ url, parameters: {} })
  if (!started.ok) throw new Error(`a session did not start: ${JSON.stringify(started)}`)
  return started.sessionId
}

async function check(centre, ids, event) {
  for (const id of ids) {
    const { data } = await centre.session(id)
    const { book, count } = JSON.parse(data)
    const wanted = { nothing: [0, 0], number: [STEPS, 0], deep: [0, STEPS] }[event]
    if (count !== wanted[0] || book[book.length >> 1].n !== wanted[1])
      throw new Error(`after ${STEPS} events "${event}" session "${id}" has ${count} and ${book[book.length >> 1].n}`)
  }
}
