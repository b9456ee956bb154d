import type { ChartModel, StateModel } from './chart-model.ts'

/** What every run has to reach in at least 1 % of its charts. */
const wanted: readonly string[] = [
  'nested 4 deep',
  'parallel',
  'parallel within parallel',
  'more than 32 states',
  'orchestration dialect',
  'late binding',
  'initial with several targets',
  'content of an initial transition',
  'internal transition',
  'internal transition that leaves its source',
  'external transition to a descendant',
  'transition without a target',
  'transition with several targets',
  'event-less transition',
  'event-less chain',
  'several transitions enabled',
  'several transitions in one microstep',
  'one transition enabled in two regions',
  'conflict: the later transition is preempted',
  'conflict: the inner transition wins',
  'shallow history restored',
  'shallow history by default',
  'deep history restored',
  'deep history by default',
  'raised event taken',
  'own external event',
  'delayed send fired',
  'delayed send cancelled',
  'completion event taken',
  'completion of a parallel state',
  'completion with data',
  'error event taken',
  'error in guard',
  'error in if',
  'error in data',
  'error in param',
  'error in log',
  'error in assign',
  'error in assignFailing',
  'error in scriptFailing',
  'error in foreachFailing',
  'error in send',
  'error in send (communication)',
  'guard holds',
  'guard does not hold',
  'guard with In() holds',
  'guard with In() does not hold',
  'if',
  'elseif',
  'else',
  'foreach',
  'event that nothing takes',
  'event after the end',
  'top-level final',
  'terminated from outside',
  'limit of microsteps',
]

/** Counts in how many charts each feature, conflict, history restoration and error path occurred. */
export class Coverage {
  readonly #counts = new Map<string, number>(wanted.map((name) => [name, 0]))
  #seen = new Set<string>()
  #charts = 0

  /** Begins with the next chart, and notes what it is made of. */
  beginChart(model: ChartModel): void {
    this.#charts += 1
    this.#seen = new Set()
    const depth = depthOf(model.states)
    const states = flatten(model.states)
    if (depth >= 4) this.#note('nested 4 deep')
    if (states.length > 32) this.#note('more than 32 states')
    if (model.dialect === 'orchestration') this.#note('orchestration dialect')
    const parallels = states.filter(({ kind }) => kind === 'parallel')
    if (parallels.length > 0) this.#note('parallel')
    if (parallels.some((state) => flatten(state.states).some(({ kind }) => kind === 'parallel'))) {
      this.#note('parallel within parallel')
    }
  }

  add(occurred: Iterable<string>): void {
    for (const name of occurred) this.#note(name)
  }

  /** Share of the charts by name, and whether it has to be at least 1 %. */
  get ratios(): readonly { readonly name: string; readonly count: number; readonly ratio: number }[] {
    return [...this.#counts].map(([name, count]) => ({ name, count, ratio: count / this.#charts }))
  }

  /** Names that occurred in less than 1 % of the charts. */
  get rare(): readonly string[] {
    return this.ratios.filter(({ ratio }) => ratio < 0.01).map(({ name }) => name)
  }

  /** A table to print. */
  get table(): string {
    const rows = this.ratios.map(
      ({ count, name, ratio }) => `${(ratio * 100).toFixed(1).padStart(6)} % ${String(count).padStart(7)}  ${name}`,
    )
    return [`of ${this.#charts} charts:`, ...rows].join('\n')
  }

  #note(name: string): void {
    if (this.#seen.has(name)) return
    this.#seen.add(name)
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }
}

function flatten(states: readonly StateModel[]): readonly StateModel[] {
  return states.flatMap((state) => [state, ...flatten(state.states)])
}

function depthOf(states: readonly StateModel[]): number {
  return states.length === 0 ? 0 : 1 + Math.max(...states.map((state) => depthOf(state.states)))
}
