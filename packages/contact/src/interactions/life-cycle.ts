/** State of an interaction; `voice.state` shows it, errors name it (`invalidstate.<state>`). */
export type InteractionLifeState =
  | 'null'
  | 'queued'
  | 'treating'
  | 'routed'
  | 'ringing'
  | 'connected'
  | 'hold'
  | 'processing'
  | 'ended'

/**
 * Where an interaction may go from each state. `queued`: waits at a routing point, nothing is played; `processing`:
 * an interaction without a switch. The switch may report more than that after a loss of events.
 */
const transitions: Readonly<Record<InteractionLifeState, readonly InteractionLifeState[]>> = {
  null: ['queued', 'ringing', 'connected', 'processing', 'ended'],
  queued: ['treating', 'routed', 'ringing', 'connected', 'ended'],
  treating: ['queued', 'routed', 'ringing', 'connected', 'ended'],
  routed: ['queued', 'ringing', 'connected', 'processing', 'ended'],
  ringing: ['queued', 'routed', 'connected', 'ended'],
  connected: ['queued', 'routed', 'ringing', 'hold', 'ended'],
  hold: ['queued', 'connected', 'ringing', 'ended'],
  processing: ['routed', 'ended'],
  ended: [],
}

/** Whether the life cycle has this step. */
export function canTransition(from: InteractionLifeState, to: InteractionLifeState): boolean {
  return from === to || transitions[from].includes(to)
}
