import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest'
import { startProgram, type Program } from './program.ts'

const example = fileURLToPath(new URL('../../../../examples/business-hours', import.meta.url))
const START_TIMEOUT_MS = 30_000
/** It takes a fraction of a second; the other tests take the processor at the same time. */
const END_TIMEOUT_MS = 10_000

beforeAll(() => {
  expect(inject('buildFailure')).toBe('')
})

let data = ''
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'segue-sim-'))
})
afterEach(async () => {
  await rm(data, { recursive: true, force: true })
})

it('Ctrl-C ends "segue sim" at once, with 0, and its switch and shards with it', { timeout: 60_000 }, async () => {
  await using sim = startProgram(['sim', example, '--data', data, '--port', '0', '--speed', '20', '--shards', '1'])
  await hasCalls(sim)
  const children = childrenOf(sim.pid)

  const end = await sim.end('SIGINT', END_TIMEOUT_MS)

  expect(end).toBe(0)
  // The switch, a shard, and the warm one.
  expect(children).toHaveLength(3)
  expect(children.filter(isAlive)).toEqual([])
})

it('a "segue sim" that is killed leaves no switch behind', { timeout: 60_000 }, async () => {
  await using sim = startProgram(['sim', example, '--data', data, '--port', '0', '--speed', '20'])
  await hasCalls(sim)
  const [child = 0] = childrenOf(sim.pid)

  await sim.end('SIGKILL')

  const deadline = Date.now() + END_TIMEOUT_MS
  while (isAlive(child) && Date.now() < deadline) await pause(20)
  const wasLeft = isAlive(child)
  if (wasLeft) process.kill(child, 'SIGKILL')
  expect(wasLeft).toBe(false)
})

/** The banner is written when the node serves. */
async function hasCalls(sim: Program): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (!sim.stderr().includes('Ctrl-C')) {
    if (Date.now() > deadline) throw new Error(`no banner: ${sim.stderr()}`)
    await pause(20)
  }
}

function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
