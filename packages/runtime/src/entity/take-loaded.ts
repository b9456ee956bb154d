import { reasonOf } from '../errors.ts'
import type { EffectKey, StoredEntity } from '../ports/store.ts'
import type { EntitySlot, MailItem } from './entity-slot.ts'
import { mailItem, parseInboxMessage } from './mail.ts'
import { fillNewSlot, fillSlot } from './stored-slot.ts'

/** What taking over a read entity needs of the rest of the runtime. */
export interface LoadedPort {
  readonly maxSources: number
  readonly nowMs: number
  isLive(key: EffectKey): boolean
  unreadable(slot: EntitySlot, reason: string): void
  /** An inbox row that nobody can take. */
  discardRow(slot: EntitySlot, sequence: number): void
  /** Messages came out of the inbox. */
  came(messages: number): void
  announceAgain(slot: EntitySlot, isWaiting: (key: EffectKey) => boolean): void
}

/** Takes what was read of an entity into its slot, with its messages. `false`: it cannot be read. */
export function takeLoaded(slot: EntitySlot, stored: StoredEntity | undefined, port: LoadedPort): boolean {
  const { maxSources } = port
  try {
    if (stored === undefined) fillNewSlot(slot, maxSources)
    else fillSlot(slot, stored, { maxSources, isLive: (key) => port.isLive(key) })
  } catch (error) {
    port.unreadable(slot, reasonOf(error))
    return false
  }
  if (!slot.hasReadInbox) readInbox(slot, stored?.inbox ?? [], port)
  if (slot.hasLostMemory) {
    slot.hasLostMemory = false
    const waiting = new Set([...slot.mailbox].map(({ effect }) => effect?.key))
    port.announceAgain(slot, (key) => waiting.has(key))
  }
  return true
}

function readInbox(slot: EntitySlot, rows: StoredEntity['inbox'], port: LoadedPort): void {
  slot.hasReadInbox = true
  const items: MailItem[] = []
  for (const row of rows) {
    const message = parseInboxMessage(row.body, slot.ref)
    if (message !== undefined) items.push(mailItem(message, port.nowMs, { inboxSequence: row.sequence }))
    else {
      port.unreadable(slot, 'an inbox row is no message')
      port.discardRow(slot, row.sequence)
    }
  }
  port.came(items.length)
  if (items.length > 0) slot.mailbox.unshift(items)
}
