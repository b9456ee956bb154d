import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shardCommandLine } from '../../src/shards/command-line.ts'
import { until } from './shard-node.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'segue-walls-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A program with the rights of a shard. */
function program(name: string, text: string): readonly [string, ...string[]] {
  const path = join(folder, name)
  writeFileSync(path, text)
  return shardCommandLine({ path, memoryMb: 64 })
}

const probe = `
  import { readFileSync, writeFileSync } from 'node:fs'
  import { spawnSync } from 'node:child_process'
  import { Worker } from 'node:worker_threads'
  const tries = {
    read: () => readFileSync('/etc/passwd'),
    write: () => writeFileSync(process.argv[1] + '.new', ''),
    spawn: () => spawnSync('/bin/true'),
    thread: () => new Worker('1', { eval: true }),
  }
  const codes = {}
  for (const [name, attempt] of Object.entries(tries)) {
    try { attempt(); codes[name] = 'allowed' } catch (error) { codes[name] = error.code }
  }
  console.log(JSON.stringify({ codes, environment: Object.keys(process.env) }))
`

describe('the process of a shard', () => {
  it('reads no file, writes none, starts no process and no thread', () => {
    const [command, ...words] = program('probe.mjs', probe)

    const { stdout } = spawnSync(command, words, { encoding: 'utf8', env: {} })

    const denied = 'ERR_ACCESS_DENIED'
    expect(JSON.parse(stdout)).toMatchObject({ codes: { read: denied, write: denied, spawn: denied, thread: denied } })
  })

  it.skipIf(!existsSync('/usr/bin/setpriv'))('dies with its front, also while it is caught in a script', async () => {
    const [command, ...words] = program('stuck.mjs', 'for (;;) {}')
    const start = `const { spawn } = require('node:child_process')
      const child = spawn(${JSON.stringify(command)}, ${JSON.stringify(words)}, { stdio: 'ignore', detached: true })
      child.unref()
      console.log(child.pid)
      setInterval(() => undefined, 1000)`
    const front = spawn(process.execPath, ['-e', start], { stdio: ['ignore', 'pipe', 'inherit'] })
    const pid = await new Promise<number>((resolve) => front.stdout.once('data', (text) => resolve(Number(text))))
    await until('the shard runs', () => stateOf(pid) === 'R')

    front.kill('SIGKILL')

    await until('the shard is gone', () => ['', 'Z', 'X'].includes(stateOf(pid)))
  })
})

/** State of a process as the system shows it; `''` when there is none. */
function stateOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3)
  } catch {
    return ''
  }
}
