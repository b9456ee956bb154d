import { startPostgres, type PostgresStart } from '@segue/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAULTS } from './faults/all-faults.ts'
import { faultLine } from './report-table.ts'
import { crashSuite, SEED, TIMEOUT_MS } from './suite.ts'

const suite = crashSuite()

function faultsOf(store: string): readonly string[] {
  return Object.keys(FAULTS).filter((name) => FAULTS[name]?.stores.includes(store))
}

describe('on SQLite nothing is lost, doubled or reordered by', () => {
  it.for(faultsOf('sqlite'))('a %s', { timeout: TIMEOUT_MS }, async (name, { skip }) => {
    const outcome = await FAULTS[name]?.run({ ...suite(), seed: SEED })

    if (outcome === undefined || outcome.skipped !== undefined) return skip(outcome?.skipped)
    console.log(faultLine(name, outcome))
    expect(outcome.findings).toEqual([])
  })
})

describe('on PostgreSQL nothing is lost, doubled or reordered by', () => {
  let started: PostgresStart | undefined
  beforeAll(async () => {
    started = await startPostgres({ fsync: true })
  }, TIMEOUT_MS)
  afterAll(() => started?.server?.[Symbol.asyncDispose]())

  it.for(faultsOf('postgres'))('a %s', { timeout: TIMEOUT_MS }, async (name, { skip }) => {
    if (started?.server === undefined) return skip(started?.reason)
    const outcome = await FAULTS[name]?.run({ ...suite(), seed: SEED, postgres: started.server })

    if (outcome === undefined || outcome.skipped !== undefined) return skip(outcome?.skipped)
    console.log(faultLine(name, outcome))
    expect(outcome.findings).toEqual([])
  })
})
