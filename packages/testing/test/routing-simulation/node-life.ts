import type { SimulatedSwitch } from '@segue/adapters'
import { directVoiceLink } from '@segue/adapters'
import type { Configuration, VoiceLink } from '@segue/contact'
import { createCentre, definedModules } from '@segue/modules'
import type { Centre } from '@segue/modules'
import { contextRealm, createApplications, createInProcessShard } from '@segue/runtime'
import type { Incident, RuntimeLimits, Store } from '@segue/runtime'
import { seededIds } from '@segue/testing'
import type { Chance } from '../../../runtime/test/simulation/chance.ts'
import type { Completions } from '../../../runtime/test/simulation/completions.ts'
import type { SimulatedClock } from '../../../runtime/test/simulation/simulated-clock.ts'
import { SimulatedStore } from '../../../runtime/test/simulation/simulated-store.ts'
import { documents } from '../../../runtime/test/session/documents.ts'
import { deskDocuments } from './desk.ts'
import type { RoutingModel } from './routing-model.ts'

export const PARTITIONS = 3

export interface NodeLifeOptions {
  readonly number: number
  readonly inner: Store
  readonly model: RoutingModel
  readonly completions: Completions
  readonly chance: Chance
  readonly clock: SimulatedClock
  readonly simulatedSwitch: SimulatedSwitch
  readonly configuration: Configuration
  readonly limits: Partial<RuntimeLimits>
  readonly isCalm: () => boolean
}

/** One process with the whole contact centre: from its start to its death. */
export class NodeLife {
  readonly number: number
  readonly centre: Centre
  readonly incidents: Incident[] = []
  readonly #options: NodeLifeOptions
  readonly #store: SimulatedStore
  readonly #link: VoiceLink
  #state: 'starting' | 'running' | 'dead' = 'starting'

  constructor(options: NodeLifeOptions) {
    const { chance, clock, completions, configuration, inner, isCalm, limits, model, number } = options
    this.number = number
    this.#options = options
    const trouble = (): number => (isCalm() ? 0 : 0.02)
    this.#store = new SimulatedStore({ inner, model, completions, chance, life: number, trouble })
    this.#link = this.#slow(directVoiceLink(options.simulatedSwitch))
    const { modules, namespaces } = definedModules([])
    const own = clock.of(number)
    this.centre = createCentre({
      configuration,
      store: this.#store,
      clock: own,
      ids: seededIds(number),
      shard: createInProcessShard({
        modules,
        realm: contextRealm,
        server: { name: 'desk', cluster: 'desk', url: undefined },
        traceLevel: () => 'outcome',
        ask: (question) => this.centre.answer(question),
      }),
      applications: createApplications({
        resolve: documents(deskDocuments).resolve,
        namespaces,
        stored: (hash) => inner.query({ kind: 'document', hash }),
        clock: own,
        maxAgeS: 1_000_000,
      }),
      links: [this.#link],
      performers: [],
      owner: `life ${number}`,
      cell: 'AA',
      partitions: PARTITIONS,
      limits,
      onIncident: (incident) => this.incidents.push(incident),
    })
    this.centre.start().then(
      () => (this.#state = this.#state === 'dead' ? 'dead' : 'running'),
      () => (this.#state = 'dead'),
    )
  }

  get state(): 'starting' | 'running' | 'dead' {
    return this.#state
  }

  /** The process is killed: what is on its way to the store may still arrive. */
  kill(): void {
    const { clock, completions, number } = this.#options
    this.#state = 'dead'
    this.#store.cut()
    void this.#link[Symbol.asyncDispose]()
    clock.end(number)
    completions.drop(({ life, title }) => life === number && /^(switch|claim)/.test(title))
  }

  /** Commands reach the switch late, and their answers come later still. */
  #slow(link: VoiceLink): VoiceLink {
    const { completions, number } = this.#options
    return {
      switchName: link.switchName,
      connect: (consumer) => link.connect(consumer),
      door: (action) => link.door(action),
      command: async (key, command, signal) => {
        await completions.hold(`switch takes ${command.kind} ${key}`, number)
        const answer = await link.command(key, command, signal)
        await completions.hold(
          `switch answers ${command.kind} ${answer?.ok === true ? 'ok' : (answer?.error ?? 'nothing')}`,
          number,
        )
        return answer
      },
      [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
    }
  }
}
