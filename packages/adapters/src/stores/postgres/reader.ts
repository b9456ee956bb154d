import type {
  EffectRow,
  EntityKind,
  EntityRef,
  EntitySummary,
  StoreCounts,
  StoredEntity,
  StoreQuery,
  TimerRow,
} from '@segue/runtime'
import { entityKey, partitionOf } from '@segue/runtime'
import type { ClientBase } from 'pg'
import { fromStoredText, toStoredText } from '../stored-text.ts'
import { storedAttributes } from './folded-commit.ts'

type Row = Readonly<Record<string, unknown>>

/** One statement, so that all parts are of the same moment. The second column says of which part a row is. */
const LOAD = `
with asked as materialized (select * from unnest($1::int[], $2::text[]) as a(p, key))
select a.key, 'entity' as part, e.ver as n, e.ended as m, e.attributes::text as a, null as b, null as c, null as d,
  null::bytea as bytes
from asked a join entity e on e.p = a.p and e.key = a.key
union all
select a.key, 'state', 0, 0, null, null, null, null, s.state
from asked a join snapshot s on s.p = a.p and s.entity = a.key
union all
select a.key, 'redo', r.ver, 0, null, null, null, null, r.record
from asked a join redo r on r.p = a.p and r.entity = a.key
union all
select a.key, 'effect', f.seq, f.planned, f.key, f.mode, f.type, f.body, null
from asked a join effect f on f.p = a.p and f.entity = a.key
union all
select a.key, 'timer', t.due, 0, t.id, null, null, null, null
from asked a join timer t on t.p = a.p and t.entity = a.key
union all
select a.key, 'inbox', i.seq, 0, i.body, null, null, null, null
from asked a join inbox i on i.p = a.p and i.entity = a.key
union all
select a.key, 'row', 0, 0, w.tbl, w.key, w.value, null, null
from asked a join named_row w on w.p = a.p and w.entity = a.key`

/** Reads entities. Order: as asked. */
export async function readEntities(
  client: ClientBase,
  refs: readonly EntityRef[],
  partitions: number,
): Promise<readonly StoredEntity[]> {
  const keys = refs.map((ref) => toStoredText(entityKey(ref)))
  const places = refs.map((ref) => partitionOf(ref, partitions))
  const { rows } = await client.query<Row>({ name: 'load', text: LOAD, values: [places, keys] })
  const parts = new Map<string, Row[]>()
  for (const row of rows) {
    const known = parts.get(String(row['key']))
    if (known === undefined) parts.set(String(row['key']), [row])
    else known.push(row)
  }
  return refs.flatMap((ref, at) => {
    const found = parts.get(keys[at] ?? '')
    return found === undefined ? [] : [storedEntity({ kind: ref.kind, id: ref.id }, found)]
  })
}

/** Reads timers, the earliest first. */
export async function readDue(
  client: ClientBase,
  partitions: readonly number[],
  untilEpochMs: number,
  limit: number,
): Promise<readonly TimerRow[]> {
  const { rows } = await client.query<Row>({
    name: 'due',
    text: 'select entity, id, due from timer where due <= $1 and p = any($2::int[]) order by due, entity, id limit $3',
    values: [Math.floor(untilEpochMs), partitions, limit],
  })
  return rows.map((row) => timerRow(refOf(row['entity']), row['id'], row['due']))
}

/** Answers a query; the answer's type is that of its kind. */
export async function readQuery(client: ClientBase, query: StoreQuery): Promise<unknown> {
  switch (query.kind) {
    case 'entities':
      return summaries(client, query)
    case 'effects':
      return effects(client, query)
    case 'waiting': {
      const { rows } = await client.query<Row>(
        'select entity from inbox where p = any($1::int[]) group by entity order by min(seq) limit $2',
        [query.partitions, query.limit],
      )
      return rows.map((row) => refOf(row['entity']))
    }
    case 'trace': {
      const { rows } = await client.query<Row>(
        'select seq, ver, line from trace where entity = $1 and seq > $2 order by seq limit $3',
        [toStoredText(entityKey(query.ref)), query.afterSequence, query.limit],
      )
      return rows.map((row) => ({ sequence: row['seq'], atVersion: row['ver'], line: text(row['line']) }))
    }
    case 'document': {
      const { rows } = await client.query<Row>('select value from document where hash = $1', [toStoredText(query.hash)])
      return rows[0] === undefined ? undefined : text(rows[0]['value'])
    }
    case 'counts':
      return counts(client)
  }
}

async function summaries(
  client: ClientBase,
  { entityKind, running, after, limit, where }: StoreQuery & { kind: 'entities' },
): Promise<readonly EntitySummary[]> {
  // "0" is the character after "/".
  const { rows } = await client.query<Row>(
    `select key, ver, ended, attributes::text as attributes from entity
     where key > $1 and key < $2 ${running ? 'and ended = 0' : ''} and attributes @> $3::jsonb order by key limit $4`,
    [toStoredText(`${entityKind}/${after ?? ''}`), `${entityKind}0`, storedAttributes(where ?? {}), limit],
  )
  return rows.map((row) => ({
    ref: refOf(row['key']),
    version: Number(row['ver']),
    hasEnded: row['ended'] !== 0,
    attributes: attributesOf(row['attributes']),
  }))
}

async function effects(
  client: ClientBase,
  { partitions, after, limit }: StoreQuery & { kind: 'effects' },
): Promise<readonly EffectRow[]> {
  const { rows } = await client.query<Row>(
    `select key, entity, mode, type, body, planned from effect
     where p = any($1::int[]) and seq > coalesce((select seq from effect where key = $2), 0) order by seq limit $3`,
    [partitions, toStoredText(after ?? ''), limit],
  )
  return rows.map((row) =>
    effectRow(refOf(row['entity']), [row['key'], row['mode'], row['type'], row['body'], row['planned']]),
  )
}

async function counts(client: ClientBase): Promise<StoreCounts> {
  const { rows } = await client.query<Row>(
    `select (select count(*) from entity where ended = 0 and key > 'session/' and key < 'session0') as sessions,
       (select count(*) from entity where ended = 0 and key > 'interaction/' and key < 'interaction0') as interactions,
       (select count(*) from effect) as effects, (select count(*) from timer) as timers,
       (select count(*) from inbox) as inbox`,
  )
  const row = rows[0] ?? {}
  return {
    sessions: Number(row['sessions']),
    interactions: Number(row['interactions']),
    effects: Number(row['effects']),
    timers: Number(row['timers']),
    inbox: Number(row['inbox']),
  }
}

function storedEntity(ref: EntityRef, rows: readonly Row[]): StoredEntity {
  const of = (part: string): readonly Row[] =>
    rows.filter((row) => row['part'] === part).sort((one, other) => Number(one['n']) - Number(other['n']))
  const [entity] = of('entity')
  return {
    ref,
    version: Number(entity?.['n'] ?? 0),
    hasEnded: Number(entity?.['m'] ?? 0) > 0,
    attributes: attributesOf(entity?.['a'] ?? '{}'),
    state: bytes(of('state')[0]?.['bytes']),
    redo: of('redo').flatMap((row) => bytes(row['bytes']) ?? []),
    effects: of('effect').map((row) => effectRow(ref, [row['a'], row['b'], row['c'], row['d'], row['m']])),
    timers: of('timer').map((row) => timerRow(ref, row['a'], row['n'])),
    inbox: of('inbox').map((row) => ({ sequence: Number(row['n']), body: text(row['a']) })),
    rows: of('row').map((row) => ({ table: text(row['a']), key: text(row['b']), value: text(row['c']) })),
  }
}

function effectRow(owner: EntityRef, [key, mode, type, body, planned]: readonly unknown[]): EffectRow {
  return {
    key: text(key),
    owner,
    mode: mode === 'open' ? 'open' : 'once',
    type: text(type),
    body: text(body),
    plannedAtEpochMs: Number(planned),
  }
}

function timerRow(owner: EntityRef, id: unknown, due: unknown): TimerRow {
  return { owner, id: text(id), dueEpochMs: Number(due) }
}

function refOf(key: unknown): EntityRef {
  const whole = text(key)
  const slash = whole.indexOf('/')
  const kind = whole.slice(0, slash)
  return { kind: isKind(kind) ? kind : 'session', id: whole.slice(slash + 1) }
}

function isKind(word: string): word is EntityKind {
  return word === 'session' || word === 'interaction' || word === 'domain'
}

function attributesOf(stored: unknown): Readonly<Record<string, string>> {
  const parsed: unknown = JSON.parse(String(stored))
  const entries = Object.entries(Object(parsed)).map(([name, value]) => [text(name), text(value)])
  return Object.fromEntries(entries)
}

function bytes(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? Uint8Array.from(value) : undefined
}

function text(stored: unknown): string {
  return fromStoredText(String(stored))
}
