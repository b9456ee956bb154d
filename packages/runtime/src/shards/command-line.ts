import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A program that serves a shard. */
export interface ShardProgram {
  /** File that Node runs; it holds everything that it needs. */
  readonly path: string
  /** Words that it gets. */
  readonly words?: readonly string[]
  /** Memory of its scripts and sessions; the process needs some 50 MB more. */
  readonly memoryMb: number
}

/**
 * The command that starts a shard: Node, which may read the program and no other file, start no process and no thread;
 * on Linux under `setpriv`, so that a shard that is caught in a script dies with its front and wins no rights.
 */
export function shardCommandLine({ memoryMb, path, words = [] }: ShardProgram): readonly [string, ...string[]] {
  const node = [`--max-old-space-size=${memoryMb}`, ...permissions(path), path, ...words]
  return diesWithFront() ? [GUARD, ...GUARD_WORDS, process.execPath, ...node] : [process.execPath, ...node]
}

const GUARD = '/usr/bin/setpriv'
const GUARD_WORDS: readonly string[] = ['--pdeathsig', 'KILL', '--no-new-privs']
let isGuarded: boolean | undefined

/** Whether shards end with their front, however that ends. Old guards do not know all words. Cost: one short process, once. */
export function diesWithFront(): boolean {
  isGuarded ??=
    process.platform === 'linux' &&
    existsSync(GUARD) &&
    spawnSync(GUARD, [...GUARD_WORDS, '/bin/true'], { stdio: 'ignore' }).status === 0
  return isGuarded
}

/** Newer releases of Node know the option without the word of warning. */
function permissions(path: string): readonly string[] {
  const known = ['--permission', '--experimental-permission'].find((flag) =>
    process.allowedNodeEnvironmentFlags.has(flag),
  )
  return known === undefined ? [] : [known, `--allow-fs-read=${path}`]
}
