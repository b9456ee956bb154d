import { reasonOf } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store, StoredEntity } from '../ports/store.ts'
import type { EntitySlot } from './entity-slot.ts'
import { entityKey } from './partition.ts'

/** What the loader tells. */
export interface LoaderEvents {
  loaded(slot: EntitySlot, stored: StoredEntity | undefined): void
  failed(reason: string): void
}

const BATCH = 256
const RETRY_MS = 200

/** Reads entities from the store, many in one call. */
export class Loader {
  readonly #store: Store
  readonly #clock: Clock
  readonly #events: LoaderEvents
  #wanted: EntitySlot[] = []
  #underWay = 0
  #isFlushing = false
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
    if (this.#isFlushing) return
    this.#isFlushing = true
    queueMicrotask(() => {
      this.#isFlushing = false
      const wanted = this.#wanted
      this.#wanted = []
      for (let at = 0; at < wanted.length; at += BATCH) void this.#read(wanted.slice(at, at + BATCH))
    })
  }

  stop(): void {
    this.#hasStopped = true
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
