import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openPostgresStore, type EndedCall } from '@segue/adapters'
import { startPostgres } from '@segue/testing'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { startProgram, type Program } from './crash/program.ts'
import { root, scratchFolder } from './command-line.ts'

const cannotRun = inject('buildFailure') !== ''
const { server, reason } = cannotRun ? { reason: 'the program is not built' } : await startPostgres()
if (server === undefined) console.warn(`skipped: ${reason}`)

afterAll(() => server?.[Symbol.asyncDispose]())

const example = join(root, 'examples/business-hours')
const CALLS = 40
const SPEED = 20
const EPOCH_MS = Date.now()
const STEP_MS = 20_000
const TOKEN = 'a-token-for-this-run'

describe.skipIf(server === undefined)('segue serve on PostgreSQL', () => {
  it('ends every call once, although the database is killed and comes back', { timeout: 120_000 }, async () => {
    const url = (await server?.createDatabase()) ?? ''
    await using folder = await scratchFolder()
    await using telephones = startProgram(await switchWords(folder.path))
    const port = Number((await telephones.line('listening', STEP_MS))['listening'])
    const link = ['--switch', `SIP_Harbour=127.0.0.1:${port}`, '--switch-token', TOKEN, ...pace()]
    await using node = startProgram(['serve', example, '--data', folder.path, '--store', url, '--port', '0', ...link])
    const api = String((await node.line('listening', STEP_MS))['listening'])
    const token = (await readFile(join(folder.path, 'api-token'), 'utf8')).trim()
    const ask = (path: string, method = 'GET'): Promise<Response> =>
      fetch(api + path, { method, headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(STEP_MS) })

    await arrived(telephones, 10)
    await server?.kill()
    const away = await whileAway(ask)
    await until(async () => (await refusal(ask('/scxml/session/none/event/go', 'POST'))) === '503 SEG-API-006 1')
    await server?.restart()
    await arrived(telephones, 25)
    await server?.cutConnections()
    await telephones.line('callsDone', 60_000)
    await until(async () => (await rows(ask, 'sessions')) + (await rows(ask, 'interactions')) === 0)
    const table = await telephones.ask('endstates', 'endStates', STEP_MS)
    const end = await node.end('SIGTERM')

    expect(away).toEqual({ status: 503, retryAfter: '1', code: 'SEG-API-029' })
    // Written by the switch process in this form.
    const endStates = table['endStates'] as readonly EndedCall[]
    expect(new Set(endStates.map(({ callId }) => callId)).size).toBe(CALLS)
    expect(endStates).toHaveLength(CALLS)
    expect(endStates.filter(({ endState }) => endState === 'lost')).toEqual([])
    expect(end).toBe(0)
    await using store = await openPostgresStore({ url, partitions: 256 })
    const counts = await store.query({ kind: 'counts' })
    expect(counts).toMatchObject({ sessions: 0, interactions: 0, effects: 0, inbox: 0 })
    const sessions = await store.query({ kind: 'entities', entityKind: 'session', running: false, limit: 500 })
    expect(sessions.length).toBeGreaterThanOrEqual(CALLS)
  })

  it('says what is wrong when the database is not there', async () => {
    await using folder = await scratchFolder()
    const url = String(server?.url.replace(/\w+$/, 'nothing'))
    await using node = startProgram(['serve', example, '--data', folder.path, '--port', '0', '--store', url])

    await expect(node.line('listening', STEP_MS)).rejects.toThrow(/SEG-STORE-007 store ".*nothing" cannot be reached/)
    expect(await node.end('SIGTERM')).toBe(4)
  })
})

/** How many sessions or interactions run. */
async function rows(ask: (path: string) => Promise<Response>, name: 'sessions' | 'interactions'): Promise<number> {
  const response = await ask(`/api/v1/${name}`)
  // The interface answers in this form.
  const answer = (await response.json()) as Readonly<Record<string, readonly object[] | undefined>>
  return answer[name]?.length ?? Number.POSITIVE_INFINITY
}

/** The people of the example, with short talks. */
async function switchWords(folder: string): Promise<readonly string[]> {
  const planned: unknown = JSON.parse(await readFile(join(example, 'simulation.json'), 'utf8'))
  const people = join(folder, 'people.json')
  const short = { ringS: 8, answerS: [2, 6], talkS: [6, 20], afterCallWorkS: [1, 3] }
  await writeFile(people, JSON.stringify(Object.assign({}, planned, short)))
  const words = ['sim-switch', '--plan', people, '--token', TOKEN, '--port', '0', ...pace()]
  return [...words, '--calls', String(CALLS), '--rate', '80', '--seed', '7']
}

function pace(): readonly string[] {
  return ['--speed', String(SPEED), '--epoch', String(EPOCH_MS)]
}

/** What a caller of the interface is told. */
async function whileAway(
  ask: (path: string) => Promise<Response>,
): Promise<{ readonly status: number; readonly retryAfter: string | null; readonly code: string }> {
  const response = await ask('/api/v1/sessions')
  // Every refusal has this form.
  const { code } = (await response.json()) as { readonly code: string }
  return { status: response.status, retryAfter: response.headers.get('retry-after'), code }
}

/** Status, code and Retry-After of a refusal; nothing when there is no answer yet. */
async function refusal(asking: Promise<Response>): Promise<string | undefined> {
  const response = await Promise.race([asking, pause(1000, undefined)])
  asking.catch(() => undefined)
  if (response === undefined) return undefined
  // Every refusal has this form.
  const { code } = (await response.json()) as { readonly code?: string }
  return `${response.status} ${code} ${response.headers.get('retry-after')}`
}

async function arrived(telephones: Program, calls: number): Promise<void> {
  await until(async () => {
    // Written by the switch process in this form.
    const { counters } = (await telephones.ask('counters', 'counters', STEP_MS)) as { counters: { arrived: number } }
    return counters.arrived >= calls
  })
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 2 * STEP_MS
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('not in time')
    await pause(40)
  }
}
