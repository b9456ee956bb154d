import type {
  AppendResult,
  EffectRow,
  EntityRef,
  PartitionBatch,
  StateChange,
  Step,
  Store,
  TimerRow,
} from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** Number of partitions of stores under test. */
export const PARTITIONS = 4

/** A store under test: opened, closed and opened again on the same data. */
export interface StoreUnderTest {
  open(): Promise<Store>
  /** Another program on the same data while the first one lives; absent: two owners share one object. */
  openSecond?(): Promise<Store>
  /** Removes what the test made. */
  clean(): Promise<void>
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes)

const session = (id: string): EntityRef => ({ kind: 'session', id })

/** A step that changes nothing but what `extras` say. */
export function stepOf(ref: EntityRef, version: number, extras: Partial<Step> = {}): Step {
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
    const append = async (ref: EntityRef, ...bodies: string[]): Promise<AppendResult> => {
      const partition = partitionOf(ref, PARTITIONS)
      const messages = bodies.map((body) => ({ to: ref, body }))
      const [result] = await store.append([{ partition, epoch: epochs[partition] ?? 0, messages }])
      return result ?? 'fenced'
    }
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
      const sequences = await append(a, '1', '2', '3')
      const before = await load(a)
      const waiting = await store.query({ kind: 'waiting', partitions: all, limit: 10 })
      if (sequences === 'fenced') throw new Error('the partition is held')
      await commit(stepOf(a, 1, { taken: [sequences[0] ?? 0] }))
      await store.commit([{ ...batch([stepOf(a, 2)]), taken: [sequences[1] ?? 0] }])

      expect(before).toMatchObject({ version: 0, hasEnded: false })
      expect(before?.inbox.map((row) => row.body)).toEqual(['1', '2', '3'])
      expect(waiting).toEqual([a])
      expect((await load(a))?.inbox).toEqual([{ sequence: sequences[2], body: '3' }])
    })

    it('messages of who does not hold the partition any more are refused and leave no row', async () => {
      const partition = partitionOf(a, PARTITIONS)
      const former = epochs[partition] ?? 0
      const elsewhere = (partition + 1) % PARTITIONS
      const other = Array.from({ length: 99 }, (_, n) => session(`s${n}`)).find(
        (ref) => partitionOf(ref, PARTITIONS) === elsewhere,
      )
      const current = await store.claim(partition, 'two')

      const results = await store.append([
        { partition, epoch: former, messages: [{ to: a, body: '1' }] },
        { partition: elsewhere, epoch: epochs[elsewhere] ?? 0, messages: [{ to: other ?? b, body: '2' }] },
      ])
      const [early] = await store.append([{ partition, epoch: current + 1, messages: [{ to: a, body: '3' }] }])
      const [written] = await store.append([
        { partition, epoch: current, messages: ['4', '5'].map((body) => ({ to: a, body })) },
      ])

      expect([results[0], results[1]?.length, early]).toEqual(['fenced', 1, 'fenced'])
      expect((await load(a))?.inbox).toEqual(
        ['4', '5'].map((body, at) => ({ sequence: written === 'fenced' ? 0 : written?.[at], body })),
      )
      expect((await store.query({ kind: 'counts' })).inbox).toBe(3)
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
      await append(a, '1')
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
      await append(a, '1')

      expect(await store.query({ kind: 'counts' })).toEqual({
        sessions: 1,
        interactions: 1,
        effects: 1,
        timers: 1,
        inbox: 1,
      })
    })

    it('what is planned and withdrawn, set and cancelled, put and deleted within one batch leaves nothing', async () => {
      const effects = [effectOf(a, 1, 0), effectOf(a, 1, 1)]
      const put = (value: string) => ({ kind: 'put', table: 't', key: 'k', value }) as const
      await commit(
        stepOf(a, 1, { effects, timersPut: [timerOf(a, 'x', 1), timerOf(a, 'y', 2)], rows: [put('1')] }),
        stepOf(b, 1, { answered: [effects[0]?.key ?? ''] }),
        stepOf(a, 2, {
          timersDeleted: ['x'],
          timersPut: [timerOf(a, 'y', 3)],
          rows: [{ kind: 'delete', table: 't', key: 'k' }],
        }),
      )
      await commit(stepOf(a, 3, { rows: [put('2'), put('3')], timersPut: [timerOf(a, 'x', 4)], timersDeleted: ['x'] }))

      expect(await load(a)).toMatchObject({
        version: 3,
        effects: [effects[1]],
        rows: [{ table: 't', key: 'k', value: '3' }],
      })
      expect(await store.due(all, 10, 10)).toEqual([timerOf(a, 'y', 3), timerOf(a, 'x', 4)])
    })

    it('batches of one call follow each other, also two of one partition and one that answers the other', async () => {
      const effect = effectOf(a, 1, 0)
      const other = inOtherPartition(a)

      const results = await store.commit([
        batch([stepOf(a, 1, { effects: [effect], change: snapshot('1') })]),
        batch([stepOf(other, 1)], { answered: [effect.key] }),
        batch([stepOf(a, 2, { change: redo('2') })]),
        batch([stepOf(a, 2, { change: redo('again') })]),
      ])

      expect(results).toEqual(['committed', 'committed', 'committed', 'fenced'])
      const stored = await load(a)
      expect(stored).toMatchObject({ version: 2, effects: [] })
      expect((stored?.redo ?? []).map(decode)).toEqual(['2'])
    })

    it('a batch whose own steps do not follow each other is fenced', async () => {
      expect(await commit(stepOf(a, 1), stepOf(a, 3))).toEqual(['fenced'])
      expect(await store.load([a])).toEqual([])
    })

    it('a call without batches and one without messages do nothing', async () => {
      expect(await store.commit([])).toEqual([])
      expect(await store.append([])).toEqual([])
      expect(await store.load([])).toEqual([])
    })

    it('a read sees every change that was asked for before it', async () => {
      const changes: Promise<unknown>[] = []
      const seen: (number | undefined)[] = []
      for (let version = 1; version <= 20; version++) {
        changes.push(commit(stepOf(a, version)), append(a, String(version)))
        changes.push(load(a).then((stored) => seen.push(stored?.inbox.length)))
      }
      await Promise.all(changes)

      expect(seen).toHaveLength(20)
      for (const [index, count] of seen.entries()) expect(count).toBeGreaterThan(index)
      const order = Array.from({ length: 20 }, (_, index) => index + 1)
      expect((await load(a))?.inbox.map(({ body }) => Number(body))).toEqual(order)
    })

    it('a state, a row and a document of a mebibyte come back byte for byte', async () => {
      const state = Uint8Array.from({ length: 1_048_576 }, (_, index) => (index * 7) % 251)
      const text = 'ä"\\{},'.repeat(175_000)
      await commit(
        stepOf(a, 1, {
          change: { kind: 'snapshot', state },
          rows: [
            { kind: 'put', table: 't', key: 'k', value: text },
            { kind: 'put', table: 'document', key: 'h', value: text },
          ],
        }),
        stepOf(a, 2, { change: { kind: 'redo', redo: state } }),
      )

      const stored = await load(a)

      expect(Buffer.compare(stored?.state ?? new Uint8Array(), state)).toBe(0)
      expect(Buffer.compare(stored?.redo[0] ?? new Uint8Array(), state)).toBe(0)
      expect(stored?.rows[0]?.value === text).toBe(true)
      expect((await store.query({ kind: 'document', hash: 'h' })) === text).toBe(true)
    })

    it('an empty state is one', async () => {
      await commit(stepOf(a, 1, { change: snapshot('') }), stepOf(a, 2, { change: redo('') }))

      expect(await load(a)).toMatchObject({ state: new Uint8Array(), redo: [new Uint8Array()] })
    })

    it.each([
      ['NUL', 'x\0y'],
      ['only NUL', '\0'],
      ['half a surrogate pair', '\ud83d and \ude00'],
      ['the escape character itself', '\u001a0000\u001a'],
      ['quotes of all kinds', `'"\`\\ {a,b} NULL %s $1 \\x00`],
      ['a line end', 'x\n\r\t;--'],
      ['other scripts', 'Zoë 電話 😀 \u202e'],
      ['slashes and colons', 'a/b:1:2'],
    ])('text with %s is kept as it is, wherever it stands', async (_name, text) => {
      const ref: EntityRef = { kind: 'interaction', id: text }
      const effect = { ...effectOf(ref, 1, 0), body: JSON.stringify({ text }), type: text }
      const message = JSON.stringify({ text })
      await append(ref, message)
      await commit(
        stepOf(ref, 1, {
          change: snapshot('s'),
          attributes: { [text]: text, name: 'x' },
          effects: [effect],
          timersPut: [timerOf(ref, text, 5)],
          rows: [
            { kind: 'put', table: text, key: text, value: text },
            { kind: 'put', table: 'document', key: text, value: text },
          ],
          trace: [message],
        }),
      )

      const [stored] = await store.load([ref])
      const where = { [text]: text }
      const found = await store.query({ kind: 'entities', entityKind: 'interaction', running: true, limit: 9, where })
      const after = { kind: 'entities', entityKind: 'interaction', running: true, limit: 9, after: text } as const

      expect(stored).toMatchObject({
        ref,
        attributes: { [text]: text, name: 'x' },
        effects: [effect],
        timers: [timerOf(ref, text, 5)],
        inbox: [{ body: message }],
        rows: [{ table: text, key: text, value: text }],
      })
      expect(found.map((entity) => [entity.ref, entity.attributes])).toEqual([[ref, { [text]: text, name: 'x' }]])
      expect(await store.query(after)).toEqual([])
      expect(await store.query({ kind: 'document', hash: text })).toBe(text)
      expect(await store.query({ kind: 'waiting', partitions: all, limit: 9 })).toEqual([ref])
      expect(await store.query({ kind: 'effects', partitions: all, limit: 9 })).toEqual([effect])
      expect(await store.query({ kind: 'effects', partitions: all, limit: 9, after: effect.key })).toEqual([])
      expect(await store.due(all, 9, 9)).toEqual([timerOf(ref, text, 5)])
      const lines = await store.query({ kind: 'trace', ref, afterSequence: 0, limit: 9 })
      expect(lines.map(({ line }) => line)).toEqual([message])

      await commit(
        stepOf(ref, 2, {
          answered: [effect.key],
          timersDeleted: [text],
          rows: [{ kind: 'delete', table: text, key: text }],
        }),
      )
      expect((await store.load([ref]))[0]).toMatchObject({ version: 2, effects: [], timers: [], rows: [] })
    })

    it('five thousand steps in one call, of entities in every partition, are written in order', async () => {
      const [entities, versions] = [1000, 5]
      const refs = Array.from({ length: entities }, (_, index) => session(`many${index}`))
      const batches = all.map((partition): PartitionBatch => ({
        partition,
        epoch: epochs[partition] ?? 0,
        steps: Array.from({ length: versions }, (_, index) => index + 1).flatMap((version) =>
          refs
            .filter((ref) => partitionOf(ref, PARTITIONS) === partition)
            .map((ref) =>
              stepOf(ref, version, {
                change: version === 1 ? snapshot(ref.id) : redo(`${ref.id} ${version}`),
                effects: [effectOf(ref, version, 0)],
                trace: [`{"version":${version}}`],
                timersPut: [timerOf(ref, 'same', version)],
                attributes: { version: String(version) },
              }),
            ),
        ),
      }))

      const results = await store.commit(batches)

      expect(results).toEqual(['committed', 'committed', 'committed', 'committed'])
      const stored = await store.load(refs)
      expect(stored.map(({ ref }) => ref)).toEqual(refs)
      for (const { ref, version, attributes, redo: records, effects, timers } of stored) {
        expect([version, attributes, timers]).toEqual([versions, { version: '5' }, [timerOf(ref, 'same', versions)]])
        expect(records.map(decode)).toEqual([2, 3, 4, 5].map((at) => `${ref.id} ${at}`))
        expect(effects.map(({ key }) => key)).toEqual([1, 2, 3, 4, 5].map((at) => effectOf(ref, at, 0).key))
      }
      expect((await store.query({ kind: 'counts' })).effects).toBe(entities * versions)
    })

    it('two owners that take a partition from each other never both write', async () => {
      const partition = partitionOf(a, PARTITIONS)
      const second = (await subject.openSecond?.()) ?? store
      const written: number[] = []
      async function own(mine: Store, owner: string): Promise<void> {
        for (let take = 0; take < 1000 && written.length < 40; take++) {
          // Out of step, so that now and then one of them gets through.
          for (let idle = (take * (owner === 'one' ? 3 : 5)) % 7; idle > 0; idle--) await mine.load([a])
          const epoch = await mine.claim(partition, owner)
          let version = (await mine.load([a]))[0]?.version ?? 0
          for (;;) {
            const step = stepOf(a, version + 1, { expectedVersion: version, trace: [`{"owner":"${owner}"}`] })
            const [result] = await mine.commit([{ partition, epoch, steps: [step] }])
            if (result === 'fenced') break
            version++
            written.push(version)
            if (version % 3 === 0) break
          }
        }
      }

      await Promise.all([own(store, 'one'), own(second, 'two')])

      const lines = await store.query({ kind: 'trace', ref: a, afterSequence: 0, limit: 1000 })
      const versions = Array.from({ length: lines.length }, (_, index) => index + 1)
      expect(lines.map(({ atVersion }) => atVersion)).toEqual(versions)
      expect(written.toSorted((one, other) => one - other)).toEqual(versions)
      expect((await load(a))?.version).toBe(lines.length)
      expect(lines.length).toBeGreaterThanOrEqual(40)
      if (second !== store) await second[Symbol.asyncDispose]()
    })

    it('two owners that take a partition from each other: what is answered as written is there, the rest is not', async () => {
      const partition = partitionOf(a, PARTITIONS)
      const second = (await subject.openSecond?.()) ?? store
      const written: string[] = []
      async function own(mine: Store, owner: string): Promise<void> {
        for (let take = 0; take < 20; take++) {
          for (let idle = (take * (owner === 'one' ? 3 : 5)) % 7; idle > 0; idle--) await mine.load([a])
          const epoch = await mine.claim(partition, owner)
          for (let n = 0; n < 3; n++) {
            const body = `${owner} ${take}.${n}`
            const [result] = await mine.append([{ partition, epoch, messages: [{ to: a, body }] }])
            if (result === 'fenced') break
            written.push(body)
          }
        }
      }

      await Promise.all([own(store, 'one'), own(second, 'two')])

      expect((await load(a))?.inbox.map(({ body }) => body).toSorted()).toEqual(written.toSorted())
      expect(written.length).toBeGreaterThan(0)
      if (second !== store) await second[Symbol.asyncDispose]()
    })

    it('everything is there for the next owner', async () => {
      await append(b, '1')
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
