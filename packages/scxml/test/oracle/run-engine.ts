import {
  activeStates,
  createApplication,
  createSession,
  decodeValue,
  load,
  restore,
  sameRealm,
  snapshot,
  start,
  step,
} from '../../src/index.ts'
import type {
  Application,
  Chart,
  IncomingEvent,
  Session,
  SessionSnapshot,
  StepHost,
  StepInput,
  StepOutcome,
  TraceRecord,
} from '../../src/index.ts'
import { ownStepsPerItem, variableNames } from './chart-model.ts'
import type { ChartModel, Item, Observation } from './chart-model.ts'
import { writeDocument } from './write-document.ts'

const url = 'file:///oracle/main.scxml'
const input: StepInput = { nowMs: 1_000_000, seed: 1 }
const host: StepHost = {
  modules: [],
  documentUrl: url,
  view: () => '{}',
  viewVersion: () => 0,
  call: () => ({ ok: false, message: 'there are no modules' }),
  act: () => undefined,
}

/** The engine's chart of a model. Errors: throws with the findings when the document is refused. */
export async function loadChart(model: ChartModel): Promise<Chart> {
  const text = writeDocument(model)
  const resolve = () => Promise.resolve({ found: true as const, source: { url, text } })
  const { chart, diagnostics } = await load(url, { resolve, modules: [] })
  if (chart !== undefined) return chart
  throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'))
}

/** All that a process needs to know to go on with a session. */
export interface StoppedRun {
  readonly saved: string
  /** Timers that the world holds. */
  readonly timers: readonly string[]
}

/** A session of the engine, driven and seen as the oracle is. */
export class EngineRun {
  readonly #reloadIn: (() => Application) | undefined
  #session: Session
  #timers: readonly string[] = []
  #lines: string[] = []

  /** `reloadIn`: makes the application in which the session goes on after every single step; absent: it just stays. */
  constructor(application: Application, reloadIn?: () => Application) {
    this.#session = createSession(application, { sessionId: 'S', parameters: {}, ioProcessors: '{}' })
    this.#reloadIn = reloadIn
  }

  /** Goes on with a session that was stopped elsewhere. */
  static resume(application: Application, { saved, timers }: StoppedRun): EngineRun {
    const run = new EngineRun(application)
    run.#session = reload(application, saved)
    run.#timers = timers
    return run
  }

  start(): Observation {
    this.#keep(start(this.#session, input, host))
    return this.#drain()
  }

  deliver(item: Item): Observation {
    const event = this.#incoming(item)
    this.#keep(step(this.#session, event, input, host))
    return this.#drain()
  }

  get stopped(): StoppedRun {
    return { saved: this.saved, timers: this.#timers }
  }

  /** Everything that is kept of the session, as text. */
  get saved(): string {
    return JSON.stringify(snapshot(this.#session))
  }

  #incoming(item: Item): IncomingEvent {
    switch (item.kind) {
      case 'event':
        return { kind: 'event', name: item.name, ...(item.v !== undefined && { data: `{"v":${item.v}}` }) }
      case 'fire': {
        const position = item.position % Math.max(1, this.#timers.length)
        const due = this.#timers[position] ?? 'none'
        this.#timers = this.#timers.filter((_, i) => i !== position)
        return { kind: 'timer', sendId: due }
      }
      case 'terminate':
        return { kind: 'terminate', reason: 'test' }
    }
  }

  #drain(): Observation {
    for (let i = 0; i < ownStepsPerItem && this.#session.isRunning; i += 1) {
      const outcome = step(this.#session, undefined, input, host)
      if (outcome.taken === undefined) break
      this.#keep(outcome)
    }
    const lines = this.#lines
    this.#lines = []
    const saved = snapshot(this.#session)
    return {
      lines,
      configuration: activeStates(this.#session),
      variables: variableTexts(this.#session.application, saved),
      timers: this.#timers.length,
      queued: saved.frame.queue.length,
    }
  }

  #keep({ effects, ended, trace }: StepOutcome): void {
    for (const effect of effects) {
      if (effect.kind === 'timer') this.#timers = [...this.#timers, effect.sendId]
      if (effect.kind === 'cancelTimer') this.#timers = this.#timers.filter((sendId) => sendId !== effect.sendId)
    }
    for (const record of trace) this.#lines.push(lineOf(record, ended?.data))
    if (this.#reloadIn !== undefined) this.#session = reload(this.#reloadIn(), this.saved)
  }
}

/** Applications of one chart: making one costs more than running a few events. */
export class Applications {
  readonly #chart: Chart
  readonly #made: Application[] = []
  #turn = 0

  constructor(chart: Chart) {
    this.#chart = chart
  }

  get application(): Application {
    return this.#at(0)
  }

  run(): EngineRun {
    return new EngineRun(this.application)
  }

  /** A session that goes on in another application after every step. */
  reloadedRun(): EngineRun {
    return new EngineRun(this.application, () => {
      this.#turn = 1 - this.#turn
      return this.#at(this.#turn)
    })
  }

  #at(position: number): Application {
    const made = (this.#made[position] ??= createApplication(this.#chart, sameRealm()))
    return made
  }
}

function reload(application: Application, saved: string): Session {
  const parsed: SessionSnapshot = JSON.parse(saved)
  return restore(application, parsed)
}

function lineOf(record: TraceRecord, endData: string | undefined): string {
  switch (record.kind) {
    case 'event':
      return `event ${record.name} ${record.type}`
    case 'eventDropped':
      return `dropped ${record.reason}`
    case 'exit':
    case 'enter':
      return `${record.kind} ${record.state}`
    case 'transition':
      return `take ${record.source} -> ${record.targets.join(' ')} on ${record.event ?? 'nothing'}`
    case 'log':
      return `log ${record.text}`
    case 'send':
      return `send ${record.event}`
    case 'error':
      return `error ${record.event}`
    case 'done':
      return `done ${record.reason}${endData === undefined ? '' : ` ${memberText(decodeValue(endData))}`}`
    case 'action':
      return `action ${record.element}`
  }
}

function memberText(data: unknown): string {
  return typeof data === 'object' && data !== null && 'v' in data ? String(data.v) : 'no v'
}

/** Texts of the variables in a snapshot, read the way in which the engine reads it. */
function variableTexts({ program }: Application, { scope: saved }: SessionSnapshot): readonly string[] {
  const none = { sessionId: 'S', name: '' }
  const scriptHost = {
    ...host,
    isActive: () => false,
    activeStates: () => [],
    log: () => {},
    raise: () => {},
    ioProcessors: () => '{}',
  }
  program.enter(program.createScope(), none, input, scriptHost)
  try {
    const { data, variables } = program.load(saved)
    return variableNames.map((name) =>
      String(Object.hasOwn(data, name) ? Reflect.get(data, name) : Reflect.get(variables, name)),
    )
  } finally {
    program.leave()
  }
}
