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

/** What a test sets up before anything happens. */
export interface WorldOptions {
  /** A folder with `segue.yaml`, or the objects themselves (as in a configuration file). */
  readonly configuration: WorldConfiguration
  /** Start of virtual time, ISO 8601. */
  readonly at?: string
  readonly seed?: number
  /** Folders below which documents are read; default: the folder of the configuration. */
  readonly documentRoots?: readonly string[]
  /** Behaviour of simulated agents and callers; absent: nobody does anything by himself. */
  readonly people?: Partial<SwitchPlan>
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
  readonly application: string
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
  /** Lets virtual time pass; everything that falls due happens in order. */
  advance(duration: Duration): Promise<void>
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
  const plan = switchPlanOf(configuration.objects, options.people)
  const simulatedSwitch = createSimulatedSwitch({ clock, seed, plan, journal: memoryJournal() })
  const people: People | undefined =
    options.people === undefined ? undefined : createPeople({ clock, seed, plan, simulatedSwitch })
  const http = httpStub(clock)
  const holding = heldActions()
  const ids = seededIds(seed)
  const incidents: Incident[] = []
  const store: Store = memoryStore({ partitions: 16 })
  const started: string[] = []
  let centre = await startCentre(configuration.objects)

  function newCentre(objects: Configuration): Centre {
    const resolve = createDocumentResolver({
      fileRoots: options.documentRoots ?? [configuration.folder],
      httpAllow: [],
      clock,
    })
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

  async function act(action: Parameters<Centre['door']>[0]): Promise<string> {
    const answer = await centre.door(action)
    if (!answer.ok) throw new Error(`${action.kind}: ${answer.error}: ${answer.description}`)
    await settle()
    return answer.callId
  }

  async function sessionIds(): Promise<readonly string[]> {
    const summaries = await centre.list('session', { running: false, limit: 10_000 })
    for (const { ref } of summaries) if (!started.includes(ref.id)) started.push(ref.id)
    return started
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
    async advance({ ms = 0, seconds = 0, minutes = 0, hours = 0 }) {
      await clock.advanceMs(ms + 1000 * (seconds + 60 * (minutes + 60 * hours)))
      await settle()
    },
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
      await settle()
    },
    async offer({ interaction, focusDeviceId, application }) {
      await centre.runtime.deliver({
        to: { kind: 'interaction', id: interaction.g_uid },
        source: 'world',
        creates: true,
        body: { kind: 'offer', view: interaction, focusDeviceId, application },
      })
      await settle()
    },
    async startSession(url, parameters = {}) {
      const session = await centre.startSession({ url, parameters })
      await settle()
      return session
    },
    async sendEvent(sessionId, name, data = {}) {
      const acceptance = await centre.sendEvent(sessionId, { name, data, source: 'world' })
      await settle()
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
    async restart() {
      await centre.runtime.stop()
      centre = await startCentre(configuration.objects)
      await settle()
    },
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
