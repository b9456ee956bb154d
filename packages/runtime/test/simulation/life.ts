import { seededIds } from '@segue/testing'
import type { Behaviour, PerformedEffect, Performer, StepRequest, StepResponse } from '../../src/entity/contract.ts'
import { createRuntime } from '../../src/entity/create-runtime.ts'
import { entityKey } from '../../src/entity/partition.ts'
import type { Incident, Runtime, RuntimeLimits } from '../../src/entity/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import type { Chance } from './chance.ts'
import type { Completions } from './completions.ts'
import type { Model } from './model.ts'
import { textOf } from './errand.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import { SimulatedStore } from './simulated-store.ts'
import type { Subject, SubjectLife } from './subject.ts'

export const PARTITIONS = 3

export interface LifeOptions {
  readonly number: number
  readonly subject: Subject
  readonly inner: Store
  readonly model: Model
  readonly completions: Completions
  readonly chance: Chance
  readonly clock: SimulatedClock
  readonly limits: Partial<RuntimeLimits>
  /** Nothing fails any more. */
  readonly isCalm: () => boolean
}

/** Places that step independently of each other. */
const LANES = 8
/** Times that a step which lasts has to be picked before it begins. */
const STUCK_TURNS = 8

/** One process of a node: from its start to its death. */
export class Life {
  readonly number: number
  readonly runtime: Runtime
  readonly incidents: Incident[] = []
  readonly #options: LifeOptions
  readonly #subject: SubjectLife
  readonly #store: SimulatedStore
  readonly #answeredBefore: ReadonlySet<string>
  readonly #failedOnce = new Set<unknown>()
  #state: 'starting' | 'running' | 'dead' = 'starting'
  #repeatedEffects = 0

  constructor(options: LifeOptions) {
    const { chance, clock, completions, inner, limits, model, number, subject } = options
    const trouble = (): number => (options.isCalm() ? 0 : 0.04)
    this.number = number
    this.#options = options
    this.#answeredBefore = model.answeredEffects()
    this.#store = new SimulatedStore({ inner, model, completions, chance, life: number, trouble })
    this.#subject = subject.begin(inner, clock.of(number))
    this.runtime = createRuntime({
      store: this.#store,
      clock: clock.of(number),
      ids: seededIds(number),
      owner: `life ${number}`,
      cell: 'AA',
      partitions: PARTITIONS,
      behaviours: [this.#slowed(this.#subject.behaviour)],
      performers: [...this.#subject.performers, this.#ledger()],
      onIncident: (incident) => this.incidents.push(incident),
      skippedEffect: (_type, body) => subject.skipped(String(body['name'])),
      limits,
    })
    this.runtime.start().then(
      () => (this.#state = this.#state === 'dead' ? 'dead' : 'running'),
      () => (this.#state = 'dead'),
    )
  }

  get state(): 'starting' | 'running' | 'dead' {
    return this.#state
  }

  get repeatedEffects(): number {
    return this.#repeatedEffects
  }

  /** Working copies in memory. */
  get size(): number | undefined {
    return this.#subject.size()
  }

  /** The process is killed: what is on its way to the store may still arrive. */
  kill(): void {
    const { clock, completions, number } = this.#options
    this.#state = 'dead'
    this.#store.cut()
    clock.end(number)
    // A claim that arrives after the death of who asked would take a partition for nobody: leases end that, not we.
    completions.drop((completion) => completion.life === number && /^(step|ledger|claim)/.test(completion.title))
  }

  /** Steps end late, in some lanes later than in others, and now and then a working copy is lost or a step fails once. */
  #slowed(behaviour: Behaviour): Behaviour {
    return {
      kind: behaviour.kind,
      lane: ({ id }) => id.charCodeAt(id.length - 1) % LANES,
      forget: (refs) => behaviour.forget(refs),
      step: async (requests) => {
        const { chance, completions, number } = this.#options
        // A lane that says nothing for long has its messages acknowledged before they are stepped.
        const turns = chance.happens(0.08) ? STUCK_TURNS : Number(chance.happens(0.3))
        for (let turn = 0; turn < turns; turn++) await completions.hold('step begins', number)
        const responses = [...(await behaviour.step(requests))]
        for (const [at, request] of requests.entries()) {
          const response = responses[at]
          const spoilt = this.#spoilt(behaviour, request, response)
          if (spoilt !== undefined) responses[at] = spoilt
          const isTaken = spoilt === undefined || (!spoilt.ok && spoilt.later !== undefined)
          if (isTaken && response?.ok === true) this.#noteVolatile(request)
        }
        if (chance.happens(0.3)) await completions.hold('step ends', number)
        return responses
      },
    }
  }

  #noteVolatile({ context, message, stored }: StepRequest): void {
    const { model, number } = this.#options
    const { id } = context.ref
    if (model.classOf(id) !== 'none') return
    // A chain takes more than texts: what is not one has a name of its own.
    const { kind } = message.body
    const text = kind === 'text' ? textOf(message) : `${kind} ${context.version}`
    model.stepsVolatile(number, entityKey(context.ref), text, { isNew: stored === 'new' })
  }

  #spoilt(
    behaviour: Behaviour,
    { context, message }: StepRequest,
    response: StepResponse | undefined,
  ): StepResponse | undefined {
    const { chance, completions, isCalm, model, number } = this.#options
    if (model.incidents.isIncurable(textOf(message))) {
      behaviour.forget([context.ref])
      return { ok: false, message: 'it fails for good' }
    }
    if (response?.ok !== true || isCalm() || !chance.happens(0.04)) return undefined
    const kind = chance.oneOf(['failed', 'lost', 'later'])
    if (kind === 'later') {
      const later = completions.hold('step comes late', number).then(() => response)
      return { ok: false, message: 'set apart', later }
    }
    if (kind === 'failed') {
      // A second failure of a message sets it aside, which is another promise.
      if (this.#failedOnce.has(message)) return undefined
      this.#failedOnce.add(message)
    }
    behaviour.forget([context.ref])
    return { ok: false, message: kind, ...(kind === 'lost' ? { isLost: true } : {}) }
  }

  #ledger(): Performer {
    return {
      types: ['ledger'],
      perform: async (effect, signal) => {
        const { chance, completions, isCalm, model, number } = this.#options
        if (this.#state === 'dead') return
        if (effect.isRepeated) this.#repeatedEffects++
        model.performs(effect, this.#answeredBefore)
        const aborted = new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true })
        })
        await Promise.race([completions.hold(`ledger ${effect.key}`, number), aborted])
        if (signal.aborted) return
        const name = String(effect.body['name'])
        if (model.incidents.isIncurable(name)) throw new Error(`the ledger refuses "${name}"`)
        if (!isCalm() && chance.happens(0.05)) throw new Error('the ledger was not reached')
        this.#answer(effect)
        // The same answer may come twice, at once or late.
        if (chance.happens(0.2)) this.#answer(effect)
        if (chance.happens(0.1)) {
          completions.add({ title: `ledger again ${effect.key}`, life: number, run: () => this.#answer(effect) })
        }
      },
    }
  }

  #answer(effect: PerformedEffect): void {
    const { model, subject } = this.#options
    const name = String(effect.body['name'])
    if (model.isOpen(effect.key) ?? effect.body['isOpen'] === true)
      void effect.report(1, subject.done(name), { answers: true })
    else effect.done()
  }
}
