import { Effects } from '../effects/effects.ts'
import { reasonOf, runtimeMessage, type RuntimeFaultCode } from '../errors.ts'
import type { EffectKey, EntityRef, StoredEntity, StoreDescription, TimerRow } from '../ports/store.ts'
import { IncidentDesk } from '../recovery/incident-desk.ts'
import {
  INCIDENTS,
  incidentLog,
  isIncidentLog,
  withIncidentLog,
  type IncidentAction,
  type IncidentRecord,
  type IncidentResolution,
} from '../recovery/incident-log.ts'
import { Retention } from '../recovery/retention.ts'
import { Timers } from '../timers/timers.ts'
import { CommitLoop } from './commit-loop.ts'
import type { Acceptance, Message } from './contract.ts'
import { Dispatcher } from './dispatcher.ts'
import type { EntitySlot, MailItem } from './entity-slot.ts'
import { Holdings } from './holdings.ts'
import { InboxWriter } from './inbox-writer.ts'
import { defaultLimits } from './limits.ts'
import { Loader } from './loader.ts'
import { mailItem } from './mail.ts'
import { giveUp, Outcomes, OVERLOADED } from './outcomes.ts'
import { entityKey, newSessionId, partitionOf } from './partition.ts'
import type { PendingStep } from './plan-step.ts'
import { Residents } from './residents.ts'
import type { RecoverySummary, Runtime, RuntimeLimits, RuntimeOptions } from './runtime.ts'
import { takeLoaded } from './take-loaded.ts'

/**
 * Makes a node that runs entities: mailbox, step, group commit, effects after commit, durable timers, recovery.
 *
 * Spec: design §6.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  return new EntityRuntime(options)
}

/** Commits that may wait before stepping pauses. */
const BACKLOG_COMMITS = 10
/** Steps on their way, to behaviours or to the store, from which on messages wait because the node does not get further. */
const STEPS_AT_CAPACITY = 256

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
  readonly #desk: IncidentDesk
  readonly #outcomes: Outcomes
  readonly #holdings: Holdings
  #idleWaiters: (() => void)[] = []
  #phase: 'new' | 'running' | 'stopping' | 'stopped' = 'new'
  /** Running entities that are in memory alone. */
  #volatile = 0

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
      holds: (ref) => this.#dispatcher.holds(ref),
      forget: (kind, refs) => this.#dispatcher.forget(kind, refs),
    })
    const shared = {
      clock,
      residents: this.#residents,
      effects: () => this.#effects,
      partitionOf: this.#partitionOf.bind(this),
      post: (item: MailItem) => void this.#post(item),
      advanced: () => this.#checkIdle(),
      incident,
    }
    this.#outcomes = new Outcomes({
      ...shared,
      timers: () => this.#timers,
      commits: () => this.#commits,
      settled: (slot) => (this.#phase === 'running' ? this.#loader.load(slot) : undefined),
      untaken: (message) => options.onUntaken?.(message),
    })
    this.#holdings = new Holdings({
      ...shared,
      store,
      isRunning: () => this.#phase === 'running',
      appended: () => this.#inbox.settled(),
      reload: (slot) => this.#reload(slot),
      dropSlot: (slot) => this.#dropSlot(slot),
      dropItem: (item) => this.#outcomes.dropped(item),
      storeFailed: (reason) => this.#storeFailed(reason),
    })
    this.#loader = new Loader(store, clock, {
      loaded: (slot, stored) => this.#loaded(slot, stored),
      failed: (reason) => this.#storeFailed(reason),
    })
    this.#dispatcher = new Dispatcher({
      clock,
      ids,
      behaviours: withIncidentLog(behaviours, incidentLog(limits.maxIncidents)),
      mayStep: () => this.#commits.backlog < limits.maxCommitSteps * BACKLOG_COMMITS,
      isLive: (key) => this.#effects.isLive(key),
      commit: (pending) => this.#commit(pending),
      reload: (slot) => this.#reload(slot),
      refused: (slot, item, acceptance) => this.#outcomes.refused(slot, item, acceptance),
      touched: (slot) => this.#residents.touch(slot),
      incident,
      open: (opened, about) => this.#desk.open(opened, about),
      dropped: (item) => this.#outcomes.dropped(item),
    })
    this.#commits = new CommitLoop(store, clock, limits, {
      committed: (pending) => this.#outcomes.committed(pending),
      answered: (keys) => this.#outcomes.answered(keys),
      fenced: (partition, lost) => this.#holdings.fenced(partition, lost),
      paused: (reason) => this.#storeFailed(reason),
      resumed: () => this.#dispatcher.schedule(),
      advanced: () => {
        this.#dispatcher.schedule()
        this.#checkIdle()
      },
      epochOf: (partition) => this.#holdings.epochOf(partition),
    })
    this.#desk = new IncidentDesk({
      store,
      deliver: (message) => this.deliver(message),
      accept: (message) => this.#accept(message),
      effects: () => this.#effects,
    })
    this.#effects = new Effects({
      clock,
      performers: [...performers, this.#desk.performer],
      maxEffectsPerType: limits.maxEffectsPerType,
      post: (message, effect) => this.#post(mailItem(message, clock.nowMs(), { effect })),
      report: (message) => this.#accept(message),
      discard: (owner, key) => this.#commits.discard(this.#partitionOf(owner), { answered: key }),
      incident,
      open: (opened, about) => void this.#desk.open(opened, about),
      ...(options.skippedEffect === undefined ? {} : { skipped: options.skippedEffect }),
    })
    this.#timers = new Timers({
      clock,
      store,
      partitions: () => this.#holdings.partitions,
      fire: (timer) => this.#fire(timer),
      failed: (error) => this.#storeFailed(reasonOf(error)),
    })
    this.#inbox = new InboxWriter(store, clock, {
      epochOf: (partition) => this.#holdings.epochOf(partition),
      fenced: (partition) => this.#holdings.fenced(partition, []),
      silentMs: (slot) => this.#dispatcher.silentMs(slot),
      isAtCapacity: () => this.#dispatcher.underWay + this.#commits.backlog >= STEPS_AT_CAPACITY,
    })
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
    const { owner, partitions } = this.#options
    const leftover = await this.#holdings.claim(partitions, owner)
    this.#phase = 'running'
    this.#holdings.resume(leftover)
    await this.#timers.start()
    this.#retention.start()
    return leftover.counts
  }

  deliver(message: Message): Promise<Acceptance> {
    if (this.#outcomes.pending >= this.#limits.maxPending || this.#commits.isPaused) return Promise.resolve(OVERLOADED)
    const known = this.#residents.find(entityKey(message.to))
    // Those that cannot leave memory fill it: nothing new comes in.
    if (known === undefined && message.creates === true && this.#volatile >= this.#limits.maxResident)
      return Promise.resolve(OVERLOADED)
    const waiting = known?.mailbox.length ?? 0
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

  onTrace(listener: Parameters<Runtime['onTrace']>[0]): () => void {
    return this.#outcomes.onTrace(listener)
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
    this.#commits.hurry()
    if (this.#commits.isPaused) this.#commits.giveUp()
    await this.idle()
    for (const slot of this.#residents.all()) {
      for (const item of slot.mailbox) giveUp(item)
      this.#residents.remove(slot)
    }
    await this.#inbox.settled()
    this.#phase = 'stopped'
    await this.#holdings.release()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  incidents(): Promise<readonly IncidentRecord[]> {
    return this.#desk.incidents()
  }

  resolveIncident(id: string, action: IncidentAction): Promise<IncidentResolution> {
    return this.#desk.resolve(id, action)
  }

  #hasBehaviour(ref: EntityRef): boolean {
    if (ref.kind !== INCIDENTS.kind) return this.#dispatcher.hasBehaviour(ref.kind)
    return isIncidentLog(ref) || this.#options.behaviours.some(({ kind }) => kind === ref.kind)
  }

  #partitionOf(ref: EntityRef): number {
    return partitionOf(ref, this.#options.partitions)
  }

  /** Takes a message whose sender waits for the acknowledgement. */
  #accept(message: Message): Promise<Acceptance> {
    if (this.#phase !== 'running' || this.#holdings.epochOf(this.#partitionOf(message.to)) === undefined) {
      return Promise.resolve(OVERLOADED)
    }
    if (!this.#hasBehaviour(message.to)) {
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
    if (this.#holdings.epochOf(partition) === undefined) {
      this.#holdings.strand(partition, item)
      return undefined
    }
    const slot = this.#residents.slotOf(item.message.to)
    this.#outcomes.came(1)
    slot.mailbox.push(item)
    if (slot.phase === 'unloaded') this.#reload(slot)
    else this.#dispatcher.wake(slot)
    return slot
  }

  #fire(timer: TimerRow): void {
    const known = this.#residents.find(entityKey(timer.owner))
    const isStale = known?.phase === 'ready' && known.timers.get(timer.id) !== timer.dueEpochMs
    // One of a partition that is being read again is found by the next look into the store.
    if (isStale || this.#holdings.epochOf(this.#partitionOf(timer.owner)) === undefined) {
      this.#timers.taken(timer)
      return
    }
    const message: Message = { to: timer.owner, source: 'timer', body: { kind: 'timer', id: timer.id } }
    this.#post(mailItem(message, this.#options.clock.nowMs(), { timerDueEpochMs: timer.dueEpochMs }))
  }

  /** Reads the entity, at once or when its last step is durable. */
  #reload(slot: EntitySlot): void {
    slot.phase = 'loading'
    this.#forgetVolatile(slot)
    // Nothing is read any more: whoever waits for the end need not wait for this one.
    if (this.#phase === 'stopping') this.#checkIdle()
    else if (slot.version === slot.committedVersion) this.#loader.load(slot)
  }

  #loaded(slot: EntitySlot, stored: StoredEntity | undefined): void {
    if (slot.phase === 'dropped') {
      this.#checkIdle()
      return
    }
    if (!this.#hasBehaviour(slot.ref)) {
      this.#noBehaviour(slot.ref)
      this.#dropSlot(slot)
      return
    }
    const isRead = takeLoaded(slot, stored, {
      maxSources: this.#limits.maxSources,
      nowMs: this.#options.clock.nowMs(),
      isLive: (key) => this.#effects.isLive(key),
      unreadable: ({ key, ref }, reason) => {
        const text = runtimeMessage('SEG-RUNTIME-007', { entity: key, reason })
        this.#incident('unreadable', 'SEG-RUNTIME-007', ref, text)
      },
      discardRow: ({ partition }, taken) => this.#commits.discard(partition, { taken }),
      came: (messages) => this.#outcomes.came(messages),
      announceAgain: ({ ref }, isWaiting) => this.#effects.announceAgain(ref, isWaiting),
    })
    if (!isRead) {
      this.#dropSlot(slot)
      return
    }
    this.#dispatcher.wake(slot)
    this.#checkIdle()
  }

  #commit(pending: PendingStep): void {
    const { item, slot, step } = pending
    if (!slot.isVolatile) {
      this.#commits.add(pending)
      return
    }
    // Nothing of it is stored; what others have stored for it is taken off them.
    if (step.version === 1) this.#volatile++
    if (slot.hasEnded) this.#volatile--
    for (const key of step.answered) if (!isOwn(slot, key)) this.#outcomes.discard(key)
    this.#outcomes.discardInbox(slot, item)
    this.#outcomes.committed(pending)
    this.#checkIdle()
  }

  /** Gives up what is in memory of an entity; what is durable stays and is taken at its next load. */
  #dropSlot(slot: EntitySlot): void {
    const items = slot.current === undefined ? [...slot.mailbox] : [slot.current, ...slot.mailbox]
    for (const item of items) this.#outcomes.dropped(item)
    for (const { item } of slot.afterCommit) this.#outcomes.dropped(item)
    this.#forgetVolatile(slot)
    this.#residents.remove(slot)
    this.#checkIdle()
  }

  /** What is in memory alone is lost with its working copy. */
  #forgetVolatile(slot: EntitySlot): void {
    if (slot.isVolatile && !slot.hasEnded) this.#volatile--
    slot.isVolatile = false
  }

  #checkIdle(): void {
    if (this.#idleWaiters.length === 0) return
    const isBusy =
      this.#phase === 'stopping'
        ? this.#residents.all().some((slot) => slot.current !== undefined)
        : this.#outcomes.pending > 0 || !this.#loader.isIdle || !this.#holdings.isSettled
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

function isOwn(slot: EntitySlot, key: EffectKey): boolean {
  return key.startsWith(`${slot.key}:`)
}
