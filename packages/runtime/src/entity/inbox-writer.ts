import type { Clock, Scheduled } from '../ports/clock.ts'
import type { Epoch, InboxBatch, Store } from '../ports/store.ts'
import type { EntitySlot, MailItem } from './entity-slot.ts'
import { entityKey } from './partition.ts'

/** What the inbox writer needs of the rest of the runtime. */
export interface InboxPort {
  /** Epoch under which a partition is held; `undefined` when it is not held. */
  epochOf(partition: number): Epoch | undefined
  /** A partition is not ours any more. */
  fenced(partition: number): void
  /** For how long nothing has come back from where the slot's message is being stepped; 0: it is not. */
  silentMs(slot: EntitySlot): number
  /** So many steps are on their way that whoever waits only waits for his turn. */
  isAtCapacity(): boolean
}

/** An epoch that no claim gives. */
const NOT_HELD = 0
/** When a message that nobody can take is written into the inbox instead of waiting for its step (P9). */
const PATIENCE_MS = 50
/** How often somebody looks for such messages. */
const SWEEP_MS = 20
/** Pause between looks at a store that does not answer. */
const RETRY_MS = 200

/**
 * Acknowledges messages early: those that wait for long behind a step that lasts, or behind messages that were
 * acknowledged early, get an inbox row. A message that only waits for its turn on a busy node gets none: rows would keep
 * the node from its steps, and senders that are answered send more.
 *
 * Order: rows of one entity are written in mailbox order, one append at a time, and only when everything taken before is
 * durable, as a step or as a row of its own: a message is never acknowledged while an earlier one of its source may still
 * be lost.
 */
export class InboxWriter {
  readonly #store: Store
  readonly #clock: Clock
  readonly #port: InboxPort
  readonly #waiting = new Set<EntitySlot>()
  readonly #underWay = new Set<Promise<void>>()
  #alarm: Scheduled | undefined
  #endRetry: (() => void) | undefined
  #hasStopped = false

  constructor(store: Store, clock: Clock, port: InboxPort) {
    this.#store = store
    this.#clock = clock
    this.#port = port
  }

  /** A message with somebody who waits for its acknowledgement is in the slot's mailbox. */
  watch(slot: EntitySlot): void {
    this.#waiting.add(slot)
    this.#alarm ??= this.#clock.schedule(this.#clock.nowMs() + SWEEP_MS, () => this.#sweep())
  }

  stop(): void {
    this.#hasStopped = true
    this.#endRetry?.()
    this.#alarm?.cancel()
    this.#waiting.clear()
  }

  /** Resolves when no append is under way: what was begun before has its rows, or never will. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  #sweep(): void {
    this.#alarm = undefined
    const nowMs = this.#clock.nowMs()
    const items: Waiting[] = []
    for (const slot of this.#waiting) {
      const unanswered = unansweredOf(slot)
      if (unanswered.length === 0) this.#waiting.delete(slot)
      else if (mayAppend(slot) && isSettled(slot) && this.#isHeldUp(slot)) {
        for (const item of unanswered) if (item.atEpochMs <= nowMs - PATIENCE_MS) items.push({ slot, item })
      }
    }
    if (items.length > 0) this.#begin(items)
    if (this.#waiting.size > 0) {
      this.#alarm = this.#clock.schedule(nowMs + SWEEP_MS, () => this.#sweep())
    }
  }

  #isHeldUp(slot: EntitySlot): boolean {
    if (this.#port.silentMs(slot) >= PATIENCE_MS) return true
    return rowsOf(slot).length > 0 && !this.#port.isAtCapacity()
  }

  #begin(items: readonly Waiting[]): void {
    const rowless = items.filter(({ item }) => item.inboxSequence === undefined)
    const appending = rowless.length === 0 ? Promise.resolve() : this.#write(rowless)
    for (const { item } of rowless) item.appending = appending
    this.#underWay.add(appending)
    void this.#acknowledge(items, appending)
  }

  async #acknowledge(items: readonly Waiting[], appending: Promise<void>): Promise<void> {
    await appending
    this.#underWay.delete(appending)
    for (const { slot, item } of items) {
      if (item.inboxSequence === undefined) continue
      item.resolve?.({ status: 'accepted', version: slot.version })
      item.resolve = undefined
    }
  }

  /** Gives every message its row: a row that was written while the partition was ours is read by whoever claims it later. */
  async #write(items: readonly Waiting[]): Promise<void> {
    const parts = this.#parts(items)
    let results: readonly PartResult[]
    try {
      results = await this.#store.append(parts.map(({ batch }) => batch))
    } catch {
      // Nothing is lost: the senders go on waiting for the step, and the next sweep tries again.
      results = await Promise.all(parts.map((part) => this.#search(part)))
    }
    for (const { item } of items) item.appending = undefined
    for (const [at, { batch, waiting }] of parts.entries()) {
      const result = results[at] ?? []
      if (result === 'fenced') this.#port.fenced(batch.partition)
      else for (const [n, { item }] of waiting.entries()) item.inboxSequence = result[n]
    }
  }

  #parts(items: readonly Waiting[]): readonly Part[] {
    const partitions = [...new Set(items.map(({ slot }) => slot.partition))]
    return partitions.map((partition) => {
      const waiting = items.filter(({ slot }) => slot.partition === partition)
      const messages = waiting.map(({ item }) => ({ to: item.message.to, body: JSON.stringify(item.message) }))
      const known = new Set(waiting.flatMap(({ slot }) => rowsOf(slot)))
      return { batch: { partition, epoch: this.#port.epochOf(partition) ?? NOT_HELD, messages }, waiting, known }
    })
  }

  /**
   * After a failed append: rows that are there although the answer was lost, as far as the partition was still ours when
   * they were read. A step has to delete them.
   */
  async #search({ batch, known }: Part): Promise<PartResult> {
    const { epoch, messages, partition } = batch
    const refs = [...new Map(messages.map(({ to }) => [entityKey(to), to])).values()]
    while (!this.#hasStopped) {
      try {
        const stored = await this.#store.load(refs)
        if (!(await this.#store.renew(partition, epoch))) return 'fenced'
        const left = stored.flatMap(({ ref, inbox }) => inbox.map((row) => ({ ...row, key: entityKey(ref) })))
        return messages.map(({ to, body }) => {
          const key = entityKey(to)
          const at = left.findIndex((row) => row.key === key && row.body === body && !known.has(row.sequence))
          return at < 0 ? undefined : left.splice(at, 1)[0]?.sequence
        })
      } catch {
        await new Promise<void>((resolve) => {
          this.#endRetry = resolve
          this.#clock.schedule(this.#clock.nowMs() + RETRY_MS, resolve)
        })
      }
    }
    return []
  }
}

interface Waiting {
  readonly slot: EntitySlot
  readonly item: MailItem
}

/** What is appended for one partition. */
interface Part {
  readonly batch: InboxBatch
  readonly waiting: readonly Waiting[]
  /** Rows that messages in memory have already. */
  readonly known: ReadonlySet<number>
}

type PartResult = readonly (number | undefined)[] | 'fenced'

/** Rows that messages in memory have. */
function rowsOf(slot: EntitySlot): readonly number[] {
  const items = slot.current === undefined ? [...slot.mailbox] : [slot.current, ...slot.mailbox]
  return items.map(({ inboxSequence }) => inboxSequence).filter((sequence) => sequence !== undefined)
}

function unansweredOf(slot: EntitySlot): readonly MailItem[] {
  const items = slot.current === undefined ? [...slot.mailbox] : [slot.current, ...slot.mailbox]
  return items.filter((item) => item.resolve !== undefined)
}

/** Whatever was taken or written before would be found again. */
function isSettled(slot: EntitySlot): boolean {
  if (slot.unwrittenVersion > slot.committedVersion || slot.current?.appending !== undefined) return false
  for (const item of slot.mailbox) if (item.appending !== undefined) return false
  return true
}

/** The entity is there, and stored. */
function mayAppend(slot: EntitySlot): boolean {
  return slot.phase === 'ready' && !slot.hasEnded && !slot.isVolatile && slot.version > 0
}
