import type { SimulatedSwitch, SwitchPlan } from '@segue/adapters'
import type { DomainSummary, InteractionMessage, InteractionView, PlaceCall } from '@segue/contact'
import type { StartedSession } from '@segue/modules'
import type { Acceptance, Incident, TraceLevel } from '@segue/runtime'
import type { Chart, Diagnostic } from '@segue/scxml'
import type { AnswerOptions, HeldAction, HoldRule } from './held-actions.ts'
import type { HttpStub } from './http-stub.ts'
import type { SeenCommand, SeenTimer } from './seen-commands.ts'
import type { SeenAction, SessionView, TraceEntry } from './session-view.ts'
import type { StatisticValues } from './statistics-table.ts'
import type { WorldConfiguration } from './world-configuration.ts'

/** What a test sets up before anything happens. */
export interface WorldOptions {
  /** A folder with `segue.yaml`, or the objects themselves (as in a configuration file). */
  readonly configuration: WorldConfiguration
  /** Start of virtual time, ISO 8601. */
  readonly at?: string
  /** Time zone of the machine, IANA name. Holds for the whole process until the world ends. */
  readonly zone?: string
  readonly seed?: number
  /** Folders below which documents are read; default: the folder of the configuration. */
  readonly documentRoots?: readonly string[]
  /** Texts of documents and libraries by their path below the folder of the configuration; they win over files. */
  readonly documents?: Readonly<Record<string, string>>
  /** Origins from which documents may be fetched, besides those of the configuration and of this machine. */
  readonly documentOrigins?: readonly string[]
  /** Serves the folder of the configuration over HTTP on this machine, and takes documents from there. */
  readonly isServed?: boolean
  /** Behaviour of simulated agents and callers; absent: nobody does anything by himself. */
  readonly people?: Partial<SwitchPlan>
  /** What the switch does of itself: how long telephones ring, how dialog applications end. */
  readonly switchPlan?: Partial<SwitchPlan>
  /** What functions of `_genesys.statistic` give. */
  readonly statistics?: StatisticValues
  /** Puts a new node in place of the running one after everything that happens. Nothing else may change by that. */
  readonly restartAfterEachEvent?: boolean
  /** How much sessions record; `full` also what they were told. Default `outcome`. */
  readonly trace?: TraceLevel
}

export interface Duration {
  readonly ms?: number
  readonly seconds?: number
  readonly minutes?: number
  readonly hours?: number
}

/** An interaction that a test offers by hand, of any category. */
export interface OfferedInteraction {
  /** What scripts see of it, as it is: every field is the test's. */
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

/** One record of a session in the story of the world. */
export interface StoryEntry {
  readonly sessionId: string
  readonly entry: TraceEntry
}

/** An action with the session that executed it. */
export interface WorldAction extends SeenAction {
  readonly sessionId: string
  readonly atEpochMs: number
  /** What the world was asked to do for it; empty when the action was refused. */
  readonly commands: readonly SeenCommand[]
}

/** Something that a test did not ask for. */
export interface Unexpected {
  readonly kind: 'error' | 'unhandled' | 'refused' | 'incident' | 'request'
  readonly text: string
  /** `''` when it concerns no session. */
  readonly sessionId: string
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
  /** Address that document addresses of the configuration are relative to: the folder, or where it is served. */
  readonly baseUrl: string
  /** Everything that sessions recorded, in the order in which it became durable. */
  readonly story: readonly StoryEntry[]
  /** Every action of every session with its evaluated attributes, in order. */
  readonly actions: readonly WorldAction[]
  /** Every command that sessions gave to the world, also of functions such as `setuData`, in order. */
  readonly commands: readonly SeenCommand[]
  /** Delayed sends of sessions that have not fallen due. */
  readonly timers: readonly SeenTimer[]
  /** Lets virtual time pass; everything that falls due happens in order. */
  advance(duration: Duration): Promise<void>
  /** Lets time pass up to a point, ISO 8601; one in the past changes nothing. */
  advanceTo(at: string): Promise<void>
  /**
   * Lets time pass until something is so, from one thing that falls due to the next, at most as long as said.
   * `true` when it became so.
   */
  advanceUntil(isReached: () => boolean | Promise<boolean>, within: Duration): Promise<boolean>
  /** Lets time pass until a session takes an event of this name that it had not taken before. */
  advanceToEvent(name: string, within: Duration): Promise<boolean>
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>
  /** A caller dials; gives the call's id. Throws when the switch refuses. */
  placeCall(call: PlaceCall): Promise<string>
  hangUp(callId: string): Promise<void>
  answer(callId: string): Promise<void>
  release(callId: string): Promise<void>
  press(callId: string, digits: string): Promise<void>
  agent(agentId: string, state: 'login' | 'ready' | 'notReady' | 'logout', reason?: string): Promise<void>
  /** Addresses of the documents of configured applications. */
  applicationUrls(): readonly string[]
  /** Ids of the configured agents. */
  agentIds(): readonly string[]
  /** Makes an interaction that no switch knows and starts its application. */
  offer(offered: OfferedInteraction): Promise<void>
  startSession(url: string, parameters?: Readonly<Record<string, unknown>>): Promise<StartedSession>
  /** With a module in the options, that module takes the event before the document does. */
  sendEvent(
    sessionId: string,
    name: string,
    data?: Readonly<Record<string, unknown>>,
    options?: Pick<AnswerOptions, 'module' | 'payload'>,
  ): Promise<Acceptance>
  /** Gives a message to an interaction, as switches and sessions do. */
  tellInteraction(interactionId: string, message: InteractionMessage): Promise<Acceptance>
  terminateSession(sessionId: string, reason: string): Promise<Acceptance>
  /** Holds matching actions: they are seen, not performed, and answered by the test. */
  hold(rule: HoldRule): void
  /** Holds nothing more from now on; what is held stays held. */
  releaseHolds(): void
  readonly held: readonly HeldAction[]
  /** Sets what functions of `_genesys.statistic` give for an object and a statistic. */
  setStatistic(object: string, statistic: string, value: number): void
  /** Ids of all sessions, in the order of their start. */
  sessionIds(): Promise<readonly string[]>
  /** One session; the only one when no id is given. */
  session(sessionId?: string): Promise<SessionView>
  interaction(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  summary(): DomainSummary | undefined
  /** What is still alive, planned or waited for. */
  leftOver(): Promise<LeftOver>
  /**
   * Script errors, `error.*` events that no transition took, refused actions, incidents, and requests that nobody
   * stubbed, in order of kind.
   */
  unexpected(): readonly Unexpected[]
  /** Throws with everything that `unexpected` gives, except for the kinds that are allowed. */
  expectNothingUnexpected(options?: { readonly allow?: readonly Unexpected['kind'][] }): void
  /** The chart of an application or of the document at an address. Throws when it cannot be loaded. */
  chart(application: string): Promise<Chart>
  /** Kills the node and starts another one on the same store. */
  restart(): Promise<void>
  /** Puts another configuration in place of the present one. */
  reconfigure(configuration: WorldConfiguration): Promise<void>
}
