import type { NumberedSwitchEvent, SwitchEvent } from '@segue/contact'

/**
 * Numbered events that the consumer has not acknowledged yet. Bounded: the oldest ones are dropped when nobody
 * acknowledges, and the next snapshot makes up for them.
 *
 * Order: numbers rise by one.
 */
export class EventLog {
  #events: NumberedSwitchEvent[] = []
  /** Index of the first event that is not acknowledged. */
  #head = 0
  #last: number
  #acknowledged: number
  #dropped = 0
  readonly #limit: number

  constructor(lastUsed: number, limit: number) {
    this.#last = lastUsed
    this.#acknowledged = lastUsed
    this.#limit = limit
  }

  /** Number of the last event. */
  get last(): number {
    return this.#last
  }

  /** Everything up to here is durable at the consumer. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Events that nobody acknowledged and that had to go. */
  get dropped(): number {
    return this.#dropped
  }

  append(event: SwitchEvent, atEpochMs: number): NumberedSwitchEvent {
    this.#last += 1
    const numbered: NumberedSwitchEvent = { sequence: this.#last, atEpochMs, event }
    this.#events.push(numbered)
    if (this.#events.length - this.#head > this.#limit) {
      this.#head += 1
      this.#dropped += 1
      this.#shrink()
    }
    return numbered
  }

  /** Kept events after a number, at most `count`. */
  after(sequence: number, count: number): readonly NumberedSwitchEvent[] {
    const first = this.#events[this.#head]?.sequence
    if (first === undefined) return []
    const from = this.#head + Math.max(0, sequence + 1 - first)
    return this.#events.slice(from, from + count)
  }

  /** Forgets everything up to a number; numbers that were never given out or are known already change nothing. */
  acknowledge(sequence: number): void {
    if (sequence > this.#last || sequence <= this.#acknowledged) return
    this.#acknowledged = sequence
    while (this.#head < this.#events.length && (this.#events[this.#head]?.sequence ?? Infinity) <= sequence) {
      this.#head += 1
    }
    this.#shrink()
  }

  #shrink(): void {
    if (this.#head < 1024 || this.#head * 2 < this.#events.length) return
    this.#events = this.#events.slice(this.#head)
    this.#head = 0
  }
}
