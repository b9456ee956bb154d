import type { Effects } from '../effects/effects.ts'
import { reasonOf, runtimeMessage, type RuntimeFaultCode } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { EffectKey, EntityRef } from '../ports/store.ts'
import type { Timers } from '../timers/timers.ts'
import type { CommitLoop } from './commit-loop.ts'
import type { Acceptance, Message } from './contract.ts'
import { isIdleSlot, type EntitySlot, type MailItem } from './entity-slot.ts'
import { effectOwner, mailItem } from './mail.ts'
import { entityKey } from './partition.ts'
import { timerIdOf, type PendingStep } from './plan-step.ts'
import type { Residents } from './residents.ts'
import type { Runtime } from './runtime.ts'

/** Answer to whoever may try again. */
export const OVERLOADED: Acceptance = { status: 'overloaded', retryAfterS: 1 }

type TraceListener = Parameters<Runtime['onTrace']>[0]

/** What the outcomes need of the rest of the runtime. */
export interface OutcomesPort {
  readonly clock: Clock
  readonly residents: Residents
  effects(): Effects
  timers(): Timers
  commits(): CommitLoop
  partitionOf(ref: EntityRef): number
  post(item: MailItem): void
  /** An entity that waits to be read has nothing in flight any more. */
  settled(slot: EntitySlot): void
  untaken(message: Message): void
  /** Something was finished. */
  advanced(): void
  incident(kind: string, code: RuntimeFaultCode, ref: EntityRef | undefined, message: string): void
}

/**
 * What follows when a message came to its end: its step is durable, no step takes it, or it is given up. Senders are
 * answered, rows that nobody needs any more go, effects begin.
 */
export class Outcomes {
  readonly #port: OutcomesPort
  readonly #traceListeners = new Set<TraceListener>()
  #pending = 0

  constructor(port: OutcomesPort) {
    this.#port = port
  }

  /** Messages that came and have not come to their end. */
  get pending(): number {
    return this.#pending
  }

  /** Messages came. */
  came(messages: number): void {
    this.#pending += messages
  }

  onTrace(listener: TraceListener): () => void {
    this.#traceListeners.add(listener)
    return () => this.#traceListeners.delete(listener)
  }

  /** The step is durable, or of an entity of which nothing is stored. */
  committed({ slot, item, step, withdrawn }: PendingStep): void {
    slot.committedVersion = step.version
    this.#port.effects().withdrawn(withdrawn)
    this.answered(step.answered)
    this.#timerDone(item)
    this.#port.timers().add(step.timersPut, { isStored: !slot.isVolatile })
    this.#port.effects().perform(step.effects, { isRepeated: false, isVolatile: slot.isVolatile })
    item.resolve?.({ status: 'accepted', version: step.version })
    item.resolve = undefined
    this.#pending--
    if (step.trace.length > 0) this.#tellTrace(slot.ref, step.version, step.trace)
    for (let next = slot.afterCommit.peek(); next !== undefined; next = slot.afterCommit.peek()) {
      if (next.version > slot.committedVersion) break
      slot.afterCommit.shift()
      next.run()
    }
    if (slot.version !== slot.committedVersion) return
    if (slot.phase === 'loading') this.#port.settled(slot)
    else if (slot.hasEnded && isIdleSlot(slot)) this.#port.residents.remove(slot)
  }

  /** Rows are gone: of effects that were answered, whoever owns them. */
  answered(keys: readonly EffectKey[]): void {
    this.#port.effects().answered(keys)
    for (const key of keys) {
      const owner = effectOwner(key)
      if (owner !== undefined) this.#port.residents.find(entityKey(owner))?.openEffects.delete(key)
    }
  }

  /** No step takes the message. */
  refused(slot: EntitySlot, item: MailItem, acceptance: Acceptance): void {
    const { effect, message } = item
    this.#timerDone(item)
    this.discardInbox(slot, item)
    if (effect !== undefined && this.#port.effects().isLive(effect.key)) {
      if (acceptance.status === 'unknown' && effect.tellsOwner) this.#undeliverable(effect.key)
      else if (effect.mode === 'once') this.discard(effect.key)
    }
    // The owner has ended: nobody waits for the answer any more.
    if (acceptance.status === 'unknown' && message.answers !== undefined) this.discard(message.answers)
    const isKnownAccepted = effect === undefined && item.resolve === undefined
    if (acceptance.status === 'unknown' && isKnownAccepted) this.#port.untaken(message)
    item.resolve?.(acceptance)
    item.resolve = undefined
    this.#pending--
    if (slot.hasEnded && isIdleSlot(slot)) this.#port.residents.remove(slot)
    this.#port.advanced()
  }

  /** A message that no step takes needs no row, also none that is being written. */
  discardInbox(slot: EntitySlot, item: MailItem): void {
    if (item.appending !== undefined) void item.appending.then(() => this.discardInbox(slot, item))
    else if (item.inboxSequence !== undefined)
      this.#port.commits().discard(slot.partition, { taken: item.inboxSequence })
  }

  /** Deletes the row of an effect. */
  discard(key: EffectKey): void {
    const owner = effectOwner(key)
    if (owner !== undefined) this.#port.commits().discard(this.#port.partitionOf(owner), { answered: key })
  }

  /** Tells the owner of a message that there is no receiver. */
  #undeliverable(key: EffectKey): void {
    const to = effectOwner(key)
    if (to === undefined) return
    const message: Message = { to, source: `effect:${key}`, answers: key, body: { kind: 'undeliverable', key } }
    this.#port.post(mailItem(message, this.#port.clock.nowMs(), {}))
  }

  #timerDone(item: MailItem): void {
    if (item.timerDueEpochMs === undefined) return
    this.#port.timers().taken({ owner: item.message.to, id: timerIdOf(item), dueEpochMs: item.timerDueEpochMs })
  }

  #tellTrace(ref: EntityRef, version: number, lines: readonly string[]): void {
    for (const listener of this.#traceListeners) {
      try {
        listener(ref, version, lines)
      } catch (error) {
        const text = runtimeMessage('SEG-RUNTIME-009', { reason: reasonOf(error) })
        this.#port.incident('listenerFailed', 'SEG-RUNTIME-009', ref, text)
      }
    }
  }

  /** A message is given up; what is durable of it stays. */
  dropped(item: MailItem): void {
    this.#timerDone(item)
    giveUp(item)
    this.#pending--
  }
}

/** Refused, unless it still becomes a row: then it was acknowledged before this asks. */
export function giveUp(item: MailItem): void {
  if (item.appending !== undefined) {
    void item.appending.then(() => giveUp(item))
    return
  }
  item.resolve?.(OVERLOADED)
  item.resolve = undefined
}
