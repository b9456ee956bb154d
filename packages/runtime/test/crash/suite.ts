import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { buildPrograms, type Programs } from './build-programs.ts'

/** Seed of what runs with every change; `npm run crash` takes any. */
export const SEED = 1
/** Far above what it takes: the machine may have other things to do. */
export const TIMEOUT_MS = 300_000

/** What each test of a file gets. */
export interface Suite {
  readonly programs: Programs
  /** Empty; kept when the test fails. */
  readonly folder: string
}

/** Builds the programs for the tests of a file and gives each its folder. */
export function crashSuite(): () => Suite {
  let programs: Programs | undefined
  let folder = ''
  beforeAll(async () => {
    programs = await buildPrograms({ root: fileURLToPath(new URL('../../../..', import.meta.url)) })
  }, TIMEOUT_MS)
  afterAll(() => programs?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'segue-crash-'))
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(`failed with ${task.name}; data in ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  })
  return () => {
    if (programs === undefined) throw new Error('the programs were not built')
    return { programs, folder }
  }
}
