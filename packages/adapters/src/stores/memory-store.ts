import type {
  AppendResult,
  CommitResult,
  EffectRow,
  EntityRef,
  EntitySummary,
  Epoch,
  InboxBatch,
  NewInboxMessage,
  PartitionBatch,
  PurgeRequest,
  Step,
  Store,
  StoreAnswer,
  StoreCounts,
  StoredEntity,
  StoreDescription,
  StoreQuery,
  TimerRow,
} from '@segue/runtime'
import { entityKey, partitionOf } from '@segue/runtime'

/**
 * Makes a store that lives as long as the object: for tests, and for applications that need no durability. A second
 * runtime can take it over as if the first one had died: its claims fence the first.
 */
export function memoryStore(options: { readonly partitions: number }): Store {
  return new MemoryStore(options.partitions)
}

interface Entity {
  readonly ref: EntityRef
  readonly partition: number
  version: number
  hasEnded: boolean
  endedAtEpochMs: number
  attributes: Readonly<Record<string, string>>
  state: Uint8Array | undefined
  redo: Uint8Array[]
  readonly effects: Map<string, EffectRow>
  readonly timers: Map<string, TimerRow>
  readonly rows: Map<string, StoredEntity['rows'][number]>
  readonly trace: { readonly sequence: number; readonly atVersion: number; readonly line: string }[]
}

interface InboxRow {
  readonly sequence: number
  readonly to: EntityRef
  readonly body: string
}

class MemoryStore implements Store {
  readonly description: StoreDescription = { engine: 'memory', durability: 'lost with the process', location: 'memory' }
  readonly #partitions: number
  readonly #epochs = new Map<number, Epoch>()
  readonly #entities = new Map<string, Entity>()
  /** In the order they were planned. */
  readonly #effects = new Map<string, EffectRow>()
  readonly #inbox = new Map<number, InboxRow>()
  readonly #inboxByEntity = new Map<string, Set<number>>()
  readonly #documents = new Map<string, string>()
  #sequence = 0

  constructor(partitions: number) {
    this.#partitions = partitions
  }

  async claim(partition: number, _owner: string): Promise<Epoch> {
    const epoch = (this.#epochs.get(partition) ?? 0) + 1
    this.#epochs.set(partition, epoch)
    return epoch
  }

  async renew(partition: number, epoch: Epoch): Promise<boolean> {
    return this.#epochs.get(partition) === epoch
  }

  async release(_partition: number, _epoch: Epoch): Promise<void> {}

  async commit(batches: readonly PartitionBatch[]): Promise<readonly CommitResult[]> {
    return batches.map((batch) => {
      if (!this.#isExpected(batch)) return 'fenced'
      for (const step of batch.steps) this.#apply(step)
      for (const key of batch.answered ?? []) this.#deleteEffect(key)
      for (const sequence of batch.taken ?? []) this.#deleteInbox(sequence)
      return 'committed'
    })
  }

  async append(batches: readonly InboxBatch[]): Promise<readonly AppendResult[]> {
    return batches.map(({ partition, epoch, messages }) =>
      this.#epochs.get(partition) === epoch ? messages.map((message) => this.#appendOne(message)) : 'fenced',
    )
  }

  async load(refs: readonly EntityRef[]): Promise<readonly StoredEntity[]> {
    return refs.map((ref) => this.#stored(ref)).filter((stored) => stored !== undefined)
  }

  async due(partitions: readonly number[], untilEpochMs: number, limit: number): Promise<readonly TimerRow[]> {
    const held = new Set(partitions)
    const timers: TimerRow[] = []
    for (const entity of this.#entities.values()) {
      if (!held.has(entity.partition)) continue
      for (const timer of entity.timers.values()) if (timer.dueEpochMs <= untilEpochMs) timers.push(timer)
    }
    return timers.sort((one, other) => one.dueEpochMs - other.dueEpochMs).slice(0, limit)
  }

  async query<Q extends StoreQuery>(query: Q): Promise<StoreAnswer<Q>> {
    // The answer's type follows from `kind`, which the compiler cannot see through the conditional type.
    return this.#answer(query) as StoreAnswer<Q>
  }

  async purge({ endedBeforeEpochMs, maxTraceLines, limit }: PurgeRequest): Promise<number> {
    let purged = 0
    for (const [key, entity] of this.#entities) {
      if (purged === limit) return purged
      if (!entity.hasEnded || entity.endedAtEpochMs >= endedBeforeEpochMs || entity.effects.size > 0) continue
      this.#entities.delete(key)
      purged++
    }
    return purged + this.#purgeTrace(maxTraceLines, limit * 100)
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #appendOne({ to, body }: NewInboxMessage): number {
    const sequence = ++this.#sequence
    const key = entityKey(to)
    this.#inbox.set(sequence, { sequence, to: { kind: to.kind, id: to.id }, body })
    const waiting = this.#inboxByEntity.get(key) ?? new Set()
    waiting.add(sequence)
    this.#inboxByEntity.set(key, waiting)
    return sequence
  }

  #purgeTrace(maxTraceLines: number, limit: number): number {
    const lines = [...this.#entities.values()].flatMap((entity) => entity.trace.map(({ sequence }) => sequence))
    const tooMany = Math.min(lines.length - maxTraceLines, limit)
    if (tooMany <= 0) return 0
    const last = lines.sort((one, other) => one - other)[tooMany - 1] ?? 0
    for (const { trace } of this.#entities.values()) {
      while (trace[0] !== undefined && trace[0].sequence <= last) trace.shift()
    }
    return tooMany
  }

  #isExpected(batch: PartitionBatch): boolean {
    if (this.#epochs.get(batch.partition) !== batch.epoch) return false
    const versions = new Map<string, number>()
    for (const step of batch.steps) {
      const key = entityKey(step.ref)
      const version = versions.get(key) ?? this.#entities.get(key)?.version ?? 0
      if (version !== step.expectedVersion) return false
      versions.set(key, step.version)
    }
    return true
  }

  #apply(step: Step): void {
    const key = entityKey(step.ref)
    const entity = this.#entities.get(key) ?? this.#create(step.ref, key)
    entity.version = step.version
    if (step.attributes !== undefined) entity.attributes = { ...step.attributes }
    changeState(entity, step)
    for (const effectKey of step.answered) this.#deleteEffect(effectKey)
    for (const effect of step.effects) {
      const row = { ...effect, owner: entity.ref }
      entity.effects.set(row.key, row)
      this.#effects.set(row.key, row)
    }
    for (const id of step.timersDeleted) entity.timers.delete(id)
    for (const { id, dueEpochMs } of step.timersPut) entity.timers.set(id, { owner: entity.ref, id, dueEpochMs })
    for (const change of step.rows) {
      const name = `${change.table}\n${change.key}`
      if (change.kind === 'delete') entity.rows.delete(name)
      else if (change.table === 'document') this.#documents.set(change.key, change.value)
      else entity.rows.set(name, { table: change.table, key: change.key, value: change.value })
    }
    for (const line of step.trace) entity.trace.push({ sequence: ++this.#sequence, atVersion: step.version, line })
    for (const sequence of step.taken) this.#deleteInbox(sequence)
    if (step.change.kind !== 'end') return
    entity.hasEnded = true
    entity.endedAtEpochMs = step.change.endedAtEpochMs
    entity.timers.clear()
    for (const sequence of this.#inboxByEntity.get(key) ?? []) this.#inbox.delete(sequence)
    this.#inboxByEntity.delete(key)
  }

  #create(ref: EntityRef, key: string): Entity {
    const entity: Entity = {
      ref: { kind: ref.kind, id: ref.id },
      partition: partitionOf(ref, this.#partitions),
      version: 0,
      hasEnded: false,
      endedAtEpochMs: 0,
      attributes: {},
      state: undefined,
      redo: [],
      effects: new Map(),
      timers: new Map(),
      rows: new Map(),
      trace: [],
    }
    this.#entities.set(key, entity)
    return entity
  }

  #deleteEffect(key: string): void {
    const row = this.#effects.get(key)
    if (row === undefined) return
    this.#effects.delete(key)
    this.#entities.get(entityKey(row.owner))?.effects.delete(key)
  }

  #deleteInbox(sequence: number): void {
    const row = this.#inbox.get(sequence)
    if (row === undefined) return
    this.#inbox.delete(sequence)
    const key = entityKey(row.to)
    const waiting = this.#inboxByEntity.get(key)
    waiting?.delete(sequence)
    if (waiting?.size === 0) this.#inboxByEntity.delete(key)
  }

  #stored(ref: EntityRef): StoredEntity | undefined {
    const key = entityKey(ref)
    const entity = this.#entities.get(key)
    const inbox = [...(this.#inboxByEntity.get(key) ?? [])].map((sequence) => ({
      sequence,
      body: this.#inbox.get(sequence)?.body ?? '',
    }))
    if (entity === undefined && inbox.length === 0) return undefined
    return {
      ref: { kind: ref.kind, id: ref.id },
      version: entity?.version ?? 0,
      hasEnded: entity?.hasEnded ?? false,
      attributes: { ...entity?.attributes },
      state: entity?.state?.slice(),
      redo: (entity?.redo ?? []).map((record) => record.slice()),
      effects: [...(entity?.effects.values() ?? [])],
      timers: [...(entity?.timers.values() ?? [])],
      inbox,
      rows: [...(entity?.rows.values() ?? [])],
    }
  }

  #answer(query: StoreQuery): StoreAnswer<StoreQuery> {
    switch (query.kind) {
      case 'entities':
        return this.#summaries(query)
      case 'effects':
        return this.#unanswered(query)
      case 'waiting':
        return this.#waiting(query)
      case 'trace': {
        const trace = this.#entities.get(entityKey(query.ref))?.trace ?? []
        return trace.filter((line) => line.sequence > query.afterSequence).slice(0, query.limit)
      }
      case 'document':
        return this.#documents.get(query.hash)
      case 'counts':
        return this.#counts()
    }
  }

  #summaries(query: StoreQuery & { kind: 'entities' }): readonly EntitySummary[] {
    const { entityKind, running, after, limit } = query
    const where = Object.entries(query.where ?? {})
    const wanted = [...this.#entities.values()].filter(
      (entity) =>
        entity.ref.kind === entityKind &&
        !(running && entity.hasEnded) &&
        (after === undefined || entity.ref.id > after) &&
        where.every(([name, value]) => entity.attributes[name] === value),
    )
    return wanted
      .sort((one, other) => (one.ref.id < other.ref.id ? -1 : 1))
      .slice(0, limit)
      .map(({ ref, version, hasEnded, attributes }) => ({ ref, version, hasEnded, attributes: { ...attributes } }))
  }

  #unanswered(query: StoreQuery & { kind: 'effects' }): readonly EffectRow[] {
    const held = new Set(query.partitions)
    const rows: EffectRow[] = []
    let isPast = query.after === undefined
    for (const row of this.#effects.values()) {
      if (rows.length === query.limit) break
      if (isPast && held.has(partitionOf(row.owner, this.#partitions))) rows.push(row)
      if (row.key === query.after) isPast = true
    }
    return rows
  }

  #waiting(query: StoreQuery & { kind: 'waiting' }): readonly EntityRef[] {
    const held = new Set(query.partitions)
    const refs = new Map<string, EntityRef>()
    for (const { to } of this.#inbox.values()) {
      if (refs.size === query.limit) break
      if (held.has(partitionOf(to, this.#partitions))) refs.set(entityKey(to), to)
    }
    return [...refs.values()]
  }

  #counts(): StoreCounts {
    let [sessions, interactions, timers] = [0, 0, 0]
    for (const entity of this.#entities.values()) {
      timers += entity.timers.size
      if (entity.hasEnded) continue
      if (entity.ref.kind === 'session') sessions++
      if (entity.ref.kind === 'interaction') interactions++
    }
    return { sessions, interactions, effects: this.#effects.size, timers, inbox: this.#inbox.size }
  }
}

function changeState(entity: Entity, { change }: Step): void {
  switch (change.kind) {
    case 'snapshot':
      entity.state = change.state.slice()
      entity.redo = []
      return
    case 'redo':
      entity.redo.push(change.redo.slice())
      return
    case 'none':
      return
    case 'end':
      if (change.state !== undefined) {
        entity.state = change.state.slice()
        entity.redo = []
      }
      if (change.redo !== undefined) entity.redo.push(change.redo.slice())
  }
}
