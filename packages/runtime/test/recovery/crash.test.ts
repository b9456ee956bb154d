import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore, openSqliteStore } from '@segue/adapters'
import { describe, expect, it } from 'vitest'
import { PARTITIONS } from '../entity/toy-node.ts'
import { crashRun } from './crash-run.ts'

const asked = process.env['SEGUE_SEED']
/** `SEGUE_SEED=17 npx vitest run crash` repeats one run. */
const seeds = asked === undefined ? Array.from({ length: 12 }, (_, at) => at + 1) : [Number(asked)]

describe('crashes at random points', () => {
  it.each(seeds)('nothing is lost, doubled or reordered, in memory (seed %i)', async (seed) => {
    const store = memoryStore({ partitions: PARTITIONS })
    const run = { seed, entities: 6, messages: 30, open: async () => store, close: async () => {} }

    const outcome = await crashRun(run)

    expect({ seed, findings: outcome.findings }).toEqual({ seed, findings: [] })
    expect(outcome.crashes).toBeGreaterThan(1)
  })

  it.each(seeds.slice(0, 3))('nothing is lost, doubled or reordered, in SQLite (seed %i)', async (seed) => {
    const folder = await mkdtemp(join(tmpdir(), 'segue-crash-'))
    const run = {
      seed,
      entities: 4,
      messages: 15,
      open: () => openSqliteStore({ path: join(folder, 'store.db'), partitions: PARTITIONS }),
      close: async (store: AsyncDisposable) => store[Symbol.asyncDispose](),
    }

    const outcome = await crashRun(run)

    expect({ seed, findings: outcome.findings }).toEqual({ seed, findings: [] })
    expect(outcome.crashes).toBeGreaterThan(1)
    await rm(folder, { recursive: true })
  })
})
