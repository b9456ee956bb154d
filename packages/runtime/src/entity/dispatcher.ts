import { reasonOf, runtimeMessage, type RuntimeFaultCode } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { EffectKey, EntityKind, EntityRef } from '../ports/store.ts'
import type { Acceptance, Behaviour, StepRequest, StepResponse } from './contract.ts'
import type { EntitySlot, MailItem } from './entity-slot.ts'
import { EMPTY_STEP, planStep, timerIdOf, type PendingStep } from './plan-step.ts'

/** What the dispatcher needs of the rest of the runtime. */
export interface DispatcherPort {
  readonly clock: Clock
  readonly ids: Ids
  readonly behaviours: readonly Behaviour[]
  /** Whether another step may be taken now. */
  mayStep(): boolean
  isLive(key: EffectKey): boolean
  /** A step that has to become durable. */
  commit(pending: PendingStep): void
  /** Has the slot read again when nothing of it is in flight. */
  reload(slot: EntitySlot): void
  /** A message that no step takes is done; called when everything stepped before is durable. */
  refused(slot: EntitySlot, item: MailItem, acceptance: Acceptance): void
  touched(slot: EntitySlot): void
  incident(kind: string, code: RuntimeFaultCode, ref: EntityRef | undefined, message: string): void
}

const MAX_BATCH = 256
const MAX_FAILURES = 2

/**
 * Takes messages out of mailboxes and has behaviours step them: many entities in one call, one message per entity at
 * a time, in mailbox order.
 */
export class Dispatcher {
  readonly #port: DispatcherPort
  readonly #behaviours = new Map<EntityKind, Behaviour>()
  #ready: EntitySlot[] = []
  #isScheduled = false
  #hasStopped = false

  constructor(port: DispatcherPort) {
    this.#port = port
    for (const behaviour of port.behaviours) this.#behaviours.set(behaviour.kind, behaviour)
  }

  hasBehaviour(kind: EntityKind): boolean {
    return this.#behaviours.has(kind)
  }

  /** The slot may have something to do. */
  wake(slot: EntitySlot): void {
    if (slot.isQueued || slot.current !== undefined || slot.phase !== 'ready' || slot.mailbox.length === 0) return
    slot.isQueued = true
    this.#ready.push(slot)
    this.schedule()
  }

  /** Looks for work again, after a pause or a commit. */
  schedule(): void {
    if (this.#isScheduled || this.#ready.length === 0) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#dispatch()
    })
  }

  /** Takes nothing more; steps that run are answered as usual. */
  stop(): void {
    this.#hasStopped = true
    this.#ready = []
  }

  forget(kind: EntityKind, refs: readonly EntityRef[]): void {
    this.#behaviours.get(kind)?.forget(refs)
  }

  #dispatch(): void {
    if (this.#hasStopped || !this.#port.mayStep()) return
    const ready = this.#ready
    this.#ready = []
    const batches = new Map<EntityKind, { readonly slots: EntitySlot[]; readonly requests: StepRequest[] }>()
    for (const slot of ready) {
      slot.isQueued = false
      const request = slot.phase === 'ready' && slot.current === undefined ? this.#take(slot) : undefined
      if (request === undefined) continue
      let batch = batches.get(slot.ref.kind)
      if (batch === undefined) {
        batch = { slots: [], requests: [] }
        batches.set(slot.ref.kind, batch)
      }
      batch.slots.push(slot)
      batch.requests.push(request)
      if (batch.slots.length === MAX_BATCH) {
        batches.delete(slot.ref.kind)
        void this.#step(slot.ref.kind, batch.slots, batch.requests)
      }
    }
    for (const [kind, batch] of batches) void this.#step(kind, batch.slots, batch.requests)
  }

  /** Next message of the slot that has to be stepped, with those before it that are refused out of the way. */
  #take(slot: EntitySlot): StepRequest | undefined {
    for (;;) {
      const item = slot.mailbox.shift()
      if (item === undefined) return undefined
      const refusal = this.#refusal(slot, item)
      if (refusal === undefined) return this.#request(slot, item)
      whenDurable(slot, item, () => this.#port.refused(slot, item, refusal))
    }
  }

  #refusal(slot: EntitySlot, item: MailItem): Acceptance | undefined {
    const { message, effect } = item
    if (slot.hasEnded || (slot.version === 0 && message.creates !== true)) return { status: 'unknown' }
    if (item.timerDueEpochMs !== undefined) {
      return slot.timers.get(timerIdOf(item)) === item.timerDueEpochMs ? undefined : { status: 'duplicate' }
    }
    // Withdrawn or answered in the meantime.
    if (effect !== undefined && !this.#port.isLive(effect.key)) return { status: 'duplicate' }
    if (message.sequence !== undefined && slot.sources.has(message.source, message.sequence)) {
      return { status: 'duplicate' }
    }
    const own = ownEffect(slot, item)
    return own !== undefined && !slot.openEffects.has(own) ? { status: 'duplicate' } : undefined
  }

  #request(slot: EntitySlot, item: MailItem): StepRequest {
    const { clock, ids } = this.#port
    const nowMs = clock.nowMs()
    const stored = slot.stored
    slot.current = item
    slot.steppingSinceMs = nowMs
    slot.stored = undefined
    this.#port.touched(slot)
    return {
      context: {
        ref: slot.ref,
        version: slot.version + 1,
        nowMs,
        seed: ids.seed(),
        openEffects: slot.openEffects.size === 0 ? [] : [...slot.openEffects.values()],
        wantsSnapshot: slot.redoRecords,
      },
      stored,
      message: item.message,
      effectKey: item.effect?.key,
    }
  }

  async #step(kind: EntityKind, slots: readonly EntitySlot[], requests: readonly StepRequest[]): Promise<void> {
    const behaviour = this.#behaviours.get(kind)
    let responses: readonly StepResponse[]
    try {
      responses = behaviour === undefined ? [] : await behaviour.step(requests)
    } catch (error) {
      const failed: StepResponse = { ok: false, message: reasonOf(error) }
      responses = slots.map(() => failed)
    }
    for (const [at, slot] of slots.entries()) {
      const item = slot.current
      if (slot.phase === 'dropped' || item === undefined) continue
      const response = responses[at] ?? { ok: false, message: 'the behaviour did not answer' }
      this.#answer(slot, item, response, requests[at]?.context.nowMs ?? 0)
    }
  }

  #answer(slot: EntitySlot, item: MailItem, response: StepResponse, nowMs: number): void {
    slot.current = undefined
    if (!response.ok) {
      this.#failed(slot, item, response.message)
      return
    }
    let pending: PendingStep
    try {
      pending = planStep(slot, item, response.step, nowMs)
    } catch (error) {
      this.forget(slot.ref.kind, [slot.ref])
      this.#failed(slot, item, reasonOf(error))
      return
    }
    this.#port.commit(pending)
    this.wake(slot)
  }

  /** The first failure is tried again from the stored state; the second sets the message aside, durably. */
  #failed(slot: EntitySlot, item: MailItem, reason: string): void {
    item.failures++
    if (item.failures < MAX_FAILURES) slot.mailbox.unshift([item])
    else this.#setAside(slot, item, reason)
    this.#port.reload(slot)
  }

  #setAside(slot: EntitySlot, item: MailItem, reason: string): void {
    const { kind } = item.message.body
    const text = runtimeMessage('SEG-RUNTIME-001', { kind, source: item.message.source, reason })
    this.#port.incident('messageSetAside', 'SEG-RUNTIME-001', slot.ref, text)
    if (slot.version === 0) {
      // No entity came into being: there is nothing to write this down in.
      this.#port.refused(slot, item, { status: 'unknown' })
      return
    }
    const nowMs = this.#port.clock.nowMs()
    const line = { kind: 'incident', atEpochMs: nowMs, code: 'SEG-RUNTIME-001', message: text }
    this.#port.commit(planStep(slot, item, { ...EMPTY_STEP, trace: [line] }, nowMs))
  }
}

/** Runs `task` when everything that the slot has stepped so far is durable. */
function whenDurable(slot: EntitySlot, item: MailItem, task: () => void): void {
  if (slot.version === slot.committedVersion) task()
  else slot.afterCommit.push({ version: slot.version, item, run: task })
}

/** Own effect that has to be unanswered for the message to count. */
function ownEffect(slot: EntitySlot, item: MailItem): EffectKey | undefined {
  const { answers, source } = item.message
  if (answers?.startsWith(`${slot.key}:`) === true) return answers
  return source.startsWith(`effect:${slot.key}:`) ? source.slice('effect:'.length) : undefined
}
