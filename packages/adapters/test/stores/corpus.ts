import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EntityRef, PartitionBatch, Step, Store, StoredEntity } from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { expect } from 'vitest'
import { PARTITIONS, stepOf } from './store-contract.ts'

const folder = fileURLToPath(new URL('corpus', import.meta.url))

/** Old stores as SQL text, by schema version: `<engine>-<version>.sql`. A new version adds a file; no file changes. */
export function corpusFiles(
  engine: 'sqlite' | 'postgres',
): readonly { readonly version: number; readonly sql: string }[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const [, version] = new RegExp(`^${engine}-(\\d+)\\.sql$`).exec(name) ?? []
      return version === undefined ? [] : [{ version: Number(version), sql: readFileSync(`${folder}/${name}`, 'utf8') }]
    })
    .toSorted((one, other) => one.version - other.version)
}

const running: EntityRef = { kind: 'session', id: '000AB0000000000000000000000CORPU' }
const ended: EntityRef = { kind: 'interaction', id: 'ended/"call"' }
const envelope = (text: string): Uint8Array => Buffer.concat([Buffer.from([1, 1, 0, 0, 0, 0]), Buffer.from(text)])

const effect = {
  key: `session/${running.id}:1:0`,
  owner: running,
  mode: 'open',
  type: 'queue.submit',
  body: '{"queue":"Zoë"}',
  plannedAtEpochMs: 1_700_000_000_000,
} as const

/** What every store of the corpus holds. */
const corpusSteps: readonly Step[] = [
  stepOf(running, 1, {
    change: { kind: 'snapshot', state: envelope('{"n":1}') },
    attributes: { url: 'file:///desk.scxml', name: 'Zoë' },
    effects: [effect],
    timersPut: [{ owner: running, id: 'late', dueEpochMs: 1_700_000_060_000 }],
    rows: [
      { kind: 'put', table: 'agent', key: 'ada', value: '{"state":"ready"}' },
      { kind: 'put', table: 'document', key: 'abc123', value: '<scxml/>' },
    ],
    trace: ['{"kind":"state"}', '{"kind":"action"}'],
  }),
  stepOf(running, 2, { change: { kind: 'redo', redo: envelope('{"n":2}') } }),
  stepOf(ended, 1, {
    change: { kind: 'end', state: envelope('{"over":true}'), endedAtEpochMs: 1_690_000_000_000 },
    trace: ['{"kind":"ended"}'],
  }),
]

const MESSAGE = { to: running, body: JSON.stringify({ to: running, source: 'api', body: { kind: 'event' } }) }

/** Makes the store that the corpus keeps. */
export async function fillCorpusStore(store: Store): Promise<void> {
  for (const step of corpusSteps) {
    const partition = partitionOf(step.ref, PARTITIONS)
    const batch: PartitionBatch = { partition, epoch: await store.claim(partition, 'corpus'), steps: [step] }
    expect(await store.commit([batch])).toEqual(['committed'])
  }
  const partition = partitionOf(running, PARTITIONS)
  await store.append([{ partition, epoch: await store.claim(partition, 'corpus'), messages: [MESSAGE] }])
}

/** An old store that was opened has everything, works on, and lets go of what ended long ago. */
export async function expectCorpusStore(store: Store): Promise<void> {
  const [one, other] = await store.load([running, ended])
  const text = (bytes: Uint8Array | undefined): string =>
    Buffer.from(bytes ?? [])
      .toString()
      .slice(6)
  expect(one).toMatchObject({
    ref: running,
    version: 2,
    hasEnded: false,
    attributes: { url: 'file:///desk.scxml', name: 'Zoë' },
    effects: [effect],
    timers: [{ id: 'late', dueEpochMs: 1_700_000_060_000 }],
    inbox: [{ body: MESSAGE.body }],
    rows: [{ table: 'agent', key: 'ada', value: '{"state":"ready"}' }],
  } satisfies Partial<StoredEntity> | object)
  expect([text(one?.state), one?.redo.map(text)]).toEqual(['{"n":1}', ['{"n":2}']])
  expect([other?.hasEnded, text(other?.state)]).toEqual([true, '{"over":true}'])
  expect(await store.query({ kind: 'document', hash: 'abc123' })).toBe('<scxml/>')

  const partition = partitionOf(running, PARTITIONS)
  const epoch = await store.claim(partition, 'next')
  const step = stepOf(running, 3, { effects: [{ ...effect, key: `session/${running.id}:3:0` }], trace: ['{"n":3}'] })
  expect(await store.commit([{ partition, epoch, steps: [step] }])).toEqual(['committed'])
  const [sequences] = await store.append([{ partition, epoch, messages: [MESSAGE] }])
  expect(sequences?.[0]).toBeGreaterThan(one?.inbox[0]?.sequence ?? 0)
  const trace = await store.query({ kind: 'trace', ref: running, afterSequence: 0, limit: 9 })
  expect(trace.map(({ line }) => line)).toEqual(['{"kind":"state"}', '{"kind":"action"}', '{"n":3}'])
  expect(await store.purge({ endedBeforeEpochMs: 1_695_000_000_000, maxTraceLines: 100, limit: 9 })).toBe(1)
  expect(await store.load([ended])).toEqual([])
}
