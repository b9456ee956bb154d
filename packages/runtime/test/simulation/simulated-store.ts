import type { AppendResult, CommitResult, InboxBatch, PartitionBatch, Store } from '../../src/ports/store.ts'
import type { Chance } from './chance.ts'
import type { Completions } from './completions.ts'
import { textOf } from './errand.ts'

/** Who looks at everything that becomes durable. */
export interface StoreWitness {
  committed(batch: PartitionBatch, life: number): void
  appended(batch: InboxBatch, sequences: readonly number[]): void
  /** The store gives no clear answer about these. */
  doubts(texts: readonly string[]): void
  textsIn(batch: PartitionBatch): readonly string[]
}

export interface SimulatedStoreOptions {
  readonly inner: Store
  readonly model: StoreWitness
  readonly completions: Completions
  readonly chance: Chance
  readonly life: number
  /** Likelihood of a failed operation; 0 when nothing fails any more. */
  readonly trouble: () => number
}

type Fate = 'done' | 'neverThere' | 'answerLost'

/**
 * The store as one life of a node sees it across a network: every operation arrives when the seed says so, its answer
 * comes later still; it may fail, before it happened or after. What is on its way when the node dies arrives or not.
 */
export class SimulatedStore implements Store {
  readonly #options: SimulatedStoreOptions
  #isCut = false

  constructor(options: SimulatedStoreOptions) {
    this.#options = options
  }

  get description(): Store['description'] {
    return this.#options.inner.description
  }

  /** The node is dead: nobody hears answers any more. */
  cut(): void {
    this.#isCut = true
  }

  claim(...given: Parameters<Store['claim']>): ReturnType<Store['claim']> {
    return this.#pass(`claim ${given[0]}`, () => this.#options.inner.claim(...given))
  }

  renew(...given: Parameters<Store['renew']>): ReturnType<Store['renew']> {
    return this.#pass(`renew ${given[0]}`, () => this.#options.inner.renew(...given))
  }

  release(...given: Parameters<Store['release']>): ReturnType<Store['release']> {
    return this.#pass(`release ${given[0]}`, () => this.#options.inner.release(...given))
  }

  commit(batches: readonly PartitionBatch[]): Promise<readonly CommitResult[]> {
    const steps = batches.reduce((sum, batch) => sum + batch.steps.length, 0)
    return this.#pass(`commit of ${steps}`, async (fate) => {
      const { inner, life, model } = this.#options
      const results = await inner.commit(batches)
      for (const [at, batch] of batches.entries()) {
        if (results[at] !== 'committed') continue
        if (fate === 'answerLost') model.doubts(model.textsIn(batch))
        model.committed(batch, life)
      }
      return results
    })
  }

  append(batches: readonly InboxBatch[]): Promise<readonly AppendResult[]> {
    const messages = batches.reduce((sum, batch) => sum + batch.messages.length, 0)
    return this.#pass(`append of ${messages}`, async (fate) => {
      const { inner, model } = this.#options
      const results = await inner.append(batches)
      for (const [at, batch] of batches.entries()) {
        const sequences = results[at] ?? 'fenced'
        if (sequences === 'fenced') continue
        if (fate === 'answerLost') model.doubts(batch.messages.map(({ body }) => textOf(JSON.parse(body))))
        model.appended(batch, sequences)
      }
      return results
    })
  }

  load(...given: Parameters<Store['load']>): ReturnType<Store['load']> {
    return this.#pass(`load of ${given[0].length}`, () => this.#options.inner.load(...given))
  }

  due(...given: Parameters<Store['due']>): ReturnType<Store['due']> {
    return this.#pass('due', () => this.#options.inner.due(...given))
  }

  query: Store['query'] = (query) => this.#pass(`query ${query.kind}`, () => this.#options.inner.query(query))

  purge(...given: Parameters<Store['purge']>): ReturnType<Store['purge']> {
    return this.#pass('purge', () => this.#options.inner.purge(...given))
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #pass<T>(title: string, operation: (fate: Fate) => Promise<T>): Promise<T> {
    if (this.#isCut) return new Promise(() => {})
    const { completions, life } = this.#options
    const fate = this.#fate()
    return new Promise<T>((resolve, reject) => {
      const answer = (run: () => void): void =>
        completions.add({ title: `answer ${title}`, life, run: () => (this.#isCut ? undefined : run()) })
      completions.add({
        title: fate === 'done' ? title : `${title} (${fate})`,
        life,
        run: () => {
          if (fate === 'neverThere') {
            answer(() => reject(new Error('the store was not reached')))
            return
          }
          void this.#arrive(
            () => operation(fate),
            (result) => {
              if (fate === 'answerLost') answer(() => reject(new Error('the answer was lost')))
              else answer(() => resolve(result))
            },
          )
        },
      })
    })
  }

  async #arrive<T>(operation: () => Promise<T>, arrived: (result: T) => void): Promise<void> {
    arrived(await operation())
  }

  #fate(): Fate {
    const { chance, trouble } = this.#options
    if (!chance.happens(trouble())) return 'done'
    return chance.oneOf(['neverThere', 'answerLost'])
  }
}
