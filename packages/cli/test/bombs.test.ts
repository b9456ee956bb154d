import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { scratchFolder, startSegue } from './command-line.ts'
import type { Running } from './command-line.ts'

const cannotRun = inject('buildFailure') !== ''
const NEIGHBOURS = 20

/** Counts and chains the numbers of its events: what is lost, doubled or reordered shows. */
const neighbour = (
  attributes: string,
): string => `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" ${attributes}>
  <datamodel><data id="chain" expr="0"/><data id="taken" expr="[]"/></datamodel>
  <state id="a"><transition event="take" target="b"><script>
    _data.taken.push(_event.data.n); _data.chain = (_data.chain * 31 + _event.data.n) % 1000003;
  </script></transition></state>
  <state id="b"><transition event="take" target="a"><script>
    _data.taken.push(_event.data.n); _data.chain = (_data.chain * 31 + _event.data.n) % 1000003;
  </script></transition></state>
</scxml>`

/** The script stands in line 4. */
const bomb = (
  script: string,
  timeoutMs: number,
): string => `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" _processEventTimeout="${timeoutMs}">
  <script>var done = 0; var all = [];</script>
  <state id="armed"><transition event="go">
    <script><![CDATA[ ${script} ]]></script>
  </transition></state>
</scxml>`

let folder: Awaited<ReturnType<typeof scratchFolder>>
let server: Running
let url: string
let token: string

async function call(path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return (await response.json()) as Readonly<Record<string, unknown>>
}

async function started(name: string, text: string): Promise<string> {
  const file = join(folder.path, 'app', name)
  await writeFile(file, text)
  return String((await call('/scxml/session/start', { src: pathToFileURL(file).href }))['sessionid'])
}

beforeAll(async () => {
  if (cannotRun) return
  folder = await scratchFolder()
  await mkdir(join(folder.path, 'app'))
  await writeFile(join(folder.path, 'app/segue.yaml'), 'tenants:\n  - { name: Environment, id: 1 }\n')
  const data = join(folder.path, 'data')
  const words = ['--shards', '1', '--shard-memory-mb', '128', '--log-level', 'fatal']
  server = startSegue('serve', join(folder.path, 'app'), '--data', data, '--port', '0', ...words)
  url = await server.sees(/"listening":"([^"]+)"/)
  token = (await readFile(join(data, 'api-token'), 'utf8')).trim()
})
afterAll(async () => {
  if (cannotRun) return
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** Numbered events for all neighbours, round after round, until there is an incident about the session. */
async function goOnUntilIncident(neighbours: readonly string[], hostile: string): Promise<Outcome> {
  const deadline = performance.now() + 15_000
  for (let n = 1; ; n += 1) {
    const answers = await Promise.all(neighbours.map((id) => call(`/scxml/session/${id}/event/take`, { n })))
    expect(new Set(answers.map(({ accepted }) => accepted))).toEqual(new Set(['accepted']))
    const { incidents } = (await call('/api/v1/incidents')) as { incidents: readonly Listed[] }
    const own = incidents.find(({ entity }) => entity === `session/${hostile}`)
    if (own !== undefined) return { rounds: n, incident: own }
    if (performance.now() > deadline) throw new Error('there is no incident')
  }
}

interface Listed {
  readonly entity: string
  readonly code: string
  readonly message: string
}
interface Outcome {
  readonly rounds: number
  readonly incident: Listed
}

async function dataOf(id: string, rounds: number): Promise<unknown> {
  const deadline = performance.now() + 5000
  for (;;) {
    const { data } = (await call(`/scxml/session/${id}/query`)) as { data: { taken: readonly number[] } }
    // Acknowledged is what is durable: the session may still be at it.
    if (data.taken.length >= rounds || performance.now() > deadline) return data
    await pause(20)
  }
}

describe.skipIf(cannotRun)('a server with a hostile session among healthy ones', () => {
  it.each([
    ['loop', 'while (true) {}', 10_000, 'SEG-SESSION-002', '"fuelPerEnter" of 100000000 at script, line 4'],
    [
      'regular expression',
      `done = /^(a+)+$/.test('${'a'.repeat(48)}!');`,
      600,
      'SEG-SHARD-001',
      '"_processEventTimeout" of 600 ms with event "go" at script, line 4',
    ],
    [
      'text of numbers',
      'done = JSON.stringify(new Array(2e7).fill(1.25)).length;',
      10_000,
      'SEG-SHARD-00',
      'with event "go" at script, line 4',
    ],
    [
      'raised events',
      "for (;;) __Raise('x', {});",
      10_000,
      'SEG-SESSION-002',
      '"maxInternalEvents" of 10000 at script, line 4',
    ],
  ])(
    'ends it, says where, and no neighbour loses, doubles or reorders an event: %s',
    async (name, script, timeoutMs, code, limit) => {
      const neighbours = await Promise.all(
        Array.from({ length: NEIGHBOURS }, (_, at) =>
          started(`neighbour-${at % 2}.scxml`, neighbour(at % 2 === 0 ? '' : '_persist="false"')),
        ),
      )
      const hostile = await started(`${name.replaceAll(' ', '-')}.scxml`, bomb(script, timeoutMs))

      await call(`/scxml/session/${hostile}/event/go`, {})
      const { incident, rounds } = await goOnUntilIncident(neighbours, hostile)

      expect(incident.code).toContain(code)
      expect(incident.message).toContain(limit)
      expect(incident.message).toContain(`application "${pathToFileURL(folder.path).href}`)
      expect(await call(`/scxml/session/${hostile}/query`)).toMatchObject({ running: false })
      const taken = Array.from({ length: rounds }, (_, at) => at + 1)
      const chain = taken.reduce((sum, n) => (sum * 31 + n) % 1_000_003, 0)
      for (const id of neighbours) expect(await dataOf(id, rounds)).toEqual({ taken, chain })
      expect(server.child.exitCode).toBeNull()
    },
  )
})
