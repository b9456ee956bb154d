import type { Effects } from '../effects/effects.ts'
import { reasonOf, runtimeMessage, type RuntimeFaultCode } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { EntityRef, Epoch, Store } from '../ports/store.ts'
import { readLeftover, type Leftover } from '../recovery/recover.ts'
import type { EntitySlot, MailItem } from './entity-slot.ts'
import type { PendingStep } from './plan-step.ts'
import type { Residents } from './residents.ts'

/** What the holdings need of the rest of the runtime. */
export interface HoldingsPort {
  readonly store: Store
  readonly clock: Clock
  readonly residents: Residents
  effects(): Effects
  partitionOf(ref: EntityRef): number
  isRunning(): boolean
  /** Resolves when nothing is on its way into the inbox. */
  appended(): Promise<void>
  post(item: MailItem): void
  reload(slot: EntitySlot): void
  dropSlot(slot: EntitySlot): void
  dropItem(item: MailItem): void
  /** Something was finished. */
  advanced(): void
  storeFailed(reason: string): void
  incident(kind: string, code: RuntimeFaultCode, ref: EntityRef | undefined, message: string): void
}

/** The partitions that this node holds: taken at the start, lost to others, read again when they are still ours. */
export class Holdings {
  readonly #port: HoldingsPort
  /** Epochs of the partitions that are held and recovered. */
  readonly #epochs = new Map<number, Epoch>()
  /** Messages for partitions that are being read again. */
  readonly #stranded = new Map<number, MailItem[]>()
  #recovering = 0

  constructor(port: HoldingsPort) {
    this.#port = port
  }

  get partitions(): readonly number[] {
    return [...this.#epochs.keys()]
  }

  /** Whether no partition is being read again. */
  get isSettled(): boolean {
    return this.#recovering === 0
  }

  epochOf(partition: number): Epoch | undefined {
    return this.#epochs.get(partition)
  }

  async claim(partitions: number, owner: string): Promise<Leftover> {
    const { store } = this.#port
    const claims = await Promise.all(
      Array.from({ length: partitions }, async (_, partition) => ({
        partition,
        epoch: await store.claim(partition, owner),
      })),
    )
    for (const { partition, epoch } of claims) this.#epochs.set(partition, epoch)
    return readLeftover(store, this.partitions)
  }

  async release(): Promise<void> {
    const { store } = this.#port
    await Promise.all([...this.#epochs].map(([partition, epoch]) => store.release(partition, epoch)))
    this.#epochs.clear()
  }

  /** Keeps a message until its partition has been read again. */
  strand(partition: number, item: MailItem): void {
    const stranded = this.#stranded.get(partition) ?? []
    stranded.push(item)
    this.#stranded.set(partition, stranded)
  }

  /** A partition's batch was refused: what is in memory of it is not what is stored. */
  fenced(partition: number, lost: readonly PendingStep[]): void {
    const epoch = this.#epochs.get(partition)
    const slots = this.#port.residents.inPartition(partition)
    this.#epochs.delete(partition)
    const items = lost.map((pending) => pending.item)
    for (const slot of slots) items.push(...(slot.current === undefined ? [] : [slot.current]), ...slot.mailbox)
    for (const slot of slots) this.#port.dropSlot(slot)
    for (const pending of lost) this.#port.dropItem(pending.item)
    this.#port.effects().drop((owner) => this.#port.partitionOf(owner) === partition)
    if (!this.#port.isRunning() || epoch === undefined) return
    this.#recovering++
    void this.#regain(partition, epoch, items).finally(() => {
      this.#recovering--
      this.#port.advanced()
    })
  }

  /** After a fenced commit: a partition that is still ours is read again, one that is not is left alone. */
  async #regain(partition: number, epoch: Epoch, lost: readonly MailItem[]): Promise<void> {
    try {
      if (!(await this.#port.store.renew(partition, epoch))) {
        const text = runtimeMessage('SEG-RUNTIME-003', { partition })
        this.#port.incident('fenced', 'SEG-RUNTIME-003', undefined, text)
        return
      }
      this.#port.incident('reread', 'SEG-RUNTIME-004', undefined, runtimeMessage('SEG-RUNTIME-004', { partition }))
      await this.#port.appended()
      const leftover = await readLeftover(this.#port.store, [partition])
      this.#epochs.set(partition, epoch)
      const stranded = this.#stranded.get(partition) ?? []
      this.#stranded.delete(partition)
      // Messages of owners elsewhere are still alive; those of this partition come back with `leftover`.
      for (const item of [...lost, ...stranded]) {
        if (item.effect !== undefined && this.#port.effects().isLive(item.effect.key)) this.#port.post(item)
      }
      this.resume(leftover)
    } catch (error) {
      this.#port.storeFailed(reasonOf(error))
      const { clock } = this.#port
      clock.schedule(clock.nowMs() + 1000, () => void this.#regain(partition, epoch, lost))
    }
  }

  /** Does again or still what a former life left to do. */
  resume(leftover: Leftover): void {
    for (const ref of leftover.waiting) {
      const slot = this.#port.residents.slotOf(ref)
      if (slot.phase === 'unloaded') this.#port.reload(slot)
    }
    this.#port.effects().perform(leftover.effects, { isRepeated: true })
  }
}
