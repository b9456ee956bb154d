import type { Behaviour, Durability, MessageBody, Performer } from '../../src/entity/contract.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Store, StoredEntity } from '../../src/ports/store.ts'
import type { Errand } from './errand.ts'
import type { Taken } from './model.ts'

/** What one life of a node runs. */
export interface SubjectLife {
  readonly behaviour: Behaviour
  readonly performers: readonly Performer[]
  /** Working copies in memory; `undefined` when nobody can say. */
  size(): number | undefined
}

/** What is simulated: the runtime is always the real one, the behaviour on it differs. */
export interface Subject {
  readonly name: string
  readonly ids: readonly string[]
  /** First message of every entity, taken before anything goes wrong; `undefined`: messages create them. */
  readonly start: MessageBody | undefined
  begin(store: Store, clock: Clock): SubjectLife
  body(errand: Errand): MessageBody
  /** Event with the answer of the ledger. */
  done(name: string): MessageBody
  /** What comes in place of an answer that an operator went on without. */
  skipped(name: string): MessageBody
  classOf(id: string): Durability
  read(line: unknown): Taken | undefined
  /** What is wrong with a stored entity that took these texts. */
  check(stored: StoredEntity, taken: readonly string[]): Promise<string | undefined>
}
