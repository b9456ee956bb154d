import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { activeStates, createApplication, createSession, load, sameRealm, start, step } from '../../src/index.ts'
import type { Effect, IncomingEvent, Session, StepHost, StepOutcome, TraceRecord } from '../../src/index.ts'
import type { Resolve } from '../../src/index.ts'

/** Sessions in one process on virtual time: delivers timers, messages between sessions, and invocations. */
export class World {
  readonly #sessions = new Map<string, Member>()
  readonly #mail: { readonly to: string; readonly event: IncomingEvent }[] = []
  readonly #inline = new Map<string, string>()
  #timers: { readonly to: string; readonly sendId: string; readonly due: number; readonly order: number }[] = []
  #nowMs = 1_000_000
  #count = 0

  /** Loads and starts a document. Errors: throws with the findings when it is refused. */
  async start(url: string, parent?: Member['parent'], parameters: Readonly<Record<string, string>> = {}) {
    const loaded = await load(url, { resolve: this.#resolve, modules: [] })
    if (loaded.chart === undefined) {
      throw new Error(loaded.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'))
    }
    this.#count += 1
    const sessionId = `S${this.#count}`
    const application = createApplication(loaded.chart, sameRealm())
    const session = createSession(application, {
      sessionId,
      parameters,
      ioProcessors: '{}',
      ...(parent !== undefined && { invokedBy: { sessionId: parent.sessionId, invokeId: parent.invokeId } }),
    })
    const member: Member = { sessionId, session, url, parent, children: new Map(), trace: [] }
    this.#sessions.set(sessionId, member)
    if (parent !== undefined) this.#sessions.get(parent.sessionId)?.children.set(parent.invokeId, member)
    await this.#settle(member, start(session, this.#input(), this.#host(member)))
    return member
  }

  /** Delivers an event and everything that follows without time going on. */
  async deliver(member: Member, event: IncomingEvent): Promise<void> {
    this.#mail.push({ to: member.sessionId, event })
    await this.drain()
  }

  /** Every session so far, in order of their start. */
  get members(): readonly Member[] {
    return [...this.#sessions.values()]
  }

  /** Lets time go on, with every timer that falls due. */
  async advance(ms: number): Promise<void> {
    const until = this.#nowMs + ms
    await this.drain()
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.due - b.due || a.order - b.order)[0]
      if (next === undefined || next.due > until) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#nowMs = Math.max(this.#nowMs, next.due)
      this.#mail.push({ to: next.to, event: { kind: 'timer', sendId: next.sendId } })
      await this.drain()
    }
    this.#nowMs = until
  }

  /** Delivers all mail. */
  async drain(): Promise<void> {
    for (let mail = this.#mail.shift(); mail !== undefined; mail = this.#mail.shift()) {
      const member = this.#sessions.get(mail.to)
      if (member !== undefined) await this.#take(member, mail.event)
    }
  }

  /** Active atomic states. */
  static atomicStates(member: Member): readonly string[] {
    const { chart } = member.session.application
    return activeStates(member.session).filter((id) => chart.states[chart.indexOf.get(id) ?? 0]?.children.length === 0)
  }

  async #take(member: Member, event: IncomingEvent): Promise<void> {
    await this.#settle(member, step(member.session, event, this.#input(), this.#host(member)))
  }

  async #settle(member: Member, first: StepOutcome): Promise<void> {
    let outcome = first
    for (;;) {
      member.trace.push(...outcome.trace)
      for (const effect of outcome.effects) await this.#perform(member, effect)
      if (outcome.ended !== undefined) this.#end(member, outcome.ended.data)
      if (!outcome.hasMore) return
      outcome = step(member.session, undefined, this.#input(), this.#host(member))
    }
  }

  async #perform(member: Member, effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'timer':
        this.#count += 1
        this.#timers.push({ to: member.sessionId, sendId: effect.sendId, due: effect.dueEpochMs, order: this.#count })
        return
      case 'cancelTimer':
        this.#timers = this.#timers.filter(({ sendId, to }) => to !== member.sessionId || sendId !== effect.sendId)
        return
      case 'send':
        this.#send(member, effect.message)
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
    const url =
      effect.content === undefined
        ? new URL(effect.src, member.url).href
        : new URL(`inline-${this.#inline.size}.scxml`, member.url).href
    if (effect.content !== undefined) this.#inline.set(url, effect.content)
    const parent = { sessionId: member.sessionId, invokeId: effect.invokeId }
    await this.start(url, parent, effect.parameters)
  }

  #send(member: Member, message: Extract<Effect, { kind: 'send' }>['message']): void {
    const { forwarded, target } = message
    const event: IncomingEvent = forwarded ?? {
      kind: 'event',
      name: message.event,
      origin: `#_scxml_${member.sessionId}`,
      originType: 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor',
      ...(message.data !== undefined && { data: message.data }),
      ...(message.sendIdIsPublic && { sendId: message.sendId }),
      ...(target === '#_parent' && member.parent !== undefined && { invokeId: member.parent.invokeId }),
    }
    const to = this.#receiver(member, target)
    if (to !== undefined) this.#mail.push({ to, event })
  }

  #receiver(member: Member, target: string): string | undefined {
    if (target === '#_parent') return this.#parentOf(member)?.sessionId
    if (target.startsWith('#_scxml_')) return target.slice('#_scxml_'.length)
    return member.children.get(target.slice(2))?.sessionId
  }

  /** The parent, unless it has cancelled the invocation: what comes later is not for it any more. */
  #parentOf(member: Member): Member | undefined {
    const parent = this.#sessions.get(member.parent?.sessionId ?? '')
    const child = parent?.children.get(member.parent?.invokeId ?? '')
    return child === member ? parent : undefined
  }

  #end(member: Member, data: string | undefined): void {
    const parent = this.#parentOf(member)
    if (parent === undefined || member.parent === undefined) return
    const { invokeId } = member.parent
    const { sessionId } = parent
    const done = { kind: 'event', name: `done.invoke.${invokeId}`, invokeId } as const
    this.#mail.push({ to: sessionId, event: data === undefined ? done : { ...done, data } })
  }

  #input(): { readonly nowMs: number; readonly seed: number } {
    return { nowMs: this.#nowMs, seed: 1 }
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

  readonly #resolve: Resolve = (href, base) => {
    const url = new URL(href, base).href
    const inline = this.#inline.get(url)
    if (inline !== undefined) return Promise.resolve({ found: true, source: { url, text: inline } })
    const path = fileURLToPath(url)
    if (!existsSync(path)) return Promise.resolve({ found: false, url, reason: 'no such file' })
    return Promise.resolve({ found: true, source: { url, text: readFileSync(path, 'utf8') } })
  }
}

/** One session of the world. */
export interface Member {
  readonly sessionId: string
  readonly session: Session
  readonly url: string
  readonly parent: { readonly sessionId: string; readonly invokeId: string } | undefined
  readonly children: Map<string, Member>
  readonly trace: TraceRecord[]
}
