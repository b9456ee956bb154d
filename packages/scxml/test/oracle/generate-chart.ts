import { variableNames } from './chart-model.ts'
import type { ChartModel, InitialModel, Item, StateModel, TransitionModel } from './chart-model.ts'
import {
  eventNames,
  generateBlock,
  generateBlocks,
  generateCondition,
  generateDatumValue,
  generateParams,
  generateSoundCondition,
} from './generate-content.ts'
import type { ContentPlace } from './generate-content.ts'
import { allStates, childrenOf, generateTree } from './generate-tree.ts'
import type { Sprout } from './generate-tree.ts'
import { randomSource } from './random-source.ts'
import type { RandomSource } from './random-source.ts'

interface Making extends ContentPlace {
  readonly all: readonly Sprout[]
  readonly random: RandomSource
  /** Variables that are declared in the states with these ids. */
  readonly nestedData: ReadonlyMap<string, readonly string[]>
}

/** A legal chart that `seed` decides. */
export function generateChart(seed: number): ChartModel {
  const random = randomSource(seed)
  const dialect = random.chance(0.15) ? 'orchestration' : 'w3c'
  const tree = generateTree(random)
  const all = allStates(tree)
  const holders = all.filter(({ kind }) => kind === 'state' || kind === 'parallel').map(({ id }) => id)
  const nestedData = new Map<string, string[]>()
  const topLevel: string[] = []
  for (const name of variableNames) {
    if (random.chance(0.7)) topLevel.push(name)
    else {
      const holder = random.pick(holders)
      nestedData.set(holder, [...(nestedData.get(holder) ?? []), name])
    }
  }
  const making: Making = { random, dialect, stateIds: all.map(({ id }) => id), all, nestedData }
  const scope = tree.filter(({ kind }) => kind !== 'history')
  return {
    dialect,
    binding: dialect === 'w3c' && random.chance(0.3) ? 'late' : 'early',
    initial: random.chance(0.35) ? targetSet(making, scope) : [],
    data: topLevel.map((name) => ({ name, value: generateDatumValue(making) })),
    ...(random.chance(0.1) && { script: { name: random.pick(variableNames), add: 2 } }),
    states: tree.map((sprout) => furnish(making, sprout)),
  }
}

/** Things that happen to a session of a generated chart. */
export function generateItems(seed: number): readonly Item[] {
  const random = randomSource(seed)
  return Array.from({ length: 3 + random.below(9) }, (): Item => {
    if (random.chance(0.12)) return { kind: 'fire', position: random.below(4) }
    if (random.chance(0.01)) return { kind: 'terminate' }
    const name = random.pick(eventNames)
    return random.chance(0.4) ? { kind: 'event', name, v: random.below(9) } : { kind: 'event', name }
  })
}

function furnish(making: Making, sprout: Sprout): StateModel {
  const { random } = making
  const { id, isDeep, kind } = sprout
  const isReal = kind !== 'history'
  const isInner = kind === 'state' || kind === 'parallel'
  const isCompound = kind === 'state' && sprout.states.length > 0
  return {
    id,
    kind,
    isDeep,
    states: sprout.states.map((child) => furnish(making, child)),
    ...(isCompound && random.chance(0.45) && { initial: generateInitial(making, sprout) }),
    transitions: isInner ? generateTransitions(making, sprout) : isReal ? [] : [generateDefault(making, sprout)],
    onentry: isReal ? generateBlocks(making, 0.25) : [],
    onexit: isReal ? generateBlocks(making, 0.2) : [],
    data: (making.nestedData.get(id) ?? []).map((name) => ({ name, value: generateDatumValue(making) })),
    donedata: kind === 'final' && random.chance(0.3) ? generateParams(making) : [],
  }
}

function generateInitial(making: Making, sprout: Sprout): InitialModel {
  return {
    targets: targetSet(making, childrenOf(sprout), sprout),
    content: making.random.chance(0.4) ? generateBlock(making) : [],
  }
}

/** Default of a history: children of its parent when it is shallow, else any descendants. */
function generateDefault(making: Making, history: Sprout): TransitionModel {
  const { random } = making
  const parent = history.parent
  const children = parent === undefined ? [] : childrenOf(parent)
  const targets = history.isDeep && random.chance(0.6) ? targetSet(making, children) : [random.pick(children).id]
  return {
    events: [],
    targets: parent?.kind === 'parallel' && !history.isDeep ? children.map(({ id }) => id) : targets,
    isInternal: false,
    content: random.chance(0.4) ? generateBlock(making) : [],
  }
}

function generateTransitions(making: Making, sprout: Sprout): readonly TransitionModel[] {
  const { random } = making
  const transitions = [...intoOwnHistory(making, sprout), ...outOfItself(making, sprout)]
  while (transitions.length < 4 && random.chance(0.62)) {
    transitions.push(random.chance(0.13) ? eventless(making, sprout) : onEvent(making, sprout))
  }
  return transitions
}

/** From inside of a state to its own deep history: what is stored decides what is left. */
function intoOwnHistory({ random }: Making, sprout: Sprout): readonly TransitionModel[] {
  const ancestors: Sprout[] = []
  for (let at = sprout.parent; at !== undefined; at = at.parent) ancestors.push(at)
  const history = ancestors.flatMap(({ states }) => states).find(({ isDeep }) => isDeep)
  if (history === undefined || random.chance(0.7)) return []
  return [{ events: [random.pick(['e0', 'e1'])], targets: [history.id], isInternal: false, content: [] }]
}

/** Leaves a state that has a history and enters it again, so that something is stored. */
function outOfItself({ random }: Making, sprout: Sprout): readonly TransitionModel[] {
  if (!sprout.states.some(({ isDeep }) => isDeep) || random.chance(0.5)) return []
  return [{ events: ['e2'], targets: [sprout.id], isInternal: false, content: [] }]
}

/** Mostly one that stops of itself: it counts up what its guard looks at. */
function eventless(making: Making, sprout: Sprout): TransitionModel {
  const { random } = making
  const name = random.pick(variableNames)
  const isCounting = random.chance(0.75)
  return {
    events: [],
    cond: isCounting ? { kind: 'less', name, than: random.below(8) } : generateSoundCondition(making),
    targets: random.chance(0.25) ? [] : generateTargets(making, sprout),
    isInternal: random.chance(0.25),
    content: isCounting ? [{ kind: 'script', name, add: 1 }] : random.chance(0.5) ? generateBlock(making) : [],
  }
}

function onEvent(making: Making, sprout: Sprout): TransitionModel {
  const { random } = making
  const events = [descriptor(making, sprout), ...(random.chance(0.2) ? [descriptor(making, sprout)] : [])]
  // A guard that fails on an error event would raise the next one, without end.
  const isCalm = events.some((event) => event === '*' || event.startsWith('error'))
  return {
    events,
    ...(random.chance(0.3) && { cond: isCalm ? generateSoundCondition(making) : generateCondition(making) }),
    targets: random.chance(0.17) ? [] : generateTargets(making, sprout),
    isInternal: random.chance(0.3),
    content: random.chance(0.4) ? generateBlock(making) : [],
  }
}

function descriptor({ all, dialect, random }: Making, sprout: Sprout): string {
  if (random.chance(0.2)) {
    const completed = [...sprout.states.filter(({ states }) => states.length > 0), sprout]
    const isOwn = random.chance(0.7)
    return `done.state.${isOwn ? random.pick(completed).id : random.pick(all).id}`
  }
  if (dialect === 'w3c' && random.chance(0.12)) return random.pick(['error', 'error.execution', 'error.communication'])
  return random.pick(['e0', 'e0', 'e1', 'e1', 'e2', 'e3', 'e0.sub', 'e0.*', 'e1.', 'e0x', '*'])
}

function generateTargets(making: Making, sprout: Sprout): readonly string[] {
  const { all, random } = making
  const histories = all.filter(({ kind }) => kind === 'history')
  if (histories.length > 0 && random.chance(0.2)) return [random.pick(histories).id]
  if (random.chance(0.3) && childrenOf(sprout).length > 0) return targetSet(making, childrenOf(sprout), sprout)
  const parallels = all.filter(({ kind }) => kind === 'parallel')
  if (parallels.length > 0 && random.chance(0.25)) return targetsInRegions(making, random.pick(parallels))
  return [random.pick(all).id]
}

/** Targets below one of these states, mostly one; `within` adds its histories. */
function targetSet(making: Making, states: readonly Sprout[], within?: Sprout): readonly string[] {
  const { random } = making
  if (within?.kind === 'parallel' && random.chance(0.6)) return targetsInRegions(making, within)
  const histories = within?.states.filter(({ kind }) => kind === 'history') ?? []
  if (histories.length > 0 && random.chance(0.15)) return [random.pick(histories).id]
  const below = allStates([random.pick(states)]).filter(({ kind }) => kind !== 'history')
  const parallels = below.filter(({ kind }) => kind === 'parallel')
  if (parallels.length > 0 && random.chance(0.4)) return targetsInRegions(making, random.pick(parallels))
  return [random.chance(0.6) ? (below[0]?.id ?? '') : random.pick(below).id]
}

/** One target in each of several regions, in any order. */
function targetsInRegions({ random }: Making, parallel: Sprout): readonly string[] {
  const targets = childrenOf(parallel).flatMap((region) => {
    if (random.chance(0.15)) return []
    // Regions that are complete together are rare otherwise.
    const final = region.states.find(({ kind }) => kind === 'final')
    return [final !== undefined && random.chance(0.4) ? final.id : random.pick(allStates([region])).id]
  })
  const all = targets.length === 0 ? [parallel.id] : targets
  return random.chance(0.3) ? all.toReversed() : all
}
