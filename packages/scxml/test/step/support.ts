import {
  activeStates,
  changesOf,
  createApplication,
  createSession,
  frameOf,
  load,
  restore,
  sameRealm,
  shownSnapshot,
  snapshot,
  start,
  step,
} from '../../src/index.ts'
import type {
  Action,
  Engine,
  ElementNamespace,
  IncomingEvent,
  Session,
  SessionIdentity,
  StepHost,
  StepInput,
  StepOutcome,
  TraceRecord,
} from '../../src/index.ts'

const w3c = 'xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript"'
const orchestration =
  'xmlns="http://www.w3.org/2005/07/scxml" version="1.0" profile="ecmascript" ' +
  'xmlns:toy="http://www.example.org/modules/toy"'

/** The functions under the names of their contract. */
const engine: Engine = {
  activeStates,
  createSession,
  changesOf,
  frameOf,
  restore,
  shownSnapshot,
  snapshot,
  start,
  step,
}

/** What a test can set besides the document. */
export interface PlayOptions {
  readonly dialect?: 'w3c' | 'orchestration'
  /** Attributes of the root. */
  readonly attributes?: string
  readonly identity?: Partial<SessionIdentity>
  readonly host?: Partial<StepHost>
  readonly input?: Partial<StepInput>
}

/** A started session of a small document, with everything that came of its steps. */
export class Play {
  session: Session
  readonly outcomes: StepOutcome[] = []
  readonly actions: Action[] = []
  readonly #options: PlayOptions
  #nowMs = 1000

  constructor(session: Session, options: PlayOptions) {
    this.session = session
    this.#options = options
  }

  start(): this {
    return this.#keep(engine.start(this.session, this.#input(), this.#host()))
  }

  /** Delivers an event, and then what the session has sent to itself. */
  send(name: string, data?: unknown): this {
    this.take({ kind: 'event', name, ...(data !== undefined && { data: JSON.stringify(data) }) })
    return this
  }

  /** Delivers any incoming event, and then what the session has sent to itself. */
  take(event: IncomingEvent): this {
    return this.#keep(engine.step(this.session, event, this.#input(), this.#host()))
  }

  /** Lets a timer of the session fall due. */
  fire(sendId: string): this {
    this.#nowMs += 1000
    return this.take({ kind: 'timer', sendId })
  }

  /** Puts a copy that went through its snapshot in the place of the session. */
  reload(): this {
    const text = JSON.stringify(engine.snapshot(this.session))
    this.session = engine.restore(this.session.application, JSON.parse(text))
    return this
  }

  get active(): readonly string[] {
    return engine.activeStates(this.session)
  }

  get trace(): readonly TraceRecord[] {
    return this.outcomes.flatMap(({ trace }) => trace)
  }

  get effects(): StepOutcome['effects'] {
    return this.outcomes.flatMap(({ effects }) => effects)
  }

  get ended(): StepOutcome['ended'] {
    return this.outcomes.findLast(({ ended }) => ended !== undefined)?.ended
  }

  /** Texts that were logged. */
  get logs(): readonly string[] {
    return this.trace.flatMap((record) => (record.kind === 'log' ? [record.text] : []))
  }

  /** Names of error events that the engine raised. */
  get errors(): readonly string[] {
    return this.trace.flatMap((record) => (record.kind === 'error' ? [record.event] : []))
  }

  #keep(first: StepOutcome): this {
    this.outcomes.push(first)
    for (let last = first; last.hasMore;) {
      last = engine.step(this.session, undefined, this.#input(), this.#host())
      this.outcomes.push(last)
    }
    return this
  }

  #input(): StepInput {
    return { nowMs: this.#nowMs, seed: 1, ...this.#options.input }
  }

  #host(): StepHost {
    return {
      modules: [],
      documentUrl: 'file:///app/main.scxml',
      view: () => '{}',
      viewVersion: () => 0,
      call: () => ({ ok: false, message: 'there are no modules' }),
      act: (action) => {
        this.actions.push(action)
      },
      ...this.#options.host,
    }
  }
}

/** Loads a document of these states and starts a session. Errors: throws with the findings when it is refused. */
export async function play(states: string, options: PlayOptions = {}): Promise<Play> {
  return (await prepare(states, options)).start()
}

/** As `play`, without starting. */
export async function prepare(states: string, options: PlayOptions = {}): Promise<Play> {
  const root = options.dialect === 'orchestration' ? orchestration : w3c
  const text = `<scxml ${root} ${options.attributes ?? ''}>${states}</scxml>`
  const loaded = await load('file:///app/main.scxml', {
    resolve: (_href, base) => Promise.resolve({ found: true, source: { url: base, text } }),
    modules: [toy],
  })
  if (loaded.chart === undefined) {
    throw new Error(loaded.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'))
  }
  const session = engine.createSession(createApplication(loaded.chart, sameRealm()), {
    sessionId: 'S',
    parameters: {},
    ioProcessors: '{}',
    ...options.identity,
  })
  return new Play(session, options)
}

const fact = { doc: 'for tests', confidence: 'choice' } as const

/** A module with one action that uses every kind of attribute. */
const toy: ElementNamespace = {
  module: 'toy',
  uris: ['http://www.example.org/modules/toy', 'www.example.org/modules/toy'],
  elements: [
    {
      ...fact,
      name: 'push',
      kind: 'action',
      source: 'test',
      events: [],
      attributes: [
        { ...fact, name: 'requestid', kind: 'location', type: 'string' },
        { ...fact, name: 'text', kind: 'expression', type: 'string' },
        { ...fact, name: 'label', kind: 'literal', type: 'string' },
        { ...fact, name: 'timeout', kind: 'expression-or-text', type: 'number' },
        { ...fact, name: 'loud', kind: 'expression-or-text', type: 'boolean' },
        { ...fact, name: 'group', kind: 'expression-or-text', type: 'string' },
      ],
      children: [{ name: 'part' }, { name: 'param' }, { name: 'content' }],
    },
    {
      ...fact,
      name: 'pop',
      kind: 'action',
      source: 'test',
      events: [],
      attributes: [{ ...fact, name: 'requestid', kind: 'expression', type: 'string' }],
      children: [],
    },
    {
      ...fact,
      name: 'part',
      kind: 'child',
      source: 'test',
      events: [],
      attributes: [{ ...fact, name: 'size', kind: 'expression', type: 'number' }],
      children: [],
    },
  ],
}
