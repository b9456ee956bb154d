import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresStore } from '@segue/adapters'
import type { Store } from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { startPostgres } from '@segue/testing'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { POSTGRES_MIGRATIONS } from '../../src/stores/postgres/migrations.ts'
import { corpusFiles, expectCorpusStore, fillCorpusStore } from './corpus.ts'
import { pointModule } from './points.ts'
import { PARTITIONS, stepOf, storeContract } from './store-contract.ts'

const { server, reason } = await startPostgres()
if (server === undefined) console.warn(`skipped: ${reason}`)

afterAll(() => server?.[Symbol.asyncDispose]())

const database = async (): Promise<string> => (await server?.createDatabase()) ?? ''
const sql = async (text: string, url: string): Promise<string> => (await server?.sql(text, url)) ?? ''

describe.skipIf(server === undefined)('with a server', () => {
  // Emptied after each test: far quicker than a database for each.
  const shared = database()
  const tables = 'part, entity, snapshot, redo, effect, timer, inbox, named_row, document, trace, writer'.replaceAll(
    /\w+/g,
    'segue.$&',
  )
  storeContract('postgres', () => {
    const open = async (): Promise<Store> => openPostgresStore({ url: await shared, partitions: PARTITIONS })
    const clean = async (): Promise<void> => void (await sql(`truncate ${tables} restart identity`, await shared))
    return { open, openSecond: open, clean }
  })
})

describe.skipIf(server === undefined)('postgres store', () => {
  let url = ''
  let folder = ''
  beforeEach(async () => {
    url = await database()
    folder = await mkdtemp(join(tmpdir(), 'segue-store-'))
    return () => rm(folder, { recursive: true })
  })

  const open = (options: { readonly pointModule?: string; readonly partitions?: number } = {}): Promise<Store> =>
    openPostgresStore({ url, partitions: PARTITIONS, ...options })

  it('every schema version has an old store in the corpus', () => {
    const versions = POSTGRES_MIGRATIONS.map((_, index) => index + 1)
    expect(corpusFiles('postgres').map(({ version }) => version)).toEqual(versions)
  })

  it.each(corpusFiles('postgres'))(
    'a store of schema version $version is opened and goes on',
    async ({ sql: text }) => {
      await sql(text, url)

      await using store = await open()

      await expectCorpusStore(store)
      expect(await sql("select value from segue.meta where key = 'schema'", url)).toBe(
        String(POSTGRES_MIGRATIONS.length),
      )
    },
  )

  it('a store of this program holds what an old one does', async () => {
    await using store = await open()
    await fillCorpusStore(store)

    await expectCorpusStore(store)
  })

  it('a store of a newer program is refused and left as it was', async () => {
    await using first = await open()
    await sql("update segue.meta set value = 99 where key = 'schema'", url)

    await expect(open()).rejects.toMatchObject({
      code: 'SEG-STORE-002',
      message: expect.stringContaining('has schema version 99, this program knows versions up to 2'),
    })

    expect(await sql("select value from segue.meta where key = 'schema'", url)).toBe('99')
    expect(first.description.engine).toBe('postgres')
  })

  it('a schema "segue" of another program is refused', async () => {
    await sql('create schema segue; create table segue.contacts (name text)', url)

    await expect(open()).rejects.toMatchObject({ code: 'SEG-STORE-003' })
  })

  it('another number of partitions than the store was made with is refused', async () => {
    await using _first = await open()

    await expect(open({ partitions: 8 })).rejects.toMatchObject({ code: 'SEG-STORE-004' })
  })

  it('two programs that make the same store at once both have it', async () => {
    const stores = await Promise.all([open(), open(), open()])

    for (const store of stores) await store[Symbol.asyncDispose]()
    expect(await sql('select count(*) from segue.meta', url)).toBe('2')
  })

  it('a migration that breaks off leaves the version before it', async () => {
    const broken = await pointModule(folder, "if (name === 'in-migration') throw new Error('broken off')")

    await expect(open({ pointModule: broken })).rejects.toMatchObject({ code: 'SEG-STORE-005' })

    expect(await sql('select * from segue.meta', url)).toBe('schema|0')
    expect(await sql("select to_regclass('segue.entity') is null", url)).toBe('t')
    await using _store = await open()
  })

  it('names the points of its work', async () => {
    const log = join(folder, 'points')
    await using store = await open({
      pointModule: await pointModule(folder, `fs.appendFileSync('${log}', name + ' ')`),
    })
    const ref = { kind: 'session', id: 'a' } as const
    const partition = partitionOf(ref, PARTITIONS)
    const epoch = await store.claim(partition, 'one')

    await store.commit([{ partition, epoch, steps: [stepOf(ref, 1)] }])

    expect(await readFile(log, 'utf8')).toBe('in-migration in-migration before-commit after-commit ')
  })

  it('says what a commit survives', async () => {
    await using store = await open()

    // The servers of tests do not synchronise.
    expect(store.description.durability).toMatch(/^fsync is off/)
    expect(store.description.location).toBe(url)
  })
})
