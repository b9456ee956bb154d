import type { EntityKind, EntityRef } from '../ports/store.ts'
import { isIdleSlot, newSlot, type EntitySlot } from './entity-slot.ts'
import { entityKey, partitionOf } from './partition.ts'

const EVICTION_SCAN = 64

/** Entities in memory, the one used longest ago first; idle ones leave when there are too many. */
export class Residents {
  readonly #partitions: number
  readonly #maxResident: number
  readonly #maxSources: number
  readonly #holds: (ref: EntityRef) => boolean
  readonly #forget: (kind: EntityKind, refs: readonly EntityRef[]) => void
  readonly #slots = new Map<string, EntitySlot>()

  constructor(options: {
    readonly partitions: number
    readonly maxResident: number
    readonly maxSources: number
    /** The entity must not leave memory. */
    readonly holds: (ref: EntityRef) => boolean
    readonly forget: (kind: EntityKind, refs: readonly EntityRef[]) => void
  }) {
    this.#partitions = options.partitions
    this.#maxResident = options.maxResident
    this.#maxSources = options.maxSources
    this.#holds = options.holds
    this.#forget = options.forget
  }

  get size(): number {
    return this.#slots.size
  }

  find(key: string): EntitySlot | undefined {
    return this.#slots.get(key)
  }

  /** The slot of an entity, made when there is none. */
  slotOf(ref: EntityRef): EntitySlot {
    const key = entityKey(ref)
    const known = this.#slots.get(key)
    if (known !== undefined) return known
    if (this.#slots.size >= this.#maxResident) this.#evict()
    const slot = newSlot({ kind: ref.kind, id: ref.id }, key, partitionOf(ref, this.#partitions), this.#maxSources)
    this.#slots.set(key, slot)
    return slot
  }

  /** The entity was used: it leaves after all others. */
  touch(slot: EntitySlot): void {
    this.#slots.delete(slot.key)
    this.#slots.set(slot.key, slot)
  }

  remove(slot: EntitySlot): void {
    slot.phase = 'dropped'
    this.#slots.delete(slot.key)
    this.#forget(slot.ref.kind, [slot.ref])
  }

  inPartition(partition: number): readonly EntitySlot[] {
    return [...this.#slots.values()].filter((slot) => slot.partition === partition)
  }

  all(): readonly EntitySlot[] {
    return [...this.#slots.values()]
  }

  #evict(): void {
    let looked = 0
    for (const slot of this.#slots.values()) {
      if (this.#slots.size < this.#maxResident || looked++ >= EVICTION_SCAN) return
      if (isIdleSlot(slot) && !this.#holds(slot.ref)) this.remove(slot)
      // Busy ones go to the end, so that the next scan does not meet them again.
      else this.touch(slot)
    }
  }
}
