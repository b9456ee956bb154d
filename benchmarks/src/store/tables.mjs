// Results of `bench:store` as Markdown tables.
import { circumstances, fixed, table, whole } from '../tables.mjs'
import { placeOf, ratioOf } from './targets.mjs'

/** All tables of `bench:store`. */
export function storeTables(results) {
  const { failures, measured, stores, targets } = results
  const parts = [
    `${circumstances(results)} Medians of interleaved repetitions; each throughput beside its smallest and largest.`,
    table(
      ['store', 'what a commit survives'],
      Object.entries(stores).map(([name, { durability, version }]) => [`${name}, ${version}`, durability]),
    ),
    ...part('### Whole durable macrosteps of B, load made in process', throughputTable(measured)),
    ...part('### Over HTTP, client on the same machine', httpTable(measured)),
    ...part('### From an event to its acknowledgement', latencyTable(measured)),
    ...part('### Sessions that take turns (workload D): one event of each on its way', turnsTable(measured)),
    ...part('### Bytes of one step', bytesTable(measured)),
    ...part('### Live sessions', liveTable(measured)),
    ...part('### Timers that fall due together', timersTable(measured)),
    ...part('### The same job by others', peersTable(measured)),
    ...part('### Targets', targetsTable(targets)),
    ...part('### Without a result', [['measurement', 'reason'], failures.map(({ key, reason }) => [key, reason])]),
  ]
  return parts.join('\n\n')
}

function part(title, [head, rows]) {
  return rows.length === 0 ? [] : [title, table(head, rows)]
}

function rowsOf(measured, what) {
  return Object.entries(measured).flatMap(([key, row]) => {
    const [store, name, ...rest] = key.split('.')
    return name === what ? [{ store, rest, row }] : []
  })
}

function throughputTable(measured) {
  const rows = rowsOf(measured, 'durable').flatMap(({ row, store }) => {
    const bare = measured[`${store}.bare.${row.batch}`]
    const ratio = ratioOf(measured, store, row)
    if (bare === undefined) return []
    const cells = [
      store,
      row.batch,
      placeOf(row),
      whole(row.perSecond.median),
      spread(row.perSecond),
      whole(bare.perSecond.median),
      spread(bare.perSecond),
      `${Math.round(ratio * 100)} %`,
      fixed(row.stepsPerCommit.median),
      whole(row.processorUs.median),
      whole(bare.processorUs.median),
      whole(bare.bytesPerStep.median),
      fixed(bare.rowsPerStep.median),
    ]
    return [cells]
  })
  const head = ['store', 'batch', 'scripts run in', 'macrosteps/s', 'min–max', 'bare rate/s', 'min–max', 'ratio']
  return [[...head, 'steps a commit', 'processor µs', 'bare', 'bytes a step', 'rows a step'], rows]
}

function httpTable(measured) {
  const rows = rowsOf(measured, 'http').map(({ row, store }) => [
    store,
    row.connections,
    whole(row.perSecond.median),
    spread(row.perSecond),
    fixed(row.p50Ms.median),
    fixed(row.p99Ms.median),
    whole(row.processorUs.median),
  ])
  return [['store', 'connections', 'events/s', 'min–max', 'p50 ms', 'p99 ms', 'processor µs of the node'], rows]
}

function latencyTable(measured) {
  const rows = rowsOf(measured, 'latency').map(({ row, store }) => [
    store,
    whole(row.perSecond),
    whole(row.reachedPerSecond.median),
    fixed(row.p50Ms.median),
    fixed(row.p99Ms.median),
    fixed(row.maxMs.median),
    fixed(row.lateP99Ms.median),
    whole(row.processorUs.median),
  ])
  const head = ['store', 'events/s wanted', 'reached', 'p50 ms', 'p99 ms', 'longest ms', 'given late, p99 ms']
  return [[...head, 'processor µs an event'], rows]
}

function turnsTable(measured) {
  const rows = rowsOf(measured, 'turns').map(({ row, store }) => [
    store,
    whole(row.sessions),
    whole(row.perSecond.median),
    spread(row.perSecond),
    fixed(row.p50Ms.median),
    fixed(row.p99Ms.median),
    whole(row.writtenBytes.median),
  ])
  return [['store', 'sessions', 'events/s', 'min–max', 'p50 ms', 'p99 ms', 'bytes to the disk an event'], rows]
}

function bytesTable(measured) {
  const rows = rowsOf(measured, 'bytes').flatMap(({ row, store }) =>
    row.rows.map(({ change, handedBytes, sizeBytes, writtenBytes }) => [
      store,
      `${sizeBytes / 1000} KB`,
      change,
      whole(handedBytes),
      whole(writtenBytes),
    ]),
  )
  return [['store', 'data', 'what the step changes', 'bytes of state, trace and effects', 'bytes to the disk'], rows]
}

function liveTable(measured) {
  const rows = rowsOf(measured, 'live').map(({ row, store }) => [
    store,
    whole(row.sessions.median),
    whole(row.startsPerSecond.median),
    mega(row.emptyBytes),
    mega(row.startedBytes),
    mega(row.drivenBytes),
    mega(row.settledBytes),
    `${fixed(row.oldestP50Ms.median)} / ${fixed(row.oldestP99Ms.median)}`,
    fixed(row.readyMs.median),
    fixed(row.firstEventMs.median),
    `${fixed(row.afterRestartP50Ms.median)} / ${fixed(row.afterRestartP99Ms.median)}`,
  ])
  const head = [
    'store',
    'sessions',
    'starts/s',
    'MB empty',
    'MB started',
    'MB after an event each (100,000 at most)',
    'MB after a rest',
  ]
  const times = ['ms an event of the oldest, p50 / p99', 'ms to ready after kill', 'ms to the first event taken']
  return [[...head, ...times, 'ms an event then, p50 / p99'], rows]
}

function timersTable(measured) {
  const rows = rowsOf(measured, 'timers').map(({ rest, row, store }) => [
    store,
    whole(row.timers),
    rest[0] === 'overdue' ? 'overdue at the start of the node' : 'while the node runs',
    whole(row.wokenPerSecond.median),
    fixed(row.probeP50Ms.median),
    fixed(row.probeP99Ms.median),
    fixed(row.probeMaxMs.median),
  ])
  return [['store', 'timers', 'due', 'taken/s', 'others wait, p50 ms', 'p99 ms', 'longest ms'], rows]
}

function peersTable(measured) {
  const xstate = rowsOf(measured, 'xstate').map(({ row, store }) => [
    `XState, snapshot written by hand, ${row.batch === 1 ? 'a transaction for each event' : `${row.batch} events in a transaction`}`,
    store,
    whole(row.perSecond.median),
    spread(row.perSecond),
    whole(row.processorUs.median),
  ])
  const dbos = rowsOf(measured, 'dbos').map(({ row, store }) => [
    `DBOS, a workflow for each session, ${row.inFlight} at once`,
    store,
    whole(row.perSecond.median),
    spread(row.perSecond),
    whole(row.processorUs.median),
  ])
  const own = rowsOf(measured, 'durable')
    .filter(({ row }) => row.shards === 0)
    .map(({ row, store }) => [
      `Segue, ${row.batch} steps in a commit`,
      store,
      whole(row.perSecond.median),
      spread(row.perSecond),
      whole(row.processorUs.median),
    ])
  const rows = xstate.length + dbos.length === 0 ? [] : [...own, ...xstate, ...dbos]
  return [['who', 'store', 'events/s', 'min–max', 'processor µs an event'], rows]
}

function targetsTable(targets) {
  const rows = targets.map(({ isMet, measured, wanted, what }) => [
    what,
    wanted,
    measured,
    isMet ? 'met' : '**missed**',
  ])
  return [['what', 'wanted', 'measured', ''], rows]
}

function spread({ max, min }) {
  return `${whole(min)}–${whole(max)}`
}

function mega({ median }) {
  return whole(median / 1e6)
}
