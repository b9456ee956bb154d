import type { Configuration, DoorAction, DoorAnswer, VoiceLink, DomainSummary } from '@segue/contact'
import { domainSummary, interactionView } from '@segue/contact'
import type {
  Acceptance,
  Applications,
  Clock,
  EntityKind,
  EntitySummary,
  Ids,
  Incident,
  MessageBody,
  Performer,
  RecoverySummary,
  Runtime,
  RuntimeLimits,
  SessionInspection,
  Shard,
  ShardQuestion,
  Store,
} from '@segue/runtime'
import {
  createRuntime,
  createSessionBehaviour,
  createSessionPerformer,
  keyedSessionId,
  withoutEnvelope,
} from '@segue/runtime'
import type { Diagnostic } from '@segue/scxml'
import { applicationRegistry } from './application-registry.ts'
import type { ApplicationStatus } from './application-registry.ts'
import { domainBehaviour } from './domain-behaviour.ts'
import { decodeInteraction, interactionBehaviour } from './interaction-behaviour.ts'
import { definedModulePerformer } from '../dfm/perform.ts'
import { currentStatistic } from './current-statistic.ts'
import { durabilityOf } from './durability-of.ts'
import { skippedEffect } from './skipped-effect.ts'
import { switchPerformer } from './switch-performer.ts'
import { voiceIntake } from './voice-intake.ts'
import { encodedParameters, scheduledStartRef, scheduleMessage } from '../session/scheduled-start.ts'
import { startPerformer } from '../session/start-performer.ts'
import { defaultRequestLimits, openRequests } from '../ws/open-requests.ts'
import type { RequestEnd, RequestLimits } from '../ws/open-requests.ts'
import type { RequestPayload } from '../ws/slice.ts'

/** The parts of a contact centre that a program chooses. */
export interface CentreOptions {
  readonly configuration: Configuration
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly shard: Shard
  readonly applications: Applications
  readonly links: readonly VoiceLink[]
  readonly performers: readonly Performer[]
  readonly owner: string
  readonly cell: string
  readonly partitions: number
  readonly limits?: Partial<RuntimeLimits>
  readonly requestLimits?: Partial<RequestLimits>
  readonly onIncident: (incident: Incident) => void
  /** Told what an author has to know, once per application version. */
  readonly onWarning?: (warning: Incident) => void
  /** Why no session of an application version may start; `undefined`: it may. */
  readonly refusal?: (hash: string) => string | undefined
}

export interface StartSession {
  readonly url: string
  /** Text that is JSON of an object, array, number or boolean counts as its value. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** Parameters that keep their type, texts included; they win. */
  readonly values?: Readonly<Record<string, unknown>>
  /** Makes a repeated request the same session. */
  readonly idempotencyKey?: string
  /** Keeps the start until then; a time that has passed is now. */
  readonly startAtEpochMs?: number
}

export type StartedSession =
  | { readonly ok: true; readonly sessionId: string }
  | { readonly ok: false; readonly reason: 'document'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly reason: 'overloaded'; readonly retryAfterS: number }
  /** The idempotency key was used for another document, this one. */
  | { readonly ok: false; readonly reason: 'conflict'; readonly url: string }

/** An interaction that no switch knows, as an outside system offers it. */
export interface OfferInteraction {
  /** Members that scripts see; an id is made when it has none. */
  readonly view: Readonly<Record<string, unknown>>
  /** Device or queue where it waits. */
  readonly focusDeviceId: string
  /** Name of the configured application that is started for it. */
  readonly application: string
}

/** What came of an offer. */
export type OfferedInteraction =
  | { readonly status: 'accepted'; readonly id: string }
  /** A call, or an interaction that has ended, has this id. */
  | { readonly status: 'exists'; readonly id: string }
  | { readonly status: 'overloaded'; readonly retryAfterS: number }

/** A stored session for people. */
export interface SessionReport extends SessionInspection {
  readonly version: number
  readonly trace: readonly { readonly sequence: number; readonly atVersion: number; readonly line: string }[]
}

/** A contact centre without its edges: what the API, the CLI and tests drive. */
export interface Centre extends AsyncDisposable {
  readonly runtime: Runtime
  /** Recovers, loads applications, connects to the switches. */
  start(): Promise<RecoverySummary & { readonly applications: readonly ApplicationStatus[] }>
  startSession(request: StartSession): Promise<StartedSession>
  /** Event of somebody outside; `source` and `sequence` make repeated ones harmless. */
  sendEvent(sessionId: string, event: OutsideEvent): Promise<Acceptance>
  /** Asks a session and waits for its `<ws:response>`. Spec: external-interfaces §1.4. */
  request(sessionId: string, request: OutsideRequest): Promise<RequestAnswer>
  terminateSession(sessionId: string, reason: string): Promise<Acceptance>
  session(
    sessionId: string,
    trace?: { readonly after: number; readonly limit: number },
  ): Promise<SessionReport | undefined>
  list(
    kind: EntityKind,
    options: { readonly running: boolean; readonly after?: string; readonly limit: number },
  ): Promise<readonly EntitySummary[]>
  interaction(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  /** Makes an interaction without a switch, or offers a present one again. */
  offerInteraction(offer: OfferInteraction): Promise<OfferedInteraction>
  agent(agentId: string, action: AgentAction): Promise<Acceptance>
  /** Acts as a caller or a telephone at the switch that has the number or call. */
  door(action: DoorAction): Promise<DoorAnswer>
  configuration(): Configuration
  /** Switches to a new version between steps. */
  reconfigure(configuration: Configuration): Promise<void>
  /** Looks for changed documents again. */
  reloadApplications(): ReturnType<Applications['reload']>
  summary(domain?: string): DomainSummary | undefined
  /** Answers a function of a script that needs more than its session has; `undefined`: not known. At once, from memory. */
  answer(question: ShardQuestion): unknown
}

export interface OutsideEvent {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
  readonly source: string
  readonly sequence?: number
}

/** A question of somebody outside to a session. */
export interface OutsideRequest {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
  readonly source: string
  readonly sequence?: number
  /** Aborts when the caller has gone. */
  readonly signal?: AbortSignal
}

/** What came of a request. */
export type RequestAnswer =
  | RequestEnd
  | { readonly kind: 'unknown' }
  /** The same request was made before. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'overloaded'; readonly retryAfterS: number }

export interface AgentAction {
  readonly state: 'login' | 'logout' | 'ready' | 'notReady'
  readonly device?: string
  readonly reason?: string
}

/** Puts the parts together: entities, performers and switches on one runtime. */
export function createCentre(options: CentreOptions): Centre {
  let configuration = options.configuration
  const stopping = new AbortController()
  const registry = applicationRegistry(options.applications, () => configuration)
  const domains = domainBehaviour(() => configuration)
  const sessions = createSessionPerformer({
    applications: options.applications,
    clock: options.clock,
    deliver: (message) => runtime.deliver(message),
  })
  const requests = openRequests(options.clock, { ...defaultRequestLimits, ...options.requestLimits })
  const fetch = options.performers.find(({ types }) => types.includes('http.fetch'))
  const runtime = createRuntime({
    store: options.store,
    clock: options.clock,
    ids: options.ids,
    owner: options.owner,
    cell: options.cell,
    partitions: options.partitions,
    behaviours: [
      createSessionBehaviour({
        shard: options.shard,
        applications: options.applications,
        onIncident: options.onIncident,
        ...(options.onWarning === undefined ? {} : { onWarning: options.onWarning }),
        ...(options.refusal === undefined ? {} : { refusal: options.refusal }),
        durability: (session) => durabilityOf(configuration, session),
      }),
      interactionBehaviour({
        configuration: () => configuration,
        applicationStart: registry.start,
        newSessionId: () => runtime.newSessionId(),
      }),
      domains,
    ],
    performers: [
      ...options.performers,
      switchPerformer(options.links, options.clock),
      ...(fetch === undefined ? [] : [definedModulePerformer({ fetch, clock: options.clock })]),
      requests.performer,
      sessions,
      startPerformer({
        applications: options.applications,
        deliver: (message) => runtime.deliver(message),
        sessions,
      }),
    ],
    onIncident: options.onIncident,
    onUntaken({ to, body }) {
      if (to.kind === 'session' && body['module'] === 'ws') requests.untaken(String(body['sendId']), to.id)
    },
    skippedEffect,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })

  function tenant(): string {
    return configuration.tenants[0]?.name ?? 'Environment'
  }

  /** Ends early, with a rejection, when the centre stops: nobody takes the message that waits any more. */
  function pause(delayMs: number): Promise<void> {
    const { clock } = options
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        alarm.cancel()
        reject(new Error('the centre stops'))
      }
      const alarm = clock.schedule(clock.nowMs() + delayMs, () => {
        stopping.signal.removeEventListener('abort', giveUp)
        resolve()
      })
      if (stopping.signal.aborted) giveUp()
      else stopping.signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** The same key gives the same session, also after a restart. */
  function sessionOfKey(key: string): string {
    return keyedSessionId(options.cell, options.partitions, key)
  }

  async function toSession(
    sessionId: string,
    source: string,
    body: MessageBody,
    sequence?: number,
  ): Promise<Acceptance> {
    const to = { kind: 'session' as const, id: sessionId }
    return runtime.deliver({ to, source, body, ...(sequence === undefined ? {} : { sequence }) })
  }

  return {
    runtime,

    async start() {
      options.shard.replica(configuration)
      const applications = await registry.load()
      const recovered = await runtime.start()
      for (const { name } of configuration.tenants) {
        await runtime.deliver({
          to: { kind: 'domain', id: name },
          source: 'centre',
          creates: true,
          body: { kind: 'timer', id: 'start' },
        })
      }
      for (const link of options.links) {
        await link.connect(
          voiceIntake({
            switchName: link.switchName,
            runtime,
            store: options.store,
            domain: tenant(),
            pause,
            onLinkState: () => undefined,
          }),
        )
      }
      return { ...recovered, applications }
    },

    async startSession({ url, parameters, values = {}, idempotencyKey, startAtEpochMs = 0 }) {
      const sessionId = idempotencyKey === undefined ? runtime.newSessionId() : sessionOfKey(idempotencyKey)
      const session = { kind: 'session' as const, id: sessionId }
      const pending = scheduledStartRef(sessionId)
      if (idempotencyKey !== undefined) {
        const known = await options.store.load([session, pending])
        const knownUrl = known.find((one) => one !== undefined)?.attributes['url']
        if (knownUrl === url) return { ok: true, sessionId }
        if (knownUrl !== undefined) return { ok: false, reason: 'conflict', url: knownUrl }
      }
      const current = await options.applications.current(url)
      if (!current.ok) return { ok: false, reason: 'document', diagnostics: current.diagnostics }
      const isLater = startAtEpochMs > options.clock.nowMs()
      const given = { url, parameters, encodedParameters: encodedParameters(values) }
      const acceptance = await runtime.deliver({
        to: isLater ? pending : session,
        source: idempotencyKey === undefined ? 'api' : 'start',
        ...(idempotencyKey === undefined ? {} : { sequence: 1 }),
        creates: true,
        body: isLater
          ? scheduleMessage({ ...given, sessionId, dueEpochMs: startAtEpochMs, startedBy: '', requestId: '' })
          : { ...given, kind: 'start', hash: current.bundle.hash, application: '' },
      })
      if (acceptance.status === 'overloaded')
        return { ok: false, reason: 'overloaded', retryAfterS: acceptance.retryAfterS }
      return { ok: true, sessionId }
    },

    sendEvent: (sessionId, { name, data, source, sequence }) =>
      toSession(sessionId, source, { kind: 'event', name, data }, sequence),

    async request(sessionId, { name, data, source, sequence, signal }) {
      const requestId = runtime.newSessionId()
      const open = requests.open(requestId, sessionId)
      if (open === undefined) return { kind: 'overloaded', retryAfterS: 1 }
      const leave = (): void => open[Symbol.dispose]()
      signal?.addEventListener('abort', leave, { once: true })
      if (signal?.aborted === true) leave()
      try {
        const { untilEpochMs } = open
        const payload: RequestPayload = { requestId, atEpochMs: options.clock.nowMs(), untilEpochMs }
        const body = { kind: 'event', name, data, sendId: requestId, module: 'ws', payload }
        const acceptance = await toSession(sessionId, source, body, sequence)
        if (acceptance.status === 'overloaded') return { kind: 'overloaded', retryAfterS: acceptance.retryAfterS }
        return acceptance.status === 'accepted' ? await open.end : { kind: acceptance.status }
      } finally {
        signal?.removeEventListener('abort', leave)
        leave()
      }
    },

    async terminateSession(sessionId, reason) {
      const acceptance = await toSession(sessionId, 'api', { kind: 'terminate', reason })
      if (acceptance.status !== 'unknown') return acceptance
      return runtime.deliver({ to: scheduledStartRef(sessionId), source: 'api', body: { kind: 'cancelStart' } })
    },

    async session(sessionId, trace = { after: 0, limit: 500 }) {
      const ref = { kind: 'session' as const, id: sessionId }
      const [stored] = await options.store.load([ref])
      if (stored === undefined || stored.state === undefined) return undefined
      const hash = stored.attributes['hash'] ?? ''
      const bundle = await options.applications.byHash(hash)
      if (bundle !== undefined) await options.shard.load(bundle)
      const inspection = await options.shard.inspect(sessionId, { hash, state: stored.state, redo: stored.redo })
      if (inspection === undefined) return undefined
      const lines = await options.store.query({ kind: 'trace', ref, afterSequence: trace.after, limit: trace.limit })
      return { ...inspection, isRunning: !stored.hasEnded, version: stored.version, trace: lines }
    },

    list: (kind, { running, after, limit }) =>
      options.store.query({
        kind: 'entities',
        entityKind: kind,
        running,
        limit,
        ...(after === undefined ? {} : { after }),
      }),

    async interaction(id) {
      const [stored] = await options.store.load([{ kind: 'interaction', id }])
      if (stored === undefined) return undefined
      const state = decodeInteraction(withoutEnvelope(stored).state)
      if (state === undefined) return undefined
      const view = interactionView(state, configuration)
      return { ...state, view, hasEnded: stored.hasEnded, version: stored.version }
    },

    async offerInteraction({ view, focusDeviceId, application }) {
      const given = view['g_uid']
      const id = typeof given === 'string' && given !== '' ? given : runtime.newSessionId()
      const [stored] = await options.store.load([{ kind: 'interaction', id }])
      if (stored !== undefined) {
        const state = decodeInteraction(withoutEnvelope(stored).state)
        if (stored.hasEnded || state?.call !== undefined) return { status: 'exists', id }
      }
      const acceptance = await runtime.deliver({
        to: { kind: 'interaction', id },
        source: 'api',
        creates: true,
        body: { kind: 'offer', view: { ...view, g_uid: id }, focusDeviceId, application },
      })
      if (acceptance.status === 'overloaded') return acceptance
      return { status: acceptance.status === 'unknown' ? 'exists' : 'accepted', id }
    },

    agent(agentId, { state, device, reason }) {
      const known = configuration.agents.find((agent) => agent.id === agentId)
      if (known === undefined) return Promise.resolve({ status: 'unknown' })
      const body = { kind: 'agent', agentId, device: device ?? known.dn, state, reason }
      return runtime.deliver({ to: { kind: 'domain', id: tenant() }, source: 'api', creates: true, body })
    },

    async door(action) {
      let answer: DoorAnswer = { ok: false, error: 'linkdown', description: 'no switch is connected' }
      for (const link of options.links) {
        answer = await link.door(action)
        if (answer.ok || answer.error !== 'notfound') return answer
      }
      return answer
    },

    configuration: () => configuration,

    async reconfigure(next) {
      configuration = next
      options.shard.replica(next)
      await registry.load()
    },

    async reloadApplications() {
      const results = await options.applications.reload()
      await registry.load()
      return results
    },

    summary(name) {
      const domain = domains.domain(name ?? tenant())
      return domain === undefined ? undefined : domainSummary(domain, options.clock.nowMs())
    },

    answer: (question) =>
      question.function === 'statistic.sData'
        ? currentStatistic(question.about, domains.domain(tenant()), options.clock.nowMs())
        : undefined,

    async [Symbol.asyncDispose]() {
      await Promise.all(options.links.map((link) => link[Symbol.asyncDispose]()))
      stopping.abort()
      requests[Symbol.dispose]()
      await runtime.stop()
      await options.shard.drain()
    },
  }
}
