import type { NumberedSwitchEvent, SwitchSnapshot } from '@segue/contact'
import type { SimulatedSwitch } from '../simulated/switch.ts'

/** Where a feed goes: a socket or a consumer in the same process. */
export interface FeedSink {
  event(event: NumberedSwitchEvent): void
  snapshot(snapshot: SwitchSnapshot): void
  /** Events had to be dropped before they could be sent: this feed is over, a new one begins with a snapshot. */
  fellBehind(): void
}

/**
 * One connection's view of a switch: first what was never acknowledged, then a snapshot, then what happens, with at
 * most `eventWindow` events unacknowledged on the way.
 */
export class EventFeed {
  readonly #switch: SimulatedSwitch
  readonly #eventWindow: number
  readonly #sink: FeedSink
  readonly #unsubscribe: () => void
  #snapshot: SwitchSnapshot | undefined
  #sentUpTo: number
  #acknowledged: number
  #isClosed = false
  #isPumping = false

  constructor(simulatedSwitch: SimulatedSwitch, eventWindow: number, sink: FeedSink) {
    this.#switch = simulatedSwitch
    this.#eventWindow = eventWindow
    this.#sink = sink
    const { events } = simulatedSwitch
    const first = events.after(events.acknowledged, 1)[0]
    // What overflowed while nobody listened is made up for by the snapshot.
    this.#sentUpTo = first === undefined ? events.last : first.sequence - 1
    this.#acknowledged = this.#sentUpTo
    this.#snapshot = simulatedSwitch.snapshot()
    this.#unsubscribe = simulatedSwitch.onEvent(() => this.pump())
  }

  /** Everything up to a number is durable at the other side. */
  acknowledge(sequence: number): void {
    if (this.#isClosed || sequence > this.#sentUpTo || sequence <= this.#acknowledged) return
    this.#acknowledged = sequence
    this.#switch.events.acknowledge(sequence)
    this.pump()
  }

  /** Sends what the window lets through. */
  pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      while (!this.#isClosed && this.#sendNext()) {
        // Each turn sends one event or the snapshot.
      }
    } finally {
      this.#isPumping = false
    }
  }

  close(): void {
    this.#isClosed = true
    this.#unsubscribe()
  }

  #sendNext(): boolean {
    const snapshot = this.#snapshot
    if (snapshot !== undefined && this.#sentUpTo >= snapshot.sequence) {
      this.#snapshot = undefined
      this.#sink.snapshot(snapshot)
      return true
    }
    if (this.#sentUpTo - this.#acknowledged >= this.#eventWindow) return false
    const event = this.#switch.events.after(this.#sentUpTo, 1)[0]
    if (event === undefined) return false
    if (event.sequence !== this.#sentUpTo + 1) {
      this.close()
      this.#sink.fellBehind()
      return false
    }
    this.#sentUpTo = event.sequence
    this.#sink.event(event)
    return true
  }
}
