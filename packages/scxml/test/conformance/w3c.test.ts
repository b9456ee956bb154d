import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '@segue/testing'
import { play } from '../step/support.ts'
import { World } from './world.ts'
import type { Member } from './world.ts'

interface SuiteTest {
  readonly id: string
  readonly conformance: string
  readonly manual: boolean
  readonly file: string
  readonly http: boolean
}

/** Tests that do not pass, each with its reason. A test that starts to pass has to leave this list. */
const expectedFailures: Readonly<Record<string, string>> = {}

const shared = sharedFolder()
const folder = shared === undefined ? undefined : join(shared, 'conformance', 'w3c-irp')
if (folder === undefined) console.warn('W3C tests skipped: there is no shared folder with the suite')

describe.skipIf(folder === undefined)('the W3C implementation report plan', () => {
  const tests = folder === undefined ? [] : readTests(folder)
  const automatic = tests.filter(({ http, manual }) => !manual && !http)

  it('has all its automatic tests that need no HTTP here', () => {
    expect(automatic.filter(({ conformance }) => conformance === 'mandatory')).toHaveLength(160)
    expect(automatic.filter(({ conformance }) => conformance === 'optional')).toHaveLength(21)
  })

  it.each(automatic.map((test) => [test.id, test] as const))('test %s ends in "pass"', async (id, { file }) => {
    const outcome = await outcomeOf(join(folder ?? '', file))

    if (id in expectedFailures) expect(outcome, 'passes now: take it off the list').not.toBe('pass')
    else expect(outcome).toBe('pass')
  })
})

describe.skipIf(folder === undefined)('manual tests of the plan, checked by what they show', () => {
  const startManual = async (id: string): Promise<World> => {
    const world = new World()
    await world.start(pathToFileURL(join(folder ?? '', `test${id}.scxml`)).href)
    await world.advance(60_000)
    return world
  }
  const logsOf = (member: Member | undefined): readonly string[] =>
    member?.trace.flatMap((record) => (record.kind === 'log' ? [record.label + record.text] : [])) ?? []

  it('178: values of a repeated name all arrive', async () => {
    const session = await play(`
      <state id="s0"><onentry><send event="event1"><param name="Var1" expr="2"/><param name="Var1" expr="3"/></send></onentry>
        <transition event="event1"><log expr="JSON.stringify(_event.data)"/></transition></state>`)

    expect(session.logs).toEqual(['{"Var1":[2,3]}'])
  })

  it('230: an autoforwarded event has the same fields at the child', async () => {
    const [parent, child] = (await startManual('230')).members

    expect(logsOf(parent)).toHaveLength(7)
    expect(logsOf(child)).toEqual(logsOf(parent))
  })

  it('250: a cancelled child runs the onexit of its active states', async () => {
    const [, child] = (await startManual('250')).members

    expect(logsOf(child)).toEqual(['Exiting sub01', 'Exiting sub0'])
  })

  it('301: a document with a script that cannot be loaded is refused', async () => {
    await expect(startManual('301')).rejects.toThrow(/SEG-INCLUDE-001 .*foo/)
  })

  it('307: an unbound variable and a missing member behave alike', async () => {
    const [session] = (await startManual('307')).members
    const errors = session?.trace.filter(({ kind }) => kind === 'error')

    expect(errors?.length === 0 || errors?.length === 2).toBe(true)
    expect(session?.session.isRunning).toBe(false)
  })

  it.each(['313', '314'])('%s: an ill-formed expression raises its error when it is reached', async (id) => {
    expect(await outcomeOf(join(folder ?? '', `test${id}.scxml`))).toBe('pass')
  })

  it('415: an event raised on entering a top-level final is never processed', async () => {
    const [session] = (await startManual('415')).members

    expect(session?.trace.map(({ kind }) => kind)).toEqual(['enter', 'exit', 'done'])
  })
})

async function outcomeOf(path: string): Promise<string> {
  const world = new World()
  const member = await world.start(pathToFileURL(path).href).catch((error: unknown) => String(error))
  if (typeof member === 'string') return member
  await world.advance(60_000)
  if (member.session.isRunning) return `running in ${World.atomicStates(member).join(', ')}`
  const last = member.trace.findLast((record) => record.kind === 'enter')
  return last?.kind === 'enter' ? last.state : 'ended without entering a state'
}

function readTests(folder: string): readonly SuiteTest[] {
  const parsed: unknown = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
  return Array.isArray(parsed) ? parsed.filter(isSuiteTest) : []
}

function isSuiteTest(value: unknown): value is SuiteTest {
  return typeof value === 'object' && value !== null && 'file' in value && 'http' in value
}
