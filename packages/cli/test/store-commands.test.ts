import { readFile, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { openPostgresStore, openSqliteStore } from '@segue/adapters'
import type { EntityRef, Step, Store } from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { startPostgres } from '@segue/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { root, scratchFolder, segue, segueProcess, startSegue } from './command-line.ts'
import type { Ran, Running } from './command-line.ts'

const cannotRun = inject('buildFailure') !== ''
const PARTITIONS = 256
const running: EntityRef = { kind: 'session', id: 'runs' }
const ended: EntityRef = { kind: 'interaction', id: 'ended' }
const envelope = Buffer.from([1, 1, 0, 0, 0, 0, 123, 125])

let folder: Awaited<ReturnType<typeof scratchFolder>>
let data: string
let path: string
beforeEach(async () => {
  folder = await scratchFolder()
  data = folder.path
  path = join(data, 'segue.db')
})
afterEach(() => folder[Symbol.asyncDispose]())

const store = (...words: readonly string[]): Promise<Ran> => segue('store', ...words, '--data', data)
/** As a process of its own. */
const storeProcess = (...words: readonly string[]): Promise<Ran> => segueProcess('store', ...words, '--data', data)
const backup = (): string => join(data, 'backup.db')

describe.skipIf(cannotRun)('segue store, on SQLite', () => {
  it('finds nothing in a sound store, and counts what it holds', async () => {
    await make(await openSqliteStore({ path, partitions: PARTITIONS }), { isFinished: false })

    const check = await storeProcess('check')
    const stats = await storeProcess('stats')
    const json = JSON.parse((await store('stats', '--json')).stdout) as Record<string, unknown>

    expect(check).toMatchObject({ exitCode: 0, stdout: `${path}: nothing found\n` })
    expect(stats.stdout).toMatch(/^store +sqlite in .*segue\.db\nschema +version 2, 256 partitions\nsize +\d+\.\d MiB/)
    expect(stats.stdout).toMatch(/oldest effect +ledger session\/runs:1:0, unanswered for \d+ s\n$/)
    expect(json).toMatchObject({
      engine: 'sqlite',
      entities: { session: { running: 1, ended: 0 }, interaction: { running: 0, ended: 1 } },
      rows: { snapshot: 2, redo: 1, effect: 1, timer: 1, inbox: 1, trace: 1, document: 0 },
      oldestEffect: { key: 'session/runs:1:0', type: 'ledger', plannedAtEpochMs: 1000 },
    })
  })

  it('a backup restored elsewhere is the same store', async () => {
    await make(await openSqliteStore({ path, partitions: PARTITIONS }), { isFinished: false })
    await using elsewhere = await scratchFolder()
    const place = join(elsewhere.path, 'segue.db')

    const written = await storeProcess('backup', backup())
    const again = await store('backup', backup())
    const restored = await segueProcess('store', 'restore', backup(), '--data', elsewhere.path)

    expect(written).toMatchObject({ exitCode: 0, stdout: `${backup()}\n` })
    expect([again.exitCode, again.stderr]).toEqual([6, expect.stringContaining('SEG-STORE-013')])
    expect(restored).toMatchObject({ exitCode: 0, stdout: `${place}\n`, stderr: '' })
    await using back = await openSqliteStore({ path: place, partitions: PARTITIONS })
    expect(await back.load([running])).toMatchObject([{ version: 2, effects: [{ key: 'session/runs:1:0' }] }])
  })

  it('a store with unfinished work is not overwritten; with --replace it is kept beside', async () => {
    await make(await openSqliteStore({ path, partitions: PARTITIONS }), { isFinished: true })
    await store('backup', backup())
    await more(await openSqliteStore({ path, partitions: PARTITIONS }))

    const refused = await store('restore', backup())
    const replaced = await store('restore', backup(), '--replace')

    expect([refused.exitCode, refused.stdout]).toEqual([6, ''])
    expect(refused.stderr).toMatch(/SEG-STORE-012 store ".*" has unfinished work: 1 sessions run\nhint: /)
    expect(replaced.exitCode).toBe(0)
    const kept = /is now "(.*)"/.exec(replaced.stderr)?.[1] ?? ''
    expect((await stat(kept)).size).toBeGreaterThan(0)
    await using back = await openSqliteStore({ path, partitions: PARTITIONS })
    expect(await back.load([running])).toEqual([])
    await using old = await openSqliteStore({ path: kept, partitions: PARTITIONS })
    expect(await old.load([running])).toMatchObject([{ version: 1 }])
  })

  it('a backup that is not sound is refused before anything is changed', async () => {
    await make(await openSqliteStore({ path, partitions: PARTITIONS }), { isFinished: true })
    await store('backup', backup())
    sqlite(backup(), "update snapshot set state = x'00'")
    const before = await readFile(path)

    const refused = await store('restore', backup())
    await writeFile(backup(), 'no database at all, but text\n'.repeat(100))
    const torn = await store('restore', backup())

    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('SEG-STORE-011')])
    expect([torn.exitCode, torn.stderr]).toEqual([3, expect.stringContaining('SEG-STORE-003')])
    expect(await readFile(path)).toEqual(before)
  })

  it.each([
    ["delete from entity where id = 'runs'", /row \d+: does not exist and has effects\n/],
    ["update entity set ver = 1 where id = 'runs'", /session\/runs: has version 1, and the redo record of version 2/],
    ['delete from snapshot', /session\/runs: has version 2 and no snapshot\n/],
    ["update redo set record = x'0101ffffffff'", /session\/runs: the redo record of version 2 cannot be decoded: /],
    ["update entity set ended = 5 where id = 'runs'", /session\/runs: has ended and has the timer "late"\n/],
    ["update entity set p = p + 1 where id = 'runs'", /session\/runs: stands in partition \d+, its id says \d+\n/],
    ["update entity set attributes = '[' where id = 'runs'", /session\/runs: has attributes that are no JSON object\n/],
    ["update effect set body = '{'", /has the effect "session\/runs:1:0" with a body that is no JSON object\n/],
    ["update effect set key = 'session/x:1:0'", /session\/runs: has the effect "session\/x:1:0" of another owner\n/],
    ["update inbox set body = '{}'", /session\/runs: has an inbox message \(1\) that cannot be read\n/],
    ["update trace set line = 'x'", /has a trace line \(1\) that cannot be read\n/],
  ])('check after "%s" says so, with exit code 1', async (damage, finding) => {
    await make(await openSqliteStore({ path, partitions: PARTITIONS }), { isFinished: false })
    sqlite(path, damage)

    const { exitCode, stdout, stderr } = await store('check')

    expect(exitCode).toBe(1)
    expect(stdout).toMatch(finding)
    expect(stderr).toMatch(/\d+ findings in /)
  })

  it('check finds damage of the file itself', async () => {
    await make(await openSqliteStore({ path, partitions: PARTITIONS }), { isFinished: false })
    sqlite(path, "pragma writable_schema = on; delete from sqlite_master where name = 'entity_by_id'")

    const { exitCode, stdout } = await store('check')

    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/segue\.db: .*(?:never used|malformed|Page)/)])
  })

  it('says that there is no store, and refuses one of a newer program', async () => {
    const none = await store('stats')
    await make(await openSqliteStore({ path, partitions: PARTITIONS }), { isFinished: true })
    sqlite(path, "update meta set value = 99 where key = 'schema'")
    const newer = await store('check')

    expect([none.exitCode, none.stderr]).toEqual([5, expect.stringContaining('SEG-STORE-010 there is no store at')])
    expect([newer.exitCode, newer.stderr]).toEqual([3, expect.stringContaining('SEG-STORE-002')])
    expect(await stat(`${path}.partial`).catch(() => 'none')).toBe('none')
  })
})

describe.skipIf(cannotRun)('segue store, while a node runs', () => {
  let node: Running
  beforeEach(async () => {
    node = startSegue('serve', join(root, 'examples/business-hours'), '--data', data, '--port', '0')
    await node.sees(/\{"listening".*\}/)
  })
  afterEach(() => node[Symbol.asyncDispose]())

  it('backs up and checks, and refuses to restore', async () => {
    const document = join(root, 'examples/business-hours/src-gen/IPD_ferryDesk.scxml')
    const started = await segue('session', 'start', document, '--data', data)

    const written = await storeProcess('backup', backup())
    const check = await storeProcess('check')
    const restored = await storeProcess('restore', backup(), '--replace')

    expect([started.exitCode, written.exitCode, check.exitCode]).toEqual([0, 0, 0])
    expect([restored.exitCode, restored.stderr]).toEqual([6, expect.stringContaining('SEG-STORE-001')])
    await using copy = await openSqliteStore({ path: backup(), partitions: PARTITIONS })
    expect((await copy.query({ kind: 'counts' })).sessions).toBe(1)
  })
})

describe.skipIf(cannotRun)('segue store, on PostgreSQL', async () => {
  const { server, reason } = await startPostgres()
  if (server === undefined) console.warn(`skipped: ${reason}`)
  let url = ''
  beforeAll(async () => {
    if (server === undefined) return
    url = await server.createDatabase()
    await make(await openPostgresStore({ url, partitions: PARTITIONS }), { isFinished: false })
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  it.skipIf(server === undefined)('checks and counts', async () => {
    const check = await segueProcess('store', 'check', '--store', url)
    const stats = JSON.parse((await segue('store', 'stats', '--store', url, '--json')).stdout) as object
    await server?.sql("update segue.redo set record = '\\x00'; delete from segue.entity where key like 'i%'", url)
    const damaged = await segue('store', 'check', '--store', url)

    expect(check).toMatchObject({ exitCode: 0, stdout: `${url}: nothing found\n` })
    expect(stats).toMatchObject({
      engine: 'postgres',
      entities: { session: { running: 1, ended: 0 }, interaction: { running: 0, ended: 1 } },
      rows: { snapshot: 2, redo: 1, effect: 1, timer: 1, inbox: 1, trace: 1, document: 0 },
      oldestEffect: { key: 'session/runs:1:0' },
    })
    expect(damaged.exitCode).toBe(1)
    expect(damaged.stdout).toContain('session/runs: the redo record of version 2 cannot be decoded')
    expect(damaged.stdout).toContain('interaction/ended: does not exist and has a snapshot')
  })

  it.skipIf(server === undefined)(
    'names the commands of the database for backup and restore, and does nothing',
    async () => {
      const secret = url.replace('segue@', 'segue:geheim@')
      const dump = await segue('store', 'backup', 'x y.dump', '--store', secret)
      const restore = await segue('store', 'restore', 'x.dump', '--store', secret)

      expect([dump.exitCode, restore.exitCode]).toEqual([2, 2])
      expect(dump.stderr).toContain(`pg_dump --format=custom --schema=segue --file='x y.dump' ${url}\n`)
      expect(restore.stderr).toContain(`pg_restore --clean --if-exists --single-transaction --dbname=${url} x.dump\n`)
      expect(dump.stderr + restore.stderr).not.toContain('geheim')
    },
  )
})

async function make(store: Store, { isFinished }: { readonly isFinished: boolean }): Promise<void> {
  await using open = store
  await commit(open, step(ended, 1, { change: { kind: 'end', state: envelope, endedAtEpochMs: 1000 } }))
  if (isFinished) return
  await commit(
    open,
    step(running, 1, {
      change: { kind: 'snapshot', state: envelope },
      effects: [
        { key: 'session/runs:1:0', owner: running, mode: 'open', type: 'ledger', body: '{}', plannedAtEpochMs: 1000 },
      ],
      timersPut: [{ owner: running, id: 'late', dueEpochMs: 2000 }],
      rows: [{ kind: 'put', table: 't', key: 'k', value: 'v' }],
      trace: ['{"kind":"state"}'],
    }),
    step(running, 2, { change: { kind: 'redo', redo: envelope } }),
  )
  const partition = partitionOf(running, PARTITIONS)
  const messages = [{ to: running, body: '{"source":"api","body":{"kind":"event"}}' }]
  await open.append([{ partition, epoch: await open.claim(partition, 'test'), messages }])
}

async function more(store: Store): Promise<void> {
  await using open = store
  await commit(open, step(running, 1, { change: { kind: 'snapshot', state: envelope } }))
}

async function commit(store: Store, ...steps: readonly Step[]): Promise<void> {
  const partition = partitionOf(steps[0]?.ref ?? running, PARTITIONS)
  const epoch = await store.claim(partition, 'test')
  expect(await store.commit([{ partition, epoch, steps }])).toEqual(['committed'])
}

function step(ref: EntityRef, version: number, extras: Partial<Step>): Step {
  const none = { effects: [], answered: [], timersPut: [], timersDeleted: [], rows: [], trace: [], taken: [] }
  return { ref, expectedVersion: version - 1, version, change: { kind: 'none' }, ...none, ...extras }
}

/** Changes a database behind the store's back. */
function sqlite(file: string, sql: string): void {
  const Database = createRequire(import.meta.url)('libsql')
  const database = new Database(file)
  database.exec(sql)
  database.close()
}
