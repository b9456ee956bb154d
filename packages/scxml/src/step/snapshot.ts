import type { Session, SessionFrame, SessionSnapshot, StepHost, StepInput } from './contract.ts'
import { Macrostep } from './macrostep.ts'
import { stateOf } from './session.ts'

/** Active states in document order, for people. */
export function activeStates(session: Session): readonly string[] {
  return stateOf(session).configuration.ids
}

/** The frame alone, for a redo record whose data did not change. */
export function frameOf(session: Session): SessionFrame {
  const state = stateOf(session)
  const { stateIds } = state.application.chart
  const idOf = (index: number): string => stateIds[index] ?? ''
  return {
    isRunning: state.isRunning,
    configuration: state.configuration.ids,
    history: Object.fromEntries([...(state.history ?? [])].map(([index, kept]) => [idOf(index), kept.map(idOf)])),
    queue: [...(state.queue ?? [])],
    timers: Object.fromEntries(state.timers ?? []),
    invokes: Object.fromEntries(
      [...(state.invokes ?? [])].map(([id, { state: owner, index }]) => [id, { state: idOf(owner), index }]),
    ),
    bound: [...(state.bound ?? [])].map(idOf),
    nextId: state.nextId,
  }
}

/** Everything that has to survive, JSON-able. */
export function snapshot(session: Session): SessionSnapshot {
  const state = stateOf(session)
  const { program } = state.application
  program.enter(state.scope, state.scopeIdentity, noMoment, new Macrostep(state, noMoment, noHost))
  try {
    return { format: 1, identity: state.identity, frame: frameOf(session), scope: program.save(state.scope) }
  } finally {
    program.leave()
  }
}

const noMoment: StepInput = { nowMs: 0, seed: 0, trace: 'off' }

/** Nothing of an application runs while it is saved. */
const noHost: StepHost = {
  modules: [],
  documentUrl: '',
  view: () => '{}',
  viewVersion: () => 0,
  call: () => ({ ok: false, message: 'no function can be called while a session is saved' }),
  act: () => undefined,
}
