import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryStore } from '@segue/adapters'
import { seededIds, virtualClock } from '@segue/testing'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRuntime } from '../../src/entity/create-runtime.ts'
import type { Runtime } from '../../src/entity/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { createApplications } from '../../src/session/applications.ts'
import { createInProcessShard } from '../../src/session/in-process-shard.ts'
import { createSessionBehaviour } from '../../src/session/session-behaviour.ts'
import { createSessionPerformer } from '../../src/session/session-performer.ts'
import { everyStepApplication, everyStepEvents, everyStepUrl } from './every-step-application.ts'
import { logOf, stepApart } from './step-apart.ts'
import type { StepApart, SteppedApart } from './step-apart.ts'

const start = { kind: 'start', url: everyStepUrl, application: '', parameters: {}, hash: '' }
const folder = mkdtempSync(join(tmpdir(), 'segue-every-step-'))
const program = join(folder, 'step.mjs')

beforeAll(async () => {
  const contents = `
    import { stepApart } from './step-apart.ts'
    const parts = []
    for await (const part of process.stdin) parts.push(part)
    process.stdout.write(JSON.stringify(await stepApart(JSON.parse(Buffer.concat(parts).toString('utf8')))))`
  await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    outfile: program,
  })
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('an application that is stopped after every step', () => {
  it('goes on as one that never stopped, on the runtime', async () => {
    const straight = await onRuntime(false)

    expect(straight.logs).toHaveLength(8)
    expect(straight.logs.filter((log) => log.startsWith('error'))).toEqual([])
    expect(straight.warnings).toEqual([])
    expect(await onRuntime(true)).toEqual(straight)
  })

  it('goes on in another process', async () => {
    const bodies = [start, ...everyStepEvents.map((name, i) => ({ kind: 'event', name, data: { name, n: i } }))]
    const here = await inTurn(bodies, stepApart)

    expect(here.at(-1)).toMatchObject({ hasEnded: true, warnings: [] })
    expect(here.flatMap(({ logs }) => logs).filter((log) => log.startsWith('error'))).toEqual([])
    expect(await inTurn(bodies, inAnotherProcess)).toEqual(here)
  }, 120_000)
})

interface Account {
  readonly logs: readonly string[]
  readonly states: readonly (string | undefined)[]
  readonly warnings: readonly string[]
}

async function onRuntime(isStopped: boolean): Promise<Account> {
  const store = memoryStore({ partitions: 4 })
  const clock = virtualClock(1_700_000_000_000)
  const ids = seededIds(1)
  const warnings: string[] = []
  let runtime = await startRuntime(store, clock, ids, warnings)
  const id = runtime.newSessionId()
  const states: (string | undefined)[] = []
  const give = async (body: { kind: string; [member: string]: unknown }): Promise<void> => {
    const creates = body.kind === 'start'
    await runtime.deliver({ to: { kind: 'session', id }, source: 'api:test', creates, body })
    await runtime.idle()
    await clock.advanceMs(4_000)
    await runtime.idle()
    if (isStopped) {
      await runtime.stop()
      runtime = await startRuntime(store, clock, ids, warnings)
      await runtime.idle()
    }
    const [stored] = await store.load([{ kind: 'session', id }])
    states.push(stored?.attributes['states'])
  }
  await give(start)
  for (const [i, name] of everyStepEvents.entries()) await give({ kind: 'event', name, data: { name, n: i } })
  const trace = await store.query({ kind: 'trace', ref: { kind: 'session', id }, afterSequence: 0, limit: 1000 })
  await runtime.stop()
  return { logs: trace.flatMap(({ line }) => logOf(line)), states, warnings }
}

async function startRuntime(
  store: Store,
  clock: ReturnType<typeof virtualClock>,
  ids: ReturnType<typeof seededIds>,
  warnings: string[],
): Promise<Runtime> {
  const applications = createApplications({
    resolve: everyStepApplication.resolve,
    namespaces: [],
    stored: (hash) => store.query({ kind: 'document', hash }),
    clock,
    maxAgeS: 60,
  })
  const shard = createInProcessShard({
    modules: [],
    realm: contextRealm,
    server: { name: 'n', cluster: 'c', url: undefined },
  })
  const onWarning = ({ message }: { readonly message: string }): unknown => warnings.push(message)
  const runtime: Runtime = createRuntime({
    store,
    clock,
    ids,
    owner: 'test',
    cell: 'AA',
    partitions: 4,
    behaviours: [createSessionBehaviour({ shard, applications, onWarning })],
    performers: [createSessionPerformer({ applications, clock, deliver: (message) => runtime.deliver(message) })],
  })
  await runtime.start()
  return runtime
}

/** Gives messages one after the other to whoever steps, with nothing but what was stored. */
async function inTurn(
  bodies: readonly StepApart['body'][],
  step: (request: StepApart) => Promise<SteppedApart>,
): Promise<readonly SteppedApart[]> {
  const answers: SteppedApart[] = []
  for (const [i, body] of bodies.entries()) {
    const last = answers.at(-1)
    answers.push(
      await step({ version: i + 1, nowMs: 1_000_000 + i * 1000, body, stored: last?.stored, rows: last?.rows ?? {} }),
    )
  }
  return answers
}

function inAnotherProcess(request: StepApart): Promise<SteppedApart> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { stdio: 'pipe' })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output))
      else reject(new Error(`the other process ended with ${String(code)}: ${complaint}`))
    })
    child.stdin.end(JSON.stringify(request))
  })
}
