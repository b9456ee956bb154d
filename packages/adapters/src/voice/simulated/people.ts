import type { Clock, Scheduled } from '@segue/runtime'
import type { SwitchPlan } from './plan.ts'
import { type NumberRange, randomStream, type RandomStream } from './random.ts'
import type { SwitchSignal } from './switch-contract.ts'
import type { SimulatedSwitch } from './switch.ts'

/** What simulated callers and agents are made of. */
export interface PeopleOptions {
  readonly clock: Clock
  readonly seed: number
  readonly plan: SwitchPlan
  /** The switch whose doors they use. */
  readonly simulatedSwitch: SimulatedSwitch
  /** Durations are divided by this. Default 1. */
  readonly speed?: number
}

/** Callers and agents of a plan; they only see and do what people at telephones can. */
export interface People extends Disposable {
  /** Agents log in, callers begin to call. */
  start(): void
  /** Calls that were tried so far; those that the switch turned away are in `turnedAway`. */
  readonly placed: number
  readonly turnedAway: number
  /** Every planned call was tried and none of them is alive. */
  readonly areDone: boolean
  /** Called once when `areDone` becomes true. */
  onDone(listener: () => void): void
}

/** Brings the callers and agents of a plan to life on a clock. */
export function createPeople(options: PeopleOptions): People {
  const { clock, seed, plan, simulatedSwitch } = options
  const time = new PeopleTime(clock, options.speed ?? 1)
  const agents = new Map(plan.agents.map((agent) => [agent.dn, new Agent(agent.id, agent.dn, options, time)]))
  const callers = new Callers(options, time)
  let unsubscribe = (): void => {}
  return {
    start: () => {
      unsubscribe = simulatedSwitch.onSignal((signal) => {
        callers.perceive(signal)
        if ('device' in signal) agents.get(signal.device)?.perceive(signal)
      })
      for (const agent of agents.values()) agent.logIn()
      callers.start(randomStream(seed, 'arrivals'))
    },
    get placed() {
      return callers.placed
    },
    get turnedAway() {
      return callers.turnedAway
    },
    get areDone() {
      return callers.areDone
    },
    onDone: (listener) => callers.onDone(listener),
    [Symbol.dispose]: () => {
      unsubscribe()
      time.stop()
    },
  }
}

/** Delays at a speed, all of which end together. */
class PeopleTime {
  readonly #clock: Clock
  readonly #speed: number
  readonly #scheduled = new Set<Scheduled>()

  constructor(clock: Clock, speed: number) {
    this.#clock = clock
    this.#speed = speed
  }

  after(delayS: number, callback: () => void): Scheduled {
    const atEpochMs = this.#clock.nowMs() + Math.max(1, Math.round((delayS * 1000) / this.#speed))
    const inner = this.#clock.schedule(atEpochMs, () => {
      this.#scheduled.delete(scheduled)
      callback()
    })
    const scheduled: Scheduled = {
      cancel: () => {
        this.#scheduled.delete(scheduled)
        inner.cancel()
      },
    }
    this.#scheduled.add(scheduled)
    return scheduled
  }

  stop(): void {
    for (const scheduled of this.#scheduled) scheduled.cancel()
    this.#scheduled.clear()
  }
}

type WorstMoment = 'ringing' | 'connected' | 'treatmentEnded' | 'digitsWanted'
const worstMoments: readonly WorstMoment[] = ['ringing', 'connected', 'treatmentEnded', 'digitsWanted']

interface Caller {
  readonly random: RandomStream
  readonly hangsUpAt: WorstMoment | undefined
}

class Callers {
  readonly #options: PeopleOptions
  readonly #time: PeopleTime
  readonly #alive = new Map<string, Caller>()
  /** The caller who dials just now: the switch may tell the whole life of a call before `door` returns. */
  #dialling: Caller | undefined
  readonly #doneListeners: (() => void)[] = []
  #isDone = false
  placed = 0
  turnedAway = 0

  constructor(options: PeopleOptions, time: PeopleTime) {
    this.#options = options
    this.#time = time
  }

  get areDone(): boolean {
    return this.#isDone
  }

  onDone(listener: () => void): void {
    if (this.#isDone) listener()
    else this.#doneListeners.push(listener)
  }

  start(arrivals: RandomStream): void {
    const callers = this.#options.plan.callers
    if (callers === undefined) return
    const meanGapS = 60 / (callers.ratePerMinute ?? 60)
    const next = (): void => {
      if (this.placed >= (callers.calls ?? Infinity)) return this.#checkDone()
      // Exponential gaps: arrivals that know nothing of each other.
      this.#time.after(-Math.log(1 - arrivals.next()) * meanGapS, () => {
        this.#call()
        next()
      })
    }
    next()
  }

  perceive(signal: SwitchSignal): void {
    if (signal.kind === 'arrived' && this.#dialling !== undefined) {
      this.#alive.set(signal.callId, this.#dialling)
      this.#dialling = undefined
    }
    const caller = this.#alive.get(signal.callId)
    if (caller === undefined) return
    const { simulatedSwitch, plan } = this.#options
    if (signal.kind === 'ended') {
      this.#alive.delete(signal.callId)
      return this.#checkDone()
    }
    if (signal.kind === caller.hangsUpAt) {
      simulatedSwitch.door({ kind: 'hangup', callId: signal.callId })
      return
    }
    if (signal.kind !== 'digitsWanted') return
    const digits = caller.random.pick(plan.callers?.digits ?? [])
    if (digits === undefined) return
    this.#time.after(caller.random.between([0.5, 3]), () => {
      simulatedSwitch.door({ kind: 'press', callId: signal.callId, digits })
    })
  }

  #call(): void {
    const { plan, seed, simulatedSwitch } = this.#options
    const callers = plan.callers ?? {}
    this.placed += 1
    const random = randomStream(seed, `caller ${this.placed}`)
    const to = random.pick(callers.to ?? plan.routingPoints.map((point) => point.number)) ?? ''
    const from = random.pick(callers.from ?? []) ?? String(2_000_000 + this.placed)
    const hasBadManners = random.next() < (callers.worstMomentRatio ?? 0)
    const patience = callers.patienceS ?? plan.patienceS
    this.#dialling = { random, hangsUpAt: hasBadManners ? random.pick(worstMoments) : undefined }
    const answer = simulatedSwitch.door({
      kind: 'place',
      call: {
        from,
        to,
        ...(callers.userData === undefined ? {} : { userData: callers.userData }),
        ...(patience === undefined ? {} : { patienceS: random.between(patience) }),
      },
    })
    if (!answer.ok) this.turnedAway += 1
    else if (this.#dialling !== undefined) this.#alive.set(answer.callId, this.#dialling)
    this.#dialling = undefined
  }

  #checkDone(): void {
    const planned = this.#options.plan.callers?.calls
    if (this.#isDone || planned === undefined || this.placed < planned || this.#alive.size > 0) return
    this.#isDone = true
    for (const listener of this.#doneListeners) listener()
  }
}

class Agent {
  readonly #id: string
  readonly #dn: string
  readonly #plan: SwitchPlan
  readonly #switch: SimulatedSwitch
  readonly #time: PeopleTime
  readonly #random: RandomStream
  /** The call that rings or talks here. */
  #callId: string | undefined
  #isTalking = false
  #isAway = false
  #wantsBreak = false
  #next: Scheduled | undefined

  constructor(id: string, dn: string, options: PeopleOptions, time: PeopleTime) {
    this.#id = id
    this.#dn = dn
    this.#plan = options.plan
    this.#switch = options.simulatedSwitch
    this.#time = time
    this.#random = randomStream(options.seed, `agent ${id}`)
  }

  logIn(): void {
    this.#switch.setAgentState(this.#id, 'login')
    this.#becomeReady()
    this.#planBreak()
  }

  perceive(signal: SwitchSignal & { readonly device: string }): void {
    if (signal.kind === 'ringing') this.#rings(signal.callId)
    if (signal.kind === 'connected') this.#talks(signal.callId)
    if (signal.kind === 'released' && signal.callId === this.#callId) this.#isFree()
  }

  #rings(callId: string): void {
    this.#callId = callId
    this.#isTalking = false
    const isIgnored = this.#random.next() < (this.#plan.noAnswerRatio ?? 0)
    const answerS = this.#draw(this.#plan.answerS, [1, 5])
    if (isIgnored || this.#isAway) return
    this.#wait(answerS, () => this.#switch.door({ kind: 'answer', callId, device: this.#dn }))
  }

  #talks(callId: string): void {
    this.#callId = callId
    this.#isTalking = true
    const talkS = this.#draw(this.#plan.talkS, [20, 120])
    this.#wait(talkS, () => this.#switch.door({ kind: 'release', callId, device: this.#dn }))
  }

  #isFree(): void {
    const hasTalked = this.#isTalking
    this.#callId = undefined
    this.#isTalking = false
    this.#next?.cancel()
    if (!hasTalked) {
      if (this.#wantsBreak) this.#takeBreak()
      return
    }
    const workS = this.#draw(this.#plan.afterCallWorkS, [0, 0])
    if (workS <= 0) return this.#becomeReady()
    this.#switch.setAgentState(this.#id, 'afterCallWork')
    this.#wait(workS, () => this.#becomeReady())
  }

  #becomeReady(): void {
    if (this.#wantsBreak) return this.#takeBreak()
    this.#switch.setAgentState(this.#id, 'ready')
  }

  #planBreak(): void {
    const { breaks } = this.#plan
    if (breaks === undefined) return
    this.#time.after(this.#random.between(breaks.everyS), () => {
      this.#wantsBreak = true
      if (this.#callId === undefined) this.#becomeReady()
    })
  }

  #takeBreak(): void {
    const { breaks } = this.#plan
    this.#wantsBreak = false
    if (breaks === undefined) return
    this.#next?.cancel()
    this.#isAway = true
    this.#switch.setAgentState(this.#id, 'notReady', breaks.reason ?? 'break')
    this.#time.after(this.#random.between(breaks.lengthS), () => {
      this.#isAway = false
      this.#becomeReady()
      this.#planBreak()
    })
  }

  #wait(delayS: number, callback: () => void): void {
    this.#next?.cancel()
    this.#next = this.#time.after(delayS, callback)
  }

  #draw(range: NumberRange | undefined, otherwise: NumberRange): number {
    return this.#random.between(range ?? otherwise)
  }
}
