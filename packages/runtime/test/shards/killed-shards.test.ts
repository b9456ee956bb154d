import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore, openSqliteStore } from '@segue/adapters'
import { afterAll, describe, expect, it } from 'vitest'
import type { Store } from '../../src/ports/store.ts'
import type { ShardQuestion } from '../../src/session/contract.ts'
import { page } from '../session/documents.ts'
import { childProgram } from './child-program.ts'
import { partitions, shardNode } from './shard-node.ts'
import type { ShardNode } from './shard-node.ts'

const url = 'file:///app/main.scxml'
/** Every session keeps the numbers that it took, asks the front in the middle, and answers another session. */
const text = page(`<script>var taken = []; var answers = [];</script>
  <state id="a"><transition event="take"><script>taken.push(_event.data.n);
    answers.push(_genesys.asking.weather('day ' + _event.data.n));</script></transition></state>`)

const program = childProgram()
afterAll(() => program[Symbol.dispose]())

/** Where in the life of a step a process is killed. */
const points = [
  'before a step',
  'in a step',
  'after a step, before its answer',
  'before the commit',
  'after the commit',
]
const SESSIONS = 6
const EVENTS = 12

for (const kind of ['memory', 'sqlite'] as const) {
  describe(`kill -9 of a shard, with the ${kind} store`, () => {
    it.each(points)('%s loses, doubles and reorders nothing', async (point) => {
      const folder = await mkdtemp(join(tmpdir(), 'segue-killed-'))
      const inner =
        kind === 'memory'
          ? memoryStore({ partitions })
          : await openSqliteStore({ path: join(folder, 'segue.db'), partitions })
      try {
        const { deaths, node, taken } = await runWith(inner, point)

        expect(deaths).toBeGreaterThan(2)
        for (const numbers of taken) expect(numbers).toEqual(Array.from({ length: EVENTS }, (_, n) => n + 1))
        expect(node.incidents.filter(({ kind }) => kind !== 'shard')).toEqual([])
      } finally {
        await inner[Symbol.asyncDispose]()
        await rm(folder, { recursive: true, force: true })
      }
    })
  })
}

async function runWith(
  inner: Store,
  point: string,
): Promise<{ readonly deaths: number; readonly node: ShardNode; readonly taken: readonly unknown[] }> {
  let deaths = 0
  let calls = 0
  const victims = new Set<number>()
  const kill = (pid: number | undefined): void => {
    if (pid === undefined || pid === 0 || victims.has(pid)) return
    victims.add(pid)
    deaths += 1
    process.kill(pid, 'SIGKILL')
  }
  const nth = (every: number): boolean => {
    calls += 1
    return calls % every === 0 && deaths < 6
  }
  const pid = (): number | undefined => node.processes.shard.pids()[0]
  const answer = (question: ShardQuestion): unknown => {
    // Sessions of one batch are stepped in order: those before the one that asks have been, and nobody knows it yet.
    if (point === 'in a step' && nth(11)) kill(pid())
    if (point === 'after a step, before its answer' && nth(13)) kill(pid())
    return JSON.stringify(question.about)
  }
  const store: Store = {
    ...bound(inner),
    async commit(batches) {
      if (point === 'before the commit' && nth(2)) kill(pid())
      const result = await inner.commit(batches)
      if (point === 'after the commit' && nth(2)) kill(pid())
      return result
    },
  }
  await using node = await shardNode(store, { [url]: text }, program.path, { answer })
  const ids = await Promise.all(Array.from({ length: SESSIONS }, () => node.start(url)))
  for (let n = 1; n <= EVENTS; n += 1) {
    if (point === 'before a step' && n % 3 === 0) kill(pid())
    // All at once, so that they are stepped in batches; every second round without waiting for the one before.
    const sent = ids.map((id) => node.event(id, 'take', { n }, n))
    if (n % 2 === 0) await Promise.all(sent)
  }
  await node.runtime.idle()
  const variables = await Promise.all(ids.map((id) => node.variables(id)))
  return { deaths, node, taken: variables.map(({ taken }) => taken) }
}

/** A store whose methods can be replaced one by one. */
function bound(store: Store): Store {
  return {
    description: store.description,
    claim: store.claim.bind(store),
    renew: store.renew.bind(store),
    release: store.release.bind(store),
    commit: store.commit.bind(store),
    append: store.append.bind(store),
    load: store.load.bind(store),
    due: store.due.bind(store),
    query: store.query.bind(store),
    purge: store.purge.bind(store),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
