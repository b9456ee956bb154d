// What a run of `bench:store` measures. Every task is a process of its own.

/**
 * @typedef {{ key: string, store: 'sqlite' | 'postgres' | 'memory', task: object, repetitions: number,
 *   writes?: string, reads?: string }} StoreMeasurement
 * `writes`, `reads`: name of the capture that the task makes or needs.
 */

const REPETITIONS = 5
const QUICK_REPETITIONS = 3

/** @returns {readonly StoreMeasurement[]} */
export function storePlan(stores, { isQuick, isLong }) {
  if (isLong) return [live('sqlite', 1_000_000, 15, 1)]
  return stores.flatMap((store) => (isQuick ? quickPlan(store) : fullPlan(store)))
}

function fullPlan(store) {
  const sessions = 1024
  const seconds = 3
  const isEmbedded = store === 'sqlite'
  return [
    ...[1, 10, 100].flatMap((batch) => throughput(store, { batch, sessions, seconds }, [0, 1], REPETITIONS)),
    measure(store, 'http', 'storeHttp', { shards: 1, connections: 64, sessions, seconds: 5 }, REPETITIONS),
    ...[100, 1000, 5000].map((perSecond) =>
      measure(
        store,
        `latency.${perSecond}`,
        'storeLatency',
        { shards: 1, perSecond, sessions, seconds: 6 },
        REPETITIONS,
      ),
    ),
    ...[1, 64, 1024].map((count) => turns(store, { sessions: count, seconds }, REPETITIONS)),
    measure(store, 'bytes', 'storeBytes', { sessions: 100 }, 1),
    ...peers(store, { sessions, seconds }, REPETITIONS),
    ...(isEmbedded ? [timers(store, false, 100_000, 3), timers(store, true, 100_000, 3)] : []),
    ...(isEmbedded ? [live(store, 100_000, 15, 5)] : []),
  ]
}

function quickPlan(store) {
  const sessions = 256
  const seconds = 0.6
  if (store !== 'sqlite') {
    return [
      ...throughput(store, { batch: 100, sessions, seconds }, [0], 1),
      ...peers(store, { sessions, seconds }, 1, [100]),
    ]
  }
  return [
    ...[1, 100].flatMap((batch) => throughput(store, { batch, sessions, seconds }, [0], QUICK_REPETITIONS)),
    measure(store, 'http', 'storeHttp', { shards: 1, connections: 16, sessions, seconds }, 1),
    measure(store, 'latency.1000', 'storeLatency', { shards: 1, perSecond: 1000, sessions, seconds }, 1),
    turns(store, { sessions: 64, seconds }, 1),
    measure(store, 'bytes', 'storeBytes', { sessions: 4 }, 1),
    ...peers(store, { sessions, seconds }, 1, [1, 100]),
    timers(store, false, 1000, 1),
    live(store, 1000, 1, 1),
  ]
}

/** The real run, and the bare one on what a run before them has captured. */
function throughput(store, { batch, sessions, seconds }, shardCounts, repetitions) {
  const capture = `${store}.${batch}`
  const load = { batch, sessions }
  return [
    {
      ...measure(store, `capture.${batch}`, 'storeDurable', { ...load, shards: 0, seconds: seconds * 1.5 }, 1),
      writes: capture,
    },
    ...shardCounts.map((shards) =>
      measure(store, `durable.${batch}.${shards}`, 'storeDurable', { ...load, shards, seconds }, repetitions),
    ),
    { ...measure(store, `bare.${batch}`, 'storeBare', { batch, seconds }, repetitions), reads: capture },
  ]
}

function turns(store, { sessions, seconds }, repetitions) {
  return measure(store, `turns.${sessions}`, 'storeTurns', { shards: 1, sessions, seconds }, repetitions)
}

function peers(store, { sessions, seconds }, repetitions, sizes = [1, 10, 100]) {
  if (store === 'sqlite') {
    return sizes.map((batch) =>
      measure(store, `xstate.${batch}`, 'storeXstate', { batch, sessions, seconds }, repetitions),
    )
  }
  if (store === 'postgres') {
    return sizes.map((inFlight) =>
      measure(store, `dbos.${inFlight}.inFlight`, 'storeDbos', { inFlight, seconds: seconds * 2 }, repetitions),
    )
  }
  return []
}

function timers(store, isOverdue, count, repetitions) {
  const name = isOverdue ? 'overdue' : 'running'
  return measure(store, `timers.${name}`, 'storeTimers', { shards: 1, timers: count, isOverdue }, repetitions)
}

/** More sessions than stay in memory: some of those that have left it come back. */
const MAX_DRIVEN = 100_000

function live(store, sessions, restS, restarts) {
  const driven = Math.min(sessions, MAX_DRIVEN)
  return measure(store, `live.${sessions}`, 'storeLive', { shards: 2, sessions, driven, restS, restarts }, 1)
}

function measure(store, name, kind, task, repetitions) {
  return { key: `${store}.${name}`, store, task: { kind, ...task }, repetitions }
}
