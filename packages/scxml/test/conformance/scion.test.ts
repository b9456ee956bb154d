import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '@segue/testing'
import { World } from './world.ts'
import type { Member } from './world.ts'

interface Script {
  readonly initialConfiguration: readonly string[]
  readonly events: readonly {
    readonly after?: number
    readonly event: { readonly name: string; readonly data?: unknown }
    readonly nextConfiguration: readonly string[]
  }[]
}

/** Tests that disagree with the recommendation, each with the clause. A test that starts to pass has to leave. */
const expectedFailures: Readonly<Record<string, string>> = {
  'error/error': 'asks for members of the error data that 5.10 does not define',
  'internal-transitions/test0': '3.2.2: a transition is no child of scxml, the document is refused',
}

const shared = sharedFolder()
const folder = shared === undefined ? '' : join(shared, 'conformance', 'scion')
const names = existsSync(folder) ? namesIn(folder) : []
if (names.length === 0) console.warn('SCION tests skipped: there is no shared folder with the suite')

describe.skipIf(names.length === 0)('the SCION test framework', () => {
  it.each(names)('%s', async (name) => {
    const difference = await differenceOf(join(folder, name))

    if (name in expectedFailures) expect(difference, 'passes now: take it off the list').toBeDefined()
    else expect(difference).toBeUndefined()
  })
})

/** The first place where the configuration is another one than the script says. */
async function differenceOf(path: string): Promise<string | undefined> {
  const script: unknown = JSON.parse(readFileSync(`${path}.json`, 'utf8'))
  if (!isScript(script)) return 'the script has another form'
  const world = new World()
  const member = await world.start(pathToFileURL(`${path}.scxml`).href).catch((error: unknown) => String(error))
  if (typeof member === 'string') return member
  await world.advance(0)
  const compare = (expected: readonly string[], when: string): string | undefined => {
    const found = finalStates(member).toSorted().join(' ')
    return found === expected.toSorted().join(' ') ? undefined : `${when}: ${found} instead of ${expected.join(' ')}`
  }
  const first = compare(script.initialConfiguration, 'at the start')
  if (first !== undefined) return first
  for (const [position, { after, event, nextConfiguration }] of script.events.entries()) {
    if (after !== undefined) await world.advance(after)
    const data = event.data === undefined ? {} : { data: JSON.stringify(event.data) }
    await world.deliver(member, { kind: 'event', name: event.name, ...data })
    await world.advance(0)
    const difference = compare(nextConfiguration, `after event ${position + 1} (${event.name})`)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** Active atomic states; after the end of the session the final state that ended it. */
function finalStates(member: Member): readonly string[] {
  if (member.session.isRunning) return World.atomicStates(member)
  return member.trace.flatMap((record) => (record.kind === 'enter' ? [record.state] : [])).slice(-1)
}

function namesIn(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.scxml') && existsSync(join(root, path.replace(/\.scxml$/, '.json'))))
    .map((path) => path.replace(/\.scxml$/, ''))
    .toSorted()
}

function isScript(value: unknown): value is Script {
  return typeof value === 'object' && value !== null && 'initialConfiguration' in value && 'events' in value
}
