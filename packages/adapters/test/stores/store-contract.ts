import type { EffectRow, EntityRef, PartitionBatch, StateChange, Step, Store, TimerRow } from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** Number of partitions of stores under test. */
export const PARTITIONS = 4

/** A store under test: opened, closed and opened again on the same data. */
export interface StoreUnderTest {
  open(): Promise<Store>
  /** Removes what the test made. */
  clean(): Promise<void>
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes)

const session = (id: string): EntityRef => ({ kind: 'session', id })

function stepOf(ref: EntityRef, version: number, extras: Partial<Step> = {}): Step {
  return {
    ref,
    expectedVersion: version - 1,
    version,
    change: { kind: 'none' },
    effects: [],
    answered: [],
    timersPut: [],
    timersDeleted: [],
    rows: [],
    trace: [],
    taken: [],
    ...extras,
  }
}

function effectOf(owner: EntityRef, version: number, n: number): EffectRow {
  const key = `${owner.kind}/${owner.id}:${version}:${n}`
  return { key, owner, mode: 'once', type: 'ledger', body: `{"n":${n}}`, plannedAtEpochMs: 1000 + version }
}

const timerOf = (owner: EntityRef, id: string, dueEpochMs: number): TimerRow => ({ owner, id, dueEpochMs })
const snapshot = (text: string): StateChange => ({ kind: 'snapshot', state: encode(text) })
const redo = (text: string): StateChange => ({ kind: 'redo', redo: encode(text) })

/** What every store has to do. */
export function storeContract(name: string, make: () => StoreUnderTest): void {
  describe(`${name}: store contract`, () => {
    let subject: StoreUnderTest
    let store: Store
    let epochs: readonly number[]

    beforeEach(async () => {
      subject = make()
      store = await subject.open()
      epochs = await Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => store.claim(partition, 'one')))
    })

    afterEach(async () => {
      await store[Symbol.asyncDispose]()
      await subject.clean()
    })

    const all = Array.from({ length: PARTITIONS }, (_, partition) => partition)
    const batch = (steps: readonly Step[], extras: Partial<PartitionBatch> = {}): PartitionBatch => {
      const partition = partitionOf(steps[0]?.ref ?? session('a'), PARTITIONS)
      return { partition, epoch: epochs[partition] ?? 0, steps, ...extras }
    }
    const commit = (...steps: Step[]) => store.commit([batch(steps)])
    const load = async (ref: EntityRef) => (await store.load([ref]))[0]
    const [a, b] = twoInOnePartition()

    it('a step creates an entity and later ones follow its version, also within one commit', async () => {
      const results = await commit(stepOf(a, 1, { change: snapshot('s1') }), stepOf(a, 2, { change: redo('r2') }))

      expect(results).toEqual(['committed'])
      expect(await load(a)).toMatchObject({ ref: a, version: 2, hasEnded: false, attributes: {} })
    })

    it('an entity that does not exist is not loaded; order is as asked', async () => {
      await commit(stepOf(a, 1), stepOf(b, 1))

      const loaded = await store.load([b, session('none'), a])

      expect(loaded.map((entity) => entity.ref.id)).toEqual([b.id, a.id])
    })

    it('redo records come after their snapshot in order, and a snapshot replaces them', async () => {
      await commit(stepOf(a, 1, { change: redo('r1') }), stepOf(a, 2, { change: snapshot('s2') }))
      await commit(stepOf(a, 3, { change: redo('r3') }), stepOf(a, 4), stepOf(a, 5, { change: redo('r5') }))

      const loaded = await load(a)

      expect([decode(loaded?.state), ...(loaded?.redo ?? []).map(decode)]).toEqual(['s2', 'r3', 'r5'])
    })

    it('what was committed cannot be changed through the bytes that were handed in or out', async () => {
      const state = encode('state')
      await commit(stepOf(a, 1, { change: { kind: 'snapshot', state } }))
      state.fill(0)
      const out = await load(a)
      out?.state?.fill(0)

      expect(decode((await load(a))?.state)).toBe('state')
    })

    it('a view into a larger buffer is stored as what it shows', async () => {
      const whole = encode('xxstatexx')
      await commit(stepOf(a, 1, { change: { kind: 'snapshot', state: whole.subarray(2, 7) } }))

      expect(decode((await load(a))?.state)).toBe('state')
    })

    it('a batch with one wrong version is fenced whole; others of the same call are not', async () => {
      const other = inOtherPartition(a)
      await commit(stepOf(a, 1))

      const results = await store.commit([batch([stepOf(b, 1), stepOf(a, 3)]), batch([stepOf(other, 1)])])

      expect(results).toEqual(['fenced', 'committed'])
      expect((await store.load([a, b, other])).map((entity) => [entity.ref.id, entity.version])).toEqual([
        [a.id, 1],
        [other.id, 1],
      ])
    })

    it('a step that creates what exists already is fenced', async () => {
      await commit(stepOf(a, 1))

      expect(await commit(stepOf(a, 1))).toEqual(['fenced'])
    })

    it('every claim raises the epoch and fences the owner before it', async () => {
      const partition = partitionOf(a, PARTITIONS)
      const epoch = await store.claim(partition, 'two')

      expect(epoch).toBe((epochs[partition] ?? 0) + 1)
      expect(await commit(stepOf(a, 1))).toEqual(['fenced'])
      expect(await store.renew(partition, epochs[partition] ?? 0)).toBe(false)
      expect(await store.renew(partition, epoch)).toBe(true)
      expect(await store.commit([{ partition, epoch, steps: [stepOf(a, 1)] }])).toEqual(['committed'])
    })

    it('attributes stay until a step brings others', async () => {
      await commit(stepOf(a, 1, { attributes: { name: 'x', owner: 'y' } }), stepOf(a, 2))
      const kept = (await load(a))?.attributes
      await commit(stepOf(a, 3, { attributes: { name: 'z' } }))

      expect([kept, (await load(a))?.attributes]).toEqual([{ name: 'x', owner: 'y' }, { name: 'z' }])
    })

    it('an effect is a row from its step until any step or batch answers it', async () => {
      const effects = [0, 1, 2].map((n) => effectOf(a, 1, n))
      await commit(stepOf(a, 1, { effects }))
      const planned = (await load(a))?.effects
      await commit(stepOf(b, 1, { answered: [effects[1]?.key ?? ''] }))
      await store.commit([
        batch([], {
          answered: [effects[0]?.key ?? ''],
          partition: partitionOf(a, PARTITIONS),
          epoch: epochs[partitionOf(a, PARTITIONS)] ?? 0,
        }),
      ])

      expect(planned).toEqual(effects)
      expect((await load(a))?.effects).toEqual([effects[2]])
      expect((await store.query({ kind: 'counts' })).effects).toBe(1)
    })

    it('unanswered effects of partitions are read oldest first, page by page', async () => {
      const other = inOtherPartition(a)
      await commit(stepOf(b, 1, { effects: [effectOf(b, 1, 0), effectOf(b, 1, 1)] }))
      await commit(stepOf(a, 1, { effects: [effectOf(a, 1, 0)] }))
      await commit(stepOf(other, 1, { effects: [effectOf(other, 1, 0)] }))
      const partitions = [partitionOf(a, PARTITIONS)]

      const first = await store.query({ kind: 'effects', partitions, limit: 2 })
      const after = first[1]?.key ?? ''
      const second = await store.query({ kind: 'effects', partitions, limit: 2, after })

      expect(first).toEqual([effectOf(b, 1, 0), effectOf(b, 1, 1)])
      expect(second).toEqual([effectOf(a, 1, 0)])
    })

    it('timers are set, set again, deleted, and read by due time over all entities of the partitions', async () => {
      await commit(stepOf(a, 1, { timersPut: [timerOf(a, 'x', 300), timerOf(a, 'y', 100), timerOf(a, 'z', 50)] }))
      await commit(stepOf(b, 1, { timersPut: [timerOf(b, 'x', 200)] }))
      await commit(stepOf(a, 2, { timersDeleted: ['z', 'y'], timersPut: [timerOf(a, 'y', 250)] }))

      const due = await store.due(all, 260, 10)

      expect(due).toEqual([timerOf(b, 'x', 200), timerOf(a, 'y', 250)])
      expect(await store.due(all, 1000, 1)).toEqual([timerOf(b, 'x', 200)])
      expect(await store.due([], 1000, 10)).toEqual([])
      expect((await load(a))?.timers).toHaveLength(2)
    })

    it('inbox messages wait in order for an entity, also one that does not exist yet, until they are taken', async () => {
      const sequences = await store.append(['1', '2', '3'].map((body) => ({ to: a, body })))
      const before = await load(a)
      const waiting = await store.query({ kind: 'waiting', partitions: all, limit: 10 })
      await commit(stepOf(a, 1, { taken: [sequences[0] ?? 0] }))
      await store.commit([{ ...batch([stepOf(a, 2)]), taken: [sequences[1] ?? 0] }])

      expect(before).toMatchObject({ version: 0, hasEnded: false })
      expect(before?.inbox.map((row) => row.body)).toEqual(['1', '2', '3'])
      expect(waiting).toEqual([a])
      expect((await load(a))?.inbox).toEqual([{ sequence: sequences[2], body: '3' }])
    })

    it('rows are put, replaced and deleted by table and key', async () => {
      const put = (table: string, key: string, value: string) => ({ kind: 'put', table, key, value }) as const
      await commit(stepOf(a, 1, { rows: [put('agent', 'k', '1'), put('agent', 'l', '2'), put('other', 'k', '3')] }))
      await commit(stepOf(a, 2, { rows: [put('agent', 'k', '4'), { kind: 'delete', table: 'agent', key: 'l' }] }))

      const rows = [...((await load(a))?.rows ?? [])].sort((one, other) => (one.value < other.value ? -1 : 1))

      expect(rows).toEqual([
        { table: 'other', key: 'k', value: '3' },
        { table: 'agent', key: 'k', value: '4' },
      ])
    })

    it('documents belong to nobody and are found by hash', async () => {
      await commit(stepOf(a, 1, { rows: [{ kind: 'put', table: 'document', key: 'h1', value: 'text' }] }))

      expect(await store.query({ kind: 'document', hash: 'h1' })).toBe('text')
      expect(await store.query({ kind: 'document', hash: 'h2' })).toBeUndefined()
      expect((await load(a))?.rows).toEqual([])
    })

    it('an ended entity keeps its state for people; its timers and inbox go, its last effects stay', async () => {
      await store.append([{ to: a, body: '1' }])
      await commit(stepOf(a, 1, { change: snapshot('s1'), timersPut: [timerOf(a, 'x', 10)] }))
      await commit(
        stepOf(a, 2, {
          change: { kind: 'end', state: undefined, redo: encode('r2'), endedAtEpochMs: 5 },
          effects: [effectOf(a, 2, 0)],
        }),
      )

      const ended = await load(a)

      expect(ended).toMatchObject({ hasEnded: true, version: 2, timers: [], inbox: [], effects: [effectOf(a, 2, 0)] })
      expect([decode(ended?.state), ...(ended?.redo ?? []).map(decode)]).toEqual(['s1', 'r2'])
      expect(await store.query({ kind: 'waiting', partitions: all, limit: 1 })).toEqual([])
    })

    it('a last snapshot replaces what was there', async () => {
      await commit(stepOf(a, 1, { change: snapshot('s1') }), stepOf(a, 2, { change: redo('r2') }))
      await commit(stepOf(a, 3, { change: { kind: 'end', state: encode('last'), endedAtEpochMs: 5 } }))

      const ended = await load(a)

      expect([decode(ended?.state), ended?.redo.length]).toEqual(['last', 0])
    })

    it('entities are listed by kind, life and attributes, in order of ids, page by page', async () => {
      for (const [id, name] of Object.entries({ d: 'x', c: 'y', e: 'x', f: 'x' })) {
        await commit(stepOf(session(id), 1, { attributes: { name, 'a"b': id } }))
      }
      await commit(stepOf(session('e'), 2, { change: { kind: 'end', state: undefined, endedAtEpochMs: 5 } }))
      const ids = async (running: boolean, where: Readonly<Record<string, string>>, after?: string) =>
        (
          await store.query({
            kind: 'entities',
            entityKind: 'session',
            running,
            limit: 3,
            where,
            ...(after === undefined ? {} : { after }),
          })
        ).map((entity) => entity.ref.id)

      expect(await ids(false, {})).toEqual(['c', 'd', 'e'])
      expect(await ids(false, {}, 'e')).toEqual(['f'])
      expect(await ids(true, { name: 'x' })).toEqual(['d', 'f'])
      expect(await ids(true, { 'a"b': 'c' })).toEqual(['c'])
      expect(await ids(true, { name: 'x', 'a"b': 'c' })).toEqual([])
    })

    it('trace lines are read in order with the version that wrote them', async () => {
      await commit(stepOf(a, 1, { trace: ['{"n":1}', '{"n":2}'] }), stepOf(b, 1, { trace: ['{"n":9}'] }))
      await commit(stepOf(a, 2, { trace: ['{"n":3}'] }))
      const read = (afterSequence: number) => store.query({ kind: 'trace', ref: a, afterSequence, limit: 2 })

      const first = await read(0)
      const second = await read(first[1]?.sequence ?? 0)

      expect([...first, ...second].map((row) => [row.atVersion, row.line])).toEqual([
        [1, '{"n":1}'],
        [1, '{"n":2}'],
        [2, '{"n":3}'],
      ])
    })

    it('purge deletes what ended long ago, in portions, and leaves what runs or is unanswered', async () => {
      const ended = (id: string, endedAtEpochMs: number, extras: Partial<Step> = {}): Promise<unknown> =>
        store.commit([
          batch([
            stepOf(session(id), 1, {
              change: { kind: 'end', state: encode(id), endedAtEpochMs },
              trace: ['{"kind":"log"}'],
              ...extras,
            }),
          ]),
        ])
      await ended('old1', 100)
      await ended('old2', 200)
      await ended('young', 900)
      await ended('owing', 100, { effects: [effectOf(session('owing'), 1, 0)] })
      await store.commit([batch([stepOf(session('runs'), 1, { change: snapshot('s') })])])
      const request = { endedBeforeEpochMs: 500, maxTraceLines: 1000, limit: 1 }

      const portions = [await store.purge(request), await store.purge(request), await store.purge(request)]

      expect(portions).toEqual([1, 1, 0])
      const left = await store.query({ kind: 'entities', entityKind: 'session', running: false, limit: 10 })
      expect(left.map(({ ref }) => ref.id)).toEqual(['owing', 'runs', 'young'])
      expect(await store.load([session('old1')])).toEqual([])
      expect(await store.query({ kind: 'trace', ref: session('old1'), afterSequence: 0, limit: 10 })).toEqual([])
      expect(await store.query({ kind: 'trace', ref: session('young'), afterSequence: 0, limit: 10 })).toHaveLength(1)
    })

    it('purge keeps the newest trace lines', async () => {
      const lines = Array.from({ length: 10 }, (_, n) => `{"n":${n}}`)
      await commit(stepOf(session('a'), 1, { trace: lines }))

      const purged = await store.purge({ endedBeforeEpochMs: 0, maxTraceLines: 4, limit: 1 })

      expect(purged).toBe(6)
      const left = await store.query({ kind: 'trace', ref: session('a'), afterSequence: 0, limit: 100 })
      expect(left.map(({ line }) => line)).toEqual(lines.slice(6))
    })

    it('counts say what runs and what waits', async () => {
      await commit(stepOf(a, 1, { effects: [effectOf(a, 1, 0)], timersPut: [timerOf(a, 'x', 1)] }))
      await commit(stepOf({ kind: 'interaction', id: 'i' }, 1))
      await commit(stepOf(session('ended'), 1, { change: { kind: 'end', state: undefined, endedAtEpochMs: 5 } }))
      await store.append([{ to: a, body: '1' }])

      expect(await store.query({ kind: 'counts' })).toEqual({
        sessions: 1,
        interactions: 1,
        effects: 1,
        timers: 1,
        inbox: 1,
      })
    })

    it('everything is there for the next owner', async () => {
      await store.append([{ to: b, body: '1' }])
      await commit(
        stepOf(a, 1, {
          change: snapshot('s1'),
          attributes: { name: 'x' },
          effects: [effectOf(a, 1, 0)],
          timersPut: [timerOf(a, 't', 5)],
          trace: ['{}'],
        }),
      )
      const before = await store.load([a, b])
      await store[Symbol.asyncDispose]()

      store = await subject.open()
      const epoch = await store.claim(partitionOf(a, PARTITIONS), 'two')

      expect(await store.load([a, b])).toEqual(before)
      expect(epoch).toBe((epochs[partitionOf(a, PARTITIONS)] ?? 0) + 1)
      expect(await store.due(all, 10, 10)).toEqual([timerOf(a, 't', 5)])
    })
  })
}

function twoInOnePartition(): readonly [EntityRef, EntityRef] {
  const first = session('a')
  for (let n = 0; ; n++) {
    const second = session(`b${n}`)
    if (partitionOf(second, PARTITIONS) === partitionOf(first, PARTITIONS)) return [first, second]
  }
}

function inOtherPartition(ref: EntityRef): EntityRef {
  for (let n = 0; ; n++) {
    const other = session(`o${n}`)
    if (partitionOf(other, PARTITIONS) !== partitionOf(ref, PARTITIONS)) return other
  }
}
