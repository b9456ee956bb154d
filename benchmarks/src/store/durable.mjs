// Whole durable macrosteps: load made in the same process, every commit as large as the batch.
import { writeFileSync } from 'node:fs'
import { serialize } from 'node:v8'
import { processorMs } from './processes.mjs'
import { openStore, startCentre, watched } from './centre.mjs'
import { checkSessions, ContactSessions, keepBusy } from './contact-load.mjs'

/** Events on their way for each that fits into a commit: the next commit is full when the last one ends. */
const DEPTH = 3

/**
 * @param {{ place: object, shards: number, batch: number, sessions: number, seconds: number, capture?: string }} task
 * `capture`: file that gets every commit of the run, in order.
 */
export async function durable({ place, shards, batch, sessions: count, seconds, capture }) {
  const counter = { commits: 0, steps: 0 }
  const captured = []
  const store = watched(await openStore(place), (batches) => {
    counter.commits += 1
    for (const { steps } of batches) counter.steps += steps.length
    if (capture !== undefined) captured.push(batches)
  })
  const limits = { maxCommitSteps: batch }
  const running = await startCentre({ store, shards, limits })
  const sessions = new ContactSessions()
  await sessions.start(running.centre, count)
  const setUp = captured.length
  await keepBusy(running.centre, sessions, { inFlight: batch * DEPTH, durationMs: seconds * 400 })
  const warmedUp = captured.length

  const before = { ...counter }
  const processorBefore = processorMs()
  const { elapsedMs, events } = await keepBusy(running.centre, sessions, {
    inFlight: batch * DEPTH,
    durationMs: seconds * 1000,
  })
  const usedMs = processorMs() - processorBefore
  await running.centre.runtime.idle()
  const steps = counter.steps - before.steps
  const commits = counter.commits - before.commits
  await running.close()
  if (capture !== undefined) writeFileSync(capture, serialize({ setUp, warmedUp, commits: captured }))
  if (place.store !== 'memory') await checkStored(place, sessions)
  return {
    perSecond: (events / elapsedMs) * 1000,
    processorUs: (usedMs * 1000) / events,
    stepsPerCommit: steps / commits,
    events,
  }
}

/** Opens the store again, as a node that starts does, and looks at every session. */
export async function checkStored(place, sessions) {
  const again = await startCentre({ store: await openStore(place) })
  await checkSessions(again.centre, sessions)
  await again.close()
}
