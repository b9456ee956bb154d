import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { root, scratchFolder, segue, startSegue } from './command-line.ts'
import type { Ran, Running } from './command-line.ts'

const cannotRun = inject('buildFailure') !== ''

let folder: Awaited<ReturnType<typeof scratchFolder>>
let app: string
let data: string
let server: Running

/** Goes back and forth for longer than any test lasts. */
const backtracking = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript" _processEventTimeout="300">
  <state id="a"><transition event="go"><script>var x = /^(a+)+$/.test('${'a'.repeat(48)}!');</script></transition></state>
</scxml>`
const asking = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript">
  <script>var ready = -1;</script>
  <state id="a"><transition event="ask">
    <script>ready = _genesys.statistic.sData('Ferry Tickets@StatServer.GA', 'StatAgentsAvailable');</script>
  </transition></state>
</scxml>`

async function serve(): Promise<Running> {
  const words = ['--shards', '1', '--shard-strikes', '1', '--shard-memory-mb', '256', '--log-level', 'error']
  const running = startSegue('serve', app, '--data', data, '--port', '0', ...words)
  await running.sees(/"listening"/)
  return running
}

beforeAll(async () => {
  if (cannotRun) return
  folder = await scratchFolder()
  app = join(folder.path, 'app')
  data = join(folder.path, 'data')
  await cp(join(root, 'examples/business-hours'), app, { recursive: true })
  await mkdir(join(app, 'more'))
  await writeFile(join(app, 'more/bad.scxml'), backtracking)
  await writeFile(join(app, 'more/asking.scxml'), asking)
  server = await serve()
})
afterAll(async () => {
  if (cannotRun) return
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const at = (...words: readonly string[]): Promise<Ran> => segue(...words, '--data', data)
const started = async (name: string): Promise<string> =>
  (await at('session', 'start', join(app, 'more', name))).stdout.trim()

async function shown(id: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse((await at('session', 'show', id, '--json')).stdout) as Readonly<Record<string, unknown>>
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`it did not come to this: ${what}`)
    await pause(20)
  }
}

describe.skipIf(cannotRun)('a server with shard processes', () => {
  it('answers statistics to scripts from the front', async () => {
    await at('agent', 'login', 'ada')
    await at('agent', 'ready', 'ada')
    const id = await started('asking.scxml')
    await at('session', 'event', id, 'ask')

    await until('the script has the figure', async () => (await shown(id))['variables'] !== undefined)
    const { variables } = await shown(id)

    expect(variables).toMatchObject({ ready: 1 })
  })

  it('ends a session that is stuck, quarantines its version, also over a restart, and lifts it', async () => {
    const id = await started('bad.scxml')
    const none = await at('quarantine', 'list')
    await at('session', 'event', id, 'go')
    await until('the session has ended', async () => (await shown(id))['isRunning'] === false)
    const listed = await at('quarantine', 'list')
    const refused = await at('session', 'start', join(app, 'more/bad.scxml'))

    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    server = await serve()
    const after = JSON.parse((await at('quarantine', 'list', '--json')).stdout) as { versions: { hash: string }[] }
    const hash = after.versions[0]?.hash ?? ''
    const refusedAgain = await at('session', 'start', join(app, 'more/bad.scxml'))
    const wrong = await at('quarantine', 'lift', 'nothing')
    const lifted = await at('quarantine', 'lift', hash.slice(0, 12))
    const again = await at('session', 'start', join(app, 'more/bad.scxml'))

    expect(none.stdout).toBe('no version is in quarantine\n')
    expect(listed.stdout).toContain('"_processEventTimeout" of 300 ms with event "go" at script, line 2')
    expect(listed.stdout).toContain('strikes   1')
    for (const { exitCode, stderr } of [refused, refusedAgain]) {
      expect(exitCode).not.toBe(0)
      expect(stderr).toContain('SEG-SHARD-004')
      expect(stderr).toContain('in quarantine')
    }
    expect(after.versions).toHaveLength(1)
    expect(wrong).toMatchObject({ exitCode: 5 })
    expect(lifted).toMatchObject({ exitCode: 0 })
    expect(lifted.stdout).toMatch(/^lifted: .*bad\.scxml\n$/)
    expect(again).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(await readFile(join(data, 'quarantine.json'), 'utf8'))).toEqual([])
  })

  it('tells in the trace of the session why it was ended', async () => {
    const id = await started('bad.scxml')
    await at('session', 'event', id, 'go')
    await until('the session has ended', async () => (await shown(id))['isRunning'] === false)

    const { trace } = await shown(id)

    expect(JSON.stringify(trace)).toContain('SEG-SHARD-001')
    await at(
      'quarantine',
      'lift',
      (JSON.parse((await at('quarantine', 'list', '--json')).stdout) as { versions: { hash: string }[] }).versions[0]
        ?.hash ?? '',
    )
  })
})
