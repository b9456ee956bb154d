import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSwitchPlan, runSwitchProcess } from '../../src/voice/simulated/switch-process.ts'
import { smallPlan } from './switch-world.ts'
import { VirtualClock } from './virtual-clock.ts'
import { settled, until } from './voice-link-contract.ts'

interface Table {
  readonly endStates: readonly { readonly callId: string; readonly endState: string }[]
  readonly counters: { readonly arrived: number; readonly alive: number }
}

function runInside(plan = smallPlan) {
  const clock = new VirtualClock()
  const written: string[] = []
  let type = (_line: string): void => {}
  let terminate = (): void => {}
  const ended = runSwitchProcess({
    clock,
    plan,
    seed: 1,
    token: 't',
    port: 0,
    io: {
      writeLine: async (line) => void written.push(line),
      onLine: (listener) => {
        type = listener
        return () => {}
      },
      onTerminate: (listener) => {
        terminate = listener
        return () => {}
      },
    },
  })
  return { clock, written, ended, type: (line: string) => type(line), terminate: () => terminate() }
}

describe('switch process', () => {
  it('tells its port, its table on request and at the end', async () => {
    const plan = { ...smallPlan, callers: { ratePerMinute: 60, calls: 3, patienceS: [1, 1] as const } }
    const run = runInside(plan)
    await until(() => run.written.length === 1)
    expect(JSON.parse(run.written[0] ?? '')).toEqual({ listening: expect.any(Number), switchName: 'sim' })

    run.clock.advance({ seconds: 60 })
    await settled()
    run.type('endstates')
    await settled()
    run.terminate()
    await run.ended

    expect(JSON.parse(run.written[1] ?? '')).toEqual({ callsDone: 3 })
    const table: Table = JSON.parse(run.written[2] ?? '')
    expect(table.endStates.map((row) => row.endState)).toEqual(['abandoned', 'abandoned', 'abandoned'])
    expect(run.written[3]).toBe(run.written[2])
    expect(run.clock.pending).toBe(0)
  })

  it('a plan comes from a file or as text, and a missing file has a reason', () => {
    expect(loadSwitchPlan(JSON.stringify(smallPlan))).toEqual({ ok: true, plan: smallPlan })
    expect(loadSwitchPlan('/nowhere/plan.json')).toMatchObject({
      ok: false,
      message: expect.stringMatching(/SEG-SWITCH-001.*ENOENT/),
    })
  })
})

describe('switch process, as a real one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switch-process-'))
  const program = join(folder, 'main.mjs')
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    await build({
      entryPoints: [fileURLToPath(new URL('switch-process-main.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
    })
  })
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  function start(settings: object) {
    const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] })
    running.add(child)
    let output = ''
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()))
    const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
    return { child, ended, lines: () => output.split('\n').filter((line) => line !== '') }
  }

  it('killed and started again, every call has exactly one end state', async () => {
    const plan = JSON.stringify({ ...smallPlan, callers: { patienceS: [20, 100] } })
    const settings = { plan, journal: join(folder, 'journal'), speed: 50, calls: 40 }
    const first = start(settings)
    await until(() => first.lines().length > 0)
    const isEnough = async (): Promise<boolean> => {
      const before = first.lines().length
      first.child.stdin.write('endstates\n')
      await until(() => first.lines().length > before)
      const table: Table = JSON.parse(first.lines().at(-1) ?? '')
      return table.endStates.length >= 5 && table.counters.alive >= 2
    }
    while (!(await isEnough())) await settled()
    first.child.kill('SIGKILL')
    await first.ended
    const known: Table = JSON.parse(first.lines().at(-1) ?? '')

    const second = start({ ...settings, calls: 0 })
    await until(() => second.lines().length > 0)
    second.child.kill('SIGTERM')
    const code = await second.ended
    const table: Table = JSON.parse(second.lines().at(-1) ?? '')

    expect(code).toBe(0)
    expect(table.endStates.slice(0, known.endStates.length)).toEqual(known.endStates)
    expect(table.endStates.filter((row) => row.endState === 'lost').length).toBeGreaterThan(0)
    expect(new Set(table.endStates.map((row) => row.callId)).size).toBe(table.endStates.length)
    expect(table.counters.arrived).toBe(table.endStates.length)
  })
})
