import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openSqliteStore } from '@segue/adapters'
import { partitionOf, type EntityRef } from '@segue/runtime'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { root, scratchFolder, segue, startSegue } from './command-line.ts'
import type { Ran, Running } from './command-line.ts'

const cannotRun = inject('buildFailure') !== ''
const PARTITIONS = 256
const CLASSES = ['durable', 'relaxed', 'none'] as const

let folder: Awaited<ReturnType<typeof scratchFolder>>
let app: string
let data: string
let server: Running

const counting = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" profile="ecmascript">
  <script>var count = 0; var failed = '';</script>
  <state id="a">
    <transition event="go"><script>count = count + 1;</script></transition>
    <transition event="error.old.module"><script>failed = _event.data.error;</script></transition>
  </state>
</scxml>`

async function serve(): Promise<Running> {
  const running = startSegue('serve', app, '--data', data, '--port', '0', '--shards', '1', '--log-level', 'fatal')
  await running.sees(/"listening"/)
  return running
}

async function end(signal: NodeJS.Signals): Promise<void> {
  server.child.kill(signal)
  await server.ended
}

beforeAll(async () => {
  if (cannotRun) return
  folder = await scratchFolder()
  app = join(folder.path, 'app')
  data = join(folder.path, 'data')
  await cp(join(root, 'examples/business-hours'), app, { recursive: true })
  await mkdir(join(app, 'more'))
  const configured = CLASSES.map((name) => `  - { name: ${name}, url: more/${name}.scxml, durability: ${name} }\n`)
  for (const name of CLASSES) await writeFile(join(app, `more/${name}.scxml`), counting)
  const file = join(app, 'segue.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('\napplications:\n', `\napplications:\n${configured.join('')}`))
  server = await serve()
})
afterAll(async () => {
  if (cannotRun) return
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const at = (...words: readonly string[]): Promise<Ran> => segue(...words, '--data', data)
const started = async (name: string): Promise<string> =>
  (await at('session', 'start', join(app, `more/${name}.scxml`))).stdout.trim()

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

interface Listed {
  readonly id: string
  readonly code: string
  readonly entity: string
  readonly actions: readonly string[]
}

async function listed(): Promise<readonly Listed[]> {
  const answer = JSON.parse((await at('incidents', 'list', '--json')).stdout) as { incidents: readonly Listed[] }
  return answer.incidents
}

/** Gives sessions a command that nothing performs, as a module leaves it behind that is not there any more. */
async function leaveCommands(ids: readonly string[]): Promise<void> {
  await using store = await openSqliteStore({ path: join(data, 'segue.db'), partitions: PARTITIONS })
  for (const id of ids) {
    const ref: EntityRef = { kind: 'session', id }
    const partition = partitionOf(ref, PARTITIONS)
    const epoch = await store.claim(partition, 'test')
    const [stored] = await store.load([ref])
    const expectedVersion = stored?.version ?? 0
    const version = expectedVersion + 1
    const key = `session/${id}:${version}:0`
    const effect = { key, owner: ref, mode: 'open', type: 'old.module', body: '{}', plannedAtEpochMs: 1000 } as const
    const none = { answered: [], timersPut: [], timersDeleted: [], rows: [], trace: [], taken: [] }
    const step = { ref, expectedVersion, version, change: { kind: 'none' }, effects: [effect], ...none } as const
    expect(await store.commit([{ partition, epoch, steps: [step] }])).toEqual(['committed'])
  }
}

describe.skipIf(cannotRun)('a server whose process is killed', () => {
  it('keeps what its class promises: all of durable, all but the last moments of relaxed, nothing of none', async () => {
    const ids = { durable: await started('durable'), relaxed: await started('relaxed'), none: await started('none') }
    for (const name of CLASSES) await at('session', 'event', ids[name], 'go')
    await until('the relaxed session is stored', async () => {
      const { variables } = await shown(ids.relaxed)
      return (variables as { count?: number } | undefined)?.count === 1
    })
    const before = await at('session', 'event', ids.none, 'go')
    await at('session', 'event', ids.durable, 'go')
    await end('SIGKILL')
    server = await serve()

    const [durable, relaxed] = [await shown(ids.durable), await shown(ids.relaxed)]
    const none = await at('session', 'event', ids.none, 'go')
    await at('session', 'event', ids.relaxed, 'go')

    expect(durable).toMatchObject({ isRunning: true, variables: { count: 2 } })
    expect(relaxed).toMatchObject({ isRunning: true, variables: { count: 1 } })
    await until('the relaxed session goes on', async () => {
      const { variables } = await shown(ids.relaxed)
      return (variables as { count?: number } | undefined)?.count === 2
    })
    expect([before.exitCode, none.exitCode]).toEqual([0, 5])
  })

  it('has incidents on record, also over kill -9, until an operator tries again, skips or ends', async () => {
    const ids = [await started('durable'), await started('durable'), await started('durable')] as const
    await end('SIGTERM')
    await leaveCommands(ids)
    server = await serve()
    await until('three incidents are on record', async () => (await listed()).length === 3)
    await end('SIGKILL')
    server = await serve()
    await until('still three incidents', async () => (await listed()).length === 3)

    const incidents = await listed()
    const idOf = (id: string): string => incidents.find(({ entity }) => entity === `session/${id}`)?.id ?? ''
    const text = await at('incidents', 'list')
    const skipped = await at('incidents', 'skip', idOf(ids[0]))
    const ended = await at('incidents', 'end', idOf(ids[1]))
    const retried = await at('incidents', 'retry', idOf(ids[2]))
    const again = await at('incidents', 'skip', idOf(ids[0]))

    expect(incidents.map(({ actions, code }) => [code, ...actions])).toEqual(
      ids.map(() => ['SEG-RUNTIME-005', 'retry', 'skip', 'end']),
    )
    expect(text.stdout).toContain(`session/${ids[0]}`)
    expect([skipped.exitCode, ended.exitCode, retried.exitCode, again.exitCode]).toEqual([0, 0, 0, 5])
    await until('the session goes on without the answer', async () => {
      const { variables } = await shown(ids[0])
      return (variables as { failed?: string } | undefined)?.failed === 'skipped'
    })
    await until('the session is over', async () => (await shown(ids[1]))['isRunning'] === false)
    await until('what was tried again is on record again', async () => {
      const left = await listed()
      return left.length === 1 && left[0]?.entity === `session/${ids[2]}` && left[0].id !== idOf(ids[2])
    })
  })
})
