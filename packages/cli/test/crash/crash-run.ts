import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { EndedCall, SwitchCounters } from '@segue/adapters'
import { startProgram, type Program } from './program.ts'
import { phasesAtDeath, storedRun, type CallPhase, type StoredRun } from './stored-state.ts'

/** What is killed in a run, and how. `stop`: the server is told to end with SIGTERM. */
export type Victim = 'server' | 'switch' | 'stop'

/** One run: simulated calls with processes dying in the middle. */
export interface CrashPlan {
  readonly victim: Victim
  /** Folder with segue.yaml and simulation.json. */
  readonly folder: string
  /** Empty folder for data, journal and plan. */
  readonly scratch: string
  readonly calls: number
  readonly kills: number
  readonly seed: number
  readonly speed: number
  readonly ratePerMinute: number
}

/** What came of a run. */
export interface CrashReport {
  readonly seed: number
  readonly endStates: readonly EndedCall[]
  readonly counters: SwitchCounters
  /** Phases that calls were in when processes died: most calls at one death. */
  readonly phases: Readonly<Partial<Record<CallPhase, number>>>
  readonly kills: number
  /** Keys of all commands that the switch performed, in order. */
  readonly keys: readonly string[]
  readonly agents: readonly AgentGroup[]
  /** Log lines of the servers at level error or above. */
  readonly errors: readonly string[]
  readonly stored: StoredRun
}

/** A group as `/api/v1/status` shows it. */
export interface AgentGroup {
  readonly name: string
  readonly waiting: number
  readonly loggedIn: number
  readonly ready: number
  readonly ringing: number
  readonly talking: number
}

const START_TIMEOUT_MS = 30_000
const ANSWER_TIMEOUT_MS = 15_000
/** All calls have an end well before: patience and talk are bounded. */
const CALLS_TIMEOUT_MS = 120_000
const SETTLE_TIMEOUT_MS = 30_000
const POLL_MS = 40
const PHASE_WAIT_MS = 15_000
const TOKEN = 'a-token-for-this-run'
/** The rare ones first, while many calls are still to come. */
const PHASES: readonly CallPhase[] = ['ringing', 'talking', 'dialog', 'queue']

/** Runs a plan. Every process is ended by its id, also when something fails. */
export async function crashRun(plan: CrashPlan): Promise<CrashReport> {
  await using run = new CrashRun(plan)
  return await run.run()
}

/** Runs end at the same places of the stream of calls for the same seed; the processes themselves are not that exact. */
function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 4_294_967_296
  }
}

class CrashRun {
  readonly #plan: CrashPlan
  readonly #random: () => number
  readonly #journal: string
  readonly #data: string
  readonly #people: string
  readonly #epoch = Date.now()
  readonly #phases: Partial<Record<CallPhase, number>> = {}
  readonly #errors: string[] = []
  #switch: Program | undefined
  #server: Program | undefined
  #port = 0
  #url = ''
  #apiToken = ''
  #kills = 0

  constructor(plan: CrashPlan) {
    this.#plan = plan
    this.#random = randomOf(plan.seed)
    this.#journal = join(plan.scratch, 'switch.journal')
    this.#data = join(plan.scratch, 'data')
    this.#people = join(plan.scratch, 'people.json')
  }

  async run(): Promise<CrashReport> {
    const { kills, calls } = this.#plan
    await this.#writePeople()
    await this.#startSwitch(calls, 0)
    await this.#startServer()
    for (let kill = 0; kill < kills; kill++) {
      await this.#arrived(Math.floor((calls * (kill + 0.3 + 0.6 * this.#random())) / (kills + 0.5)))
      await this.#kill(kill)
    }
    return await this.#finish()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#switch?.[Symbol.asyncDispose](), this.#server?.[Symbol.asyncDispose]()])
  }

  /** The people of the folder, with short talks and telephones that ring in vain, so that every phase has calls all the time. */
  async #writePeople(): Promise<void> {
    const planned: unknown = JSON.parse(await readFile(join(this.#plan.folder, 'simulation.json'), 'utf8'))
    const people = Object.assign({}, planned, {
      ringS: 8,
      answerS: [2, 6],
      talkS: [6, 20],
      afterCallWorkS: [1, 3],
      noAnswerRatio: 0.15,
    })
    await writeFile(this.#people, JSON.stringify(people))
  }

  async #startSwitch(calls: number, life: number): Promise<void> {
    const { seed, ratePerMinute } = this.#plan
    const words = ['--plan', this.#people, '--journal', this.#journal, '--token', TOKEN]
    const numbers = { port: this.#port, calls, rate: ratePerMinute, seed: seed + life * 1_000 }
    this.#switch = startProgram(['sim-switch', ...words, ...options(numbers), ...this.#pace()])
    this.#port = Number((await this.#switch.line('listening', START_TIMEOUT_MS))['listening'])
  }

  async #startServer(): Promise<void> {
    this.#server = this.#spawnServer()
    this.#url = String((await this.#server.line('listening', START_TIMEOUT_MS))['listening'])
    this.#apiToken = (await readFile(join(this.#data, 'api-token'), 'utf8')).trim()
  }

  #spawnServer(): Program {
    const words = ['--switch', `SIP_Harbour=127.0.0.1:${this.#port}`, '--switch-token', TOKEN, '--data', this.#data]
    return startProgram(['serve', this.#plan.folder, ...words, '--port', '0', ...this.#pace()])
  }

  #pace(): readonly string[] {
    return options({ speed: this.#plan.speed, epoch: this.#epoch })
  }

  /** Waits until so many calls have arrived. */
  async #arrived(calls: number): Promise<void> {
    await until(`${calls} calls arrived`, CALLS_TIMEOUT_MS, async () => (await this.#counters()).arrived >= calls)
  }

  async #kill(kill: number): Promise<void> {
    const phase = PHASES[kill % PHASES.length] ?? 'queue'
    const deadline = Date.now() + PHASE_WAIT_MS
    while (!(await this.#isIn(phase)) && Date.now() < deadline) await pause(POLL_MS)
    await pause(this.#random() * POLL_MS)
    this.#kills += 1
    switch (this.#plan.victim) {
      case 'server':
        await this.#endServer('SIGKILL')
        await this.#notePhases()
        // Every third time the way back is cut off as well.
        if (kill % 3 === 2) await this.#killWhileStarting()
        return this.#startServer()
      case 'stop':
        await this.#endServer('SIGTERM')
        await this.#notePhases()
        return this.#startServer()
      case 'switch':
        await this.#switch?.end('SIGKILL')
        await this.#notePhases()
        return this.#startSwitch(this.#plan.calls - (await this.#journalledCalls()), kill + 1)
    }
  }

  async #killWhileStarting(): Promise<void> {
    await using victim = this.#spawnServer()
    await pause(100 + this.#random() * 900)
    await victim.end('SIGKILL')
    this.#keepErrors(victim)
  }

  async #endServer(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    const end = await server.end(signal)
    this.#keepErrors(server)
    if (signal === 'SIGTERM' && end !== 0) throw new Error(`the server ended with ${end}: ${server.stderr()}`)
  }

  #keepErrors(server: Program): void {
    for (const line of server.stderr().split('\n')) {
      if (line !== '' && !/"level":[1-4]\d\b/.test(line)) this.#errors.push(line)
    }
  }

  async #notePhases(): Promise<void> {
    for (const [phase, count] of await phasesAtDeath(this.#data)) {
      this.#phases[phase] = Math.max(this.#phases[phase] ?? 0, count)
    }
  }

  async #isIn(phase: CallPhase): Promise<boolean> {
    if (phase === 'ringing' || phase === 'talking') return (await this.#groups()).some((group) => group[phase] > 0)
    const { sessions } = await this.#api<{ sessions: readonly { states?: string }[] }>('/api/v1/sessions?limit=500')
    const states = phase === 'dialog' ? /Greeting|Play/ : /Shares|Everybody/
    return sessions.some((session) => states.test(session.states ?? ''))
  }

  async #finish(): Promise<CrashReport> {
    await this.#switch?.line('callsDone', CALLS_TIMEOUT_MS)
    await until('no session and no interaction runs', SETTLE_TIMEOUT_MS, async () => (await this.#running()) === 0)
    await until('every agent is free', SETTLE_TIMEOUT_MS, async () => {
      return (await this.#groups()).every((group) => group.ready === group.loggedIn && group.talking === 0)
    }).catch(() => undefined)
    const agents = await this.#groups()
    const table = await this.#ask('endstates', 'endStates')
    await this.#endServer('SIGTERM')
    const keys = await this.#journalledKeys()
    await this.#switch?.end('SIGTERM')
    return {
      seed: this.#plan.seed,
      // Written by the switch process in this form.
      endStates: table['endStates'] as readonly EndedCall[],
      counters: table['counters'] as SwitchCounters,
      phases: this.#phases,
      kills: this.#kills,
      keys,
      agents,
      errors: this.#errors,
      stored: await storedRun(this.#data),
    }
  }

  async #running(): Promise<number> {
    const { sessions } = await this.#api<{ sessions: readonly object[] }>('/api/v1/sessions')
    const { interactions } = await this.#api<{ interactions: readonly object[] }>('/api/v1/interactions')
    return sessions.length + interactions.length
  }

  async #groups(): Promise<readonly AgentGroup[]> {
    const { domain } = await this.#api<{ domain: { groups: readonly AgentGroup[] } | null }>('/api/v1/status')
    return domain?.groups ?? []
  }

  async #api<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#apiToken}` },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    // The interface answers in this form.
    return (await response.json()) as T
  }

  async #counters(): Promise<SwitchCounters> {
    // Written by the switch process in this form.
    return (await this.#ask('counters', 'counters'))['counters'] as SwitchCounters
  }

  #ask(text: string, member: string): Promise<Readonly<Record<string, unknown>>> {
    if (this.#switch === undefined) throw new Error('no switch runs')
    return this.#switch.ask(text, member, ANSWER_TIMEOUT_MS)
  }

  async #journalledCalls(): Promise<number> {
    const records = await this.#records()
    const named = records.filter(({ kind }) => kind === 'call' || kind === 'end')
    return new Set(named.map(({ callId }) => callId)).size
  }

  async #journalledKeys(): Promise<readonly string[]> {
    return (await this.#records()).filter(({ kind }) => kind === 'key').map(({ key }) => String(key))
  }

  async #records(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const text = await readFile(this.#journal, 'utf8')
    return text.split('\n').flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Readonly<Record<string, unknown>>]
      } catch {
        // The line that the kill cut off.
        return []
      }
    })
  }
}

function options(values: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)])
}

async function until(what: string, timeoutMs: number, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await pause(POLL_MS)
  }
}
