import type { AgentState } from '../agents/agent-state.ts'
import { nextAgentState } from '../agents/agent-state.ts'
import type { Agent, Configuration } from '../configuration/configuration.ts'
import type {
  ContactContext,
  ContactEffect,
  ContactTrace,
  DomainMessage,
  RouteDecision,
  RoutingTuning,
  SubmitRequest,
} from '../contract.ts'
import { contactFault, type ContactFaultCode, type FaultParameters } from '../errors.ts'
import type { ShareCounts } from './percentage.ts'
import type { HeapItem, RequestHeap } from './request-heap.ts'
import type { SkillExpression } from './skills.ts'
import type { Target } from './targets.ts'

/** A durable row of a domain: tables `agent`, `share`, `timedOut`. `value` is JSON. */
export interface DomainRow {
  readonly table: string
  readonly key: string
  readonly value: string
}

/** Change of a domain's durable rows. */
export type DomainRowChange =
  | { readonly kind: 'put'; readonly table: string; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly table: string; readonly key: string }

/** How a call at a telephone stands. */
export type DeviceCallState = 'ringing' | 'connected'

/** A telephone (or other device) and the calls at it. */
export interface DeviceRecord {
  readonly number: string
  readonly calls: Map<string, DeviceCallState>
  agent: AgentRecord | undefined
}

/** An agent as routing sees it. Mutable: changed only by the domain's step. */
export interface AgentRecord {
  readonly id: string
  configured: Agent | undefined
  state: AgentState
  reason: string | undefined
  device: DeviceRecord | undefined
  /** Since when the agent is free to take an interaction; ready time of the statistics. */
  freeSinceEpochMs: number
  loggedInAtEpochMs: number
  busySinceEpochMs: number | undefined
  busyTotalMs: number
  /** Set aside until then (no answer, refused route). */
  pausedUntilEpochMs: number
  reservation: { readonly interactionId: string; readonly requestKey: string; untilEpochMs: number } | undefined
  isFree: boolean
  readonly targets: Set<ResolvedTarget>
}

/** A target of a set with what it stands for in this configuration. */
export interface ResolvedTarget {
  readonly target: Target
  readonly set: TargetSet
  /** Place among the targets of its set. */
  readonly index: number
  readonly members: ReadonlySet<AgentRecord>
  /** Members that can take an interaction now, longest free first. */
  readonly free: Set<AgentRecord>
  /** Where a call goes when the target is no agent. */
  readonly fixed: { readonly number: string; readonly switchName: string; readonly isDevice: boolean } | undefined
  /** The skill expression reads statistics: checked at each selection. */
  readonly isDynamic: boolean
}

/** One distinct list of targets with the requests that wait for it. */
export interface TargetSet {
  readonly key: string
  readonly parsed: readonly Target[]
  targets: readonly ResolvedTarget[]
  readonly waiting: RequestHeap<RoutingRequest>
  /** Requests must be looked at one by one: thresholds, statistics in skills, devices. */
  isScanned: boolean
  /** Percentage rule: key, and for each resolved target its weight. */
  share: { readonly key: string; readonly weights: readonly number[]; readonly order: readonly number[] }
}

/** A submit that has not been answered for good. */
export interface RoutingRequest extends HeapItem {
  readonly key: string
  readonly submit: SubmitRequest
  readonly set: TargetSet | undefined
  state: 'waiting' | 'suspended' | 'routing'
  tuning: RoutingTuning
  /** Parsed `tuning.idealAgent`. */
  ideal: SkillExpression | undefined
  deadlineEpochMs: number
  hasTimedOut: boolean
  isWithdrawn: boolean
  attempts: number
  readonly failedTargets: Set<number>
  decision: RouteDecision | undefined
}

/** When requests left a virtual queue to a target. */
export interface Departures {
  count: number
  readonly firstEpochMs: number
  lastEpochMs: number
}

/** Totals since the domain was taken over. */
export interface DomainCounters {
  submitted: number
  routed: number
  /** Interactions that ended before anybody served them. */
  abandoned: number
  timedOut: number
  routedWithinServiceLevel: number
}

/** A routing domain in memory: agents, devices, target sets, waiting requests. One writer. */
export interface Domain {
  configuration: Configuration | undefined
  readonly agents: Map<string, AgentRecord>
  readonly devices: Map<string, DeviceRecord>
  /** Devices that an interaction is at, or is on the way to. */
  readonly devicesOfInteraction: Map<string, Set<DeviceRecord>>
  readonly requests: Map<string, RoutingRequest>
  readonly requestsOfInteraction: Map<string, Set<RoutingRequest>>
  /** Interactions that ended last: a submit may come after its interaction has gone. */
  readonly endedInteractions: Set<string>
  readonly sets: Map<string, TargetSet>
  /** Scanned sets that have waiting requests. */
  readonly scanned: Set<TargetSet>
  readonly shares: Map<string, ShareCounts>
  readonly timedOut: Set<string>
  readonly warned: Set<string>
  readonly counters: DomainCounters
  /** Routed requests by `targetobjectselected`. */
  readonly routedByTarget: Map<string, number>
  /** By virtual queue, since the domain was taken over. */
  readonly departures: Map<string, Departures>
  arrivals: number
  hasPulse: boolean
}

/** Everything that one step of a domain touches. */
export interface DomainWork {
  readonly domain: Domain
  readonly context: ContactContext
  readonly configuration: Configuration
  readonly effects: ContactEffect[]
  readonly rows: DomainRowChange[]
  readonly trace: ContactTrace[]
  /** Agents that became free in this step. */
  readonly freed: Set<AgentRecord>
  random(): number
}

/** A domain with what its durable rows say; unreadable rows are left out. */
export function createDomain(rows: readonly DomainRow[]): Domain {
  const domain: Domain = {
    configuration: undefined,
    agents: new Map(),
    devices: new Map(),
    devicesOfInteraction: new Map(),
    requests: new Map(),
    requestsOfInteraction: new Map(),
    endedInteractions: new Set(),
    sets: new Map(),
    scanned: new Set(),
    shares: new Map(),
    timedOut: new Set(),
    warned: new Set(),
    counters: { submitted: 0, routed: 0, abandoned: 0, timedOut: 0, routedWithinServiceLevel: 0 },
    routedByTarget: new Map(),
    departures: new Map(),
    arrivals: 0,
    hasPulse: false,
  }
  for (const row of rows) {
    if (row.table === 'timedOut') domain.timedOut.add(row.key)
    if (row.table === 'share') {
      const counts = readJson(row.value)
      if (Array.isArray(counts) && counts.every((count) => typeof count === 'number'))
        domain.shares.set(row.key, counts)
    }
    if (row.table === 'agent') restoreAgent(domain, row)
  }
  return domain
}

/** The record of a device, made when it is seen for the first time. */
export function deviceOf(domain: Domain, number: string): DeviceRecord {
  let device = domain.devices.get(number)
  if (device === undefined) {
    device = { number, calls: new Map(), agent: undefined }
    domain.devices.set(number, device)
  }
  return device
}

/** Remembers that an interaction has to do with a device. */
export function noteDevice(domain: Domain, interactionId: string, device: DeviceRecord): void {
  const devices = domain.devicesOfInteraction.get(interactionId)
  if (devices === undefined) domain.devicesOfInteraction.set(interactionId, new Set([device]))
  else devices.add(device)
}

/** The record of an agent, made when it is needed for the first time. */
export function agentOf(domain: Domain, id: string): AgentRecord {
  let agent = domain.agents.get(id)
  if (agent === undefined) {
    agent = {
      id,
      configured: undefined,
      state: 'loggedOut',
      reason: undefined,
      device: undefined,
      freeSinceEpochMs: 0,
      loggedInAtEpochMs: 0,
      busySinceEpochMs: undefined,
      busyTotalMs: 0,
      pausedUntilEpochMs: 0,
      reservation: undefined,
      isFree: false,
      targets: new Set(),
    }
    domain.agents.set(id, agent)
  }
  return agent
}

/** Plans the durable row of an agent. */
export function putAgentRow(work: DomainWork, agent: AgentRecord): void {
  if (agent.state === 'loggedOut' && (agent.device?.calls.size ?? 0) === 0) {
    work.rows.push({ kind: 'delete', table: 'agent', key: agent.id })
    return
  }
  const value = JSON.stringify({
    state: agent.state,
    reason: agent.reason ?? '',
    device: agent.device?.number ?? '',
    since: agent.freeSinceEpochMs,
    login: agent.loggedInAtEpochMs,
    calls: Object.fromEntries(agent.device?.calls ?? []),
  })
  work.rows.push({ kind: 'put', table: 'agent', key: agent.id, value })
}

/** Adds a warning to the trace, once per fault and name. */
export function warnOnce(work: DomainWork, code: ContactFaultCode, parameters: FaultParameters): void {
  const key = `${code}/${String(parameters['name'] ?? '')}`
  if (work.domain.warned.has(key)) return
  if (work.domain.warned.size < 10_000) work.domain.warned.add(key)
  work.trace.push({ kind: 'routing.warning', ...contactFault(code, parameters) })
}

function restoreAgent(domain: Domain, row: DomainRow): void {
  const stored = readJson(row.value)
  if (typeof stored !== 'object' || stored === null) return
  const read = (name: string): unknown => Reflect.get(stored, name)
  const state = (['loggedOut', 'notReady', 'ready', 'afterCallWork'] as const).find((one) => one === read('state'))
  if (state === undefined || nextAgentState(state, 'login') === undefined) return
  const agent = agentOf(domain, row.key)
  agent.state = state
  const reason = read('reason')
  agent.reason = typeof reason === 'string' && reason !== '' ? reason : undefined
  agent.freeSinceEpochMs = Number(read('since')) || 0
  agent.loggedInAtEpochMs = Number(read('login')) || 0
  const number = read('device')
  if (typeof number !== 'string' || number === '') return
  const device = deviceOf(domain, number)
  device.agent = agent
  agent.device = device
  const calls = read('calls')
  if (typeof calls !== 'object' || calls === null) return
  for (const [interactionId, callState] of Object.entries(calls)) {
    if (callState !== 'ringing' && callState !== 'connected') continue
    device.calls.set(interactionId, callState)
    noteDevice(domain, interactionId, device)
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A message to a domain, by kind. */
export type DomainMessageOf<K extends DomainMessage['kind']> = Extract<DomainMessage, { kind: K }>
