import {
  createDocumentResolver,
  createPeople,
  createSimulatedSwitch,
  directVoiceLink,
  httpFetchPerformer,
  memoryJournal,
  memoryStore,
} from '@segue/adapters'
import type { People, SimulatedSwitch, SwitchPlan } from '@segue/adapters'
import type { Configuration, DomainSummary, InteractionView, PlaceCall } from '@segue/contact'
import { allModules, createCentre, elementNamespaces } from '@segue/modules'
import type { Centre, StartedSession } from '@segue/modules'
import { contextRealm, createApplications, createInProcessShard } from '@segue/runtime'
import type { Acceptance, Incident, Store } from '@segue/runtime'
import { load } from '@segue/scxml'
import type { Chart, Diagnostic } from '@segue/scxml'
import { heldActions } from './held-actions.ts'
import type { HeldAction, HoldRule } from './held-actions.ts'
import { httpStub } from './http-stub.ts'
import type { HttpStub } from './http-stub.ts'
import { seededIds } from './seeded-ids.ts'
import { sessionView } from './session-view.ts'
import type { SessionView } from './session-view.ts'
import { switchPlanOf } from './switch-plan.ts'
import { virtualClock } from './virtual-clock.ts'
import { worldConfiguration } from './world-configuration.ts'
import type { WorldConfiguration } from './world-configuration.ts'
import { withDocuments } from './world-documents.ts'

/** What a test sets up before anything happens. */
export interface WorldOptions {
  /** A folder with `segue.yaml`, or the objects themselves (as in a configuration file). */
  readonly configuration: WorldConfiguration
  /** Start of virtual time, ISO 8601. */
  readonly at?: string
  readonly seed?: number
  /** Folders below which documents are read; default: the folder of the configuration. */
  readonly documentRoots?: readonly string[]
  /** Texts of documents and libraries by their path below the folder of the configuration; they win over files. */
  readonly documents?: Readonly<Record<string, string>>
  /** Behaviour of simulated agents and callers; absent: nobody does anything by himself. */
  readonly people?: Partial<SwitchPlan>
  /** What the switch does of itself: how long telephones ring, how dialog applications end. */
  readonly switchPlan?: Partial<SwitchPlan>
  /** Puts a new node in place of the running one after everything that happens. Nothing else may change by that. */
  readonly restartAfterEachEvent?: boolean
}

export interface Duration {
  readonly ms?: number
  readonly seconds?: number
  readonly minutes?: number
  readonly hours?: number
}

/** An interaction that a test offers by hand, of any category. */
export interface OfferedInteraction {
  readonly interaction: InteractionView
  readonly focusDeviceId: string
  /** Name of the application that takes it; `''`: none, it waits to be attached. */
  readonly application: string
  /** `false`: a voice interaction is there, and nobody asks yet where it shall go. Default `true`. */
  readonly asksForRoute?: boolean
}

/** What a world still holds; all 0 when every path has cleaned up behind itself. */
export interface LeftOver {
  readonly sessions: number
  readonly interactions: number
  readonly calls: number
  /** Commands whose answer is still awaited. */
  readonly effects: number
  readonly timers: number
  /** Messages that nobody has taken. */
  readonly messages: number
  /** Requests that wait for an agent. */
  readonly waiting: number
}

/**
 * A whole contact centre on virtual time: real engine, runtime, routing and modules, the memory store and the simulated
 * switch. Nothing happens until `advance`, and nothing waits for real time.
 */
export interface World extends AsyncDisposable {
  readonly nowMs: number
  readonly switch: SimulatedSwitch
  readonly http: HttpStub
  readonly incidents: readonly Incident[]
  /** What reading the applications found at the last start of the node: warnings, as errors end the start. */
  readonly findings: readonly Diagnostic[]
  /** Lets virtual time pass; everything that falls due happens in order. */
  advance(duration: Duration): Promise<void>
  /** Lets time pass up to a point, ISO 8601; one in the past changes nothing. */
  advanceTo(at: string): Promise<void>
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>
  /** A caller dials; gives the call's id. Throws when the switch refuses. */
  placeCall(call: PlaceCall): Promise<string>
  hangUp(callId: string): Promise<void>
  answer(callId: string): Promise<void>
  release(callId: string): Promise<void>
  press(callId: string, digits: string): Promise<void>
  agent(agentId: string, state: 'login' | 'ready' | 'notReady' | 'logout'): Promise<void>
  /** Makes an interaction that no switch knows and starts its application. */
  offer(offered: OfferedInteraction): Promise<void>
  startSession(url: string, parameters?: Readonly<Record<string, unknown>>): Promise<StartedSession>
  sendEvent(sessionId: string, name: string, data?: Readonly<Record<string, unknown>>): Promise<Acceptance>
  /** Holds matching actions: they are seen, not performed, and answered by the test. */
  hold(rule: HoldRule): void
  readonly held: readonly HeldAction[]
  /** Ids of all sessions, in the order of their start. */
  sessionIds(): Promise<readonly string[]>
  /** One session; the only one when no id is given. */
  session(sessionId?: string): Promise<SessionView>
  interaction(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  summary(): DomainSummary | undefined
  /** What is still alive, planned or waited for. */
  leftOver(): Promise<LeftOver>
  /** The chart of an application or of the document at an address. Throws when it cannot be loaded. */
  chart(application: string): Promise<Chart>
  /** Kills the node and starts another one on the same store. */
  restart(): Promise<void>
  /** Puts another configuration in place of the present one. */
  reconfigure(configuration: WorldConfiguration): Promise<void>
}

/** Builds a world and starts it. Throws when the configuration or an application has errors, with the findings. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const clock = virtualClock(Date.parse(options.at ?? '2024-01-17T09:00:00Z'))
  const seed = options.seed ?? 1
  let configuration = await worldConfiguration(options.configuration)
  const plan = switchPlanOf(configuration.objects, { ...options.switchPlan, ...options.people })
  const simulatedSwitch = createSimulatedSwitch({ clock, seed, plan, journal: memoryJournal() })
  const people: People | undefined =
    options.people === undefined ? undefined : createPeople({ clock, seed, plan, simulatedSwitch })
  const http = httpStub(clock)
  const holding = heldActions(happen)
  const ids = seededIds(seed)
  const incidents: Incident[] = []
  const store: Store = memoryStore({ partitions: 16 })
  const started = new Set<string>()
  let findings: readonly Diagnostic[] = []
  let hasChanged = false
  const resolve = withDocuments(
    createDocumentResolver({ fileRoots: options.documentRoots ?? [configuration.folder], httpAllow: [], clock }),
    configuration.folder,
    options.documents ?? {},
  )
  let centre = await startCentre(configuration.objects)

  function newCentre(objects: Configuration): Centre {
    return createCentre({
      configuration: objects,
      store,
      clock,
      ids,
      shard: holding.shard(
        createInProcessShard({
          modules: allModules,
          realm: contextRealm,
          server: { name: 'world', cluster: 'world', url: undefined },
        }),
      ),
      applications: createApplications({
        resolve,
        namespaces: elementNamespaces,
        stored: (hash) => store.query({ kind: 'document', hash }),
        clock,
        maxAgeS: 0,
      }),
      links: [directVoiceLink(simulatedSwitch)],
      performers: [httpFetchPerformer({ clock, fetch: http.fetch }), holding.performer],
      owner: 'world',
      cell: '00',
      partitions: 16,
      onIncident: (incident) => incidents.push(incident),
    })
  }

  async function startCentre(objects: Configuration): Promise<Centre> {
    const fresh = newCentre(objects)
    const { applications } = await fresh.start()
    findings = applications.flatMap(({ diagnostics }) => diagnostics)
    fresh.runtime.onTrace(() => {
      hasChanged = true
    })
    for (const { url, diagnostics } of applications) {
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      if (errors.length > 0) throw new Error(`${url}: ${errors.map(({ message }) => message).join('; ')}`)
    }
    return fresh
  }

  async function settle(): Promise<void> {
    await clock.advanceMs(0)
    await centre.runtime.idle()
    await clock.advanceMs(0)
    await centre.runtime.idle()
  }

  async function restart(): Promise<void> {
    // Its links are cut before it stops, so that it takes nothing more.
    await centre[Symbol.asyncDispose]()
    centre = await startCentre(configuration.objects)
    await settle()
    hasChanged = false
  }

  /** Everything that follows from what was just done. */
  async function happen(): Promise<void> {
    await settle()
    if (options.restartAfterEachEvent === true && hasChanged) await restart()
  }

  async function passTo(epochMs: number): Promise<void> {
    while (options.restartAfterEachEvent === true && (clock.nextAtEpochMs ?? Infinity) <= epochMs) {
      await clock.advanceToNext()
      await happen()
    }
    await clock.advanceTo(epochMs)
    await settle()
  }

  async function act(action: Parameters<Centre['door']>[0]): Promise<string> {
    const answer = await centre.door(action)
    if (!answer.ok) throw new Error(`${action.kind}: ${answer.error}: ${answer.description}`)
    await happen()
    return answer.callId
  }

  async function sessionIds(): Promise<readonly string[]> {
    const summaries = await centre.list('session', { running: false, limit: 10_000 })
    const fresh = summaries.filter(({ ref }) => !started.has(ref.id))
    fresh.sort((one, other) => Number(one.attributes['started']) - Number(other.attributes['started']))
    for (const { ref } of fresh) started.add(ref.id)
    return [...started]
  }

  people?.start()
  await settle()

  return {
    get nowMs() {
      return clock.nowMs()
    },
    switch: simulatedSwitch,
    http,
    incidents,
    get findings() {
      return findings
    },
    async advance({ ms = 0, seconds = 0, minutes = 0, hours = 0 }) {
      await passTo(clock.nowMs() + ms + 1000 * (seconds + 60 * (minutes + 60 * hours)))
    },
    advanceTo: (at) => passTo(Date.parse(at)),
    settle,
    placeCall: (call) => act({ kind: 'place', call }),
    async hangUp(callId) {
      await act({ kind: 'hangup', callId })
    },
    async answer(callId) {
      await act({ kind: 'answer', callId })
    },
    async release(callId) {
      await act({ kind: 'release', callId })
    },
    async press(callId, digits) {
      await act({ kind: 'press', callId, digits })
    },
    async agent(agentId, state) {
      const acceptance = await centre.agent(agentId, { state })
      if (acceptance.status !== 'accepted') throw new Error(`agent "${agentId}": ${acceptance.status}`)
      await happen()
    },
    async offer({ interaction, focusDeviceId, application, asksForRoute = true }) {
      await centre.runtime.deliver({
        to: { kind: 'interaction', id: interaction.g_uid },
        source: 'world',
        creates: true,
        body: { kind: 'offer', view: interaction, focusDeviceId, application, asksForRoute },
      })
      await happen()
    },
    async startSession(url, parameters = {}) {
      const session = await centre.startSession({ url, parameters })
      await happen()
      return session
    },
    async sendEvent(sessionId, name, data = {}) {
      const acceptance = await centre.sendEvent(sessionId, { name, data, source: 'world' })
      await happen()
      return acceptance
    },
    hold: holding.hold,
    get held() {
      return holding.held
    },
    sessionIds,
    async session(sessionId) {
      const all = await sessionIds()
      const id = sessionId ?? all[0]
      if (id === undefined) throw new Error('no session has started')
      if (sessionId === undefined && all.length > 1) throw new Error(`${all.length} sessions have started: name one`)
      const report = await centre.session(id, { after: 0, limit: 100_000 })
      if (report === undefined) throw new Error(`no session "${id}"`)
      return sessionView(report)
    },
    interaction: (id) => centre.interaction(id),
    summary: () => centre.summary(),
    async leftOver() {
      const [counts, sessions, interactions] = await Promise.all([
        store.query({ kind: 'counts' }),
        centre.list('session', { running: true, limit: 10_000 }),
        centre.list('interaction', { running: true, limit: 10_000 }),
      ])
      return {
        sessions: sessions.length,
        interactions: interactions.length,
        calls: simulatedSwitch.counters().alive,
        effects: counts.effects,
        timers: counts.timers,
        messages: counts.inbox,
        waiting: centre.summary()?.waiting ?? 0,
      }
    },
    async chart(application) {
      const url = configuration.objects.applications.find(({ name }) => name === application)?.url ?? application
      const { chart, diagnostics } = await load(url, { resolve, modules: elementNamespaces })
      if (chart === undefined) throw new Error(`${url}: ${diagnostics.map(({ message }) => message).join('; ')}`)
      return chart
    },
    restart,
    async reconfigure(next) {
      configuration = await worldConfiguration(next)
      await centre.reconfigure(configuration.objects)
      await settle()
    },
    async [Symbol.asyncDispose]() {
      people?.[Symbol.dispose]()
      await centre[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}
