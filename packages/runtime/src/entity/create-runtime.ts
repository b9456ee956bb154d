import { Effects } from '../effects/effects.ts'
import { reasonOf, runtimeMessage, type RuntimeFaultCode } from '../errors.ts'
import type { EffectKey, EntityRef, Epoch, StoredEntity, StoreDescription, TimerRow } from '../ports/store.ts'
import { readLeftover, type Leftover } from '../recovery/recover.ts'
import { Retention } from '../recovery/retention.ts'
import { Timers } from '../timers/timers.ts'
import { CommitLoop } from './commit-loop.ts'
import type { Acceptance, Message } from './contract.ts'
import { Dispatcher } from './dispatcher.ts'
import { isIdleSlot, type EntitySlot, type MailItem } from './entity-slot.ts'
import { InboxWriter } from './inbox-writer.ts'
import { defaultLimits } from './limits.ts'
import { Loader } from './loader.ts'
import { effectOwner, mailItem, parseInboxMessage } from './mail.ts'
import { entityKey, newSessionId, partitionOf } from './partition.ts'
import { timerIdOf, type PendingStep } from './plan-step.ts'
import { Residents } from './residents.ts'
import type { RecoverySummary, Runtime, RuntimeLimits, RuntimeOptions } from './runtime.ts'
import { fillNewSlot, fillSlot } from './stored-slot.ts'

/**
 * Makes a node that runs entities: mailbox, step, group commit, effects after commit, durable timers, recovery.
 *
 * Spec: design §6.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  return new EntityRuntime(options)
}

const OVERLOADED: Acceptance = { status: 'overloaded', retryAfterS: 1 }
/** Commits that may wait before stepping pauses. */
const BACKLOG_COMMITS = 10

type TraceListener = Parameters<Runtime['onTrace']>[0]

class EntityRuntime implements Runtime {
  readonly #options: RuntimeOptions
  readonly #limits: RuntimeLimits
  readonly #residents: Residents
  readonly #loader: Loader
  readonly #dispatcher: Dispatcher
  readonly #commits: CommitLoop
  readonly #effects: Effects
  readonly #timers: Timers
  readonly #inbox: InboxWriter
  readonly #retention: Retention
  /** Epochs of the partitions that are held and recovered. */
  readonly #epochs = new Map<number, Epoch>()
  /** Messages for partitions that are being read again. */
  readonly #stranded = new Map<number, MailItem[]>()
  readonly #traceListeners = new Set<TraceListener>()
  #idleWaiters: (() => void)[] = []
  #phase: 'new' | 'running' | 'stopping' | 'stopped' = 'new'
  #pending = 0
  #recovering = 0

  constructor(options: RuntimeOptions) {
    const { store, clock, ids, behaviours, performers } = options
    const limits = { ...defaultLimits, ...options.limits }
    const incident = this.#incident.bind(this)
    this.#options = options
    this.#limits = limits
    this.#residents = new Residents({
      partitions: options.partitions,
      maxResident: limits.maxResident,
      maxSources: limits.maxSources,
      forget: (kind, refs) => this.#dispatcher.forget(kind, refs),
    })
    this.#loader = new Loader(store, clock, {
      loaded: (slot, stored) => this.#loaded(slot, stored),
      failed: (reason) => this.#storeFailed(reason),
    })
    this.#dispatcher = new Dispatcher({
      clock,
      ids,
      behaviours,
      mayStep: () => this.#commits.backlog < limits.maxCommitSteps * BACKLOG_COMMITS,
      isLive: (key) => this.#effects.isLive(key),
      commit: (pending) => this.#commits.add(pending),
      reload: (slot) => this.#reload(slot),
      refused: (slot, item, acceptance) => this.#refused(slot, item, acceptance),
      touched: (slot) => this.#residents.touch(slot),
      incident,
    })
    this.#commits = new CommitLoop(store, clock, limits, {
      committed: (pending) => this.#committed(pending),
      answered: (keys) => this.#answered(keys),
      fenced: (partition, lost) => this.#fenced(partition, lost),
      paused: (reason) => this.#storeFailed(reason),
      resumed: () => this.#dispatcher.schedule(),
      advanced: () => {
        this.#dispatcher.schedule()
        this.#checkIdle()
      },
      epochOf: (partition) => this.#epochs.get(partition),
    })
    this.#effects = new Effects({
      clock,
      performers,
      maxEffectsPerType: limits.maxEffectsPerType,
      post: (message, effect) => this.#post(mailItem(message, clock.nowMs(), { effect })),
      report: (message) => this.#accept(message),
      discard: (owner, key) => this.#commits.discard(this.#partitionOf(owner), { answered: key }),
      incident,
    })
    this.#timers = new Timers({
      clock,
      store,
      partitions: () => [...this.#epochs.keys()],
      fire: (timer) => this.#fire(timer),
      failed: (error) => this.#storeFailed(reasonOf(error)),
    })
    this.#inbox = new InboxWriter(store, clock)
    this.#retention = new Retention({
      store,
      clock,
      keepEndedMs: limits.keepEndedMs,
      maxTraceLines: limits.maxTraceLines,
      everyMs: limits.purgeEveryMs,
      failed: (error) => this.#storeFailed(reasonOf(error)),
    })
  }

  get store(): StoreDescription {
    return this.#options.store.description
  }

  async start(): Promise<RecoverySummary> {
    const { store, owner, partitions } = this.#options
    const claims = await Promise.all(
      Array.from({ length: partitions }, async (_, partition) => ({
        partition,
        epoch: await store.claim(partition, owner),
      })),
    )
    for (const { partition, epoch } of claims) this.#epochs.set(partition, epoch)
    const leftover = await readLeftover(store, [...this.#epochs.keys()])
    this.#phase = 'running'
    this.#resume(leftover)
    await this.#timers.start()
    this.#retention.start()
    return leftover.counts
  }

  deliver(message: Message): Promise<Acceptance> {
    if (this.#pending >= this.#limits.maxPending || this.#commits.isPaused) return Promise.resolve(OVERLOADED)
    const waiting = this.#residents.find(entityKey(message.to))?.mailbox.length ?? 0
    return waiting >= this.#limits.maxMailbox ? Promise.resolve(OVERLOADED) : this.#accept(message)
  }

  newSessionId(): string {
    return newSessionId(this.#options.cell, this.#options.partitions, this.#options.ids)
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve)
      queueMicrotask(() => this.#checkIdle())
    })
  }

  onTrace(listener: TraceListener): () => void {
    this.#traceListeners.add(listener)
    return () => this.#traceListeners.delete(listener)
  }

  async stop(): Promise<void> {
    if (this.#phase === 'stopping' || this.#phase === 'stopped') return
    this.#phase = 'stopping'
    this.#dispatcher.stop()
    this.#loader.stop()
    this.#timers.stop()
    this.#inbox.stop()
    this.#retention.stop()
    this.#effects.stop()
    if (this.#commits.isPaused) this.#commits.giveUp()
    await this.idle()
    for (const slot of this.#residents.all()) {
      for (const item of slot.mailbox) item.resolve?.(OVERLOADED)
      this.#residents.remove(slot)
    }
    this.#phase = 'stopped'
    const { store } = this.#options
    await Promise.all([...this.#epochs].map(([partition, epoch]) => store.release(partition, epoch)))
    this.#epochs.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #partitionOf(ref: EntityRef): number {
    return partitionOf(ref, this.#options.partitions)
  }

  /** Takes a message whose sender waits for the acknowledgement. */
  #accept(message: Message): Promise<Acceptance> {
    if (this.#phase !== 'running' || !this.#epochs.has(this.#partitionOf(message.to))) {
      return Promise.resolve(OVERLOADED)
    }
    if (!this.#dispatcher.hasBehaviour(message.to.kind)) {
      this.#noBehaviour(message.to)
      return Promise.resolve({ status: 'unknown' })
    }
    return new Promise((resolve) => {
      const slot = this.#post(mailItem(message, this.#options.clock.nowMs(), { resolve }))
      if (slot !== undefined) this.#inbox.watch(slot)
    })
  }

  /** Puts a message into its mailbox, or keeps it until the partition has been read again. */
  #post(item: MailItem): EntitySlot | undefined {
    const partition = this.#partitionOf(item.message.to)
    if (!this.#epochs.has(partition)) {
      const stranded = this.#stranded.get(partition) ?? []
      stranded.push(item)
      this.#stranded.set(partition, stranded)
      return undefined
    }
    const slot = this.#residents.slotOf(item.message.to)
    this.#pending++
    slot.mailbox.push(item)
    if (slot.phase === 'unloaded') this.#reload(slot)
    else this.#dispatcher.wake(slot)
    return slot
  }

  #fire(timer: TimerRow): void {
    const known = this.#residents.find(entityKey(timer.owner))
    if (known?.phase === 'ready' && known.timers.get(timer.id) !== timer.dueEpochMs) {
      this.#timers.taken(timer)
      return
    }
    const message: Message = { to: timer.owner, source: 'timer', body: { kind: 'timer', id: timer.id } }
    this.#post(mailItem(message, this.#options.clock.nowMs(), { timerDueEpochMs: timer.dueEpochMs }))
  }

  /** Reads the entity, at once or when its last step is durable. */
  #reload(slot: EntitySlot): void {
    slot.phase = 'loading'
    if (slot.version === slot.committedVersion) this.#loader.load(slot)
  }

  #loaded(slot: EntitySlot, stored: StoredEntity | undefined): void {
    if (slot.phase === 'dropped') {
      this.#checkIdle()
      return
    }
    if (!this.#dispatcher.hasBehaviour(slot.ref.kind)) {
      this.#noBehaviour(slot.ref)
      this.#dropSlot(slot)
      return
    }
    const { maxSources } = this.#limits
    try {
      if (stored === undefined) fillNewSlot(slot, maxSources)
      else fillSlot(slot, stored, { maxSources, isLive: (key) => this.#effects.isLive(key) })
    } catch (error) {
      const text = runtimeMessage('SEG-RUNTIME-007', { entity: slot.key, reason: reasonOf(error) })
      this.#incident('unreadable', 'SEG-RUNTIME-007', slot.ref, text)
      this.#dropSlot(slot)
      return
    }
    if (!slot.hasReadInbox) this.#readInbox(slot, stored?.inbox ?? [])
    this.#dispatcher.wake(slot)
    this.#checkIdle()
  }

  #readInbox(slot: EntitySlot, rows: StoredEntity['inbox']): void {
    slot.hasReadInbox = true
    const nowMs = this.#options.clock.nowMs()
    const items: MailItem[] = []
    for (const row of rows) {
      const message = parseInboxMessage(row.body, slot.ref)
      if (message !== undefined) items.push(mailItem(message, nowMs, { inboxSequence: row.sequence }))
      else {
        const text = runtimeMessage('SEG-RUNTIME-007', { entity: slot.key, reason: 'an inbox row is no message' })
        this.#incident('unreadable', 'SEG-RUNTIME-007', slot.ref, text)
        this.#commits.discard(slot.partition, { taken: row.sequence })
      }
    }
    this.#pending += items.length
    if (items.length > 0) slot.mailbox.unshift(items)
  }

  #committed({ slot, item, step, withdrawn }: PendingStep): void {
    slot.committedVersion = step.version
    this.#effects.withdrawn(withdrawn)
    this.#answered(step.answered)
    this.#timerDone(item)
    this.#timers.add(step.timersPut)
    this.#effects.perform(step.effects, { isRepeated: false })
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
    if (slot.phase === 'loading' && this.#phase === 'running') this.#loader.load(slot)
    else if (slot.hasEnded && isIdleSlot(slot)) this.#residents.remove(slot)
  }

  /** Rows are gone: of effects that were answered, whoever owns them. */
  #answered(keys: readonly EffectKey[]): void {
    this.#effects.answered(keys)
    for (const key of keys) {
      const owner = effectOwner(key)
      if (owner !== undefined) this.#residents.find(entityKey(owner))?.openEffects.delete(key)
    }
  }

  #refused(slot: EntitySlot, item: MailItem, acceptance: Acceptance): void {
    const { effect, message } = item
    this.#timerDone(item)
    this.#discardInbox(slot, item)
    if (effect !== undefined && this.#effects.isLive(effect.key)) {
      if (acceptance.status === 'unknown' && effect.tellsOwner) this.#undeliverable(effect.key)
      else if (effect.mode === 'once') this.#discard(effect.key)
    }
    // The owner has ended: nobody waits for the answer any more.
    if (acceptance.status === 'unknown' && message.answers !== undefined) this.#discard(message.answers)
    item.resolve?.(acceptance)
    item.resolve = undefined
    this.#pending--
    if (slot.hasEnded && isIdleSlot(slot)) this.#residents.remove(slot)
    this.#checkIdle()
  }

  /** A message that no step takes needs no row, also none that is being written. */
  #discardInbox(slot: EntitySlot, item: MailItem): void {
    if (item.appending !== undefined) void item.appending.then(() => this.#discardInbox(slot, item))
    else if (item.inboxSequence !== undefined) this.#commits.discard(slot.partition, { taken: item.inboxSequence })
  }

  #discard(key: EffectKey): void {
    const owner = effectOwner(key)
    if (owner !== undefined) this.#commits.discard(this.#partitionOf(owner), { answered: key })
  }

  /** Tells the owner of a message that there is no receiver. */
  #undeliverable(key: EffectKey): void {
    const to = effectOwner(key)
    if (to === undefined) return
    const message: Message = { to, source: `effect:${key}`, answers: key, body: { kind: 'undeliverable', key } }
    this.#post(mailItem(message, this.#options.clock.nowMs(), {}))
  }

  #timerDone(item: MailItem): void {
    if (item.timerDueEpochMs === undefined) return
    this.#timers.taken({ owner: item.message.to, id: timerIdOf(item), dueEpochMs: item.timerDueEpochMs })
  }

  #tellTrace(ref: EntityRef, version: number, lines: readonly string[]): void {
    for (const listener of this.#traceListeners) {
      try {
        listener(ref, version, lines)
      } catch (error) {
        const text = runtimeMessage('SEG-RUNTIME-009', { reason: reasonOf(error) })
        this.#incident('listenerFailed', 'SEG-RUNTIME-009', ref, text)
      }
    }
  }

  /** Gives up what is in memory of an entity; what is durable stays and is taken at its next load. */
  #dropSlot(slot: EntitySlot): void {
    const items = slot.current === undefined ? [...slot.mailbox] : [slot.current, ...slot.mailbox]
    for (const item of items) this.#dropItem(item)
    for (const { item } of slot.afterCommit) this.#dropItem(item)
    this.#residents.remove(slot)
    this.#checkIdle()
  }

  #dropItem(item: MailItem): void {
    this.#timerDone(item)
    item.resolve?.(OVERLOADED)
    item.resolve = undefined
    this.#pending--
  }

  #fenced(partition: number, lost: readonly PendingStep[]): void {
    const epoch = this.#epochs.get(partition)
    const slots = this.#residents.inPartition(partition)
    this.#epochs.delete(partition)
    const items = lost.map((pending) => pending.item)
    for (const slot of slots) items.push(...(slot.current === undefined ? [] : [slot.current]), ...slot.mailbox)
    for (const slot of slots) this.#dropSlot(slot)
    for (const pending of lost) this.#dropItem(pending.item)
    this.#effects.drop((owner) => this.#partitionOf(owner) === partition)
    if (this.#phase !== 'running' || epoch === undefined) return
    this.#recovering++
    void this.#regain(partition, epoch, items).finally(() => {
      this.#recovering--
      this.#checkIdle()
    })
  }

  /** After a fenced commit: a partition that is still ours is read again, one that is not is left alone. */
  async #regain(partition: number, epoch: Epoch, lost: readonly MailItem[]): Promise<void> {
    try {
      if (!(await this.#options.store.renew(partition, epoch))) {
        const text = runtimeMessage('SEG-RUNTIME-003', { partition })
        this.#incident('fenced', 'SEG-RUNTIME-003', undefined, text)
        return
      }
      this.#incident('reread', 'SEG-RUNTIME-004', undefined, runtimeMessage('SEG-RUNTIME-004', { partition }))
      const leftover = await readLeftover(this.#options.store, [partition])
      this.#epochs.set(partition, epoch)
      const stranded = this.#stranded.get(partition) ?? []
      this.#stranded.delete(partition)
      // Messages of owners elsewhere are still alive; those of this partition come back with `leftover`.
      for (const item of [...lost, ...stranded]) {
        if (item.effect !== undefined && this.#effects.isLive(item.effect.key)) this.#post(item)
      }
      this.#resume(leftover)
    } catch (error) {
      this.#storeFailed(reasonOf(error))
      const { clock } = this.#options
      clock.schedule(clock.nowMs() + 1000, () => void this.#regain(partition, epoch, lost))
    }
  }

  #resume(leftover: Leftover): void {
    for (const ref of leftover.waiting) {
      const slot = this.#residents.slotOf(ref)
      if (slot.phase === 'unloaded') this.#reload(slot)
    }
    this.#effects.perform(leftover.effects, { isRepeated: true })
  }

  #checkIdle(): void {
    if (this.#idleWaiters.length === 0) return
    const isBusy =
      this.#phase === 'stopping'
        ? this.#residents.all().some((slot) => slot.current !== undefined)
        : this.#pending > 0 || !this.#loader.isIdle || this.#recovering > 0
    if (isBusy || !this.#commits.isIdle) return
    const waiters = this.#idleWaiters
    this.#idleWaiters = []
    for (const waiter of waiters) waiter()
  }

  #storeFailed(reason: string): void {
    this.#incident('storePaused', 'SEG-RUNTIME-002', undefined, runtimeMessage('SEG-RUNTIME-002', { reason }))
  }

  #noBehaviour(ref: EntityRef): void {
    const text = runtimeMessage('SEG-RUNTIME-008', { kind: ref.kind })
    this.#incident('noBehaviour', 'SEG-RUNTIME-008', ref, text)
  }

  #incident(kind: string, code: RuntimeFaultCode, ref: EntityRef | undefined, message: string): void {
    this.#options.onIncident?.({ kind, code, ref, message, atEpochMs: this.#options.clock.nowMs() })
  }
}
