import type { ScopeChanges, Touched } from '../script/contract.ts'
import type { Session, SessionFrame, SessionSnapshot } from './contract.ts'
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

/**
 * Everything that has to survive, JSON-able. From now on the data model counts as saved. `latest` is what `changesOf`
 * gave just before: what it encoded is not encoded again.
 */
export function snapshot(session: Session, latest?: ScopeChanges): SessionSnapshot {
  const state = stateOf(session)
  const scope = state.application.program.save(state.scope, latest)
  return { format: 2, identity: state.identity, frame: frameOf(session), scope }
}

/** What `snapshot` would give, for people to look at: what counts as saved stays as it is. */
export function shownSnapshot(session: Session): SessionSnapshot {
  const state = stateOf(session)
  const scope = state.application.program.show(state.scope)
  return { format: 2, identity: state.identity, frame: frameOf(session), scope }
}

/** What changed in the data model since it was saved or restored, as far as `touched` can have changed it. */
export function changesOf(session: Session, touched: Touched): ScopeChanges {
  const state = stateOf(session)
  return state.application.program.saveChanges(state.scope, touched)
}
