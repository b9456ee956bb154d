import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { crashRun, type CrashReport, type Victim } from './crash-run.ts'

const example = fileURLToPath(new URL('../../../../examples/business-hours', import.meta.url))
const TEST_TIMEOUT_MS = 240_000

/** Larger runs: `SEGUE_CRASH_CALLS=2000 SEGUE_CRASH_SEED=7 npx vitest run packages/cli/test/crash`. */
const calls = setting('SEGUE_CRASH_CALLS', 200)
const seed = setting('SEGUE_CRASH_SEED', 20)
const runs = setting('SEGUE_CRASH_RUNS', 1)
const speed = setting('SEGUE_CRASH_SPEED', 20)
const ratePerMinute = setting('SEGUE_CRASH_RATE', 80)
const serverKills = setting('SEGUE_CRASH_KILLS', 5)

beforeAll(() => {
  expect(inject('buildFailure')).toBe('')
})

let scratch = ''
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'segue-crash-'))
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(`failed with ${task.name}; data in ${scratch}`)
  else await rm(scratch, { recursive: true, force: true })
})

describe.each(Array.from({ length: runs }, (_, run) => seed + run))('with seed %i', (runSeed) => {
  const crash = (victim: Victim, kills: number, folder = example): Promise<CrashReport> =>
    crashRun({ victim, kills, folder, scratch, calls, seed: runSeed, speed, ratePerMinute })

  it('a server that is killed again and again loses and doubles no call', { timeout: TEST_TIMEOUT_MS }, async () => {
    const report = await crash('server', serverKills)

    expectEveryCallOnce(report)
    expect(Object.keys(report.phases).toSorted()).toEqual(['dialog', 'queue', 'ringing', 'talking'])
    expect(report.endStates.filter(({ endState }) => endState === 'lost')).toEqual([])
    // The switch lived on, so that every call reached a server.
    expect(report.stored.calls).toHaveLength(calls)
  })

  it('a switch that is killed with its journal counts every call once', { timeout: TEST_TIMEOUT_MS }, async () => {
    const report = await crash('switch', 2)

    expectEveryCallOnce(report)
    expect(report.endStates.filter(({ endState }) => endState === 'lost').length).toBeGreaterThan(0)
  })

  it('an application without _persist is as safe as one that declines it', { timeout: TEST_TIMEOUT_MS }, async () => {
    const report = await crash('server', 2, await withoutPersist())

    expectEveryCallOnce(report)
    // The switch lived on, so that every call reached a server.
    expect(report.stored.calls).toHaveLength(calls)
  })

  it('a server that is stopped and started again goes on with its calls', { timeout: TEST_TIMEOUT_MS }, async () => {
    const report = await crash('stop', 2)

    expectEveryCallOnce(report)
    // The switch lived on, so that every call reached a server.
    expect(report.stored.calls).toHaveLength(calls)
  })
})

function expectEveryCallOnce(report: CrashReport): void {
  const { endStates, counters, stored, agents, keys } = report
  console.log(JSON.stringify({ seed: report.seed, kills: report.kills, phases: report.phases, ended: counters.ended }))
  expect(report.errors).toEqual([])
  expect(stored.incidents).toEqual([])

  expect(endStates).toHaveLength(calls)
  expect(new Set(endStates.map(({ callId }) => callId)).size).toBe(calls)
  expect(counters).toMatchObject({ arrived: calls, alive: 0 })

  expect(stored.calls.filter(({ hasEnded }) => !hasEnded)).toEqual([])
  expect(stored.sessions.filter(({ hasEnded }) => !hasEnded)).toEqual([])
  expect(stored.counts).toMatchObject({ effects: 0, inbox: 0 })
  const endedAtSwitch = new Set(endStates.map(({ callId }) => callId))
  expect(stored.calls.filter(({ callId }) => !endedAtSwitch.has(callId))).toEqual([])

  // A call that nobody answered comes back to the routing point, and a new session takes it.
  const started = stored.calls.flatMap(({ sessionIds }) => sessionIds)
  expect(stored.sessions.map(({ ref }) => ref.id).toSorted()).toEqual(started.toSorted())
  expect(stored.calls.filter(({ sessionIds }) => sessionIds.length === 0)).toEqual([])
  expect(stored.calls.filter(({ wasUnattended }) => wasUnattended)).toEqual([])
  expect(new Set(started).size).toBe(started.length)

  expect(new Set(keys).size).toBe(keys.length)
  for (const group of agents) {
    expect(group, `group "${group.name}"`).toMatchObject({ waiting: 0, ringing: 0, talking: 0, ready: group.loggedIn })
    expect(group.loggedIn, `group "${group.name}"`).toBeGreaterThan(0)
  }
}

async function withoutPersist(): Promise<string> {
  const folder = join(scratch, 'folder')
  await cp(example, folder, { recursive: true, filter: (source) => !source.includes('.segue') })
  const document = join(folder, 'src-gen/IPD_ferryDesk.scxml')
  const text = await readFile(document, 'utf8')
  const changed = text.replace(' _persist="false"', '')
  expect(changed).not.toBe(text)
  await writeFile(document, changed)
  return folder
}

function setting(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise)
  if (!(value > 0)) throw new Error(`${name} must be a number above 0`)
  return value
}
