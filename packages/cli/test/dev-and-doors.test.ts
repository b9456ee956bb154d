import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { root, scratchFolder, segue, startSegue } from './command-line.ts'
import type { Ran, Running } from './command-line.ts'

const cannotRun = inject('buildFailure') !== ''

let folder: Awaited<ReturnType<typeof scratchFolder>>
let app: string
let data: string
let dev: Running

beforeAll(async () => {
  if (cannotRun) return
  folder = await scratchFolder()
  app = join(folder.path, 'app')
  data = join(folder.path, 'data')
  await cp(join(root, 'examples/business-hours'), app, { recursive: true })
  dev = startSegue('dev', app, '--data', data, '--port', '0')
  await dev.sees(/watching /)
})
afterAll(async () => {
  if (cannotRun) return
  await dev[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const at = (...words: readonly string[]): Promise<Ran> => segue(...words, '--data', data)

describe.skipIf(cannotRun)('the doors as commands', () => {
  it('log an agent in, place a call, show it and its session, and hang up', async () => {
    const login = await at('agent', 'login', 'ada')
    const ready = await at('agent', 'ready', 'ada')
    const agents = await at('agent', 'list')
    const placed = await at(
      'call',
      'place',
      '--from',
      '0301112233',
      '--to',
      '4200',
      '--call-id',
      'C1',
      '--user-data',
      'ticket=17',
    )
    const calls = await at('call', 'list')
    const call = await at('call', 'show', 'C1')
    const sessions = JSON.parse((await at('session', 'list', '--json')).stdout) as { sessions: { id: string }[] }
    const session = await at('session', 'show', String(sessions.sessions[0]?.id))
    const hungUp = await at('call', 'hangup', 'C1')

    expect([login, ready, agents, placed, calls, call, session, hungUp].map(({ exitCode }) => exitCode)).toEqual(
      Array.from({ length: 8 }, () => 0),
    )
    expect(agents.stdout).toMatch(/^AGENT +NAME +STATE .*\nada +Ada Lind +ready +7001/)
    expect(placed.stdout).toBe('C1\n')
    expect(calls.stdout).toMatch(/^CALL +FROM +TO +STATE +SESSION\nC1 +0301112233 +4200 +\w+ +[0-9A-Z]{32}\n/)
    expect(call.stdout).toMatch(/user data\n {2}ticket +"17"/)
    expect(session.stdout).toMatch(/document +.*IPD_ferryDesk\.scxml[^]*trace[^]*action +dialog:start/)
    expect(hungUp.stdout).toBe('the caller has hung up\n')
  })

  it.each([
    [['agent', 'login', 'nobody'], 5, 'SEG-API-005'],
    [['call', 'show', 'NOPE'], 5, 'SEG-API-004'],
    [['call', 'hangup', 'NOPE'], 5, 'SEG-API-009'],
    [['call', 'place', '--from', '1', '--to', '9999'], 6, 'SEG-API-008'],
    [['session', 'show', 'NOPE'], 5, 'SEG-API-014'],
    [['session', 'event', 'NOPE', 'go'], 5, 'SEG-API-003'],
    [['session', 'start', '/etc/passwd'], 1, 'SEG-LOAD-001'],
    [['session', 'list', '--token', 'wrong'], 7, 'SEG-API-007'],
  ])('%j ends with %i', async (words, wanted, code) => {
    const { exitCode, stdout, stderr } = await at(...words)

    expect({ exitCode, stdout }).toEqual({ exitCode: wanted, stdout: '' })
    expect(stderr).toContain(code)
    expect(stderr).toMatch(/hint: /)
  })
})

describe.skipIf(cannotRun)('segue dev', () => {
  it('says that a port is in use', async () => {
    const url = JSON.parse(await readFile(join(data, 'node.json'), 'utf8')) as { url: string }

    const { exitCode, stderr } = await segue(
      'serve',
      app,
      '--data',
      join(folder.path, 'other'),
      '--port',
      new URL(url.url).port,
    )

    expect(exitCode).toBe(6)
    expect(stderr).toMatch(/SEG-NODE-002 the address .* is in use\nhint: /)
  })

  it('takes changes of documents, libraries and configuration, and refuses broken ones', async () => {
    const page = join(app, 'src-gen/ferryDesk.scxml')
    const text = await readFile(page, 'utf8')

    await writeFile(page, text.replace('looks for an agent', 'searches an agent'))
    await dev.sees(/changed: .*IPD_ferryDesk\.scxml \(new sessions take it\)/)

    await writeFile(page, text.replace(/target="[^"]*Shares"/, 'target="nowhere"'))
    await dev.sees(/refused: .*IPD_ferryDesk\.scxml[^]*SEG-DOC-021 target "nowhere"[^]*\^{7}/)
    const started = await at('session', 'start', join(app, 'src-gen/IPD_ferryDesk.scxml'))
    expect(started.exitCode).toBe(0)

    await writeFile(page, text)
    await dev.sees(/changed: .*IPD_ferryDesk\.scxml/)

    const library = join(app, 'include/OpeningHours.js')
    await writeFile(library, `${await readFile(library, 'utf8')}\n// changed\n`)
    await dev.sees(/changed: .*IPD_ferryDesk\.scxml/)

    const configuration = join(app, 'segue.yaml')
    const objects = await readFile(configuration, 'utf8')
    await writeFile(configuration, objects.replace('tickets: 8', 'tickets: 9'))
    await dev.sees(/changed: agents: "ada" changed: skills/)
    await writeFile(configuration, objects.replace('applications:', 'aplications:'))
    await dev.sees(/refused: the configuration has errors[^]*segue\.yaml:\d+:\d+ error SEG-CONFIG-/)
    expect((await at('agent', 'list')).stdout).toContain('Ada Lind')
    await writeFile(configuration, objects)
    await dev.sees(/changed: agents: "ada" changed: skills/)
  })

  it('ends at Ctrl-C with 0 and leaves no address behind', async () => {
    dev.child.kill('SIGINT')

    expect(await dev.ended).toBe(0)
    expect((await at('session', 'list')).exitCode).toBe(4)
  })
})

describe.skipIf(cannotRun)('segue serve', () => {
  it('keeps sessions over a restart, and prints where it listens as JSON', async () => {
    const kept = join(folder.path, 'kept')
    const first = startSegue('serve', app, '--data', kept, '--port', '0')
    const line = JSON.parse(await first.sees(/\{"listening".*\}/)) as { listening: string }
    const started = await segue('session', 'start', join(app, 'src-gen/IPD_ferryDesk.scxml'), '--data', kept)
    first.child.kill('SIGTERM')
    await first.ended

    await using second = startSegue('serve', app, '--data', kept, '--port', '0')
    const again = JSON.parse(await second.sees(/\{"listening".*\}/)) as { recovered: { sessions: number } }
    const listed = await segue('session', 'list', '--data', kept)

    expect(line.listening).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(again.recovered.sessions).toBe(1)
    expect(listed.stdout).toContain(started.stdout.trim())
    expect(first.stderr).not.toContain('Deprecation')
  })
})
