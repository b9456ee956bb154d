import type { StoredEntity } from '@segue/runtime'
import { partitionOf, withoutEnvelope } from '@segue/runtime'
import { fromStoredText } from '../stored-text.ts'
import { refOfKey } from './ref-of-key.ts'
import type { StoreReader, StoreRow } from './store-reader.ts'

/** Something in a store that cannot be right. */
export interface StoreFinding {
  /** What it is about: `session/…`, or the file. */
  readonly subject: string
  readonly text: string
}

const PAGE = 500
const decoder = new TextDecoder()

/**
 * Looks for what cannot be right: damage of the file, rows of entities that do not exist, chains of redo records that do not fit,
 * records that cannot be decoded.
 *
 * Order: as found, page by page.
 * Cost: reads the whole store.
 */
export async function* checkStore(reader: StoreReader): AsyncGenerator<StoreFinding> {
  for (const text of await reader.damage()) yield { subject: reader.location, text }
  yield* orphans(reader)
  for (const row of await reader.rows(reader.sql.timersOfEnded)) {
    yield { subject: subjectOf(row), text: `has ended and has the timer "${fromStoredText(String(row['id']))}"` }
  }
  for (const row of await reader.rows(reader.sql.sessionsWithoutState)) {
    yield { subject: subjectOf(row), text: `has version ${String(row['ver'])} and no snapshot` }
  }
  yield* entities(reader)
  yield* texts(reader, reader.sql.inbox, 'body', 'an inbox message', isMessage)
  yield* texts(reader, reader.sql.trace, 'line', 'a trace line', isRecord)
}

async function* orphans(reader: StoreReader): AsyncGenerator<StoreFinding> {
  for (const [table, words] of Object.entries(reader.sql.tables)) {
    for (const row of await reader.rows(reader.sql.orphans(table))) {
      yield { subject: subjectOf(row), text: `does not exist and has ${words}` }
    }
  }
}

async function* entities(reader: StoreReader): AsyncGenerator<StoreFinding> {
  let last: unknown = reader.sql.first
  for (;;) {
    const page = await reader.rows(reader.sql.entities, last, PAGE)
    const end = page.at(-1)?.['at']
    if (end === undefined) return
    const versions = new Map(page.map((row) => [row['subject'], Number(row['ver'])]))
    for (const row of page) yield* entity(row, reader.partitions)
    for (const row of await reader.rows(reader.sql.records, last, end)) {
      yield* record(row, versions.get(row['subject']) ?? 0)
    }
    for (const row of await reader.rows(reader.sql.effects, last, end)) yield* effect(row)
    last = end
  }
}

function* entity(row: StoreRow, partitions: number): Generator<StoreFinding> {
  const subject = subjectOf(row)
  const ref = refOfKey(subject)
  if (ref === undefined) yield { subject, text: 'is of no known kind' }
  else if (partitionOf(ref, partitions) !== Number(row['p'])) {
    yield { subject, text: `stands in partition ${String(row['p'])}, its id says ${partitionOf(ref, partitions)}` }
  }
  if (!isRecord(parsed(row['attributes']))) yield { subject, text: 'has attributes that are no JSON object' }
}

function* record(row: StoreRow, version: number): Generator<StoreFinding> {
  const subject = subjectOf(row)
  const { part, ver, bytes } = row
  const name = part === 'state' ? 'the snapshot' : `the redo record of version ${String(ver)}`
  if (part === 'redo' && Number(ver) > version) {
    yield { subject, text: `has version ${version}, and ${name} is of a later one` }
  }
  try {
    const state = bytesOf(bytes)
    withoutEnvelope({ ...NOTHING, state, redo: [] })
  } catch (error) {
    yield { subject, text: `${name} cannot be decoded: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const NOTHING: StoredEntity = {
  ref: { kind: 'session', id: '' },
  version: 1,
  hasEnded: false,
  attributes: {},
  state: undefined,
  redo: [],
  effects: [],
  timers: [],
  inbox: [],
  rows: [],
}

function* effect(row: StoreRow): Generator<StoreFinding> {
  const subject = subjectOf(row)
  const key = fromStoredText(String(row['key']))
  if (!key.startsWith(`${subject}:`)) yield { subject, text: `has the effect "${key}" of another owner` }
  if (!isRecord(parsed(row['body'])))
    yield { subject, text: `has the effect "${key}" with a body that is no JSON object` }
}

async function* texts(
  reader: StoreReader,
  query: string,
  column: string,
  name: string,
  isRight: (value: unknown) => boolean,
): AsyncGenerator<StoreFinding> {
  let last: unknown = 0
  for (;;) {
    const page = await reader.rows(query, last, PAGE * 10)
    const end = page.at(-1)?.['seq']
    if (end === undefined) return
    for (const row of page) {
      if (isRight(parsed(row[column]))) continue
      yield { subject: subjectOf(row), text: `has ${name} (${String(row['seq'])}) that cannot be read` }
    }
    last = end
  }
}

function subjectOf(row: StoreRow): string {
  return fromStoredText(String(row['subject']))
}

function parsed(json: unknown): unknown {
  try {
    return JSON.parse(fromStoredText(json instanceof Uint8Array ? decoder.decode(json) : String(json)))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isMessage(value: unknown): boolean {
  return isRecord(value) && typeof value['source'] === 'string' && isRecord(value['body'])
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  return value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array()
}
