/**
 * The store port: everything durable is an entity; a step is the unit of change. Nothing above this port sees SQL.
 * One contract suite runs against every back end. Spec: design P4–P13.
 */

export type EntityKind = 'session' | 'interaction' | 'domain'

export interface EntityRef {
  readonly kind: EntityKind
  readonly id: string
}

/** Rises with every claim of a partition; a commit with an older one is fenced. */
export type Epoch = number

export interface Store extends AsyncDisposable {
  readonly description: StoreDescription
  /** Takes a partition; every earlier owner is fenced from now on. */
  claim(partition: number, owner: string): Promise<Epoch>
  /** Tells that the owner lives. `false`: fenced. */
  renew(partition: number, epoch: Epoch): Promise<boolean>
  release(partition: number, epoch: Epoch): Promise<void>
  /**
   * Makes steps durable. Each batch is atomic on its own: all of its steps, or `fenced` (another owner, or an
   * entity's version is not the expected one). A back end writes all batches of one call in one transaction.
   */
  commit(batches: readonly PartitionBatch[]): Promise<readonly CommitResult[]>
  /**
   * Accepts messages for entities that are not stepped now; fenced like `commit`, by the epoch alone. Durable when it
   * resolves. Each partition once in a call.
   */
  append(batches: readonly InboxBatch[]): Promise<readonly AppendResult[]>
  /** Entities that exist, and those that do not exist yet but have inbox messages (version 0). Order: as asked. */
  load(refs: readonly EntityRef[]): Promise<readonly StoredEntity[]>
  /** Timers that fall due up to `untilEpochMs`, earliest first. */
  due(partitions: readonly number[], untilEpochMs: number, limit: number): Promise<readonly TimerRow[]>
  query<Q extends StoreQuery>(query: Q): Promise<StoreAnswer<Q>>
  /** Deletes a portion of what is kept for people only; gives how much there was, so that it can be asked again. */
  purge(request: PurgeRequest): Promise<number>
}

/** What may go. */
export interface PurgeRequest {
  /** Entities that ended before it go with everything of theirs, unless an effect of theirs is unanswered. */
  readonly endedBeforeEpochMs: number
  /** Trace lines of the whole store; the oldest go. */
  readonly maxTraceLines: number
  /** Entities, and as many hundred trace lines, in one call. */
  readonly limit: number
}

export interface StoreDescription {
  /** `memory`, `sqlite`, `postgres`. */
  readonly engine: string
  /** For people: what a commit survives. */
  readonly durability: string
  /** Folder or address, for people. */
  readonly location: string
}

export type CommitResult = 'committed' | 'fenced'

export interface PartitionBatch {
  readonly partition: number
  readonly epoch: Epoch
  /** In order; several steps of one entity follow each other's versions. */
  readonly steps: readonly Step[]
  /** Effect rows that need no step any more (performers that are done, messages that nobody takes): deleted. */
  readonly answered?: readonly EffectKey[]
  /** Inbox messages that were refused or taken twice: deleted. */
  readonly taken?: readonly number[]
}

export interface Step {
  readonly ref: EntityRef
  /** 0: the step creates the entity. */
  readonly expectedVersion: number
  readonly version: number
  readonly change: StateChange
  /** Small searchable facts about the entity (application, name, owner…); absent: unchanged. */
  readonly attributes?: Readonly<Record<string, string>>
  readonly effects: readonly EffectRow[]
  /** Rows that this step answers or withdraws, of whatever entity: deleted. */
  readonly answered: readonly EffectKey[]
  readonly timersPut: readonly TimerRow[]
  /** Deleted before `timersPut` is written, so that a step may set a timer again that it cancelled. */
  readonly timersDeleted: readonly string[]
  readonly rows: readonly RowChange[]
  /** Trace lines as JSON text, in order. */
  readonly trace: readonly string[]
  /** Inbox messages that this step took: deleted. */
  readonly taken: readonly number[]
}

export type StateChange =
  | { readonly kind: 'snapshot'; readonly state: Uint8Array }
  | { readonly kind: 'redo'; readonly redo: Uint8Array }
  | { readonly kind: 'none' }
  /**
   * The entity has ended: state is kept for people until it is purged, timers and inbox rows go. Without `state` the
   * last snapshot and redo records stay, and `redo` is added to them.
   */
  | {
      readonly kind: 'end'
      readonly state: Uint8Array | undefined
      readonly redo?: Uint8Array
      readonly endedAtEpochMs: number
    }

/** `<kind>/<id>:<version>:<n>`. */
export type EffectKey = string

export interface EffectRow {
  readonly key: EffectKey
  readonly owner: EntityRef
  /** `once`: performed until answered by its performer. `open`: lives until an answer event is taken. */
  readonly mode: 'once' | 'open'
  /** Names the performer, for example `message`, `http.fetch`, `switch.command`. */
  readonly type: string
  /** JSON text. */
  readonly body: string
  readonly plannedAtEpochMs: number
}

export interface TimerRow {
  readonly owner: EntityRef
  readonly id: string
  readonly dueEpochMs: number
}

/**
 * Small named rows of an entity, for state that is too large for one snapshot (agents of a domain). Rows of the table
 * `document` belong to nobody: keyed by the hash of their content, written once, read by the `document` query.
 */
export type RowChange =
  | { readonly kind: 'put'; readonly table: string; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly table: string; readonly key: string }

/** Messages for entities of one partition. */
export interface InboxBatch {
  readonly partition: number
  readonly epoch: Epoch
  readonly messages: readonly NewInboxMessage[]
}

/** Sequences of the rows, in the order of the messages. */
export type AppendResult = readonly number[] | 'fenced'

export interface NewInboxMessage {
  readonly to: EntityRef
  /** JSON text of a `Message`. */
  readonly body: string
}

export interface StoredEntity {
  readonly ref: EntityRef
  readonly version: number
  readonly hasEnded: boolean
  readonly attributes: Readonly<Record<string, string>>
  /** Last snapshot, then the redo records after it in order. */
  readonly state: Uint8Array | undefined
  readonly redo: readonly Uint8Array[]
  readonly effects: readonly EffectRow[]
  readonly timers: readonly TimerRow[]
  readonly inbox: readonly { readonly sequence: number; readonly body: string }[]
  readonly rows: readonly { readonly table: string; readonly key: string; readonly value: string }[]
}

export type StoreQuery =
  /** Running (or all) entities in the order of their ids. */
  | {
      readonly kind: 'entities'
      readonly entityKind: EntityKind
      readonly running: boolean
      readonly after?: string
      readonly limit: number
      readonly where?: Readonly<Record<string, string>>
    }
  /** Unanswered effects of partitions, oldest first: what recovery performs again. */
  | {
      readonly kind: 'effects'
      readonly partitions: readonly number[]
      readonly after?: EffectKey
      readonly limit: number
    }
  /** Entities of partitions that have inbox messages. */
  | { readonly kind: 'waiting'; readonly partitions: readonly number[]; readonly limit: number }
  | { readonly kind: 'trace'; readonly ref: EntityRef; readonly afterSequence: number; readonly limit: number }
  /** A row that belongs to no entity. */
  | { readonly kind: 'document'; readonly hash: string }
  | { readonly kind: 'counts' }

export type StoreAnswer<Q extends StoreQuery> = Q extends { kind: 'entities' }
  ? readonly EntitySummary[]
  : Q extends { kind: 'effects' }
    ? readonly EffectRow[]
    : Q extends { kind: 'waiting' }
      ? readonly EntityRef[]
      : Q extends { kind: 'trace' }
        ? readonly { readonly sequence: number; readonly atVersion: number; readonly line: string }[]
        : Q extends { kind: 'document' }
          ? string | undefined
          : StoreCounts

export interface EntitySummary {
  readonly ref: EntityRef
  readonly version: number
  readonly hasEnded: boolean
  readonly attributes: Readonly<Record<string, string>>
}

export interface StoreCounts {
  readonly sessions: number
  readonly interactions: number
  readonly effects: number
  readonly timers: number
  readonly inbox: number
}
