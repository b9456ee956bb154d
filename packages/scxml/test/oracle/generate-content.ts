import { variableNames } from './chart-model.ts'
import type { Block, ChartModel, Condition, Content, ParamModel, Value } from './chart-model.ts'
import type { RandomSource } from './random-source.ts'

/** What content of a chart can refer to. */
export interface ContentPlace {
  readonly random: RandomSource
  readonly dialect: ChartModel['dialect']
  readonly stateIds: readonly string[]
}

/** Names that charts raise and send and that come from outside. */
export const eventNames: readonly string[] = ['e0', 'e1', 'e2', 'e3', 'e0.sub', 'e0x', 'error.custom']

const sendIds: readonly string[] = ['t1', 't2']

/** Handlers: mostly none, sometimes several. */
export function generateBlocks(place: ContentPlace, ratio: number): readonly Block[] {
  const blocks: Block[] = []
  while (blocks.length < 2 && place.random.chance(ratio)) blocks.push(generateBlock(place))
  return blocks
}

/** One to three elements of executable content. */
export function generateBlock(place: ContentPlace, depth = 0): Block {
  return Array.from({ length: 1 + place.random.below(depth === 0 ? 3 : 2) }, () => generateContent(place, depth))
}

/** Guard of a transition on an event, or of `<if>`. */
export function generateCondition({ dialect, random, stateIds }: ContentPlace): Condition {
  if (dialect === 'w3c' && random.chance(0.08)) return { kind: 'failing' }
  return generateSoundCondition({ dialect, random, stateIds })
}

/** A guard that does not fail: one of an event-less transition would do so without end. */
export function generateSoundCondition({ random, stateIds }: ContentPlace): Condition {
  if (random.chance(0.35)) return { kind: 'in', state: random.pick(stateIds), isNot: random.chance(0.4) }
  return { kind: 'less', name: random.pick(variableNames), than: random.below(12) }
}

/** Initial value of a datum. */
export function generateDatumValue(place: ContentPlace): Value {
  if (place.dialect === 'w3c' && place.random.chance(0.08)) return { kind: 'failing' }
  return place.random.chance(0.7)
    ? { kind: 'number', number: place.random.below(5) }
    : { kind: 'sum', name: place.random.pick(variableNames), add: 1 }
}

/** Params of a message, of which a failing one never stands alone. */
export function generateParams(place: ContentPlace): readonly ParamModel[] {
  const value: Value = place.random.chance(0.5)
    ? { kind: 'number', number: place.random.below(9) }
    : { kind: 'sum', name: place.random.pick(variableNames), add: 2 }
  const isFailing = place.dialect === 'w3c' && place.random.chance(0.1)
  return [...(isFailing ? [{ name: 'w', value: { kind: 'failing' } as const }] : []), { name: 'v', value }]
}

function generateContent(place: ContentPlace, depth: number): Content {
  const { dialect, random } = place
  const name = random.pick(variableNames)
  const event = random.pick(eventNames)
  switch (random.below(dialect === 'w3c' ? 14 : 8)) {
    case 0:
    case 1:
      return { kind: 'raise', event }
    case 2:
      return { kind: 'log', value: { kind: 'sum', name, add: 0 } }
    case 3:
    case 4:
      return { kind: 'assign', name, value: assigned(place) }
    case 5:
      return { kind: 'script', name, add: 1 + random.below(3) }
    case 6:
      return depth < 2 ? generateNested(place, depth) : { kind: 'raise', event }
    case 7:
      return { kind: 'send', event, to: 'own', params: [] }
    case 8:
      return { kind: 'send', event, to: 'own', params: generateParams(place) }
    case 9:
      return { kind: 'send', event, to: 'own', params: generateParams(place), delayed: random.pick(sendIds) }
    case 10:
      return { kind: 'cancel', id: random.pick(sendIds) }
    case 11:
      return { kind: 'send', event, to: 'internal', params: random.chance(0.5) ? generateParams(place) : [] }
    case 12:
      return { kind: 'log', value: random.chance(0.5) ? { kind: 'eventName' } : { kind: 'payload' } }
    default:
      return generateFailing(random)
  }
}

function assigned({ dialect, random }: ContentPlace): Value {
  const isW3c = dialect === 'w3c'
  if (isW3c && random.chance(0.15)) return { kind: 'payload' }
  if (isW3c && random.chance(0.05)) return { kind: 'failing' }
  return random.chance(0.4)
    ? { kind: 'number', number: random.below(6) }
    : { kind: 'sum', name: random.pick(variableNames), add: 1 }
}

function generateNested(place: ContentPlace, depth: number): Content {
  const { dialect, random } = place
  if (random.chance(0.35)) {
    if (dialect === 'w3c' && random.chance(0.25)) return { kind: 'foreachFailing', item: random.pick(variableNames) }
    return {
      kind: 'foreach',
      items: Array.from({ length: random.below(4) }, () => random.below(9)),
      item: random.pick(variableNames.slice(0, 2)),
      ...(random.chance(0.5) && { index: random.pick(variableNames.slice(2)) }),
      content: generateBlock(place, depth + 1),
    }
  }
  return {
    kind: 'if',
    branches: Array.from({ length: 1 + random.below(2) }, () => ({
      cond: generateCondition(place),
      content: generateBlock(place, depth + 1),
    })),
    ...(random.chance(0.5) && { otherwise: generateBlock(place, depth + 1) }),
  }
}

function generateFailing(random: RandomSource): Content {
  switch (random.below(5)) {
    case 0:
      return { kind: 'assignFailing', location: 'undeclared' }
    case 1:
      return { kind: 'assignFailing', location: 'system' }
    case 2:
      return { kind: 'scriptFailing' }
    case 3:
      return { kind: 'send', event: 'e0', to: 'nowhere', params: [] }
    default:
      return { kind: 'send', event: 'e0', to: 'parent', params: [] }
  }
}
