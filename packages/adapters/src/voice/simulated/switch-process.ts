import { readFileSync } from 'node:fs'
import type { Clock } from '@segue/runtime'
import { adapterFaultText } from '../../errors.ts'
import { serveSwitch } from '../link/serve-switch.ts'
import { fileJournal } from './journal.ts'
import { createPeople } from './people.ts'
import { parseSwitchPlan, type PlanResult, type SwitchPlan } from './plan.ts'
import { createSimulatedSwitch } from './switch.ts'

/** The outside of a switch process: lines in, lines out, the wish to end. */
export interface SwitchProcessIo {
  /** Resolves when the line is written. */
  writeLine(line: string): Promise<void>
  /** Tells each line that is typed; the answer ends it. */
  onLine(listener: (line: string) => void): () => void
  /** Tells once that the process shall end; the answer ends it. */
  onTerminate(listener: () => void): () => void
}

/** What a switch process is started with. */
export interface SwitchProcessOptions {
  readonly io: SwitchProcessIo
  readonly clock: Clock
  /** Clock of heartbeats and time-outs, when `clock` runs faster than the wall. Default: `clock`. */
  readonly linkClock?: Clock
  readonly plan: SwitchPlan
  readonly seed: number
  readonly token: string
  /** 0: any free port. */
  readonly port: number
  /** Default: loopback. */
  readonly host?: string
  readonly speed?: number
  /** Calls per minute instead of the plan's. */
  readonly ratePerMinute?: number
  /** Number of calls instead of the plan's. */
  readonly calls?: number
  /** File that lets a process that was killed know its calls; default: none. */
  readonly journalPath?: string
  /** For the log, not for the results on `io`. */
  readonly report?: (line: string) => void
}

/**
 * Runs a simulated switch with its people until it is told to end. Writes one JSON object a line: `{"listening": port}`
 * when it is ready, `{"callsDone": n}` when every planned call has ended, `{"endStates": […], "counters": {…}}` on the
 * line `endstates` and at the end, `{"counters": {…}}` on the line `counters`.
 *
 * Errors: SEG-SWITCH-002 (journal), SEG-SWITCH-005 (port), both before the first line.
 */
export async function runSwitchProcess(options: SwitchProcessOptions): Promise<void> {
  const { io, clock, seed } = options
  const plan = withArrivals(options)
  const speed = options.speed ?? 1
  const simulatedSwitch = createSimulatedSwitch({
    clock,
    seed,
    plan,
    speed,
    ...(options.journalPath === undefined ? {} : { journal: fileJournal(options.journalPath) }),
  })
  const server = await serveSwitch({
    simulatedSwitch,
    clock: options.linkClock ?? clock,
    address: { port: options.port, ...(options.host === undefined ? {} : { host: options.host }) },
    token: options.token,
    ...(options.report === undefined ? {} : { report: options.report }),
  }).catch((error: unknown) => {
    simulatedSwitch[Symbol.dispose]()
    throw error
  })

  const people = createPeople({ clock, seed, plan, simulatedSwitch, speed })
  const write = (value: object): Promise<void> => io.writeLine(JSON.stringify(value))
  const table = (): object => ({ endStates: simulatedSwitch.endStates(), counters: simulatedSwitch.counters() })
  const lines = new WriteQueue(options.report)
  const stopListening = io.onLine((line) => {
    if (line.trim() === 'endstates') lines.add(() => write(table()))
    if (line.trim() === 'counters') lines.add(() => write({ counters: simulatedSwitch.counters() }))
  })
  const terminated = new Promise<void>((resolve) => {
    const unsubscribe = io.onTerminate(() => {
      unsubscribe()
      resolve()
    })
  })
  people.onDone(() => lines.add(() => write({ callsDone: people.placed })))
  lines.add(() => write({ listening: server.port, switchName: plan.switchName }))
  people.start()

  await terminated
  people[Symbol.dispose]()
  stopListening()
  simulatedSwitch.close()
  await server[Symbol.asyncDispose]()
  lines.add(() => write(table()))
  await lines.empty()
}

/** Reads a plan from a file, or from the text itself when it begins with a brace. */
export function loadSwitchPlan(source: string): PlanResult {
  if (source.trimStart().startsWith('{')) return parseSwitchPlan(source)
  try {
    return parseSwitchPlan(readFileSync(source, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, message: adapterFaultText('SEG-SWITCH-001', { reason }) }
  }
}

/** The standard streams and signals of this process. `endsWithInput`: the end of stdin ends it as well. */
export function standardIo({ endsWithInput = false }: { readonly endsWithInput?: boolean } = {}): SwitchProcessIo {
  return {
    writeLine: (line) =>
      new Promise((resolve, reject) => {
        process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()))
      }),
    onLine: (listener) => {
      let rest = ''
      const take = (text: string): void => {
        const lines = (rest + text).slice(-65_536).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) listener(line)
      }
      process.stdin.setEncoding('utf8')
      process.stdin.on('data', take)
      // The process lives as long as its server, not as long as somebody types.
      process.stdin.unref?.()
      return () => {
        process.stdin.off('data', take)
        process.stdin.pause()
      }
    },
    onTerminate: (listener) => {
      process.once('SIGTERM', listener)
      process.once('SIGINT', listener)
      if (endsWithInput) process.stdin.once('end', listener)
      return () => {
        process.stdin.off('end', listener)
        process.off('SIGTERM', listener)
        process.off('SIGINT', listener)
      }
    },
  }
}

function withArrivals(options: SwitchProcessOptions): SwitchPlan {
  const { plan, ratePerMinute, calls } = options
  if (ratePerMinute === undefined && calls === undefined) return plan
  return {
    ...plan,
    callers: {
      ...plan.callers,
      ...(ratePerMinute === undefined ? {} : { ratePerMinute }),
      ...(calls === undefined ? {} : { calls }),
    },
  }
}

/** Writes one after the other; a reader that has gone ends no call. */
class WriteQueue {
  #last: Promise<void> = Promise.resolve()
  readonly #report: ((line: string) => void) | undefined

  constructor(report: ((line: string) => void) | undefined) {
    this.#report = report
  }

  add(write: () => Promise<void>): void {
    this.#last = this.#last.then(write).catch((error: unknown) => this.#report?.(`cannot write: ${String(error)}`))
  }

  empty(): Promise<void> {
    return this.#last
  }
}
