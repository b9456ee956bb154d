import type { Clock, Scheduled } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { EntitySlot, MailItem } from './entity-slot.ts'

/** When a message that nobody could take yet is written into the inbox instead of waiting for its step (P9). */
const PATIENCE_MS = 20
/** Messages ahead in the mailbox that make an entity "behind". */
const LONG_QUEUE = 16

/**
 * Acknowledges messages early: those that wait behind a long step or a long queue get an inbox row.
 *
 * Order: rows of one entity are written in mailbox order, so that acknowledgement keeps the order per source.
 */
export class InboxWriter {
  readonly #store: Store
  readonly #clock: Clock
  readonly #waiting = new Set<EntitySlot>()
  #alarm: Scheduled | undefined

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** A message with somebody who waits for its acknowledgement is in the slot's mailbox. */
  watch(slot: EntitySlot): void {
    this.#waiting.add(slot)
    this.#alarm ??= this.#clock.schedule(this.#clock.nowMs() + PATIENCE_MS, () => this.#sweep())
  }

  stop(): void {
    this.#alarm?.cancel()
    this.#waiting.clear()
  }

  #sweep(): void {
    this.#alarm = undefined
    const nowMs = this.#clock.nowMs()
    const items: { readonly slot: EntitySlot; readonly item: MailItem }[] = []
    for (const slot of this.#waiting) {
      const unanswered = unansweredOf(slot)
      if (unanswered.length === 0) this.#waiting.delete(slot)
      else if (isBehind(slot, nowMs)) {
        for (const item of unanswered) if (item.atEpochMs <= nowMs - PATIENCE_MS) items.push({ slot, item })
      }
    }
    if (items.length > 0) this.#append(items)
    if (this.#waiting.size > 0) {
      this.#alarm = this.#clock.schedule(nowMs + PATIENCE_MS, () => this.#sweep())
    }
  }

  #append(items: readonly { readonly slot: EntitySlot; readonly item: MailItem }[]): void {
    const appending = this.#write(items)
    for (const { item } of items) item.appending = appending
  }

  async #write(items: readonly { readonly slot: EntitySlot; readonly item: MailItem }[]): Promise<void> {
    let sequences: readonly number[] = []
    try {
      sequences = await this.#store.append(
        items.map(({ item }) => ({ to: item.message.to, body: JSON.stringify(item.message) })),
      )
    } catch {
      // Nothing is lost: the senders go on waiting for the step, and the next sweep tries again.
    }
    for (const [at, { slot, item }] of items.entries()) {
      item.inboxSequence = sequences[at]
      item.appending = undefined
      if (item.inboxSequence === undefined) continue
      item.resolve?.({ status: 'accepted', version: slot.version })
      item.resolve = undefined
    }
  }
}

function unansweredOf(slot: EntitySlot): readonly MailItem[] {
  const items = slot.current === undefined ? [...slot.mailbox] : [slot.current, ...slot.mailbox]
  return items.filter((item) => item.resolve !== undefined && item.appending === undefined)
}

function isBehind(slot: EntitySlot, nowMs: number): boolean {
  if (slot.phase !== 'ready' || slot.hasEnded || slot.version === 0) return false
  return (slot.current !== undefined && nowMs - slot.steppingSinceMs >= PATIENCE_MS) || slot.mailbox.length > LONG_QUEUE
}
