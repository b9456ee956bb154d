import { createHash } from 'node:crypto'
import { createSimulatedSwitch, memoryStore } from '@segue/adapters'
import type { SimulatedSwitch } from '@segue/adapters'
import type { CallSnapshot } from '@segue/contact'
import type { RuntimeLimits, Store } from '@segue/runtime'
import { chanceOf, type Chance } from '../../../runtime/test/simulation/chance.ts'
import { Completions } from '../../../runtime/test/simulation/completions.ts'
import { SimulatedClock } from '../../../runtime/test/simulation/simulated-clock.ts'
import { AGENTS, deskConfiguration, POINTS, SWITCH, TEAMS } from './desk.ts'
import { NodeLife, PARTITIONS } from './node-life.ts'
import { RoutingModel } from './routing-model.ts'

/** What one seed came to. */
export interface RoutingOutcome {
  readonly seed: number
  readonly actions: number
  readonly calls: number
  readonly decisions: number
  readonly servedAtRest: number
  readonly crashes: number
  readonly takeovers: number
  readonly digest: string
  readonly findings: readonly string[]
  readonly story: readonly string[]
}

const START_EPOCH_MS = 1_700_000_000_000
const ACTIONS = 320
const MAX_CALLS = 12
const MAX_ROUNDS = 6000
/** Longer than every pause that routing makes, and than the timers' look into the store. */
const REST_MS = 60_000
const RING_MS = 20_000
const IMPOSSIBLE = ['SEG-RUNTIME-005', 'SEG-RUNTIME-007', 'SEG-RUNTIME-008', 'SEG-RUNTIME-009']

/** Runs the whole contact centre under a seeded scheduler: the same seed does the same in every run. */
export async function simulateRouting(seed: number, tell: (line: string) => void = () => {}): Promise<RoutingOutcome> {
  return new RoutingSimulation(seed, tell).run()
}

/** A submit that is not answered. */
interface WaitingRequest {
  readonly key: string
  readonly interactionId: string
  readonly priority: number
  readonly submittedAtEpochMs: number
}

class RoutingSimulation {
  readonly #seed: number
  readonly #tell: (line: string) => void
  readonly #chance: Chance
  readonly #inner: Store = memoryStore({ partitions: PARTITIONS })
  readonly #model = new RoutingModel()
  readonly #completions: Completions
  readonly #clock = new SimulatedClock(START_EPOCH_MS)
  readonly #switch: SimulatedSwitch
  readonly #configuration = deskConfiguration()
  readonly #limits: Partial<RuntimeLimits>
  readonly #digest = createHash('md5')
  readonly #story: string[] = []
  readonly #lives: NodeLife[] = []
  #zombie: NodeLife | undefined
  #isCalm = true
  #actions = 0
  #calls = 0
  #crashes = 0
  #takeovers = 0
  #served = 0

  constructor(seed: number, tell: (line: string) => void) {
    const chance = chanceOf(seed)
    this.#seed = seed
    this.#tell = tell
    this.#chance = chance
    this.#completions = new Completions(chance)
    this.#switch = createSimulatedSwitch({
      clock: this.#clock.of(0),
      seed,
      plan: {
        switchName: SWITCH,
        ringS: RING_MS / 1000,
        routingPoints: Object.keys(POINTS).map((number) => ({ number })),
        agents: Object.entries(AGENTS).map(([id, dn]) => ({ id, dn })),
      },
    })
    this.#limits = {
      maxCommitSteps: chance.oneOf([1, 3, 100]),
      maxResident: chance.oneOf([4, 100]),
      maxEffectsPerType: chance.oneOf([1, 256]),
      purgeEveryMs: 1_000_000_000,
    }
  }

  async run(): Promise<RoutingOutcome> {
    this.#begin()
    await this.#quiet(100)
    this.#isCalm = false
    while (this.#actions < ACTIONS && this.#isSound) {
      this.#actions++
      const what = this.#act()
      await settled()
      this.#note(`${this.#actions} ${what}`)
      this.#look()
    }
    if (this.#isSound) await this.#serveAll()
    if (this.#isSound) await this.#compare()
    for (const life of this.#lives) life.kill()
    return this.#outcome()
  }

  get #isSound(): boolean {
    return this.#model.findings.length === 0
  }

  get #life(): NodeLife {
    const life = this.#lives.at(-1)
    if (life === undefined) throw new Error('nothing was started')
    return life
  }

  #begin(): void {
    this.#lives.push(
      new NodeLife({
        number: this.#lives.length + 1,
        inner: this.#inner,
        model: this.#model,
        completions: this.#completions,
        chance: this.#chance,
        clock: this.#clock,
        simulatedSwitch: this.#switch,
        configuration: this.#configuration,
        limits: this.#limits,
        isCalm: () => this.#isCalm,
      }),
    )
  }

  #act(): string {
    const chance = this.#chance
    if (this.#life.state === 'dead' || chance.happens(0.006)) return this.#crash()
    if (this.#zombie !== undefined && chance.happens(0.03)) return this.#bury()
    if (this.#zombie === undefined && this.#life.state === 'running' && chance.happens(0.006)) {
      this.#takeovers++
      this.#zombie = this.#life
      this.#begin()
      return `life ${this.#life.number} takes over`
    }
    if (this.#completions.size > 0 && chance.happens(0.72)) return this.#complete()
    if (chance.happens(0.45)) return this.#turn(chance.oneOf([1, 20, 200, 1000, 5000, 12_000]))
    return this.#person()
  }

  /** Somebody calls, hangs up, picks up, or changes the state of an agent. */
  #person(): string {
    const chance = this.#chance
    const { calls } = this.#switch.snapshot()
    const call = calls[chance.below(calls.length)]
    const device = call === undefined ? undefined : deviceOf(call)
    if (chance.happens(0.03)) return this.#break()
    const kind = chance.oneOf(['call', 'hangup', 'telephone', 'telephone', 'agent', 'agent'])
    if (kind === 'agent') {
      const agent = this.#anyAgent()
      const state = chance.oneOf(['login', 'ready', 'ready', 'ready', 'notReady', 'logout'] as const)
      this.#switch.setAgentState(agent, state)
      return `${agent}: ${state}`
    }
    if (kind === 'call' || call === undefined) return this.#place()
    if (kind === 'hangup' && chance.happens(0.4)) {
      this.#switch.door({ kind: 'hangup', callId: call.callId })
      return `${call.callId}: the caller hangs up`
    }
    if (device === undefined) return this.#place()
    const action = device.state === 'ringing' ? chance.oneOf(['answer', 'answer', 'release'] as const) : 'release'
    this.#switch.door({ kind: action, callId: call.callId, device: device.number })
    return `${call.callId}: ${action} at ${device.number}`
  }

  /** A message that no step of the domain survives: it is set aside, and nothing else is lost with it. */
  #break(): string {
    const to = { kind: 'domain', id: this.#configuration.tenants[0]?.name ?? '' } as const
    void this.#life.centre.runtime.deliver({ to, source: 'api:broken', body: { kind: 'submit' } })
    return 'something broken comes'
  }

  #place(): string {
    const { calls } = this.#switch.snapshot()
    if (calls.length >= MAX_CALLS) return 'the lines are full'
    const [first = '', ...others] = Object.keys(POINTS)
    const to = this.#chance.oneOf([first, ...others])
    const callId = `CALL${String(++this.#calls).padStart(28, '0')}`
    this.#switch.door({ kind: 'place', call: { from: '0301112233', to, callId } })
    return `${callId} comes to ${to}`
  }

  #anyAgent(): string {
    const [first = '', ...others] = Object.keys(AGENTS)
    return this.#chance.oneOf([first, ...others])
  }

  #complete(): string {
    const completed = this.#completions.next()
    return completed === undefined ? 'nothing is under way' : `life ${completed.life}: ${completed.title}`
  }

  #turn(durationMs: number): string {
    this.#clock.turnTowards(this.#clock.nowMs + durationMs)
    return `it is ${this.#clock.nowMs - START_EPOCH_MS} ms`
  }

  #crash(): string {
    this.#crashes++
    this.#end(this.#life)
    this.#begin()
    return `crash, life ${this.#life.number} begins`
  }

  #bury(): string {
    const zombie = this.#zombie
    if (zombie === undefined) return 'nobody to bury'
    this.#end(zombie)
    this.#zombie = undefined
    return `life ${zombie.number} is over`
  }

  #end(life: NodeLife): void {
    life.kill()
    this.#completions.drop((completion) => completion.life === life.number && this.#chance.happens(0.5))
  }

  /** Nothing fails any more; every caller who waits is served by one agent after the other, the first in line first. */
  async #serveAll(): Promise<void> {
    this.#bury()
    this.#isCalm = true
    if (this.#life.state === 'dead' || this.#chance.happens(0.5)) this.#note(this.#crash())
    for (const agent of Object.keys(AGENTS)) {
      this.#switch.setAgentState(agent, 'login')
      this.#switch.setAgentState(agent, 'notReady')
    }
    await this.#quiet(REST_MS)
    this.#releaseTelephones()
    await this.#quiet(REST_MS)
    this.#releaseTelephones()
    await this.#quiet(REST_MS)
    if (this.#isSound) await this.#checkWaiting()
    const agents = Object.keys(AGENTS)
    for (let turn = 0; this.#isSound && this.#atPoints().length > 0 && turn < 5 * MAX_CALLS; turn++) {
      await this.#serveOne(agents[turn % agents.length] ?? '')
    }
    if (this.#isSound && this.#atPoints().length > 0) this.#finds('callers are left that nobody serves')
  }

  async #serveOne(agent: string): Promise<void> {
    const device = AGENTS[agent] ?? ''
    const possible = (await this.#waiting()).filter((request) => this.#mayServe(agent, request))
    this.#switch.setAgentState(agent, 'ready')
    // Before the telephone gives the call back that nobody answers.
    await this.#quiet(RING_MS / 2)
    const call = this.#switch.snapshot().calls.find((one) => deviceOf(one)?.number === device)
    this.#note(`${agent} is ready and gets ${call?.callId ?? 'nothing'}`)
    if (call === undefined) {
      if (possible.length > 0) this.#finds(`${agent} is free and gets nothing though ${possible.length} callers wait`)
      return
    }
    this.#served++
    const own = possible.find(({ interactionId }) => interactionId === call.callId)
    const better = possible.find((other) => own !== undefined && isBetter(other, own))
    if (own === undefined) this.#finds(`${agent} gets ${call.callId}, which does not wait for this agent`)
    else if (better !== undefined) this.#finds(`${agent} gets ${call.callId} before ${better.interactionId}`)
    this.#switch.door({ kind: 'answer', callId: call.callId, device })
    await this.#quiet(1000)
    this.#switch.setAgentState(agent, 'notReady')
    await this.#quiet(1000)
    this.#switch.door({ kind: 'release', callId: call.callId, device })
    await this.#quiet(REST_MS / 2)
  }

  #mayServe(agent: string, { interactionId }: WaitingRequest): boolean {
    const call = this.#switch.snapshot().calls.find(({ callId }) => callId === interactionId)
    return call !== undefined && (TEAMS[call.dnis]?.includes(agent) ?? false)
  }

  /** Every caller at a routing point has a request that waits. */
  async #checkWaiting(): Promise<void> {
    const waiting = new Set((await this.#waiting()).map(({ interactionId }) => interactionId))
    for (const { callId } of this.#atPoints()) {
      if (!waiting.has(callId)) this.#finds(`${callId} waits at its routing point and nobody looks for an agent`)
    }
  }

  async #waiting(): Promise<readonly WaitingRequest[]> {
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition)
    const rows = await this.#inner.query({ kind: 'effects', partitions, limit: 10_000 })
    return rows.flatMap(({ body, key, mode, type }) => {
      const { message } = JSON.parse(body)
      return type === 'message' && mode === 'open' && message.kind === 'submit' ? [{ key, ...message.request }] : []
    })
  }

  #atPoints(): readonly CallSnapshot[] {
    return this.#switch.snapshot().calls.filter(({ atRoutingPoint }) => atRoutingPoint !== '')
  }

  #releaseTelephones(): void {
    for (const call of this.#switch.snapshot().calls) {
      const device = deviceOf(call)
      if (device !== undefined) this.#switch.door({ kind: 'release', callId: call.callId, device: device.number })
    }
  }

  /** Everything that was begun comes to its end, and time passes. */
  async #quiet(durationMs: number): Promise<void> {
    const untilEpochMs = this.#clock.nowMs + durationMs
    for (let rounds = 0; this.#isSound; rounds++) {
      if (rounds > MAX_ROUNDS) return this.#finds('there is no end')
      if (this.#life.state === 'dead') this.#note(this.#crash())
      else if (this.#completions.size > 0) this.#note(this.#complete())
      else if (this.#clock.nowMs < untilEpochMs) this.#clock.turnTowards(untilEpochMs)
      else return
      await settled()
      this.#look()
    }
  }

  /** All callers have gone: nothing of them is left. */
  async #compare(): Promise<void> {
    for (const { callId } of this.#switch.snapshot().calls) this.#switch.door({ kind: 'hangup', callId })
    await this.#quiet(2 * REST_MS)
    const { effects, inbox, interactions, sessions, timers } = await this.#inner.query({ kind: 'counts' })
    const left = { effects, inbox, interactions, sessions }
    if (effects + inbox + interactions + sessions > 0) this.#finds(`left over: ${JSON.stringify({ ...left, timers })}`)
    const summary = this.#life.centre.summary()
    if (summary !== undefined && summary.waiting > 0) this.#finds(`${summary.waiting} requests wait for nobody`)
    for (const agent of summary?.agents ?? []) {
      if (agent.interactions.length > 0) this.#finds(`${agent.id} is said to be in a call`)
    }
  }

  #look(): void {
    for (const news of this.#model.news.splice(0)) this.#note(`    ${news}`)
    for (const life of this.#lives) {
      const incident = life.incidents.find(({ code }) => IMPOSSIBLE.includes(code ?? ''))
      if (incident !== undefined) this.#finds(`life ${life.number}: ${incident.message}`)
    }
  }

  #finds(finding: string): void {
    this.#model.findings.push(finding)
  }

  #note(line: string): void {
    this.#digest.update(`${line}\n`)
    if (this.#story.push(line) > 120) this.#story.shift()
    this.#tell(line)
  }

  #outcome(): RoutingOutcome {
    return {
      seed: this.#seed,
      actions: this.#actions,
      calls: this.#calls,
      decisions: this.#model.decisions,
      servedAtRest: this.#served,
      crashes: this.#crashes,
      takeovers: this.#takeovers,
      digest: this.#digest.update(this.#model.findings.join()).digest('hex'),
      findings: this.#model.findings,
      story: this.#story,
    }
  }
}

/** Telephone of an agent where the call rings or is talked about. */
function deviceOf({ parties }: CallSnapshot): { readonly number: string; readonly state: string } | undefined {
  const telephones = Object.values(AGENTS)
  for (const { device, state } of parties) {
    if (device !== null && state !== 'released' && telephones.includes(device)) return { number: device, state }
  }
  return undefined
}

function isBetter(one: WaitingRequest, other: WaitingRequest): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority
  return one.submittedAtEpochMs < other.submittedAtEpochMs
}

/** Lets everything run that needs no completion: promises, and what waits for a turn of the event loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}
