import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { memoryStore } from '@segue/adapters'
import { afterAll, describe, expect, it } from 'vitest'
import { page } from '../session/documents.ts'
import { childProgram } from './child-program.ts'
import { partitions, shardNode, until } from './shard-node.ts'
import type { ShardNode } from './shard-node.ts'

const program = childProgram()
afterAll(() => program[Symbol.dispose]())

const good = 'file:///app/good.scxml'
const bad = 'file:///app/bad.scxml'
const counting = page(`<script>var taken = [];</script>
  <state id="a"><transition event="take"><script>taken.push(_event.data.n);</script></transition></state>`)
/** Goes back and forth for longer than any test lasts. */
const backtracking = `/^(a+)+$/.test('${'a'.repeat(48)}!')`
const NEIGHBOURS = 20

/** An application whose event `go` runs a script. */
function running(script: string, attributes = ''): string {
  return page(
    `<script>var done = 0;</script>
    <state id="a"><transition event="go"><script><![CDATA[${script}]]></script></transition>
      <transition event="more"><script>done += 1;</script></transition>
      <transition event="error.*"><script>done = 'caught';</script></transition></state>`,
    attributes,
  )
}

/** Each thread of a process, and its group where the system has such groups, comes last. */
function givesWay(pid: number): boolean {
  const isLast = readdirSync(`/proc/${pid}/task`).every((thread) => getPriority(Number(thread)) === 19)
  const groups = '/proc/sys/kernel/sched_autogroup_enabled'
  const hasGroups = existsSync(groups) && readFileSync(groups, 'utf8').trim() === '1'
  return isLast && (!hasGroups || readFileSync(`/proc/${pid}/autogroup`, 'utf8').endsWith(' nice 19\n'))
}

/** A node with neighbours that do what they should, and one session that does not. */
async function nodeWith(text: string, more: Parameters<typeof shardNode>[3] = {}): Promise<Neighbourhood> {
  const node = await shardNode(memoryStore({ partitions }), { [good]: counting, [bad]: text }, program.path, more)
  const neighbours = await Promise.all(Array.from({ length: NEIGHBOURS }, () => node.start(good)))
  return { node, neighbours, hostile: await node.start(bad), [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() }
}

interface Neighbourhood extends AsyncDisposable {
  readonly node: ShardNode
  readonly neighbours: readonly string[]
  readonly hostile: string
}

/** Neighbours take numbered events while the hostile session is at it, and have taken each once and in order. */
async function goOnWhile({ neighbours, node }: Neighbourhood, done: Promise<unknown>): Promise<number> {
  const rest = { isOver: false }
  void done.then(() => (rest.isOver = true))
  let rounds = 0
  while (rounds < 3 || !rest.isOver) {
    rounds += 1
    const n = rounds
    const taken = await Promise.all(neighbours.map((id) => node.event(id, 'take', { n }, n)))
    expect(new Set(taken)).toEqual(new Set(['accepted']))
  }
  await done
  for (const id of neighbours)
    expect((await node.variables(id))['taken']).toEqual(Array.from({ length: rounds }, (_, n) => n + 1))
  return rounds
}

describe('a session that does not end its step', () => {
  it.each([
    ['a regular expression', `done = ${backtracking};`],
    ['a loop of errors', 'for (;;) new Error()'],
  ])('is ended with an incident by its own limit, and neighbours go on meanwhile: %s', async (_what, script) => {
    await using all = await nodeWith(running(script, '_processEventTimeout="700"'))
    const { hostile, node } = all

    const rounds = await goOnWhile(all, node.event(hostile, 'go'))

    await until('the session has ended', () => node.hasEnded(hostile))
    expect(rounds).toBeGreaterThan(10)
    expect(node.incidents).toMatchObject([{ kind: 'strike', code: 'SEG-SHARD-001', ref: { id: hostile } }])
    const { message = '' } = node.incidents[0] ?? {}
    expect(message).toContain('limit "_processEventTimeout" of 700 ms with event "go" at script, line 2')
    expect(message).toContain(`application "${bad}", in "a"`)
    expect(node.processes.quarantine.list()).toEqual([])
  })

  it('may compute for longer than its neighbours wait, and nobody holds it against it', async () => {
    await using all = await nodeWith(running('for (var i = 0; i < 6e7; i++) done = (done + i) % 1000;'))
    const { hostile, node } = all

    const gone = node.event(hostile, 'go')
    await until('it is set apart', () => node.processes.shard.apart().length > 0)
    const [apart = 0] = node.processes.shard.apart()
    await until('it gives way to others', () => givesWay(apart))
    await goOnWhile(all, gone)
    await node.event(hostile, 'more')

    let expected = 0
    for (let i = 0; i < 6e7; i += 1) expected = (expected + i) % 1000
    expect(await node.variables(hostile)).toMatchObject({ done: expected + 1 })
    expect(node.processes.notices.join('\n')).toContain('a shard is set apart')
    expect(node.incidents).toEqual([])
    expect(node.processes.incidents).toEqual([])
  })

  it('is ended when it is the first of too many', async () => {
    const text = running(`done = ${backtracking};`)
    await using all = await nodeWith(text, { limits: { maxSetApart: 1 } })
    const { hostile, node } = all
    const second = await node.start(bad)

    void node.event(hostile, 'go')
    await until('it is set apart', () => node.processes.shard.apart().length > 0)
    void node.event(second, 'go')

    await until('the session has ended', () => node.hasEnded(hostile))
    expect(node.incidents).toMatchObject([{ code: 'SEG-SHARD-007', ref: { id: hostile } }])
    expect(await node.hasEnded(second)).toBe(false)
  })
})

describe('a session that takes all memory', () => {
  it.each([
    ['arrays without end', 'var all = []; for (;;) all.push(new Array(100000).fill(1.5));'],
    ['one huge text of numbers', 'done = JSON.stringify(new Array(2e7).fill(1.25)).length;'],
    ['one huge list of letters', "done = 'x'.repeat(1 << 28).split('').length;"],
    ['texts that double', "var text = 'x'; for (;;) { text += text + 'y'; done = text.indexOf('z'); }"],
  ])('is ended or gets an error, and neighbours go on: %s', async (_what, script) => {
    await using all = await nodeWith(running(script, '_processEventTimeout="4000"'), { memoryMb: 64 })
    const { hostile, node } = all

    await goOnWhile(all, node.event(hostile, 'go'))

    const hasEnded = await node.hasEnded(hostile)
    if (hasEnded) {
      await until('the incident is told', () => node.incidents.length > 0)
      expect(['SEG-SHARD-001', 'SEG-SHARD-002']).toContain(node.incidents[0]?.code)
      expect(node.incidents).toHaveLength(1)
    } else expect(await node.variables(hostile)).toMatchObject({ done: 'caught' })
  })
})

describe('a process that ends again and again', () => {
  it('is blamed on the session with which it ended twice', async () => {
    const answer = (): unknown => {
      const [pid] = all.node.processes.shard.pids()
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
      return 'nothing'
    }
    await using all = await nodeWith(running('done = _genesys.asking.weather("here");'), { answer })
    const { hostile, node } = all

    await goOnWhile(all, node.event(hostile, 'go'))

    expect(await node.hasEnded(hostile)).toBe(true)
    expect(node.incidents).toMatchObject([{ kind: 'strike', code: 'SEG-SHARD-003', ref: { id: hostile } }])
    expect(node.processes.incidents.map(({ code }) => code)).toEqual(['SEG-SHARD-005', 'SEG-SHARD-005'])
  })
})

describe('an application version whose sessions are ended again and again', () => {
  it('takes no new sessions, says why, and takes them again when it is lifted', async () => {
    await using all = await nodeWith(running(`done = ${backtracking};`, '_processEventTimeout="200"'))
    const { hostile, node } = all
    const { quarantine } = node.processes

    for (const id of [hostile, await node.start(bad), await node.start(bad)]) await node.event(id, 'go')
    await until('three have ended', () => node.incidents.length >= 3)
    const [version] = quarantine.list()
    const refused = await node.start(bad)
    const refusals = node.incidents.slice(3)
    const isLifted = quarantine.lift(version?.hash ?? '')
    const lifted = await node.start(bad)

    expect(version).toMatchObject({ url: bad, strikes: 3 })
    expect(node.processes.incidents).toMatchObject([{ kind: 'quarantine', code: 'SEG-SHARD-004' }])
    expect(await node.hasEnded(refused)).toBe(true)
    expect(refusals).toMatchObject([{ kind: 'startRefused', code: 'SEG-SESSION-001' }])
    expect(refusals[0]?.message).toContain('in quarantine: 3 of its sessions')
    expect(isLifted).toBe(true)
    expect(await node.hasEnded(lifted)).toBe(false)
    expect(quarantine.lift(version?.hash ?? '')).toBe(false)
  })
})
