// The store's own rate: the commits of a real run written again, with nothing of the engine around them.
import { readFileSync } from 'node:fs'
import { deserialize } from 'node:v8'
import { openStore, PARTITIONS } from './centre.mjs'
import { processorMs } from './processes.mjs'

/** @param {{ place: object, capture: string, seconds: number }} task */
export async function bare({ place, capture, seconds }) {
  const { commits, setUp, warmedUp } = deserialize(readFileSync(capture))
  const store = await openStore(place)
  await Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => store.claim(partition, 'bench')))
  for (let at = 0; at < setUp; at += 1) await commit(store, commits[at])
  let done = setUp
  done = (await write(store, commits, done, warmedUp, seconds * 400)).at
  const processorBefore = processorMs()
  const measured = await write(store, commits, done, commits.length, seconds * 1000)
  const usedMs = processorMs() - processorBefore
  await checkVersions(store, commits.slice(0, measured.at))
  await store[Symbol.asyncDispose]()
  return {
    perSecond: (measured.steps / measured.elapsedMs) * 1000,
    processorUs: (usedMs * 1000) / measured.steps,
    stepsPerCommit: measured.steps / measured.commits,
    bytesPerStep: measured.bytes / measured.steps,
    rowsPerStep: measured.rows / measured.steps,
  }
}

/** Writes commits one after the other until they end or the time is over. */
async function write(store, commits, first, end, durationMs) {
  const from = performance.now()
  const until = from + durationMs
  let at = first
  while (at < end && performance.now() < until) {
    await commit(store, commits[at])
    at += 1
  }
  const elapsedMs = performance.now() - from
  const steps = commits.slice(first, at).flatMap((batches) => batches.flatMap((batch) => batch.steps))
  return {
    at,
    elapsedMs,
    commits: at - first,
    steps: steps.length,
    bytes: steps.reduce((sum, step) => sum + sizeOf(step), 0),
    rows: steps.reduce((sum, step) => sum + rowsOf(step), 0),
  }
}

async function commit(store, batches) {
  const results = await store.commit(batches)
  if (results.some((result) => result !== 'committed')) throw new Error('a captured commit was fenced')
}

/** Every entity has to have the version of the last step that was written of it. */
async function checkVersions(store, commits) {
  const versions = new Map()
  for (const { steps } of commits.flat())
    for (const { ref, version } of steps) versions.set(`${ref.kind}/${ref.id}`, { ref, version })
  const wanted = [...versions.values()]
  const stored = await store.load(wanted.map(({ ref }) => ref))
  if (stored.length !== wanted.length) throw new Error(`${stored.length} entities of ${wanted.length} are stored`)
  for (const [at, { ref, version }] of wanted.entries())
    if (stored[at].version !== version)
      throw new Error(`"${ref.id}" has version ${stored[at].version} instead of ${version}`)
}

/** Bytes of what a step hands to the store: state, trace, effects. */
export function sizeOf({ change, effects, trace }) {
  const state = change.state?.length ?? 0
  const redo = change.redo?.length ?? 0
  return state + redo + lengths(trace) + lengths(effects.map(({ body, key }) => key + body))
}

/** Rows that a step writes, its entity counted. */
function rowsOf({ answered, change, effects, timersDeleted, timersPut, trace }) {
  const state = change.kind === 'none' ? 0 : 1
  return 1 + state + trace.length + effects.length + answered.length + timersPut.length + timersDeleted.length
}

function lengths(texts) {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}
