// The engines that can be measured, by name. Each gives sessions of a workload document in one and the same form.
import { fsm, robot } from './flat.mjs'
import { scion } from './scion.mjs'
import { segue } from './segue.mjs'
import { xstate } from './xstate.mjs'

/**
 * @typedef {object} Machine
 * @property {() => object} create makes a session and starts it
 * @property {(session: object, index: number) => void} send delivers event `index` of the round, to the end of its macrostep
 * @property {(session: object) => readonly string[]} atomicStates active atomic states
 * @property {(session: object) => number} countOf datum `count` of `pingpong`
 * @property {boolean | undefined} sharesData all sessions have one and the same data model
 * @property {((session: object) => string) | undefined} snapshotText a snapshot as JSON text
 */

const makers = {
  'segue-embedded': segue,
  'segue-served': segue,
  scion,
  xstate,
  'xstate-pure': xstate,
  robot3: robot,
  'xstate-fsm': fsm,
}

/** Names of all engines, Segue's settings first. */
export const engineNames = Object.keys(makers)

/** Engines for flat machines can do workload A only. */
export const flatEngines = ['robot3', 'xstate-fsm']

/** Segue's own settings. */
export const segueEngines = ['segue-embedded', 'segue-served']

/** @param {string} name */
export function engineOf(name) {
  const make = makers[name]
  if (make === undefined) throw new Error(`there is no engine "${name}"`)
  return make(name)
}
