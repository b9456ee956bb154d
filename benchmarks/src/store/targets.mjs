// What durable sessions have to reach, and whether a run showed it.

const MIN_RATIO = 0.6
const MAX_LIVE_BYTES = 1e9
/** More sessions than that are not all in memory at a time (`maxResident`): how many there are makes no difference then. */
const MAX_RESIDENT = 100_000
const MAX_RESTART_MS = 5000
const MAX_GAP_MS = 300

/** See `judge` in `../targets.mjs` for the members. */
export function judgeStore(measured, { isQuick }) {
  const found = []
  for (const [key, row] of Object.entries(measured)) {
    const [store, what, ...rest] = key.split('.')
    if (what === 'durable' && store !== 'memory') found.push(ratio(measured, store, row, isQuick))
    if (what === 'live') found.push(...liveSessions(row))
    if (what === 'timers') found.push(wakeUp(row, rest[0]))
  }
  return found
}

/** Whole durable macrosteps to the store's own rate; `undefined` without a bare rate. */
export function ratioOf(measured, store, { batch, perSecond }) {
  const bare = measured[`${store}.bare.${batch}`]
  return bare === undefined ? undefined : perSecond.median / bare.perSecond.median
}

function ratio(measured, store, row, isQuick) {
  const reached = ratioOf(measured, store, row) ?? 0
  return {
    what: `${store}, batch ${row.batch}, scripts in ${placeOf(row)}: macrosteps to the store's own rate`,
    wanted: `≥ ${MIN_RATIO * 100} %`,
    measured: `${Math.round(reached * 100)} %`,
    isMet: reached >= MIN_RATIO,
    // In a quick run little of it is compiled.
    isOfMachine: isQuick,
  }
}

/** Where scripts ran. */
export function placeOf({ shards }) {
  if (shards === 0) return "the node's process"
  return shards === 1 ? 'a shard process' : `${shards} shard processes`
}

function liveSessions({ firstEventMs, sessions, settledBytes }) {
  const count = sessions.median.toLocaleString('en-US')
  const memory = {
    what: `${count} live sessions: memory of all processes`,
    wanted: '≤ 1,000 MB',
    measured: `${Math.round(settledBytes.median / 1e6).toLocaleString('en-US')} MB`,
    isMet: settledBytes.median <= MAX_LIVE_BYTES,
    isOfMachine: false,
  }
  return [
    ...(sessions.median > MAX_RESIDENT ? [] : [memory]),
    {
      what: `${count} sessions, node killed: from its start to the first event taken`,
      wanted: '< 5 s',
      measured: `${(firstEventMs.median / 1000).toFixed(1)} s`,
      isMet: firstEventMs.median < MAX_RESTART_MS,
      isOfMachine: true,
    },
  ]
}

function wakeUp({ probeMaxMs, timers }, name) {
  const when = name === 'overdue' ? 'overdue when the node starts' : 'due at once'
  return {
    what: `${timers.toLocaleString('en-US')} timers ${when}: longest wait of another session`,
    wanted: `≤ ${MAX_GAP_MS} ms`,
    measured: `${Math.round(probeMaxMs.median)} ms`,
    isMet: probeMaxMs.median <= MAX_GAP_MS,
    isOfMachine: true,
  }
}
