import {
  activeStates,
  createApplication,
  createSession,
  displayPath,
  load,
  positionAt,
  start,
  step,
} from '@segue/scxml'
import type {
  Diagnostic,
  Effect,
  EndRecord,
  IncomingEvent,
  OutgoingMessage,
  Realm,
  Resolve,
  Session,
  StepHost,
  StepOutcome,
  TraceRecord,
} from '@segue/scxml'
import { basicHttpProcessor } from './basic-http-message.ts'
import { post } from './basic-http-server.ts'
import type { BasicHttpServer } from './basic-http-server.ts'

/** What a world of sessions stands on. */
export interface SessionWorldParts {
  readonly nowMs: () => number
  readonly realm: () => Realm
  readonly resolve: Resolve
  readonly http: BasicHttpServer
  /** On the clock of the machine (`performance.now()`): what takes longer is stopped. */
  readonly deadlineMs: number
}

/** One session of a world. */
export interface Member {
  readonly sessionId: string
  readonly session: Session
  readonly url: string
  /** Where events can be posted to. */
  readonly httpLocation: string
  readonly parent: Parent | undefined
  readonly children: Map<string, Member>
  readonly trace: TraceRecord[]
  /** How the session ended. */
  end: EndRecord | undefined
  /** Came over HTTP while the session was at work. */
  readonly arrived: IncomingEvent[]
}

interface Parent {
  readonly sessionId: string
  readonly invokeId: string
}

/** The document was refused; the message names the first error with its place. */
export class DocumentRefused extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.filter(({ severity }) => severity === 'error').map(shortText)[0] ?? 'the document was refused')
    this.name = 'DocumentRefused'
    this.diagnostics = diagnostics
  }
}

/** A test that will not come to rest was stopped. */
export class WorldStopped extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WorldStopped'
  }
}

const maxTraceRecords = 20_000
/** A world in which so much happens without time going on will not come to rest. */
const maxStepsAtOnce = 20_000
/** Other tests, and timers of the machine, get their turn after so many steps. */
const stepsPerTurn = 100

const scxmlProcessor = 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor'

/**
 * Sessions of one process that talk to each other, invoke each other, hold timers and post over HTTP: what the
 * recommendation asks of the surroundings of the engine, and nothing else. Timers fire when `fireDue` is called.
 *
 * Order: events reach a session in the order in which they were sent; one that came over HTTP while the session waited
 * for the answer to its own post goes before events that the session sent to itself.
 */
export class SessionWorld {
  readonly #parts: SessionWorldParts
  readonly #sessions = new Map<string, Member>()
  /** What waits to be done, one after the other. */
  readonly #work: (() => Promise<void>)[] = []
  readonly #inline = new Map<string, string>()
  readonly #closers: (() => void)[] = []
  #timers: { readonly to: string; readonly sendId: string; readonly dueEpochMs: number }[] = []
  #atWork: Member | undefined
  #pumping: Promise<void> | undefined
  #failure: unknown
  #isClosed = false
  #count = 0
  #stepsAtOnce = 0

  constructor(parts: SessionWorldParts) {
    this.#parts = parts
  }

  /** Every session so far, in order of their start. */
  get members(): readonly Member[] {
    return [...this.#sessions.values()]
  }

  /** Time of the next timer. */
  get nextDueEpochMs(): number | undefined {
    return this.#timers.length === 0 ? undefined : Math.min(...this.#timers.map(({ dueEpochMs }) => dueEpochMs))
  }

  /** Loads and starts a document. Errors: throws `DocumentRefused`. */
  async start(url: string): Promise<Member> {
    const member = await this.#load(url, undefined, {})
    this.#later(() => this.#begin(member))
    await this.idle()
    return member
  }

  /** Puts an event into the mailbox of a session. */
  deliver(member: Member, event: IncomingEvent): void {
    this.#later(() => this.#take(member, event))
  }

  /** Hands out the timers that are due, earliest first. */
  fireDue(): void {
    const nowMs = this.#parts.nowMs()
    const due = this.#timers.filter(({ dueEpochMs }) => dueEpochMs <= nowMs)
    this.#timers = this.#timers.filter(({ dueEpochMs }) => dueEpochMs > nowMs)
    if (due.length > 0) this.#stepsAtOnce = 0
    for (const { sendId, to } of due.toSorted((a, b) => a.dueEpochMs - b.dueEpochMs)) {
      const member = this.#sessions.get(to)
      if (member !== undefined) this.deliver(member, { kind: 'timer', sendId })
    }
  }

  /** Resolves when all mail is delivered and every post answered. Errors: rejects with a bug of the engine. */
  async idle(): Promise<void> {
    while (this.#pumping !== undefined) await this.#pumping
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Nothing is delivered any more, addresses are given back. */
  close(): void {
    this.#isClosed = true
    this.#work.length = 0
    this.#timers = []
    for (const close of this.#closers) close()
  }

  #later(work: () => Promise<void>): void {
    if (this.#isClosed) return
    this.#work.push(work)
    this.#pumping ??= Promise.resolve().then(() => this.#pump())
  }

  async #pump(): Promise<void> {
    try {
      for (let work = this.#work.shift(); work !== undefined; work = this.#work.shift()) await work()
    } catch (error) {
      this.#failure ??= error
    } finally {
      this.#pumping = undefined
    }
  }

  async #load(url: string, parent: Parent | undefined, parameters: Readonly<Record<string, string>>): Promise<Member> {
    const loaded = await load(url, { resolve: this.#resolve, modules: [], dialect: 'w3c' })
    if (loaded.chart === undefined) throw new DocumentRefused(loaded.diagnostics)
    this.#count += 1
    const sessionId = `S${this.#count}`
    const application = createApplication(loaded.chart, this.#parts.realm())
    const address = this.#parts.http.open((event) => {
      if (this.#atWork === member) member.arrived.push(event)
      else this.deliver(member, event)
    })
    this.#closers.push(() => address.close())
    const location = { location: address.location }
    const session = createSession(application, {
      sessionId,
      parameters,
      ioProcessors: JSON.stringify({ basichttp: location, [basicHttpProcessor]: location }),
      ...(parent !== undefined && { invokedBy: parent }),
    })
    const member: Member = {
      sessionId,
      session,
      url,
      httpLocation: address.location,
      parent,
      children: new Map(),
      trace: [],
      end: undefined,
      arrived: [],
    }
    this.#sessions.set(sessionId, member)
    return member
  }

  async #begin(member: Member): Promise<void> {
    await this.#run(member, () => start(member.session, this.#input(), this.#host(member)))
  }

  async #take(member: Member, event: IncomingEvent): Promise<void> {
    await this.#run(member, () => step(member.session, event, this.#input(), this.#host(member)))
  }

  async #run(member: Member, first: () => StepOutcome): Promise<void> {
    const outer = this.#atWork
    this.#atWork = member
    try {
      for (let next: (() => StepOutcome) | undefined = first; next !== undefined && !this.#isClosed;) {
        await this.#countStep()
        const outcome = next()
        await this.#settle(member, outcome)
        next = this.#next(member, outcome)
      }
    } finally {
      this.#atWork = outer
    }
  }

  #next(member: Member, { hasMore }: StepOutcome): (() => StepOutcome) | undefined {
    const arrived = member.arrived.shift()
    if (arrived === undefined && !hasMore) return undefined
    return () => step(member.session, arrived, this.#input(), this.#host(member))
  }

  async #settle(member: Member, outcome: StepOutcome): Promise<void> {
    member.trace.push(...outcome.trace)
    if (outcome.ended !== undefined) member.end = outcome.ended
    if (member.trace.length > 2 * maxTraceRecords) member.trace.splice(0, member.trace.length - maxTraceRecords)
    for (const effect of outcome.effects) await this.#perform(member, effect)
    if (outcome.ended !== undefined) this.#end(member, outcome.ended.data)
  }

  async #perform(member: Member, effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'timer':
        this.#timers.push({ to: member.sessionId, sendId: effect.sendId, dueEpochMs: effect.dueEpochMs })
        return
      case 'cancelTimer':
        this.#timers = this.#timers.filter(({ sendId, to }) => to !== member.sessionId || sendId !== effect.sendId)
        return
      case 'send':
        await this.#send(member, effect.message)
        return
      case 'cancelInvoke': {
        const child = member.children.get(effect.invokeId)
        member.children.delete(effect.invokeId)
        if (child !== undefined) await this.#take(child, { kind: 'terminate', reason: 'cancelled' })
        return
      }
      case 'invoke':
        await this.#invoke(member, effect)
    }
  }

  async #invoke(member: Member, effect: Extract<Effect, { kind: 'invoke' }>): Promise<void> {
    const { content, invokeId, parameters, src } = effect
    try {
      const url = new URL(content === undefined ? src : `inline-${this.#inline.size}.scxml`, member.url).href
      if (content !== undefined) this.#inline.set(url, content)
      const child = await this.#load(url, { sessionId: member.sessionId, invokeId }, parameters)
      member.children.set(invokeId, child)
      await this.#begin(child)
    } catch (error) {
      if (!(error instanceof DocumentRefused || isBadUrl(error))) throw error
      this.deliver(member, failureEvent(`the document of the invocation was refused: ${error.message}`, { invokeId }))
    }
  }

  async #send(member: Member, message: OutgoingMessage): Promise<void> {
    const { forwarded, sendId, target } = message
    const named = message.sendIdIsPublic ? { sendId } : {}
    if (message.type === 'basichttp' || message.type === basicHttpProcessor) {
      const problem = await post(message)
      if (problem !== undefined) this.deliver(member, failureEvent(problem, named))
      return
    }
    const event: IncomingEvent = forwarded ?? {
      kind: 'event',
      name: message.event,
      origin: `#_scxml_${member.sessionId}`,
      originType: scxmlProcessor,
      ...named,
      ...(message.data !== undefined && { data: message.data }),
      ...(target === '#_parent' && member.parent !== undefined && { invokeId: member.parent.invokeId }),
    }
    const receiver = this.#receiver(member, target)
    if (receiver !== undefined) this.deliver(receiver, event)
  }

  #receiver(member: Member, target: string): Member | undefined {
    if (target === '#_parent') return this.#parentOf(member)
    if (target.startsWith('#_scxml_')) return this.#sessions.get(target.slice('#_scxml_'.length))
    return member.children.get(target.slice(2))
  }

  /** The parent, unless it has cancelled the invocation: what comes later is not for it any more. */
  #parentOf({ parent, sessionId }: Member): Member | undefined {
    if (parent === undefined) return undefined
    const found = this.#sessions.get(parent.sessionId)
    return found?.children.get(parent.invokeId)?.sessionId === sessionId ? found : undefined
  }

  #end(member: Member, data: string | undefined): void {
    const parent = this.#parentOf(member)
    if (parent === undefined || member.parent === undefined) return
    const { invokeId } = member.parent
    const name = `done.invoke.${invokeId}`
    this.deliver(parent, { kind: 'event', name, invokeId, ...(data !== undefined && { data }) })
  }

  async #countStep(): Promise<void> {
    this.#stepsAtOnce += 1
    if (this.#stepsAtOnce > maxStepsAtOnce) {
      throw new WorldStopped(`the session takes events without an end: ${maxStepsAtOnce} steps while no time went on`)
    }
    if (this.#stepsAtOnce % stepsPerTurn !== 0) return
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
    if (performance.now() > this.#parts.deadlineMs) throw new WorldStopped('the session does not come to rest in time')
  }

  #input(): { readonly nowMs: number; readonly seed: number } {
    return { nowMs: this.#parts.nowMs(), seed: 1 }
  }

  #host(member: Member): StepHost {
    return {
      modules: [],
      documentUrl: member.url,
      view: () => '{}',
      viewVersion: () => 0,
      call: () => ({ ok: false, message: 'there are no modules' }),
      act: () => undefined,
      mayReach: (sessionId) => this.#sessions.has(sessionId),
    }
  }

  readonly #resolve: Resolve = (href, base, kind) => {
    const url = URL.canParse(href, base) ? new URL(href, base).href : href
    const text = this.#inline.get(url)
    return text === undefined
      ? this.#parts.resolve(href, base, kind)
      : Promise.resolve({ found: true, source: { url, text } })
  }
}

/** Active atomic states; after the end of the session the final state that ended it. */
export function atomicStates({ session, trace }: Member): readonly string[] {
  if (!session.isRunning) return trace.flatMap((record) => (record.kind === 'enter' ? [record.state] : [])).slice(-1)
  const { chart } = session.application
  return activeStates(session).filter((id) => chart.states[chart.indexOf.get(id) ?? 0]?.children.length === 0)
}

function failureEvent(
  message: string,
  fields: { readonly sendId?: string; readonly invokeId?: string },
): Extract<IncomingEvent, { kind: 'event' }> {
  return { kind: 'event', name: 'error.communication', type: 'platform', data: JSON.stringify({ message }), ...fields }
}

function isBadUrl(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_URL'
}

function shortText({ code, message, span }: Diagnostic): string {
  return `${displayPath(span.source.url)}:${positionAt(span.source, span.start).line} ${code} ${message}`
}
