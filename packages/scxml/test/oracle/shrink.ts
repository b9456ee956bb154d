import { variableNames } from './chart-model.ts'
import type { ChartModel } from './chart-model.ts'
import type { Case } from './compare.ts'

const maxAttempts = 4000

/** Members that a model can do without. */
const optional: ReadonlySet<string> = new Set(['initial', 'cond', 'script', 'otherwise', 'index', 'delayed', 'v'])

/**
 * A smaller case that still fails: items, states, transitions, content and events are dropped one at a time until
 * nothing more can go.
 *
 * Cost: O(size²) runs, at most 4000.
 */
export async function shrink(failing: Case, fails: (candidate: Case) => Promise<boolean>): Promise<Case> {
  let smallest = failing
  let attempts = 0
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false
    for (const candidate of smallerCases(smallest)) {
      attempts += 1
      if (attempts > maxAttempts) return smallest
      if (!(await fails(candidate))) continue
      smallest = candidate
      isSmaller = true
      break
    }
  }
  return smallest
}

function* smallerCases(one: Case): Generator<Case> {
  for (const items of smaller(one.items)) yield { ...one, items }
  // Declaring a lost variable must not undo a step for ever.
  const size = JSON.stringify(one.chart).length
  for (const chart of smaller(one.chart))
    if (JSON.stringify(repaired(chart)).length < size) yield { ...one, chart: repaired(chart) }
  if (one.isReloaded) yield { ...one, isReloaded: false }
}

/** Copies of a JSON value with one thing less, larger parts first. The copies keep the type of the value. */
function* smaller<T>(value: T): Generator<T> {
  for (const path of parts(value, [])) yield without(value, path) as T
}

type Path = readonly (string | number)[]

function* parts(value: unknown, path: Path): Generator<Path> {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) yield [...path, i]
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    if (!Array.isArray(value) && optional.has(key)) yield at
    yield* parts(member, at)
  }
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_, i) => i !== key)
    return value.map((member: unknown, i) => (i === key ? without(member, rest) : member))
  }
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([name]) => name !== key || rest.length > 0)
  return Object.fromEntries(members.map(([name, member]) => [name, name === key ? without(member, rest) : member]))
}

/** Drops targets that are gone, and transitions of which nothing is left; declares variables that lost their place. */
function repaired(chart: ChartModel): ChartModel {
  const ids = new Set<string>()
  const declared = new Set(chart.data.map(({ name }) => name))
  const collect = (states: ChartModel['states']): void => {
    for (const { data, id, states: below } of states) {
      ids.add(id)
      for (const { name } of data) declared.add(name)
      collect(below)
    }
  }
  collect(chart.states)
  const left = (targets: readonly string[]): readonly string[] => targets.filter((id) => ids.has(id))
  const repair = (states: ChartModel['states']): ChartModel['states'] =>
    states.map(({ initial, ...state }) => ({
      ...state,
      ...(initial !== undefined &&
        left(initial.targets).length > 0 && { initial: { ...initial, targets: left(initial.targets) } }),
      transitions: state.transitions
        .filter(({ targets }) => targets.length === 0 || left(targets).length > 0)
        .map((transition) => ({ ...transition, targets: left(transition.targets) })),
      states: repair(state.states),
    }))
  const lost = variableNames.filter((name) => !declared.has(name))
  const data = [...chart.data, ...lost.map((name) => ({ name, value: { kind: 'number', number: 0 } as const }))]
  // Of the whole chart `initial` is a list, which shrinking may have taken away.
  return { ...chart, data, initial: left(chart.initial ?? []), states: repair(chart.states) }
}
