import type { PartitionBatch, RowChange, Step } from '@segue/runtime'
import { entityKey } from '@segue/runtime'
import { toStoredText } from '../stored-text.ts'

/**
 * What one commit call writes, as columns for the arrays of one statement. The first columns of each part are the number
 * of the batch and its partition. Steps of one entity are folded into their outcome, because one statement changes a row once.
 */
export interface FoldedCommit {
  /** Number, partition, epoch. */
  readonly batches: Columns<[...Place, number]>
  /** Key, expected version, version, time of the end or 0, attributes or null, redo records go, timers and inbox go. */
  readonly entities: Columns<[...Place, string, number, number, number, string | null, boolean, boolean]>
  /** Entity, place in `bytes`, length. */
  readonly snapshots: Columns<[...Place, string, number, number]>
  /** Entity, version, place in `bytes`, length. */
  readonly redo: Columns<[...Place, string, number, number, number]>
  /** Key, entity, mode, type, body, planned at. */
  readonly effects: Columns<[...Place, string, string, string, string, string, number]>
  /** Key. */
  readonly answered: Columns<[...Place, string]>
  /** Entity, id, due at. */
  readonly timersPut: Columns<[...Place, string, string, number]>
  /** Entity, id. */
  readonly timersDeleted: Columns<[...Place, string, string]>
  /** Entity, table, key, value. */
  readonly rowsPut: Columns<[...Place, string, string, string, string]>
  /** Entity, table, key. */
  readonly rowsDeleted: Columns<[...Place, string, string, string]>
  /** Hash, value. */
  readonly documents: Columns<[...Place, string, string]>
  /** Entity, version, line. */
  readonly trace: Columns<[...Place, string, number, string]>
  /** Sequence in the inbox. */
  readonly taken: Columns<[...Place, number]>
  /** All states and redo records, one behind the other. */
  readonly bytes: Buffer
}

/** Number of the batch, partition. */
type Place = [batch: number, partition: number]

/** One array per column. */
export type Columns<Row extends readonly unknown[]> = { readonly [At in keyof Row]: Row[At][] }

/**
 * Folds batches of different partitions, numbered by their place. A batch whose own steps do not follow each other is
 * left out: it is fenced whatever the store holds.
 */
export function foldCommit(batches: readonly PartitionBatch[]): FoldedCommit {
  const fold = new Fold()
  for (const [number, batch] of batches.entries()) if (isChain(batch.steps)) fold.batch(number, batch)
  return fold.finish()
}

/**
 * Cuts the batches of a call into portions that one statement each can take: no partition twice, and no effect answered in the
 * portion that plans it in another batch. There is one portion in practice.
 */
export function portionsOf(batches: readonly PartitionBatch[]): readonly (readonly PartitionBatch[])[] {
  const portions: PartitionBatch[][] = []
  let portion: PartitionBatch[] = []
  let partitions = new Set<number>()
  let planned = new Set<string>()
  for (const batch of batches) {
    const answers = [...batch.steps.flatMap(({ answered }) => answered), ...(batch.answered ?? [])]
    if (partitions.has(batch.partition) || answers.some((key) => planned.has(key))) {
      portions.push(portion)
      portion = []
      partitions = new Set()
      planned = new Set()
    }
    portion.push(batch)
    partitions.add(batch.partition)
    for (const { effects } of batch.steps) for (const { key } of effects) planned.add(key)
  }
  if (portion.length > 0) portions.push(portion)
  return portions
}

function isChain(steps: readonly Step[]): boolean {
  const versions = new Map<string, number>()
  return steps.every(({ ref, expectedVersion, version }) => {
    const key = entityKey(ref)
    const known = versions.get(key)
    versions.set(key, version)
    return known === undefined || known === expectedVersion
  })
}

interface FoldedEntity {
  readonly expectedVersion: number
  version: number
  endedAtEpochMs: number
  attributes: string | null
  snapshot: Uint8Array | undefined
  redo: { readonly version: number; readonly record: Uint8Array }[]
  /** Due time, or `undefined` when it is deleted. */
  readonly timers: Map<string, number | undefined>
  readonly rows: Map<string, RowChange>
}

class Fold {
  readonly #batches: FoldedCommit['batches'] = [[], [], []]
  readonly #entities: FoldedCommit['entities'] = [[], [], [], [], [], [], [], [], []]
  readonly #snapshots: FoldedCommit['snapshots'] = [[], [], [], [], []]
  readonly #redo: FoldedCommit['redo'] = [[], [], [], [], [], []]
  readonly #effects: FoldedCommit['effects'] = [[], [], [], [], [], [], [], []]
  readonly #answered: FoldedCommit['answered'] = [[], [], []]
  readonly #timersPut: FoldedCommit['timersPut'] = [[], [], [], [], []]
  readonly #timersDeleted: FoldedCommit['timersDeleted'] = [[], [], [], []]
  readonly #rowsPut: FoldedCommit['rowsPut'] = [[], [], [], [], [], []]
  readonly #rowsDeleted: FoldedCommit['rowsDeleted'] = [[], [], [], [], []]
  readonly #documents: FoldedCommit['documents'] = [[], [], [], []]
  readonly #trace: FoldedCommit['trace'] = [[], [], [], [], []]
  readonly #taken: FoldedCommit['taken'] = [[], [], []]
  readonly #bytes: Uint8Array[] = []
  #sizeBytes = 0

  batch(number: number, batch: PartitionBatch): void {
    const place: Place = [number, batch.partition]
    push(this.#batches, [...place, batch.epoch])
    const entities = new Map<string, FoldedEntity>()
    const effects = new Map<string, { readonly entity: string; readonly row: Step['effects'][number] }>()
    const answered = (key: string): void => {
      if (!effects.delete(key)) push(this.#answered, [...place, toStoredText(key)])
    }
    for (const step of batch.steps) {
      const key = toStoredText(entityKey(step.ref))
      const entity = entities.get(key) ?? newEntity(step)
      entities.set(key, entity)
      for (const effectKey of step.answered) answered(effectKey)
      for (const effect of step.effects) effects.set(effect.key, { entity: key, row: effect })
      for (const line of step.trace) push(this.#trace, [...place, key, step.version, toStoredText(line)])
      for (const sequence of step.taken) push(this.#taken, [...place, sequence])
      for (const change of step.rows) {
        if (change.kind === 'put' && change.table === 'document') {
          push(this.#documents, [...place, toStoredText(change.key), toStoredText(change.value)])
        } else entity.rows.set(`${change.table}\n${change.key}`, change)
      }
      foldStep(entity, step)
    }
    for (const key of batch.answered ?? []) answered(key)
    for (const sequence of batch.taken ?? []) push(this.#taken, [...place, sequence])
    for (const [key, { entity, row }] of effects) {
      const { mode, type, body, plannedAtEpochMs } = row
      const text = [toStoredText(key), entity, mode, toStoredText(type), toStoredText(body)] as const
      push(this.#effects, [...place, ...text, plannedAtEpochMs])
    }
    for (const [key, entity] of entities) this.#entity(place, key, entity)
  }

  finish(): FoldedCommit {
    return {
      batches: this.#batches,
      entities: this.#entities,
      snapshots: this.#snapshots,
      redo: this.#redo,
      effects: this.#effects,
      answered: this.#answered,
      timersPut: this.#timersPut,
      timersDeleted: this.#timersDeleted,
      rowsPut: this.#rowsPut,
      rowsDeleted: this.#rowsDeleted,
      documents: this.#documents,
      trace: this.#trace,
      taken: this.#taken,
      bytes: Buffer.concat(this.#bytes, this.#sizeBytes),
    }
  }

  #entity(place: Place, key: string, entity: FoldedEntity): void {
    const { expectedVersion, version, endedAtEpochMs, attributes, snapshot } = entity
    const hasEnded = endedAtEpochMs > 0
    const clearsRedo = snapshot !== undefined && expectedVersion > 0
    push(this.#entities, [...place, key, expectedVersion, version, endedAtEpochMs, attributes, clearsRedo, hasEnded])
    if (snapshot !== undefined) push(this.#snapshots, [...place, key, ...this.#span(snapshot)])
    for (const { version: at, record } of entity.redo) push(this.#redo, [...place, key, at, ...this.#span(record)])
    for (const [id, dueEpochMs] of hasEnded ? [] : entity.timers) {
      if (dueEpochMs === undefined) push(this.#timersDeleted, [...place, key, toStoredText(id)])
      else push(this.#timersPut, [...place, key, toStoredText(id), dueEpochMs])
    }
    for (const change of entity.rows.values()) {
      const table = toStoredText(change.table)
      const rowKey = toStoredText(change.key)
      if (change.kind === 'delete') push(this.#rowsDeleted, [...place, key, table, rowKey])
      else push(this.#rowsPut, [...place, key, table, rowKey, toStoredText(change.value)])
    }
  }

  #span(bytes: Uint8Array): [at: number, length: number] {
    const at = this.#sizeBytes
    this.#bytes.push(bytes)
    this.#sizeBytes += bytes.length
    return [at, bytes.length]
  }
}

function newEntity(step: Step): FoldedEntity {
  const { expectedVersion, version } = step
  const none = { attributes: null, snapshot: undefined, redo: [], endedAtEpochMs: 0 }
  return { expectedVersion, version, ...none, timers: new Map(), rows: new Map() }
}

function foldStep(entity: FoldedEntity, { change, version, attributes, timersDeleted, timersPut }: Step): void {
  entity.version = version
  if (attributes !== undefined) entity.attributes = storedAttributes(attributes)
  const state = change.kind === 'snapshot' || change.kind === 'end' ? change.state : undefined
  const record = change.kind === 'redo' || change.kind === 'end' ? change.redo : undefined
  if (state !== undefined) {
    entity.snapshot = state
    entity.redo = []
  }
  if (record !== undefined) entity.redo.push({ version, record })
  if (change.kind === 'end') entity.endedAtEpochMs = Math.max(1, Math.floor(change.endedAtEpochMs))
  for (const id of timersDeleted) entity.timers.set(id, undefined)
  for (const { id, dueEpochMs } of timersPut) entity.timers.set(id, dueEpochMs)
}

/** Attributes as JSON text that a `jsonb` column takes. */
export function storedAttributes(attributes: Readonly<Record<string, string>>): string {
  const stored = Object.entries(attributes).map(([name, value]) => [toStoredText(name), toStoredText(value)])
  return JSON.stringify(Object.fromEntries(stored))
}

function push<Row extends readonly unknown[]>(columns: Columns<Row>, row: Row): void {
  for (const [at, value] of row.entries()) columns[at]?.push(value)
}
