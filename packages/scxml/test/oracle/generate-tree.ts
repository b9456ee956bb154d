import type { StateModel } from './chart-model.ts'
import type { RandomSource } from './random-source.ts'

/** A state of a chart that is being made, before it has content. */
export interface Sprout {
  readonly id: string
  readonly kind: StateModel['kind']
  readonly isDeep: boolean
  readonly parent: Sprout | undefined
  readonly states: Sprout[]
}

interface Growing {
  readonly random: RandomSource
  /** States that may still be made. */
  left: number
  count: number
}

const maxDepth = 5

/** States of a chart: nested, parallel, final and history, ids in document order of their making. */
export function generateTree(random: RandomSource): readonly Sprout[] {
  const isLarge = random.chance(0.03)
  const growing: Growing = { random, left: isLarge ? 70 : 6 + random.below(14), count: 0 }
  const states: Sprout[] = []
  const wanted = isLarge ? 12 : 2 + random.below(3)
  for (let i = 0; i < wanted; i += 1) states.push(grow(growing, undefined, 0))
  if (random.chance(0.5)) states.push(sprout(growing, 'final', undefined))
  return states
}

/** Every state below these, and they themselves, in document order. */
export function allStates(states: readonly Sprout[]): readonly Sprout[] {
  return states.flatMap((state) => [state, ...allStates(state.states)])
}

/** Children that are no histories. */
export function childrenOf({ states }: Sprout): readonly Sprout[] {
  return states.filter(({ kind }) => kind !== 'history')
}

function grow(growing: Growing, parent: Sprout | undefined, depth: number): Sprout {
  const { random } = growing
  const isLeaf =
    depth >= maxDepth || growing.left <= 2 || random.chance(depth === 0 || parent?.kind === 'parallel' ? 0.25 : 0.4)
  if (isLeaf) return sprout(growing, 'state', parent)
  const state = sprout(growing, random.chance(0.4) ? 'parallel' : 'state', parent)
  const wanted = state.kind === 'parallel' ? 2 + random.below(2) : 1 + random.below(3)
  if (random.chance(0.2)) addHistory(growing, state)
  for (let i = 0; i < wanted; i += 1) state.states.push(grow(growing, state, depth + 1))
  if (state.kind === 'state' && random.chance(0.45)) state.states.push(sprout(growing, 'final', state))
  if (state.kind === 'parallel' && random.chance(0.35)) {
    for (const region of state.states) if (region.kind === 'state') addFinal(growing, region)
  }
  if (random.chance(0.25)) addHistory(growing, state)
  return state
}

/** Regions that can all complete are rare otherwise. */
function addFinal(growing: Growing, region: Sprout): void {
  if (!region.states.some(({ kind }) => kind === 'final')) region.states.push(sprout(growing, 'final', region))
}

function addHistory(growing: Growing, state: Sprout): void {
  state.states.push(sprout(growing, 'history', state))
}

function sprout(growing: Growing, kind: Sprout['kind'], parent: Sprout | undefined): Sprout {
  growing.left -= 1
  growing.count += 1
  const isDeep = kind === 'history' && growing.random.chance(0.5)
  return { id: `s${growing.count}`, kind, isDeep, parent, states: [] }
}
