import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { EntityRef, Store, StoreDescription } from '../ports/store.ts'
import type { IncidentAction, IncidentRecord, IncidentResolution } from '../recovery/incident-log.ts'
import type { Acceptance, Behaviour, Message, MessageBody, Performer } from './contract.ts'

/** Everything that a node needs to run entities. */
export interface RuntimeOptions {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly owner: string
  /** Two characters of `[0-9A-Z]`, part of session ids. */
  readonly cell: string
  /** Number of partitions; fixed when a store is created. */
  readonly partitions: number
  readonly behaviours: readonly Behaviour[]
  readonly performers: readonly Performer[]
  readonly limits?: Partial<RuntimeLimits>
  /** Called for things an operator has to know; never throws. */
  readonly onIncident?: (incident: Incident) => void
  /** Told of a message whose sender knows it as accepted, when its receiver has ended before it was taken; never throws. */
  readonly onUntaken?: (message: Message) => void
  /** What a session takes when an operator skips an open effect of it; `undefined`: `error.<type>`. */
  readonly skippedEffect?: (type: string, body: Readonly<Record<string, unknown>>) => MessageBody | undefined
}

/** Named limits (configuration reference). */
export interface RuntimeLimits {
  /** Messages waiting for one entity. */
  readonly maxMailbox: number
  /** Messages waiting on the whole node; above it `overloaded`. */
  readonly maxPending: number
  /** Steps in one commit. */
  readonly maxCommitSteps: number
  /** How long a commit waits for company. */
  readonly commitWindowMs: number
  /** How long a commit of relaxed steps alone waits for company: what the death of a node may cost them. */
  readonly relaxedWindowMs: number
  /** Entities in memory. */
  readonly maxResident: number
  /** Concurrent effects per type. */
  readonly maxEffectsPerType: number
  /** Sources remembered per entity for deduplication. */
  readonly maxSources: number
  /** Incidents kept for an operator; the oldest go. */
  readonly maxIncidents: number
  /** How long ended entities are kept for people, with their trace. */
  readonly keepEndedMs: number
  /** Trace lines kept in the store. */
  readonly maxTraceLines: number
  /** How often the store is looked through for what may go. */
  readonly purgeEveryMs: number
}

export interface Incident {
  readonly kind: string
  /** Entry of the catalogue of errors. */
  readonly code?: string
  readonly ref: EntityRef | undefined
  readonly message: string
  readonly atEpochMs: number
}

/** A running node without its edges. `createRuntime` makes one; `start` recovers and opens the mailboxes. */
export interface Runtime extends AsyncDisposable {
  readonly store: StoreDescription
  start(): Promise<RecoverySummary>
  /** Delivers a message; resolves when it is durable. Never rejects. */
  deliver(message: Message): Promise<Acceptance>
  /** Id for a new session: cell, partition, random part. */
  newSessionId(): string
  /** Resolves when no message waits, no step or commit runs and no `message` effect is under way. */
  idle(): Promise<void>
  /** Called after each commit with the trace lines of the steps in it. */
  onTrace(listener: (ref: EntityRef, version: number, lines: readonly string[]) => void): () => void
  /** Stuck and failed sessions and effects that nobody has decided about, the oldest first. */
  incidents(): Promise<readonly IncidentRecord[]>
  /** Steps the message or performs the effect again, goes on without it, or ends the session. */
  resolveIncident(id: string, action: IncidentAction): Promise<IncidentResolution>
  /** Stops taking messages, finishes commits, leaves everything else to the next start. */
  stop(): Promise<void>
}

export interface RecoverySummary {
  readonly sessions: number
  readonly interactions: number
  readonly effects: number
  readonly timers: number
}
