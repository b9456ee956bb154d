import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ClockPace, SwitchCounters } from '@segue/adapters'
import type { SwitchAddress } from '@segue/server'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { switchPlan } from './switch-plan.ts'

/** The simulated switch as a process of its own. */
export interface SwitchProcess extends AsyncDisposable {
  readonly address: SwitchAddress
  /** Resolves when every planned call has ended; only for runs with a number of calls. */
  readonly callsDone: Promise<void>
  counters(): Promise<SwitchCounters>
}

export interface SwitchProcessSettings {
  readonly folder: string
  readonly seed: number
  readonly pace: ClockPace
  /** Callers and agents live by themselves. */
  readonly people: boolean
  /** Ends after so many calls. */
  readonly calls?: number
}

const START_TIMEOUT_MS = 10_000
const STOP_TIMEOUT_MS = 3_000

/** Starts `segue sim-switch` for a folder and waits until it listens. */
export async function startSwitchProcess(settings: SwitchProcessSettings): Promise<SwitchProcess> {
  const plan = await switchPlan(settings.folder, settings.people)
  const scratch = await mkdtemp(join(tmpdir(), 'segue-switch-'))
  const planFile = join(scratch, 'plan.json')
  await writeFile(planFile, JSON.stringify(plan))
  const token = randomBytes(16).toString('hex')
  const child = spawn(process.execPath, [process.argv[1] ?? '', ...words(settings, planFile)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, SEGUE_SWITCH_TOKEN: token },
    // Ctrl-C reaches the whole group: the switch ends when the server has let go of it.
    detached: true,
  })
  const lines = switchLines(child)
  try {
    const listening = await lines.wait('listening', START_TIMEOUT_MS)
    const callsDone = lines.wait('callsDone').then(() => undefined)
    // A run without a number of calls never looks at it: its end is no failure.
    callsDone.catch(() => undefined)
    return {
      address: { switchName: plan.switchName, host: '127.0.0.1', port: Number(listening['listening']), token },
      callsDone,
      async counters() {
        child.stdin.write('counters\n')
        const { counters } = await lines.wait('counters', START_TIMEOUT_MS)
        return counters as SwitchCounters
      },
      [Symbol.asyncDispose]: () => stop(child, scratch),
    }
  } catch (error) {
    await stop(child, scratch)
    throw error
  }
}

function words(settings: SwitchProcessSettings, planFile: string): readonly string[] {
  const { seed, pace, calls } = settings
  return [
    'sim-switch',
    '--end-with-input',
    '--plan',
    planFile,
    '--seed',
    String(seed),
    '--speed',
    String(pace.speed),
    '--epoch',
    String(pace.originEpochMs),
    ...(calls === undefined ? [] : ['--calls', String(calls)]),
  ]
}

interface SwitchLines {
  /** The next line that has this member. Errors: rejects when the process ends or the time is over. */
  wait(member: string, timeoutMs?: number): Promise<Readonly<Record<string, unknown>>>
}

function switchLines(child: ChildProcessWithoutNullStreams): SwitchLines {
  const waiting = new Set<{
    readonly member: string
    take(line: Record<string, unknown>): void
    fail(error: Error): void
  }>()
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-4_000)))
  createInterface({ input: child.stdout }).on('line', (text) => {
    // The process writes one JSON object a line.
    const line = JSON.parse(text) as Record<string, unknown>
    for (const waiter of waiting) if (waiter.member in line) waiter.take(line)
  })
  child.on('exit', (code) => {
    for (const waiter of waiting)
      waiter.fail(new CommandFailure(EXIT.unreachable, `the simulated switch ended (${String(code)}): ${errors}`))
  })
  return {
    wait: (member, timeoutMs) => {
      const promise = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
        const timer =
          timeoutMs === undefined
            ? undefined
            : setTimeout(
                () => waiter.fail(new CommandFailure(EXIT.timeout, `the simulated switch did not answer: ${errors}`)),
                timeoutMs,
              )
        const waiter = {
          member,
          take(line: Record<string, unknown>) {
            waiting.delete(waiter)
            clearTimeout(timer)
            resolve(line)
          },
          fail(error: Error) {
            waiting.delete(waiter)
            clearTimeout(timer)
            reject(error)
          },
        }
        waiting.add(waiter)
      })
      // Whoever waits sees it; a wait that nobody looks at any more must not end the process.
      promise.catch(() => undefined)
      return promise
    },
  }
}

async function stop(child: ChildProcessWithoutNullStreams, scratch: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await gone
    clearTimeout(timer)
  }
  await rm(scratch, { recursive: true, force: true })
}
