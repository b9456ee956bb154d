import type { Application } from '../compile/application.ts'
import { emptyBits, setBit } from '../compile/bits.ts'
import { configurationOf } from '../compile/configuration.ts'
import type { Session, SessionSnapshot } from './contract.ts'
import { SessionState } from './session.ts'

/**
 * A session as it was when the snapshot was made.
 *
 * Errors: throws when the snapshot has another format or names states that the chart does not have.
 */
export function restore(application: Application, snapshot: SessionSnapshot): Session {
  const { chart, program } = application
  const { frame, identity } = snapshot
  if (snapshot.format !== 1 && snapshot.format !== 2)
    throw new TypeError(`snapshot format "${String(snapshot.format)}" is not known`)
  const indexOf = (id: string): number => {
    const index = chart.indexOf.get(id)
    if (index === undefined) throw new TypeError(`the snapshot names state "${id}", which the chart does not have`)
    return index
  }
  const bits = emptyBits(chart.states.length)
  for (const id of frame.configuration) setBit(bits, indexOf(id))
  const state = new SessionState(application, identity, program.load(snapshot.scope), configurationOf(chart, bits))
  state.isRunning = frame.isRunning
  state.history = tableOf(Object.entries(frame.history), ([id, kept]) => [indexOf(id), kept.map(indexOf)])
  state.queue = frame.queue.length === 0 ? undefined : [...frame.queue]
  state.timers = tableOf(Object.entries(frame.timers), (entry) => entry)
  state.invokes = tableOf(Object.entries(frame.invokes), ([id, owner]) => [
    id,
    { state: indexOf(owner.state), index: owner.index },
  ])
  state.bound = frame.bound.length === 0 ? undefined : new Set(frame.bound.map(indexOf))
  state.nextId = frame.nextId
  return state
}

function tableOf<Entry, Key, Value>(
  entries: readonly Entry[],
  convert: (entry: Entry) => readonly [Key, Value],
): Map<Key, Value> | undefined {
  return entries.length === 0 ? undefined : new Map(entries.map(convert))
}
