import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '@segue/adapters'
import type { Step, Store } from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MIGRATIONS } from '../../src/stores/sqlite/migrations.ts'
import { corpusFiles, expectCorpusStore, fillCorpusStore } from './corpus.ts'
import { pointModule } from './points.ts'
import { PARTITIONS, storeContract } from './store-contract.ts'

storeContract('sqlite', () => {
  const folder = mkdtemp(join(tmpdir(), 'segue-store-'))
  return {
    open: async () => openSqliteStore({ path: join(await folder, 'store.db'), partitions: PARTITIONS }),
    clean: async () => rm(await folder, { recursive: true }),
  }
})

describe('sqlite store', () => {
  let folder: string
  let path: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'segue-store-'))
    path = join(folder, 'store.db')
  })

  afterEach(() => rm(folder, { recursive: true }))

  const open = (options: { readonly maxPages?: number; readonly pointModule?: string } = {}) =>
    openSqliteStore({ path, partitions: PARTITIONS, ...options })

  it('every schema version has an old store in the corpus', () => {
    expect(corpusFiles('sqlite').map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1))
  })

  it.each(corpusFiles('sqlite'))('a store of schema version $version is opened and goes on', async ({ sql }) => {
    sqlite(path, sql)

    await using store = await open()

    await expectCorpusStore(store)
  })

  it('a store of this program holds what an old one does', async () => {
    await using store = await open()
    await fillCorpusStore(store)

    await expectCorpusStore(store)
  })

  it('a migration that breaks off leaves the version before it', async () => {
    const [oldest] = corpusFiles('sqlite')
    sqlite(path, oldest?.sql ?? '')
    const broken = await pointModule(folder, "if (name === 'in-migration') throw new Error('broken off')")

    await expect(open({ pointModule: broken })).rejects.toMatchObject({ code: 'SEG-STORE-005' })

    await using store = await open()
    await expectCorpusStore(store)
  })

  it('names the points of its work', async () => {
    const log = join(folder, 'points')
    const store = await open({ pointModule: await pointModule(folder, `fs.appendFileSync('${log}', name + ' ')`) })
    const epoch = await claimAll(store)

    await store.commit([batchOf(epoch, bigStep('a', 1, 10))])

    expect(await readFile(log, 'utf8')).toBe('in-migration in-migration before-commit after-commit ')
    await store[Symbol.asyncDispose]()
  })

  it('commits go on while a checkpoint takes its time', async () => {
    const [held, go] = [join(folder, 'held'), join(folder, 'go')]
    const store = await open({
      pointModule: await pointModule(
        folder,
        `if (name !== 'in-checkpoint') return
         fs.writeFileSync('${held}', '')
         for (let turn = 0; turn < 1000 && !fs.existsSync('${go}'); turn++) {
           Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
         }`,
      ),
    })
    const epoch = await claimAll(store)

    let version = 1
    for (; !existsSync(held); version++) await store.commit([batchOf(epoch, bigStep('a', version, 200_000))])
    const last = version + 50
    for (; version < last; version++) await store.commit([batchOf(epoch, bigStep('a', version, 10))])

    expect(await store.load([{ kind: 'session', id: 'a' }])).toMatchObject([{ version: last - 1 }])
    await writeFile(go, '')
    await store[Symbol.asyncDispose]()
  })

  it('a second user of the same file is refused while the first lives', async () => {
    const first = await open()

    await expect(open()).rejects.toMatchObject({ code: 'SEG-STORE-001' })

    await first[Symbol.asyncDispose]()
    const second = await open()
    await second[Symbol.asyncDispose]()
  })

  it('a store of a newer program is refused and left as it was', async () => {
    const first = await open()
    await first[Symbol.asyncDispose]()
    sqlite(path, "update meta set value = 99 where key = 'schema'")
    const before = await readFile(path)

    await expect(open()).rejects.toMatchObject({
      code: 'SEG-STORE-002',
      message: expect.stringContaining('has schema version 99, this program knows versions up to 2'),
    })

    expect(await readFile(path)).toEqual(before)
  })

  it('a file that is no database, a torn one and a database of another program are refused', async () => {
    await writeFile(path, 'this is a text of more than sixteen bytes\n'.repeat(100))
    await expect(open()).rejects.toMatchObject({ code: 'SEG-STORE-003' })

    await rm(path)
    sqlite(path, 'create table contacts (name text)')
    await expect(open()).rejects.toMatchObject({ code: 'SEG-STORE-003' })

    await rm(path)
    const made = await open()
    await made[Symbol.asyncDispose]()
    const whole = await readFile(path)
    await writeFile(path, whole.subarray(0, whole.length / 2))
    await expect(open()).rejects.toMatchObject({ code: expect.stringMatching(/^SEG-STORE-00[35]$/) })
  })

  it('another number of partitions than the store was made with is refused', async () => {
    const first = await open()
    await first[Symbol.asyncDispose]()

    await expect(openSqliteStore({ path, partitions: 8 })).rejects.toMatchObject({ code: 'SEG-STORE-004' })
  })

  it('a folder that does not exist is named in the refusal', async () => {
    await expect(openSqliteStore({ path: join(folder, 'none', 'x.db'), partitions: 4 })).rejects.toMatchObject({
      code: expect.stringMatching(/^SEG-STORE/),
      message: expect.stringContaining('none'),
    })
  })

  it('a full disk rejects the commit whole, and work goes on when there is room', async () => {
    const store = await open({ maxPages: 60 })
    const epoch = await claimAll(store)
    const large = bigStep('big', 1, 300_000)

    await expect(store.commit([batchOf(epoch, large)])).rejects.toMatchObject({ code: 'SEG-STORE-005' })
    const small = await store.commit([batchOf(epoch, bigStep('big', 1, 10))])

    expect(small).toEqual(['committed'])
    expect(await store.load([large.ref])).toMatchObject([{ version: 1 }])
    await store[Symbol.asyncDispose]()
  })

  it('checkpoints keep the log small while commits go on', async () => {
    const store = await open()
    const epoch = await claimAll(store)

    for (let version = 1; version <= 600; version++) {
      await store.commit([batchOf(epoch, bigStep('a', version, 100_000))])
    }

    const log = await stat(`${path}-wal`)
    expect(log.size).toBeLessThan(30 * 1024 * 1024)
    await store[Symbol.asyncDispose]()
  })

  it('a closed store refuses work', async () => {
    const store = await open()
    await store[Symbol.asyncDispose]()

    await expect(store.load([])).rejects.toMatchObject({ code: 'SEG-STORE-006' })
  })
})

async function claimAll(store: Store): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => store.claim(partition, 'one')))
}

function batchOf(epochs: readonly number[], step: Step) {
  const partition = partitionOf(step.ref, PARTITIONS)
  return { partition, epoch: epochs[partition] ?? 0, steps: [step] }
}

function bigStep(id: string, version: number, sizeBytes: number): Step {
  return {
    ref: { kind: 'session', id },
    expectedVersion: version - 1,
    version,
    change: { kind: 'snapshot', state: new Uint8Array(sizeBytes).fill(version) },
    effects: [],
    answered: [],
    timersPut: [],
    timersDeleted: [],
    rows: [],
    trace: [],
    taken: [],
  }
}

/** Changes a database behind the store's back. */
function sqlite(path: string, sql: string): void {
  const Database = createRequire(import.meta.url)('libsql')
  const database = new Database(path)
  database.exec(sql)
  database.close()
}
