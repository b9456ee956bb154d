import type { Clock, Scheduled } from '@segue/runtime'
import type { NumberedSwitchEvent, SwitchEvent } from '@segue/contact'
import { EventLog } from './event-log.ts'
import type { JournalRecord, SwitchJournal } from './journal.ts'
import type { SwitchLimits, SwitchSignal } from './switch-contract.ts'

/** What the turns of a switch work with. */
export interface SwitchTurnsOptions {
  readonly clock: Clock
  readonly journal: SwitchJournal
  readonly limits: SwitchLimits
  readonly speed: number
  /** Event numbers up to here were reserved in an earlier life. */
  readonly reservedUpTo: number
  /** The whole state as records, when the journal has grown too long. */
  account(): readonly JournalRecord[]
}

/**
 * Cause and effect of a switch: everything that one command, door or timer brings about is a turn, journalled as one
 * write and told afterwards.
 *
 * Order: events and signals are told in the order they happened, also when hearing one causes the next.
 */
export class SwitchTurns {
  readonly log: EventLog
  readonly #options: SwitchTurnsOptions
  readonly #eventListeners = new Set<(event: NumberedSwitchEvent) => void>()
  readonly #signalListeners = new Set<(signal: SwitchSignal) => void>()
  readonly #timers = new Set<Scheduled>()
  #records: JournalRecord[] = []
  #outbox: (() => void)[] = []
  #recordsSinceAccount = 0
  #reservedUpTo: number
  #depth = 0
  #isPublishing = false
  #isStopped = false

  constructor(options: SwitchTurnsOptions) {
    this.#options = options
    this.#reservedUpTo = options.reservedUpTo
    // Begins at the time, so that a switch without a journal does not use a number of its earlier life again.
    const lastUsed = Math.max(options.reservedUpTo, options.clock.nowMs() * 1_000)
    this.log = new EventLog(lastUsed, options.limits.unacknowledgedEvents)
  }

  /** Event numbers up to here may be in use. */
  get reservedUpTo(): number {
    return this.#reservedUpTo
  }

  run<T>(work: () => T): T {
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
      if (this.#depth === 0) this.#finish()
    }
  }

  tell(event: SwitchEvent): void {
    if (this.log.last >= this.#reservedUpTo) {
      this.#reservedUpTo = this.log.last + this.#options.limits.sequencesPerReservation
      this.record({ kind: 'reserve', upTo: this.#reservedUpTo })
    }
    const numbered = this.log.append(event, this.#options.clock.nowMs())
    this.#outbox.push(() => {
      for (const listener of this.#eventListeners) listener(numbered)
    })
  }

  signal(signal: SwitchSignal): void {
    this.#outbox.push(() => {
      for (const listener of this.#signalListeners) listener(signal)
    })
  }

  record(record: JournalRecord): void {
    this.#records.push(record)
  }

  /** A turn after a delay in simulated time. Never at once: it would see half of the turn that asked for it. */
  after(delayMs: number, work: () => void): Scheduled {
    const { clock, speed } = this.#options
    const inner = clock.schedule(clock.nowMs() + Math.max(1, Math.ceil(delayMs / speed)), () => {
      this.#timers.delete(timer)
      if (!this.#isStopped) this.run(work)
    })
    const timer: Scheduled = {
      cancel: () => {
        this.#timers.delete(timer)
        inner.cancel()
      },
    }
    this.#timers.add(timer)
    return timer
  }

  onEvent(listener: (event: NumberedSwitchEvent) => void): () => void {
    this.#eventListeners.add(listener)
    return () => this.#eventListeners.delete(listener)
  }

  onSignal(listener: (signal: SwitchSignal) => void): () => void {
    this.#signalListeners.add(listener)
    return () => this.#signalListeners.delete(listener)
  }

  /** Puts the account in the place of the journal's records and of those that wait to be written. */
  writeAccount(): void {
    this.#records = []
    this.#recordsSinceAccount = 0
    this.#options.journal.replace(this.#options.account())
  }

  /** Nothing more is told, journalled or scheduled. */
  stop(): void {
    this.#isStopped = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    this.#eventListeners.clear()
    this.#signalListeners.clear()
    this.#options.journal.close()
  }

  #finish(): void {
    const records = this.#records
    this.#records = []
    this.#recordsSinceAccount += records.length
    if (this.#isStopped) return
    if (this.#recordsSinceAccount > this.#options.limits.recordsBeforeAccount) this.writeAccount()
    else if (records.length > 0) this.#options.journal.append(records)
    if (!this.#isPublishing) this.#publish()
  }

  #publish(): void {
    this.#isPublishing = true
    try {
      for (let next = this.#outbox.shift(); next !== undefined; next = this.#outbox.shift()) next()
    } finally {
      this.#isPublishing = false
    }
  }
}
