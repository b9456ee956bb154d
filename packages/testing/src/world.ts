import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  createDocumentResolver,
  createPeople,
  createSimulatedSwitch,
  directVoiceLink,
  httpFetchPerformer,
  memoryJournal,
  memoryStore,
} from '@segue/adapters'
import type { People } from '@segue/adapters'
import type { Configuration } from '@segue/contact'
import { createCentre } from '@segue/modules'
import type { Centre } from '@segue/modules'
import { contextRealm, createApplications, createInProcessShard } from '@segue/runtime'
import type { Acceptance, Incident, MessageBody, Store } from '@segue/runtime'
import { load } from '@segue/scxml'
import type { Diagnostic, Resolve } from '@segue/scxml'
import { heldActions } from './held-actions.ts'
import type { AnswerOptions } from './held-actions.ts'
import { httpStub } from './http-stub.ts'
import { pendingIo } from './pending-io.ts'
import { seededIds } from './seeded-ids.ts'
import { serveFolder } from './serve-folder.ts'
import type { ServedFolder } from './serve-folder.ts'
import { watchedShard } from './seen-commands.ts'
import type { SeenCommand, SeenTimer } from './seen-commands.ts'
import { seenAction, sessionView } from './session-view.ts'
import type { TraceEntry } from './session-view.ts'
import { statisticsTable } from './statistics-table.ts'
import { switchPlanOf, withAddresses } from './switch-plan.ts'
import { unexpectedIn } from './unexpected.ts'
import { virtualClock } from './virtual-clock.ts'
import { servedConfiguration, worldConfiguration } from './world-configuration.ts'
import type { Duration, StoryEntry, World, WorldOptions } from './world-contract.ts'
import { withDocuments } from './world-documents.ts'
import { worldModules } from './world-modules.ts'
import { inZone } from './world-zone.ts'

/** Builds a world and starts it. Throws when the configuration or an application has errors, with the findings. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const given = await worldConfiguration(options.configuration)
  const { folder } = given
  const served = options.isServed === true ? await serveFolder(folder, options.documents) : undefined
  const leaveZone = inZone(options.zone)
  try {
    return await buildWorld(options, { folder, objects: given.objects, served, leaveZone })
  } catch (error) {
    leaveZone()
    await served?.[Symbol.asyncDispose]()
    throw error
  }
}

interface Surroundings {
  readonly folder: string
  readonly objects: Configuration
  readonly served: ServedFolder | undefined
  readonly leaveZone: () => void
}

async function buildWorld(options: WorldOptions, surroundings: Surroundings): Promise<World> {
  const { folder, served } = surroundings
  const clock = virtualClock(Date.parse(options.at ?? '2024-01-17T09:00:00Z'))
  const seed = options.seed ?? 1
  const io = pendingIo()
  const placed = (objects: Configuration): Configuration =>
    served === undefined ? objects : servedConfiguration(objects, folder, served.url)
  let objects = placed(surroundings.objects)
  const baseUrl = served?.url ?? pathToFileURL(join(folder, '/')).href
  const plan = withAddresses(switchPlanOf(objects, { ...options.switchPlan, ...options.people }), baseUrl)
  const simulatedSwitch = createSimulatedSwitch({ clock, seed, plan, journal: memoryJournal() })
  const people: People | undefined =
    options.people === undefined ? undefined : createPeople({ clock, seed, plan, simulatedSwitch })
  const http = httpStub(clock, ({ origin }) =>
    served !== undefined && served.url === `${origin}/` ? (input, init) => io.track(fetch(input, init)) : undefined,
  )
  const holding = heldActions(happen, async (sessionId, { data, name, ...rest }) => {
    await sendEvent(sessionId, name, data, rest)
  })
  const statistics = statisticsTable(options.statistics)
  const ids = seededIds(seed)
  const incidents: Incident[] = []
  const commands: SeenCommand[] = []
  const timers = new Map<string, SeenTimer>()
  const story: StoryEntry[] = []
  const store: Store = memoryStore({ partitions: 16 })
  const started = new Set<string>()
  let findings: readonly Diagnostic[] = []
  let hasChanged = false
  const documents = createDocumentResolver({
    fileRoots: options.documentRoots ?? [folder],
    httpAllow: [...objects.documentOrigins, ...(options.documentOrigins ?? [])],
    allowLoopback: true,
    clock,
  })
  const tracked: Resolve = (href, base, kind) => io.track(Promise.resolve(documents(href, base, kind)))
  const resolve = withDocuments(tracked, folder, options.documents ?? {})
  const defined = await worldModules(objects, resolve)
  const modules = statistics.over(defined.modules)
  let centre = await startCentre(objects)

  function newCentre(configuration: Configuration): Centre {
    const shard = createInProcessShard({
      modules,
      realm: contextRealm,
      server: { name: 'world', cluster: 'world', url: undefined },
      traceLevel: () => options.trace ?? 'outcome',
      ask: (question) => statistics.answer(question) ?? own.answer(question),
    })
    const own = createCentre({
      configuration,
      store,
      clock,
      ids,
      shard: holding.shard(
        watchedShard(shard, {
          onCommand: (command) => commands.push(command),
          timers,
          recordsTimers: options.trace === 'full',
        }),
      ),
      applications: createApplications({
        resolve,
        namespaces: defined.namespaces,
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
    return own
  }

  async function startCentre(configuration: Configuration): Promise<Centre> {
    const fresh = newCentre(configuration)
    fresh.runtime.onTrace((ref, _version, lines) => {
      hasChanged = true
      if (ref.kind !== 'session') return
      for (const line of lines) story.push({ sessionId: ref.id, entry: JSON.parse(line) as TraceEntry })
    })
    const { applications } = await fresh.start()
    findings = applications.flatMap(({ diagnostics }) => diagnostics)
    for (const { ok, url, diagnostics } of applications) {
      // With a second address that can be had, it starts all the same.
      if (ok) continue
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      if (errors.length > 0) throw new Error(`${url}: ${errors.map(({ message }) => message).join('; ')}`)
    }
    return fresh
  }

  async function settle(): Promise<void> {
    do {
      await clock.advanceMs(0)
      await centre.runtime.idle()
      await clock.advanceMs(0)
      await centre.runtime.idle()
    } while (await io.finished())
  }

  async function restart(): Promise<void> {
    // Its links are cut before it stops, so that it takes nothing more.
    await centre[Symbol.asyncDispose]()
    centre = await startCentre(objects)
    await settle()
    hasChanged = false
  }

  /** Everything that follows from what was just done. */
  async function happen(): Promise<void> {
    await settle()
    if (options.restartAfterEachEvent === true && hasChanged) await restart()
  }

  async function passTo(epochMs: number): Promise<void> {
    // What falls due may wait for real input and output, which must not take virtual time.
    const isStepwise = options.restartAfterEachEvent === true || served !== undefined
    if (isStepwise) {
      while ((clock.nextAtEpochMs ?? Infinity) <= epochMs) {
        await clock.advanceToNext()
        await happen()
      }
    }
    await clock.advanceTo(epochMs)
    await settle()
  }

  async function advanceUntil(isReached: () => boolean | Promise<boolean>, within: Duration): Promise<boolean> {
    const endMs = clock.nowMs() + msOf(within)
    await happen()
    for (;;) {
      if (await isReached()) return true
      if ((clock.nextAtEpochMs ?? Infinity) > endMs) break
      await clock.advanceToNext()
      await happen()
    }
    await passTo(endMs)
    return isReached()
  }

  async function act(action: Parameters<Centre['door']>[0]): Promise<string> {
    const answer = await centre.door(action)
    if (!answer.ok) throw new Error(`${action.kind}: ${answer.error}: ${answer.description}`)
    await happen()
    return answer.callId
  }

  async function sendEvent(
    sessionId: string,
    name: string,
    data: Readonly<Record<string, unknown>> = {},
    { module, payload }: AnswerOptions = {},
  ): Promise<Acceptance> {
    const extras = { ...(module !== undefined && { module }), ...(payload !== undefined && { payload }) }
    return tell({ kind: 'session', id: sessionId }, { kind: 'event', name, data, ...extras })
  }

  async function tell(to: { kind: 'session' | 'interaction'; id: string }, body: MessageBody): Promise<Acceptance> {
    const acceptance = await centre.runtime.deliver({ to, source: 'world', body })
    await happen()
    return acceptance
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
    baseUrl,
    story,
    commands,
    get timers() {
      return [...timers.values()]
    },
    get actions() {
      return story
        .filter(({ entry }) => entry.kind === 'action')
        .map(({ entry, sessionId }) => {
          const action = seenAction(entry)
          const own = commands.filter((one) => one.requestId === action.requestId && one.sessionId === sessionId)
          return { ...action, sessionId, atEpochMs: Number(entry['atEpochMs']), commands: own }
        })
    },
    advance: (duration) => passTo(clock.nowMs() + msOf(duration)),
    advanceTo: (at) => passTo(Date.parse(at)),
    advanceUntil,
    advanceToEvent(name, within) {
      let looked = story.length
      return advanceUntil(() => {
        const isThere = story.slice(looked).some(({ entry }) => entry.kind === 'event' && entry['name'] === name)
        looked = story.length
        return isThere
      }, within)
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
    async agent(agentId, state, reason) {
      const acceptance = await centre.agent(agentId, { state, ...(reason !== undefined && { reason }) })
      if (acceptance.status !== 'accepted') throw new Error(`agent "${agentId}": ${acceptance.status}`)
      await happen()
    },
    applicationUrls: () => [...new Set(objects.applications.map(({ url }) => url))],
    agentIds: () => objects.agents.map(({ id }) => id),
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
    sendEvent,
    tellInteraction: (id, message) => tell({ kind: 'interaction', id }, { ...message }),
    async terminateSession(sessionId, reason) {
      const acceptance = await centre.terminateSession(sessionId, reason)
      await happen()
      return acceptance
    },
    hold: holding.hold,
    releaseHolds: holding.release,
    get held() {
      return holding.held
    },
    setStatistic: statistics.set,
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
    unexpected: () => unexpectedIn(story, incidents, http.requests),
    expectNothingUnexpected({ allow = [] } = {}) {
      const found = unexpectedIn(story, incidents, http.requests).filter(({ kind }) => !allow.includes(kind))
      if (found.length > 0)
        throw new Error(['something unexpected happened', ...found.map(({ text }) => text)].join('\n'))
    },
    async chart(application) {
      const url = objects.applications.find(({ name }) => name === application)?.url ?? application
      const { chart, diagnostics } = await load(url, { resolve, modules: defined.namespaces })
      if (chart === undefined) throw new Error(`${url}: ${diagnostics.map(({ message }) => message).join('; ')}`)
      return chart
    },
    restart,
    async reconfigure(next) {
      objects = placed((await worldConfiguration(next)).objects)
      await centre.reconfigure(objects)
      await settle()
    },
    async [Symbol.asyncDispose]() {
      people?.[Symbol.dispose]()
      await centre[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await served?.[Symbol.asyncDispose]()
      surroundings.leaveZone()
    },
  }
}

function msOf({ ms = 0, seconds = 0, minutes = 0, hours = 0 }: Duration): number {
  return ms + 1000 * (seconds + 60 * (minutes + 60 * hours))
}
