import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@segue/cli'

/** Root of the repository; commands run there. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))
const program = join(root, 'packages/cli/dist/segue.js')

/** What a command did. */
export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in this process. */
export async function segue(...words: readonly string[]): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const exitCode = await runProgram(words, {
    isTerminal: false,
    color: false,
    result: (text) => (stdout += `${text}\n`),
    note: (text) => (stderr += `${text}\n`),
    status: () => undefined,
  })
  return { exitCode, stdout, stderr }
}

/** Runs `segue` as a process to its end. */
export async function segueProcess(...words: readonly string[]): Promise<Ran> {
  await using running = startSegue(...words)
  const exitCode = await running.ended
  return { exitCode, stdout: running.stdout, stderr: running.stderr }
}

/** A process that runs. */
export interface Running extends AsyncDisposable {
  readonly stdout: string
  readonly stderr: string
  readonly ended: Promise<number | null>
  readonly child: ChildProcess
  /** Resolves when the pattern is in what was written since the last call. Rejects when the process ends before. */
  sees(pattern: RegExp): Promise<string>
}

/** Starts `segue` as a process; it ends with the object. */
export function startSegue(...words: readonly string[]): Running {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', SEGUE_URL: undefined, SEGUE_TOKEN: undefined },
  })
  const texts = { stdout: '', stderr: '', all: '' }
  let seenUpTo = 0
  const listeners = new Set<() => void>()
  const take = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
    texts[name] += chunk.toString('utf8')
    texts.all += chunk.toString('utf8')
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', take('stdout'))
  child.stderr.on('data', take('stderr'))
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    child,
    ended,
    get stdout() {
      return texts.stdout
    },
    get stderr() {
      return texts.stderr
    },
    sees: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(texts.all.slice(seenUpTo))
          if (found === null) return
          listeners.delete(look)
          seenUpTo += found.index + found[0].length
          resolve(found[1] ?? found[0])
        }
        listeners.add(look)
        void ended.then(() => reject(new Error(`the process ended; it wrote: ${texts.all}`)))
        look()
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}

/** A folder that goes with the object. */
export async function scratchFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'segue-cli-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
