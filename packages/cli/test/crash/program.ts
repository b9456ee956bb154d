import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

type Line = Readonly<Record<string, unknown>>

/** How a process ended: its exit code, or the name of the signal. */
export type ProcessEnd = number | NodeJS.Signals

/** `segue` as a process that prints JSON lines. Ended by its id, whatever happens to the test. */
export interface Program extends AsyncDisposable {
  /** Resolves with the first line, also an earlier one, that has this member. Rejects when the process ends without. */
  line(member: string, timeoutMs: number): Promise<Line>
  /** Types a line and resolves with the next one that has this member. */
  ask(text: string, member: string, timeoutMs: number): Promise<Line>
  /** Sends a signal and resolves when the process is gone. After `timeoutMs` it is killed and this rejects. */
  end(signal: NodeJS.Signals, timeoutMs?: number): Promise<ProcessEnd>
  readonly pid: number
  /** What it wrote to stderr, the last mebibyte. */
  stderr(): string
}

/** `SEGUE_PROGRAM` names another build than the one in `dist/`. */
const program = process.env['SEGUE_PROGRAM'] ?? fileURLToPath(new URL('../../dist/segue.js', import.meta.url))
const STDERR_CHARACTERS = 1_048_576

/** Starts the built program. */
export function startProgram(words: readonly string[]): Program {
  return new RunningProgram(spawn(process.execPath, [program, ...words], { stdio: 'pipe' }))
}

interface Waiter {
  readonly member: string
  take(line: Line): void
  fail(error: Error): void
}

class RunningProgram implements Program {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: Line[] = []
  readonly #waiters = new Set<Waiter>()
  readonly #gone: Promise<ProcessEnd>
  #stderr = ''
  #hasEnded = false

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS)))
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout }).on('line', (text) => this.#read(text))
    this.#gone = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#hasEnded = true
        for (const waiter of this.#waiters) waiter.fail(new Error(`the process ended: ${this.#stderr.slice(-4_000)}`))
        resolve(signal ?? code ?? -1)
      })
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  stderr(): string {
    return this.#stderr
  }

  line(member: string, timeoutMs: number): Promise<Line> {
    const known = this.#lines.find((line) => member in line)
    return known === undefined ? this.#next(member, timeoutMs) : Promise.resolve(known)
  }

  ask(text: string, member: string, timeoutMs: number): Promise<Line> {
    const answer = this.#next(member, timeoutMs)
    if (!this.#hasEnded) this.#child.stdin.write(`${text}\n`)
    return answer
  }

  async end(signal: NodeJS.Signals, timeoutMs = 20_000): Promise<ProcessEnd> {
    if (!this.#hasEnded) this.#child.kill(signal)
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      this.#child.kill('SIGKILL')
    }, timeoutMs)
    const end = await this.#gone
    clearTimeout(timer)
    if (isLate)
      throw new Error(`the process did not end within ${timeoutMs} ms of ${signal}: ${this.#stderr.slice(-4_000)}`)
    return end
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) await this.end('SIGKILL')
  }

  #read(text: string): void {
    // The program writes one JSON object a line.
    const line = JSON.parse(text) as Line
    this.#lines.push(line)
    for (const waiter of this.#waiters) if (waiter.member in line) waiter.take(line)
  }

  #next(member: string, timeoutMs: number): Promise<Line> {
    if (this.#hasEnded) return Promise.reject(new Error(`the process has ended: ${this.#stderr.slice(-4_000)}`))
    const next = new Promise<Line>((resolve, reject) => {
      const timer = setTimeout(() => waiter.fail(new Error(`no "${member}" within ${timeoutMs} ms`)), timeoutMs)
      const over = (): void => {
        this.#waiters.delete(waiter)
        clearTimeout(timer)
      }
      const waiter: Waiter = {
        member,
        take: (line) => {
          over()
          resolve(line)
        },
        fail: (error) => {
          over()
          reject(error)
        },
      }
      this.#waiters.add(waiter)
    })
    // Whoever waits sees it; a wait that was given up must not end the test process.
    next.catch(() => undefined)
    return next
  }
}
