import { reasonOf, runtimeMessage, type RuntimeFaultCode } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { EffectKey, EntityKind, EntityRef } from '../ports/store.ts'
import { isIncidentLog, openedEffect, type IncidentSubject } from '../recovery/incident-log.ts'
import type { Incident } from './runtime.ts'
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
  /** Puts an incident on record that no step can carry; `overloaded`: it is not. */
  open(incident: Incident, about: IncidentSubject): Promise<Acceptance>
  /** A message is given up; what is durable of it stays for the next start. */
  dropped(item: MailItem): void
}

interface Batch {
  readonly lane: number
  readonly slots: EntitySlot[]
  readonly requests: StepRequest[]
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
  /** Slots whose answer comes by itself. */
  readonly #late = new Set<EntitySlot>()
  /** When something last came back, by lane. */
  readonly #answeredAtEpochMs = new Map<EntityKind, number[]>()
  #underWay = 0
  #isScheduled = false
  #hasStopped = false

  constructor(port: DispatcherPort) {
    this.#port = port
    for (const behaviour of port.behaviours) this.#behaviours.set(behaviour.kind, behaviour)
  }

  hasBehaviour(kind: EntityKind): boolean {
    return this.#behaviours.has(kind)
  }

  /** What the behaviour has in memory of the entity is nowhere else. */
  holds(ref: EntityRef): boolean {
    return this.#behaviours.get(ref.kind)?.holds?.(ref) ?? false
  }

  /** Steps that were asked for and not answered yet. */
  get underWay(): number {
    return this.#underWay
  }

  /** For how long nothing has come back from where the slot's message is being stepped; 0: it is not. */
  silentMs(slot: EntitySlot): number {
    if (slot.current === undefined) return 0
    const answered = this.#late.has(slot) ? undefined : this.#answeredAtEpochMs.get(slot.ref.kind)?.[this.#laneOf(slot)]
    return this.#port.clock.nowMs() - Math.max(slot.takenAtEpochMs, answered ?? 0)
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

  /** Takes nothing more; steps that run are answered as usual, but for those that may take long: they are given up. */
  stop(): void {
    this.#hasStopped = true
    this.#ready = []
    for (const slot of this.#late) {
      if (slot.current !== undefined) slot.mailbox.unshift([slot.current])
      slot.current = undefined
    }
    this.#late.clear()
  }

  forget(kind: EntityKind, refs: readonly EntityRef[]): void {
    this.#behaviours.get(kind)?.forget(refs)
  }

  #dispatch(): void {
    if (this.#hasStopped || !this.#port.mayStep()) return
    const ready = this.#ready
    this.#ready = []
    const batches = new Map<EntityKind, (Batch | undefined)[]>()
    for (const slot of ready) {
      slot.isQueued = false
      const request = slot.phase === 'ready' && slot.current === undefined ? this.#take(slot) : undefined
      if (request === undefined) continue
      const { kind } = slot.ref
      let lanes = batches.get(kind)
      if (lanes === undefined) {
        lanes = []
        batches.set(kind, lanes)
      }
      const lane = this.#laneOf(slot)
      const batch = (lanes[lane] ??= { lane, slots: [], requests: [] })
      batch.slots.push(slot)
      batch.requests.push(request)
      if (batch.slots.length === MAX_BATCH) {
        lanes[lane] = undefined
        void this.#step(kind, batch)
      }
    }
    for (const [kind, lanes] of batches) {
      for (const batch of lanes) if (batch !== undefined) void this.#step(kind, batch)
    }
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
    const seed = ids.seed()
    if (slot.version === 0) slot.keyBase = seed
    slot.current = item
    slot.takenAtEpochMs = nowMs
    slot.stored = undefined
    this.#port.touched(slot)
    return {
      context: {
        ref: slot.ref,
        version: slot.version + 1,
        nowMs,
        seed,
        openEffects: slot.openEffects.size === 0 ? [] : [...slot.openEffects.values()],
        wantsSnapshot: slot.redoRecords,
      },
      stored,
      message: item.message,
      effectKey: item.effect?.key,
    }
  }

  #laneOf({ ref }: EntitySlot): number {
    return this.#behaviours.get(ref.kind)?.lane?.(ref) ?? 0
  }

  async #step(kind: EntityKind, { lane, requests, slots }: Batch): Promise<void> {
    const behaviour = this.#behaviours.get(kind)
    this.#underWay += slots.length
    let responses: readonly StepResponse[]
    try {
      responses = behaviour === undefined ? [] : await behaviour.step(requests)
    } catch (error) {
      const failed: StepResponse = { ok: false, message: reasonOf(error) }
      responses = slots.map(() => failed)
    }
    this.#underWay -= slots.length
    this.#noteAnswer(kind, lane)
    for (const [at, slot] of slots.entries()) {
      const item = slot.current
      if (slot.phase === 'dropped' || item === undefined) continue
      const response = responses[at] ?? { ok: false, message: 'the behaviour did not answer' }
      this.#answer(slot, item, response, requests[at]?.context.nowMs ?? 0)
    }
  }

  #noteAnswer(kind: EntityKind, lane: number): void {
    let lanes = this.#answeredAtEpochMs.get(kind)
    if (lanes === undefined) {
      lanes = []
      this.#answeredAtEpochMs.set(kind, lanes)
    }
    lanes[lane] = this.#port.clock.nowMs()
  }

  #answer(slot: EntitySlot, item: MailItem, response: StepResponse, nowMs: number): void {
    if (!response.ok && response.later !== undefined) {
      if (this.#hasStopped) {
        slot.current = undefined
        this.#lost(slot, item)
        return
      }
      void this.#answerLate(slot, item, response.later, nowMs)
      return
    }
    slot.current = undefined
    if (!response.ok) {
      if (response.isLost === true) this.#lost(slot, item)
      else this.#failed(slot, item, response.message)
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
    if (pending.isRelaxed) {
      item.resolve?.({ status: 'accepted', version: pending.step.version })
      item.resolve = undefined
    }
    this.#port.commit(pending)
    this.wake(slot)
  }

  async #answerLate(slot: EntitySlot, item: MailItem, later: Promise<StepResponse>, nowMs: number): Promise<void> {
    this.#late.add(slot)
    const response = await later
    this.#late.delete(slot)
    if (slot.phase !== 'dropped' && slot.current === item) this.#answer(slot, item, response, nowMs)
  }

  /** Tried again from the stored state, as often as it takes: the message is not to blame. */
  #lost(slot: EntitySlot, item: MailItem): void {
    this.#noteLoss(slot)
    slot.mailbox.unshift([item])
    this.#port.reload(slot)
  }

  /** The first failure is tried again from the stored state; the second sets the message aside, durably. */
  #failed(slot: EntitySlot, item: MailItem, reason: string): void {
    item.failures++
    this.#noteLoss(slot)
    if (item.failures < MAX_FAILURES) slot.mailbox.unshift([item])
    else this.#setAside(slot, item, reason)
    this.#port.reload(slot)
  }

  #noteLoss(slot: EntitySlot): void {
    slot.hasLostMemory = this.#behaviours.get(slot.ref.kind)?.holds !== undefined
  }

  #setAside(slot: EntitySlot, item: MailItem, reason: string): void {
    const { kind } = item.message.body
    const text = runtimeMessage('SEG-RUNTIME-001', { kind, source: item.message.source, reason })
    this.#port.incident('messageSetAside', 'SEG-RUNTIME-001', slot.ref, text)
    const nowMs = this.#port.clock.nowMs()
    const { body, creates = false } = item.message
    const incident = {
      kind: 'messageSetAside',
      code: 'SEG-RUNTIME-001',
      ref: slot.ref,
      message: text,
      atEpochMs: nowMs,
    }
    const about: IncidentSubject = { kind: 'message', body, creates }
    if (slot.version === 0) {
      void this.#setAsideUnborn(slot, item, incident, about)
      return
    }
    const line = { kind: 'incident', atEpochMs: nowMs, code: 'SEG-RUNTIME-001', message: text }
    const effects = isIncidentLog(slot.ref) ? [] : [openedEffect(incident, { ...about, creates: false })]
    this.#port.commit(planStep(slot, item, { ...EMPTY_STEP, effects, trace: [line] }, nowMs))
  }

  /** No entity came into being that this could be written down in: the sender hears of it when it is on record. */
  async #setAsideUnborn(slot: EntitySlot, item: MailItem, incident: Incident, about: IncidentSubject): Promise<void> {
    const { status } = await this.#port.open(incident, about)
    if (status === 'overloaded') this.#port.dropped(item)
    else this.#port.refused(slot, item, { status: 'unknown' })
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
