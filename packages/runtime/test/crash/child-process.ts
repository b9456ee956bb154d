import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { eachLine } from './lines.ts'

/** How a process ended: its exit code, or the name of the signal. */
export type ProcessEnd = number | NodeJS.Signals

const STDERR_CHARACTERS = 10_000

/** A Node process that speaks in lines. Ended by its id. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams
  /** Resolves when the process is gone and everything that it wrote was read. */
  readonly gone: Promise<ProcessEnd>
  #hasEnded = false
  #stderr = ''

  constructor(words: readonly string[], take: (line: string) => void) {
    this.#process = spawn(process.execPath, words, { stdio: 'pipe' })
    eachLine(this.#process.stdout, take)
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS)
    })
    // What is written to a dead process is lost, as it should be.
    this.#process.stdin.on('error', () => undefined)
    this.gone = new Promise((resolve) => {
      this.#process.once('close', (code, signal) => {
        this.#hasEnded = true
        resolve(signal ?? code ?? -1)
      })
    })
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get stderr(): string {
    return this.#stderr
  }

  send(line: string): void {
    if (!this.#hasEnded) this.#process.stdin.write(line)
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#hasEnded) this.#process.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGKILL')
    await this.gone
  }
}
