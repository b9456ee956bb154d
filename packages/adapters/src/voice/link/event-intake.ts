import type { NumberedSwitchEvent, SwitchSnapshot, VoiceConsumer } from '@segue/contact'

/** What an intake tells the link it belongs to. */
export interface IntakeOwner {
  /** Everything up to here is durable. */
  acknowledge(sequence: number): void
  /** The snapshot is durable: the link is up. */
  synchronised(): void
  /** Something is missing or the consumer refused: this connection is over. */
  failed(reason: string): void
}

/**
 * Hands one connection's events and snapshot to the consumer, in order and without waiting for each, and acknowledges
 * the part from the beginning that is durable without a hole.
 *
 * Order: the snapshot waits until every event before it is durable, every later event waits for the snapshot.
 */
export class EventIntake {
  readonly #consumer: VoiceConsumer
  readonly #owner: IntakeOwner
  readonly #waiting: NumberedSwitchEvent[] = []
  readonly #inFlight: { readonly sequence: number; isDurable: boolean }[] = []
  #snapshot: SwitchSnapshot | undefined
  #state: 'catching up' | 'snapshot' | 'running' | 'over' = 'catching up'
  #lastSequence: number | undefined

  constructor(consumer: VoiceConsumer, owner: IntakeOwner) {
    this.#consumer = consumer
    this.#owner = owner
  }

  event(event: NumberedSwitchEvent): void {
    if (this.#state === 'over') return
    if (this.#lastSequence !== undefined && event.sequence !== this.#lastSequence + 1) {
      return this.#fail(`event ${this.#lastSequence + 1} is missing, ${event.sequence} came`)
    }
    this.#lastSequence = event.sequence
    if (this.#state === 'snapshot') this.#waiting.push(event)
    else this.#deliver(event)
  }

  snapshot(snapshot: SwitchSnapshot): void {
    if (this.#state === 'over') return
    if (this.#state !== 'catching up') return this.#fail('a second snapshot came')
    if (this.#lastSequence !== undefined && this.#lastSequence !== snapshot.sequence) {
      return this.#fail(`snapshot of ${snapshot.sequence} came after event ${this.#lastSequence}`)
    }
    this.#lastSequence = snapshot.sequence
    this.#snapshot = snapshot
    this.#state = 'snapshot'
    this.#deliverSnapshot()
  }

  /** Nothing more is handed over or acknowledged. */
  close(): void {
    this.#state = 'over'
  }

  #deliver(event: NumberedSwitchEvent): void {
    const entry = { sequence: event.sequence, isDurable: false }
    this.#inFlight.push(entry)
    void this.#supervise(
      () => this.#consumer.event(event),
      () => {
        entry.isDurable = true
        this.#acknowledgeDurable()
        this.#deliverSnapshot()
      },
    )
  }

  #acknowledgeDurable(): void {
    let acknowledged: number | undefined
    while (this.#inFlight[0]?.isDurable === true) acknowledged = this.#inFlight.shift()?.sequence
    if (acknowledged !== undefined) this.#owner.acknowledge(acknowledged)
  }

  #deliverSnapshot(): void {
    const snapshot = this.#snapshot
    if (snapshot === undefined || this.#inFlight.length > 0) return
    this.#snapshot = undefined
    void this.#supervise(
      () => this.#consumer.snapshot(snapshot),
      () => {
        this.#state = 'running'
        this.#owner.synchronised()
        for (const event of this.#waiting.splice(0)) this.#deliver(event)
      },
    )
  }

  async #supervise(work: () => Promise<void>, then: () => void): Promise<void> {
    try {
      await work()
    } catch (error) {
      return this.#fail(`consumer failed: ${describe(error)}`)
    }
    if (this.#state !== 'over') then()
  }

  #fail(reason: string): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#owner.failed(reason)
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
