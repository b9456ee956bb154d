import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { conformancePage, judge, parseDeviations, readW3cIndex, runSuite, w3cCounts } from '@segue/testing'
import type { ConformanceResult } from '@segue/testing'

const folderOf = (suite: string): string => fileURLToPath(new URL(`suites/${suite}`, import.meta.url))
const deviations = parseDeviations(readFileSync(new URL('deviations.json', import.meta.url), 'utf8'))
const index = readW3cIndex(folderOf('w3c-irp'))

let w3c: readonly ConformanceResult[] = []
let scion: readonly ConformanceResult[] = []

beforeAll(async () => {
  w3c = await runSuite({ kind: 'w3c', folder: folderOf('w3c-irp'), clock: 'virtual' })
  scion = await runSuite({ kind: 'scion', folder: folderOf('scion'), clock: 'virtual' })
}, 120_000)

describe('the W3C implementation report plan, on a virtual clock and a real loopback connection', () => {
  it('passes, test by test, or is a listed deviation', () => {
    const { failed, stale } = judge(w3c, deviations.w3c, folderOf('w3c-irp'))

    expect(failed).toEqual([])
    expect(stale, 'these pass now: take them off the list').toEqual([])
  })

  it('passes in full: mandatory, optional with HTTP, manual', () => {
    expect(w3cCounts(index, w3c)).toEqual([
      { group: 'mandatory, automatic', passed: 160, tests: 160 },
      { group: 'optional, automatic', passed: 33, tests: 33 },
      { group: 'of these over HTTP', passed: 12, tests: 12 },
      { group: 'manual, by mechanical checks', passed: 9, tests: 9 },
    ])
    expect(w3c).toHaveLength(202)
  })
})

describe('the SCION test framework', () => {
  it('passes but for the listed deviations', () => {
    const { failed, known, passed, stale } = judge(scion, deviations.scion, folderOf('scion'))

    expect(failed).toEqual([])
    expect(stale, 'these pass now: take them off the list').toEqual([])
    expect(known.map(({ name }) => name)).toEqual(deviations.scion.map(({ name }) => name))
    expect(passed).toHaveLength(94)
  })
})

it('the reference page says what this run found', () => {
  const page = readFileSync(new URL('../docs/reference/conformance.md', import.meta.url), 'utf8')

  expect(page, 'run "npm run conformance"').toBe(conformancePage({ index, w3c, scion, deviations }))
})
