// The same job by hand: machines of XState, their snapshots in a SQLite file with the same settings.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createActor } from 'xstate'
import { machine } from '../machines/xstate-contact.mjs'
import { roundOf } from '../workloads.mjs'
import { checkReport } from './contact-load.mjs'
import { processorMs } from './processes.mjs'

const Database = createRequire(new URL('../../../packages/adapters/package.json', import.meta.url))('libsql')
const round = roundOf('contact')

/**
 * One session after the other takes an event in memory; the snapshots of a batch are written in one transaction.
 *
 * @param {{ place: { folder: string }, batch: number, sessions: number, seconds: number }} task
 */
export async function xstateByHand({ place, batch, sessions: count, seconds }) {
  const path = join(place.folder, 'by-hand.db')
  const db = open(path)
  db.exec('create table session (id text primary key, version integer not null, state text not null) strict')
  const logic = machine()
  const sessions = Array.from({ length: count }, (_, at) => ({ id: `session-${at}`, given: 0, actor: start(logic) }))
  const insert = db.prepare('insert into session (id, version, state) values (?, 0, ?)')
  db.transaction(() => {
    for (const { actor, id } of sessions) insert.run(id, snapshotText(actor))
  })()
  const update = db.prepare('update session set version = ?, state = ? where id = ? and version = ?')
  const save = db.transaction((changed) => {
    for (const { actor, given, id } of changed)
      if (update.run(given, snapshotText(actor), id, given - 1).changes !== 1) throw new Error(`"${id}" was not saved`)
  })

  let next = 0
  const drive = async (durationMs) => {
    const from = performance.now()
    let events = 0
    while (performance.now() - from < durationMs) {
      const changed = []
      for (let one = 0; one < batch; one += 1) {
        const session = sessions[next]
        next = (next + 1) % sessions.length
        const { data, name } = round[session.given % round.length]
        session.actor.send({ type: name, data })
        session.given += 1
        changed.push(session)
      }
      save(changed)
      events += batch
      // Others get their turn between two batches, as in a server.
      if (events % (batch * 16) === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    return { events, elapsedMs: performance.now() - from }
  }
  await drive(seconds * 400)
  const processorBefore = processorMs()
  const { elapsedMs, events } = await drive(seconds * 1000)
  const usedMs = processorMs() - processorBefore
  db.close()
  check(path, logic, sessions)
  return { perSecond: (events / elapsedMs) * 1000, processorUs: (usedMs * 1000) / events }
}

function open(path) {
  const db = new Database(path)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  return db
}

function start(logic, snapshot) {
  return createActor(logic, snapshot === undefined ? undefined : { snapshot }).start()
}

function snapshotText(actor) {
  return JSON.stringify(actor.getPersistedSnapshot())
}

/** Reads the file again and compares every session with what its events make of it. */
function check(path, logic, sessions) {
  const db = open(path)
  const find = db.prepare('select version, state from session where id = ?')
  for (const { given, id } of sessions) {
    const { state, version } = find.get(id)
    const { _nodes, context } = start(logic, JSON.parse(state)).getSnapshot()
    const active = _nodes.map(({ key }) => key)
    checkReport(id, given, version + 1, active, context)
  }
  db.close()
}
