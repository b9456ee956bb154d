import type { Clock } from '@segue/runtime'
import type { DoorAction, DoorAnswer, SwitchAnswer, SwitchCommand, VoiceConsumer, VoiceLink } from '@segue/contact'
import type { SimulatedSwitch } from '../simulated/switch.ts'
import { EventFeed } from './event-feed.ts'
import { EventIntake } from './event-intake.ts'
import { defaultLinkLimits } from './wire.ts'

/** How a direct link behaves. */
export interface DirectVoiceLinkOptions {
  /** Time that everything takes in each direction; nothing overtakes anything. Default: none. */
  readonly delay?: { readonly clock: Clock; readonly delayMs: number }
  readonly eventWindow?: number
}

/** A link inside of one process, for tests and for `segue dev`, that can be cut like a cable. */
export interface DirectVoiceLink extends VoiceLink {
  /** Cuts the link. `afterNextCommand`: the switch still performs the next command, its answer is lost. */
  cut(when?: 'now' | 'afterNextCommand'): void
  /** Mends the link; what was not acknowledged comes again, then a snapshot. */
  mend(): void
  /** Nothing passes in either direction until `resume`; the link counts as up. */
  hold(): void
  resume(): void
}

/** Links a switch object to a consumer without a socket. */
export function directVoiceLink(
  simulatedSwitch: SimulatedSwitch,
  options: DirectVoiceLinkOptions = {},
): DirectVoiceLink {
  return new DirectLink(simulatedSwitch, options)
}

class DirectLink implements DirectVoiceLink {
  readonly switchName: string
  readonly #switch: SimulatedSwitch
  readonly #options: DirectVoiceLinkOptions
  /** What is on its way in either direction, in order. */
  #cable: (() => void)[] = []
  /** Told when the link goes down: pending commands and doors. */
  readonly #pending = new Set<() => void>()
  #consumer: VoiceConsumer | undefined
  #feed: EventFeed | undefined
  #intake: EventIntake | undefined
  #isUp = false
  #isHeld = false
  #isResuming = false
  #cutsAfterCommand = false
  /** Rises with every cut, so that what was on the cable then never arrives. */
  #generation = 0
  #firstUp: (() => void) | undefined

  constructor(simulatedSwitch: SimulatedSwitch, options: DirectVoiceLinkOptions) {
    this.switchName = simulatedSwitch.switchName
    this.#switch = simulatedSwitch
    this.#options = options
  }

  connect(consumer: VoiceConsumer): Promise<void> {
    this.#consumer = consumer
    return new Promise((resolve) => {
      this.#firstUp = resolve
      this.mend()
    })
  }

  command(key: string, command: SwitchCommand, signal: AbortSignal): Promise<SwitchAnswer | undefined> {
    if (!this.#isUp || signal.aborted) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.#pending.delete(giveUp)
        signal.removeEventListener('abort', giveUp)
        resolve(undefined)
      }
      this.#pending.add(giveUp)
      signal.addEventListener('abort', giveUp, { once: true })
      this.#pass(() => {
        const answer = this.#switch.perform(key, command)
        if (this.#cutsAfterCommand) return this.cut()
        this.#pass(() => {
          this.#pending.delete(giveUp)
          signal.removeEventListener('abort', giveUp)
          resolve(answer)
        })
      })
    })
  }

  door(action: DoorAction): Promise<DoorAnswer> {
    const linkDown: DoorAnswer = { ok: false, error: 'linkdown', description: 'no connection to the switch' }
    if (!this.#isUp) return Promise.resolve(linkDown)
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.#pending.delete(giveUp)
        resolve(linkDown)
      }
      this.#pending.add(giveUp)
      this.#pass(() => {
        const answer = this.#switch.door(action)
        this.#pass(() => {
          this.#pending.delete(giveUp)
          resolve(answer)
        })
      })
    })
  }

  cut(when: 'now' | 'afterNextCommand' = 'now'): void {
    if (when === 'afterNextCommand') {
      this.#cutsAfterCommand = true
      return
    }
    this.#cutsAfterCommand = false
    this.#generation += 1
    this.#cable = []
    this.#feed?.close()
    this.#feed = undefined
    this.#intake?.close()
    this.#intake = undefined
    for (const giveUp of this.#pending) giveUp()
    const wasUp = this.#isUp
    this.#isUp = false
    if (wasUp) this.#consumer?.linkState(false)
  }

  mend(): void {
    const consumer = this.#consumer
    if (this.#feed !== undefined || consumer === undefined) return
    const intake = new EventIntake(consumer, {
      acknowledge: (sequence) => this.#pass(() => this.#feed?.acknowledge(sequence)),
      synchronised: () => {
        this.#isUp = true
        consumer.linkState(true)
        this.#firstUp?.()
        this.#firstUp = undefined
      },
      failed: () => this.#restart(),
    })
    this.#intake = intake
    this.#feed = new EventFeed(this.#switch, this.#options.eventWindow ?? defaultLinkLimits.eventWindow, {
      event: (event) => this.#pass(() => intake.event(event)),
      snapshot: (snapshot) => this.#pass(() => intake.snapshot(snapshot)),
      fellBehind: () => this.#restart(),
    })
    this.#feed.pump()
  }

  hold(): void {
    this.#isHeld = true
  }

  resume(): void {
    this.#isHeld = false
    if (this.#isResuming) return
    this.#isResuming = true
    while (!this.#isHeld && this.#cable.length > 0) this.#cable.shift()?.()
    this.#isResuming = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#consumer = undefined
  }

  /** Not at once: the consumer that just refused an event would be asked again without an end. */
  #restart(): void {
    this.cut()
    setImmediate(() => this.mend())
  }

  #pass(arrive: () => void): void {
    const generation = this.#generation
    const arriveUncut = (): void => {
      if (generation !== this.#generation) return
      // Behind what `resume` has not let through yet.
      if (this.#isHeld || this.#cable.length > 0 || this.#isResuming) this.#cable.push(arrive)
      else arrive()
    }
    const { delay } = this.#options
    if (delay === undefined) arriveUncut()
    else delay.clock.schedule(delay.clock.nowMs() + delay.delayMs, arriveUncut)
  }
}
