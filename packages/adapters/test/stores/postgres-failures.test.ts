import { openPostgresStore, type PostgresLimits } from '@segue/adapters'
import type { AppendResult, CommitResult, EntityRef, Store } from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { startPostgres } from '@segue/testing'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startProxy } from './postgres-proxy.ts'
import { PARTITIONS, stepOf } from './store-contract.ts'

const { server, reason } = await startPostgres()
if (server === undefined) console.warn(`skipped: ${reason}`)

afterAll(() => server?.[Symbol.asyncDispose]())

const a: EntityRef = { kind: 'session', id: 'a' }
const partition = partitionOf(a, PARTITIONS)
/** Words that only the statement of a commit, or of an append, sends along: parameters of ours. */
const COMMIT_MARK = 'a-line-of-the-commit'
const APPEND_MARK = 'a-message-of-the-append'

describe.skipIf(server === undefined)('postgres store, when things break', () => {
  let url = ''
  beforeEach(async () => {
    url = (await server?.createDatabase()) ?? ''
  })

  const open = (address: string, limits: Partial<PostgresLimits> = {}): Promise<Store> =>
    openPostgresStore({ url: address, partitions: PARTITIONS, limits })
  const append = async (store: Store, epoch: number, ...bodies: string[]): Promise<AppendResult> => {
    const messages = bodies.map((body) => ({ to: a, body }))
    const [result] = await store.append([{ partition, epoch, messages }])
    return result ?? 'fenced'
  }
  /** Until the server says so. */
  const until = async (query: string, answer: string): Promise<void> => {
    while ((await server?.sql(query, url)) !== answer);
  }
  const marked = (version: number) => stepOf(a, version, { trace: [`{"mark":"${COMMIT_MARK}","version":${version}}`] })
  const commit = (store: Store, epoch: number, version: number): Promise<readonly CommitResult[]> =>
    store.commit([{ partition, epoch, steps: [marked(version)] }])
  const versionsOf = async (store: Store): Promise<readonly number[]> =>
    (await store.query({ kind: 'trace', ref: a, afterSequence: 0, limit: 10_000 })).map(({ atVersion }) => atVersion)

  it('a server that is too old is refused, with what is needed', async () => {
    await using proxy = await startProxy(url)
    proxy.rewrite(/\b1[4-9]00(\d\d)\b/, '1300$1')

    const opened = open(proxy.url)

    await expect(opened).rejects.toMatchObject({ code: 'SEG-STORE-009' })
    await expect(opened).rejects.toThrow(/is version PostgreSQL 13; 14 or later is needed/)
    expect(await server?.sql("select count(*) from pg_namespace where nspname = 'segue'", url)).toBe('0')
  })

  it('a commit whose answer is lost is found out to have landed, and is not done again', async () => {
    await using proxy = await startProxy(url)
    await using store = await open(proxy.url)
    const epoch = await store.claim(partition, 'one')
    const before = proxy.connections

    proxy.cut('answer', COMMIT_MARK)
    const result = await commit(store, epoch, 1)

    expect(result).toEqual(['committed'])
    expect(proxy.connections).toBe(before + 1)
    expect(await versionsOf(store)).toEqual([1])
    expect(await commit(store, epoch, 2)).toEqual(['committed'])
  })

  it('a fenced commit whose answer is lost stays a fenced one', async () => {
    await using proxy = await startProxy(url)
    await using store = await open(proxy.url)
    const epoch = await store.claim(partition, 'one')
    await store.claim(partition, 'two')

    proxy.cut('answer', COMMIT_MARK)

    expect(await commit(store, epoch, 1)).toEqual(['fenced'])
    expect(await versionsOf(store)).toEqual([])
  })

  it('a commit that never reached the server is done once on the next connection', async () => {
    await using proxy = await startProxy(url)
    await using store = await open(proxy.url)
    const epoch = await store.claim(partition, 'one')

    proxy.cut('request', COMMIT_MARK)

    expect(await commit(store, epoch, 1)).toEqual(['committed'])
    expect(await versionsOf(store)).toEqual([1])
  })

  it('a commit that reaches the server after its connection was given up changes nothing', async () => {
    await using proxy = await startProxy(url)
    await using store = await open(proxy.url, { answerTimeoutMs: 300, reconnectWaitMs: 0 })
    const epoch = await store.claim(partition, 'one')

    proxy.cut('hold', COMMIT_MARK)
    await expect(commit(store, epoch, 1)).rejects.toMatchObject({ code: 'SEG-STORE-007' })
    expect(await store.renew(partition, epoch)).toBe(true)
    await proxy.release()

    expect(await versionsOf(store)).toEqual([])
    expect(await commit(store, epoch, 1)).toEqual(['committed'])
    expect(await versionsOf(store)).toEqual([1])
  })

  it('a claim waits for a commit that is under way, and then sees it', async () => {
    await using one = await open(url)
    await using two = await open(url)
    const epoch = await one.claim(partition, 'one')
    // The commit has the share of the partition when it waits for the other document of the same hash.
    const holding = server?.sql("begin; insert into segue.document values ('h', ''); select pg_sleep(0.5); commit", url)
    await until("select count(*) from pg_stat_activity where wait_event = 'PgSleep'", '1')
    const rows = [{ kind: 'put', table: 'document', key: 'h', value: '' }] as const

    const committing = one.commit([{ partition, epoch, steps: [stepOf(a, 1, { rows })] }])
    await until("select count(*) from pg_stat_activity where wait_event_type = 'Lock'", '1')
    const seenAfterClaim = two.claim(partition, 'two').then(() => two.load([a]))
    await holding

    expect(await committing).toEqual(['committed'])
    expect(await seenAfterClaim).toMatchObject([{ version: 1 }])
  })

  it('a commit waits for a claim that is under way, and is then fenced', async () => {
    await using store = await open(url)
    const epoch = await store.claim(partition, 'one')
    const claim = `update segue.part set epoch = epoch + 1, owner = 'two' where p = ${partition}`
    const claiming = server?.sql(`begin; ${claim}; select pg_sleep(0.5); commit`, url)
    await until("select count(*) from pg_stat_activity where wait_event = 'PgSleep'", '1')

    expect(await commit(store, epoch, 1)).toEqual(['fenced'])
    await claiming
    expect(await store.load([a])).toEqual([])
  })

  it('an append waits for a claim that is under way, and is then fenced', async () => {
    await using store = await open(url)
    const epoch = await store.claim(partition, 'one')
    const claim = `update segue.part set epoch = epoch + 1, owner = 'two' where p = ${partition}`
    const claiming = server?.sql(`begin; ${claim}; select pg_sleep(0.5); commit`, url)
    await until("select count(*) from pg_stat_activity where wait_event = 'PgSleep'", '1')

    expect(await append(store, epoch, '1')).toBe('fenced')
    await claiming
    expect(await store.load([a])).toEqual([])
  })

  it('an append whose answer is lost is not done again', async () => {
    await using proxy = await startProxy(url)
    await using store = await open(proxy.url)
    const epoch = await store.claim(partition, 'one')
    const body = `{"mark":"${APPEND_MARK}"}`

    proxy.cut('answer', APPEND_MARK)
    const sequences = await append(store, epoch, body, '2')

    const [stored] = await store.load([a])
    expect(stored?.inbox).toEqual([
      { sequence: sequences[0], body },
      { sequence: sequences[1], body: '2' },
    ])
  })

  it('an append that was refused has left nothing, also when it had landed', async () => {
    await using proxy = await startProxy(url)
    await using store = await open(proxy.url, { reconnectWaitMs: 0 })
    const epoch = await store.claim(partition, 'one')

    proxy.cut('answer', APPEND_MARK)
    const refused = append(store, epoch, `{"mark":"${APPEND_MARK}"}`)

    await expect(refused).rejects.toMatchObject({ code: 'SEG-STORE-007' })
    const sequences = await append(store, epoch, '2')
    expect((await store.load([a]))[0]?.inbox).toEqual([{ sequence: sequences[0], body: '2' }])
  })

  it('a read whose connection breaks is done again', async () => {
    await using proxy = await startProxy(url)
    await using store = await open(proxy.url)
    const epoch = await store.claim(partition, 'one')
    await commit(store, epoch, 1)

    proxy.cut('request', 'session/a')

    expect(await store.load([a])).toMatchObject([{ version: 1 }])
  })

  it('connections that the server closes are made again', async () => {
    await using store = await open(url)
    const epoch = await store.claim(partition, 'one')
    for (let version = 1; version <= 6; version++) {
      if (version % 2 === 0) await server?.cutConnections()
      expect(await commit(store, epoch, version)).toEqual(['committed'])
    }
    expect(await versionsOf(store)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it(
    'a server that is killed in the middle of commits loses and doubles none of them',
    { timeout: 30_000 },
    async () => {
      const kills = 3
      const refs = Array.from({ length: 8 }, (_, index): EntityRef => ({ kind: 'session', id: `chain${index}` }))
      await using store = await open(url)
      const epochs = await Promise.all(Array.from({ length: PARTITIONS }, (_, at) => store.claim(at, 'one')))
      const acknowledged = new Map<string, number>()
      let failures = 0
      const work = { isOver: false }

      // Like the runtime: a commit that rejects is repeated as it is; a refusal then means that it had landed.
      async function chain(ref: EntityRef): Promise<void> {
        const at = partitionOf(ref, PARTITIONS)
        for (let version = 1; !work.isOver; version++) {
          const steps = [stepOf(ref, version, { trace: [`{"version":${version}}`] })]
          for (let isRepeated = false; ; isRepeated = true) {
            try {
              const [result] = await store.commit([{ partition: at, epoch: epochs[at] ?? 0, steps }])
              if (result === 'fenced' && !isRepeated) throw new Error(`${ref.id} ${version} is fenced`)
              break
            } catch (error) {
              if (!(error instanceof Error && 'code' in error && error.code === 'SEG-STORE-007')) throw error
              failures++
            }
          }
          acknowledged.set(ref.id, version)
        }
      }
      const chains = Promise.all(refs.map(chain))
      const progress = async (wanted: number): Promise<void> => {
        const sum = (): number => [...acknowledged.values()].reduce((all, one) => all + one, 0)
        const goal = sum() + wanted
        while (sum() < goal) await new Promise((resolve) => setTimeout(resolve, 2))
      }
      for (let kill = 0; kill < kills; kill++) {
        await progress(40)
        await server?.kill()
        if (kill === 1) await expect(store.load(refs)).rejects.toMatchObject({ code: 'SEG-STORE-007' })
        await server?.restart()
      }
      await progress(40)
      work.isOver = true
      await chains

      for (const ref of refs) {
        const lines = await store.query({ kind: 'trace', ref, afterSequence: 0, limit: 10_000 })
        const last = acknowledged.get(ref.id) ?? 0
        expect(lines.map(({ atVersion }) => atVersion)).toEqual(Array.from({ length: last }, (_, index) => index + 1))
        expect((await store.load([ref]))[0]?.version).toBe(last)
      }
      expect(failures).toBeGreaterThan(0)
    },
  )

  it('a server that is not there is said to be, in bounded time and without the password', async () => {
    const address = 'postgres://segue:secret@127.0.0.1:1/segue'

    const refused = open(address, { openWaitMs: 100 })

    await expect(refused).rejects.toMatchObject({
      code: 'SEG-STORE-007',
      message: expect.stringMatching(
        /^store "postgres:\/\/segue@127\.0\.0\.1:1\/segue" cannot be reached: .*ECONNREFUSED/,
      ),
    })
  })

  it('a database that does not exist is said at once', async () => {
    await expect(open(url.replace(/\w+$/, 'nothing'), { openWaitMs: 60_000 })).rejects.toMatchObject({
      code: 'SEG-STORE-007',
      message: expect.stringContaining('database "nothing" does not exist (3D000)'),
    })
  })

  it('a statement that takes too long is cancelled and named; the next one is done', async () => {
    await using store = await open(url, { statementTimeoutMs: 200 })
    const epoch = await store.claim(partition, 'one')
    const holding = server?.sql('begin; lock table segue.entity; select pg_sleep(0.6); commit', url)
    await until("select count(*) from pg_locks where mode = 'AccessExclusiveLock'", '1')

    await expect(commit(store, epoch, 1)).rejects.toMatchObject({
      code: 'SEG-STORE-005',
      message: expect.stringContaining('did not do "commit": canceling statement due to statement timeout (57014)'),
    })
    await holding
    expect(await commit(store, epoch, 1)).toEqual(['committed'])
  })

  it('calls beyond the limit are refused at once', async () => {
    await using store = await open(url, { maxWaitingCalls: 2 })

    const calls = await Promise.allSettled([1, 2, 3].map(() => append(store, 1, '1')))

    expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(calls[2]).toMatchObject({ reason: { code: 'SEG-STORE-008' } })
  })

  it('a closed store refuses work and leaves no row of its own behind', async () => {
    const store = await open(url)
    await store[Symbol.asyncDispose]()

    await expect(store.load([])).rejects.toMatchObject({ code: 'SEG-STORE-006' })
    expect(await server?.sql('select count(*) from segue.writer', url)).toBe('0')
  })
})
