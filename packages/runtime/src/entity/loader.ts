import { reasonOf } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store, StoredEntity } from '../ports/store.ts'
import type { EntitySlot } from './entity-slot.ts'
import { Fifo } from './fifo.ts'
import { entityKey } from './partition.ts'

/** What the loader tells. */
export interface LoaderEvents {
  loaded(slot: EntitySlot, stored: StoredEntity | undefined): void
  failed(reason: string): void
}

/** Entities in one call; commits come between calls. */
const BATCH = 32
const RETRY_MS = 200

/** Reads entities from the store, some in one call, one call after the other: whoever waits for a commit does not wait for all. */
export class Loader {
  readonly #store: Store
  readonly #clock: Clock
  readonly #events: LoaderEvents
  readonly #wanted = new Fifo<EntitySlot>()
  #underWay = 0
  #isReading = false
  #hasStopped = false

  constructor(store: Store, clock: Clock, events: LoaderEvents) {
    this.#store = store
    this.#clock = clock
    this.#events = events
  }

  get isIdle(): boolean {
    return this.#underWay === 0
  }

  /** Asks for an entity whose slot has no step in flight. */
  load(slot: EntitySlot): void {
    this.#wanted.push(slot)
    this.#underWay++
    if (this.#isReading) return
    this.#isReading = true
    queueMicrotask(() => void this.#readAll())
  }

  stop(): void {
    this.#hasStopped = true
  }

  async #readAll(): Promise<void> {
    for (let slots = this.#next(); slots.length > 0; slots = this.#next()) await this.#read(slots)
    this.#isReading = false
  }

  #next(): readonly EntitySlot[] {
    const slots: EntitySlot[] = []
    while (slots.length < BATCH) {
      const slot = this.#wanted.shift()
      if (slot === undefined) break
      slots.push(slot)
    }
    return slots
  }

  async #read(slots: readonly EntitySlot[]): Promise<void> {
    let stored: readonly StoredEntity[]
    try {
      stored = await this.#store.load(slots.map((slot) => slot.ref))
    } catch (error) {
      if (this.#hasStopped) {
        this.#underWay -= slots.length
        return
      }
      this.#events.failed(reasonOf(error))
      this.#clock.schedule(this.#clock.nowMs() + RETRY_MS, () => void this.#read(slots))
      return
    }
    const byKey = new Map(stored.map((entity) => [entityKey(entity.ref), entity]))
    for (const slot of slots) {
      this.#underWay--
      if (!this.#hasStopped) this.#events.loaded(slot, byKey.get(slot.key))
    }
  }
}
