import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { EntityRef, Store, StoreDescription } from '../ports/store.ts'
import type { Acceptance, Behaviour, Message, Performer } from './contract.ts'

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
  /** Entities in memory. */
  readonly maxResident: number
  /** Concurrent effects per type. */
  readonly maxEffectsPerType: number
  /** Sources remembered per entity for deduplication. */
  readonly maxSources: number
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
  /** Stops taking messages, finishes commits, leaves everything else to the next start. */
  stop(): Promise<void>
}

export interface RecoverySummary {
  readonly sessions: number
  readonly interactions: number
  readonly effects: number
  readonly timers: number
}
