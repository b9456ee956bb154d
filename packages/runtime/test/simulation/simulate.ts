import { createHash } from 'node:crypto'
import { memoryStore } from '@segue/adapters'
import type { RuntimeLimits } from '../../src/entity/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import { chanceOf, type Chance } from './chance.ts'
import { Clients } from './clients.ts'
import { Completions } from './completions.ts'
import { Life, PARTITIONS } from './life.ts'
import { Model } from './model.ts'
import { SimulatedClock } from './simulated-clock.ts'
import type { Subject } from './subject.ts'

/** What one seed came to. */
export interface SimulationOutcome {
  readonly seed: number
  readonly subject: string
  readonly actions: number
  readonly crashes: number
  readonly takeovers: number
  readonly reorderings: number
  readonly steps: number
  readonly effects: number
  readonly repeatedEffects: number
  readonly overloads: number
  /** What operators decided about incidents. */
  readonly decisions: number
  /** Steps of which nothing is stored. */
  readonly volatileSteps: number
  /** Digest of everything that happened: equal when a seed is run again. */
  readonly digest: string
  /** What is wrong; empty when nothing is. */
  readonly findings: readonly string[]
  /** The last actions, for people. */
  readonly story: readonly string[]
}

const START_EPOCH_MS = 1_700_000_000_000
const ACTIONS = 240
const MAX_CALM_ROUNDS = 4000
/** Longer than any timer, and than the timers' look into the store. */
const CALM_MS = 400_000
/** Incidents that a run without damage never has. */
const IMPOSSIBLE = ['SEG-RUNTIME-005', 'SEG-RUNTIME-007', 'SEG-RUNTIME-008', 'SEG-RUNTIME-009']

/** Runs one seed: the same seed does the same in every run. */
export async function simulate(
  seed: number,
  subject: Subject,
  tell: (line: string) => void = () => {},
): Promise<SimulationOutcome> {
  return new Simulation(seed, subject, tell).run()
}

class Simulation {
  readonly #seed: number
  readonly #subject: Subject
  readonly #tell: (line: string) => void
  readonly #chance: Chance
  readonly #inner: Store = memoryStore({ partitions: PARTITIONS })
  readonly #model: Model
  readonly #completions: Completions
  readonly #clock = new SimulatedClock(START_EPOCH_MS)
  readonly #clients: Clients
  readonly #limits: Partial<RuntimeLimits>
  readonly #digest = createHash('md5')
  readonly #story: string[] = []
  readonly #lives: Life[] = []
  /** A former life that does not know yet that another one took over. */
  #zombie: Life | undefined
  #isCalm = false
  #actions = 0
  #crashes = 0
  #takeovers = 0

  constructor(seed: number, subject: Subject, tell: (line: string) => void) {
    const chance = chanceOf(seed)
    this.#seed = seed
    this.#subject = subject
    this.#tell = tell
    this.#chance = chance
    this.#model = new Model(subject.read, subject.classOf)
    this.#completions = new Completions(chance)
    this.#clients = new Clients(chance, this.#model, subject)
    this.#limits = {
      maxMailbox: chance.oneOf([3, 20, 1000]),
      maxPending: chance.oneOf([8, 1000]),
      maxCommitSteps: chance.oneOf([1, 3, 100]),
      commitWindowMs: chance.oneOf([0, 0, 5]),
      maxResident: chance.oneOf([2, 3, 100]),
      maxEffectsPerType: chance.oneOf([1, 2, 256]),
      purgeEveryMs: 1_000_000_000,
    }
  }

  async run(): Promise<SimulationOutcome> {
    this.#isCalm = true
    this.#begin()
    await this.#startEntities()
    this.#isCalm = false
    const crashAt = 20 + this.#chance.below(ACTIONS - 40)
    while (this.#actions < ACTIONS && this.#model.findings.length === 0) {
      await this.#act(this.#actions === crashAt ? 'crash' : this.#choice())
    }
    if (this.#model.findings.length === 0) await this.#comeToRest()
    for (const life of this.#lives) life.kill()
    return this.#outcome()
  }

  get #life(): Life {
    const life = this.#lives.at(-1)
    if (life === undefined) throw new Error('nothing was started')
    return life
  }

  #begin(): void {
    const life = new Life({
      number: this.#lives.length + 1,
      subject: this.#subject,
      inner: this.#inner,
      model: this.#model,
      completions: this.#completions,
      chance: this.#chance,
      clock: this.#clock,
      limits: this.#limits,
      isCalm: () => this.#isCalm,
    })
    this.#lives.push(life)
  }

  /** Entities that nobody creates by a message are there before anything goes wrong. */
  async #startEntities(): Promise<void> {
    const { ids, start } = this.#subject
    if (start === undefined) return
    let left = ids.length
    const started = this.#life.runtime
    await this.#drain(() => this.#life.state === 'running')
    for (const id of ids) {
      const to = { kind: 'session' as const, id }
      const message = { to, source: 'api:start', sequence: 1, creates: true, body: start }
      void started.deliver(message).then(() => left--)
      await this.#drain(() => left === ids.length - 1 - ids.indexOf(id))
    }
  }

  async #drain(isDone: () => boolean): Promise<void> {
    for (let round = 0; round < MAX_CALM_ROUNDS && !isDone(); round++) {
      if (this.#completions.next() === undefined) this.#clock.turnTowards(this.#clock.nowMs + 1)
      await settled()
    }
  }

  #choice(): Action {
    const chance = this.#chance
    if (this.#life.state === 'dead') return 'crash'
    if (this.#zombie !== undefined && chance.happens(0.02)) return 'burial'
    if (chance.happens(0.004)) return 'crash'
    if (this.#zombie === undefined && this.#life.state === 'running' && chance.happens(0.006)) return 'takeover'
    if (this.#model.incidents.open.length > 0 && chance.happens(0.03)) return 'operator'
    if (this.#completions.size > 0 && chance.happens(0.62)) return 'completion'
    if (chance.happens(0.12)) return 'repetition'
    return chance.happens(0.35) ? 'time' : 'message'
  }

  async #act(action: Action): Promise<void> {
    this.#actions++
    const what = this.#do(action)
    await settled()
    this.#note(`${this.#actions} ${what}`)
    this.#look()
  }

  #do(action: Action): string {
    switch (action) {
      case 'completion':
        return this.#complete()
      case 'message':
        return this.#clients.send(this.#addressee())
      case 'repetition':
        return this.#clients.repeat(this.#addressee())
      case 'time':
        return this.#turn(this.#chance.oneOf([1, 5, 25, 100, 1000, 20_000]))
      case 'crash':
        return this.#crash()
      case 'takeover':
        this.#takeovers++
        this.#zombie = this.#life
        this.#begin()
        return `life ${this.#life.number} takes over`
      case 'burial':
        return this.#bury()
      case 'operator':
        return this.#decide()
    }
  }

  #complete(): string {
    const completed = this.#completions.next()
    return completed === undefined ? 'nothing is under way' : `life ${completed.life}: ${completed.title}`
  }

  /** Now and then somebody still talks to the node that was taken over. */
  #addressee(): Life {
    return this.#zombie !== undefined && this.#chance.happens(0.5) ? this.#zombie : this.#life
  }

  /** Somebody decides about an incident. */
  #decide(): string {
    const { incidents } = this.#model
    const record = incidents.open[this.#chance.below(incidents.open.length)]
    const [first, ...others] = record?.actions ?? []
    if (record === undefined || first === undefined) return 'nothing to decide'
    const action = this.#chance.oneOf([first, ...others])
    if (action === 'retry' && (this.#isCalm || this.#chance.happens(0.7))) incidents.cure(record)
    const life = this.#addressee()
    life.runtime.resolveIncident(record.id, action).then(
      (resolution) => (life.state === 'dead' ? undefined : incidents.answers(record.id, resolution)),
      // The store did not say what is on record: the operator asks again.
      () => undefined,
    )
    return `an operator decides: ${action} ${record.id}`
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

  #end(life: Life): void {
    life.kill()
    this.#clients.lose(life.number)
    // Half of what is on its way never arrives.
    this.#completions.drop((completion) => completion.life === life.number && this.#chance.happens(0.5))
  }

  /** Nothing fails any more; all that was begun has to come to its end. */
  async #comeToRest(): Promise<void> {
    this.#bury()
    this.#isCalm = true
    if (this.#life.state === 'dead' || this.#chance.happens(0.5)) this.#note(this.#crash())
    // Then nothing but the start of a node brings back what was acknowledged.
    if (this.#chance.happens(0.3)) this.#clients.giveUp()
    this.#model.calms(this.#clock.nowMs)
    const untilEpochMs = this.#clock.nowMs + CALM_MS
    let rounds = 0
    while (this.#model.findings.length === 0) {
      if (rounds++ > MAX_CALM_ROUNDS) {
        this.#model.findings.push('there is no end')
        return
      }
      if (this.#life.state === 'dead') this.#note(this.#crash())
      else if (this.#completions.size > 0) this.#note(this.#complete())
      else if (!this.#clients.isDone) {
        this.#clients.sendRest(this.#life)
        this.#turn(50)
      } else if (this.#model.incidents.open.length > 0) {
        this.#note(this.#decide())
        this.#turn(50)
      } else if (this.#clock.nowMs < untilEpochMs) this.#turn(untilEpochMs - this.#clock.nowMs)
      else break
      await settled()
      this.#look()
    }
    if (this.#model.findings.length > 0) return
    this.#model.settles(this.#life.number)
    await this.#compare()
  }

  /** What the store holds is what the model took. */
  async #compare(): Promise<void> {
    const counts = await this.#inner.query({ kind: 'counts' })
    if (counts.effects + counts.timers + counts.inbox > 0)
      this.#model.findings.push(`left over: ${JSON.stringify(counts)}`)
    for (const id of this.#subject.ids) {
      const [stored] = await this.#inner.load([{ kind: 'session', id }])
      const taken = this.#model.takenBy(`session/${id}`)
      const finding =
        stored === undefined
          ? taken.length > 0
            ? 'is not there'
            : undefined
          : await this.#subject.check(stored, taken)
      if (finding !== undefined) this.#model.findings.push(`session/${id}: ${finding}`)
    }
  }

  /** What has to hold after every action, besides what the model looks at. */
  #look(): void {
    for (const news of this.#model.news.splice(0)) this.#note(`    ${news}`)
    const { maxPending = 0, maxResident = 0 } = this.#limits
    for (const life of this.#lives) {
      const incident = life.incidents.find(({ code }) => IMPOSSIBLE.includes(code ?? ''))
      if (incident !== undefined) this.#model.findings.push(`life ${life.number}: ${incident.message}`)
      const isReread = this.#takeovers === 0 && life.incidents.some(({ code }) => code === 'SEG-RUNTIME-004')
      if (isReread) this.#model.findings.push(`life ${life.number} read a partition again though nobody else wrote`)
    }
    const waiting = this.#clients.waitingFor(this.#life.number)
    if (this.#life.state === 'running' && waiting > maxPending)
      this.#model.findings.push(`${waiting} messages wait, ${maxPending} are the most`)
    const { size } = this.#life
    const isQuiet = waiting === 0 && this.#completions.size === 0
    if (size !== undefined && isQuiet && size > maxResident + this.#subject.ids.length)
      this.#model.findings.push(`${size} entities are in memory, ${maxResident} are the most`)
  }

  #note(line: string): void {
    this.#digest.update(`${line}\n`)
    if (this.#story.push(line) > 80) this.#story.shift()
    this.#tell(line)
  }

  #outcome(): SimulationOutcome {
    return {
      seed: this.#seed,
      subject: this.#subject.name,
      actions: this.#actions,
      crashes: this.#crashes,
      takeovers: this.#takeovers,
      reorderings: this.#completions.reorderings,
      steps: this.#model.takenTexts,
      effects: this.#model.plannedEffects,
      repeatedEffects: this.#lives.reduce((sum, life) => sum + life.repeatedEffects, 0),
      overloads: this.#clients.overloads,
      decisions: this.#model.incidents.decisions,
      volatileSteps: this.#model.volatile.steps,
      digest: this.#digest.update(this.#model.findings.join()).digest('hex'),
      findings: this.#model.findings,
      story: this.#story,
    }
  }
}

type Action = 'operator' | 'completion' | 'message' | 'repetition' | 'time' | 'crash' | 'takeover' | 'burial'

/** Lets everything run that needs no completion: promises, and what waits for a turn of the event loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}
