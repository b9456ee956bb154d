import { memoryStore } from '@segue/adapters'
import type { Acceptance, Store } from '@segue/runtime'
import { describe, expect, it } from 'vitest'
import { link, type Toy } from './toy-behaviour.ts'
import { PARTITIONS, toyNode } from './toy-node.ts'

/** Stops the step of what `deliver` delivers, and no other, until released. */
async function blockOnly(toy: Toy, deliver: () => unknown): Promise<() => void> {
  const steps = toy.batches.length
  const release = toy.block()
  void deliver()
  await expect.poll(() => toy.batches.length).toBe(steps + 1)
  toy.block()()
  return release
}

/** Commits begin and do not end until they are let go; `held`: those that wait. */
function holdCommits(store: Store): { readonly held: readonly (() => void)[]; readonly letGo: () => void } {
  const commit = store.commit.bind(store)
  const held: (() => void)[] = []
  store.commit = async (batches) => {
    await new Promise<void>((resolve) => held.push(resolve))
    return commit(batches)
  }
  return {
    held,
    letGo() {
      store.commit = commit
      for (const go of held) go()
    },
  }
}

describe('mailbox and dispatch', () => {
  it('messages of one entity are taken in the order of delivery and acknowledged with the version that took them', async () => {
    const { runtime, say, state } = toyNode({})
    await runtime.start()

    const answers = await Promise.all(['a', 'b', 'c'].map((text) => runtime.deliver(say('s1', text))))

    expect(answers).toEqual([1, 2, 3].map((version) => ({ status: 'accepted', version })))
    expect(await state('s1')).toEqual({ chain: link(link(link('', 'a'), 'b'), 'c'), taken: ['a', 'b', 'c'] })
    await runtime.stop()
  })

  it('messages for different entities are stepped in one call of the behaviour', async () => {
    const { runtime, say, toy } = toyNode({})
    await runtime.start()

    await Promise.all(Array.from({ length: 30 }, (_, at) => runtime.deliver(say(`s${at}`, 'a'))))

    expect(toy.batches).toEqual([30])
    await runtime.stop()
  })

  it('a message whose sequence was taken before is a duplicate, also after a restart', async () => {
    const first = toyNode({})
    await first.runtime.start()
    await first.runtime.deliver({ ...first.say('s1', 'a'), sequence: 7 })
    const again = await first.runtime.deliver({ ...first.say('s1', 'a'), sequence: 7 })
    await first.runtime.stop()
    const second = toyNode({ store: first.store })
    await second.runtime.start()

    const afterRestart = await second.runtime.deliver({ ...second.say('s1', 'a'), sequence: 6 })
    const next = await second.runtime.deliver({ ...second.say('s1', 'b'), sequence: 8 })

    expect([again.status, afterRestart.status, next.status]).toEqual(['duplicate', 'duplicate', 'accepted'])
    expect((await second.state('s1')).taken).toEqual(['a', 'b'])
    await second.runtime.stop()
  })

  it('a message to an entity that does not exist or has ended is refused as unknown', async () => {
    const { runtime, say } = toyNode({})
    await runtime.start()

    const missing = await runtime.deliver({ ...say('s1', 'a'), creates: false })
    await runtime.deliver(say('s1', 'last', { end: true }))
    const ended = await runtime.deliver(say('s1', 'b'))

    expect([missing.status, ended.status]).toEqual(['unknown', 'unknown'])
    await runtime.stop()
  })

  it('a full mailbox and a full node answer overloaded and go on afterwards', async () => {
    const { runtime, say, toy, state } = toyNode({ limits: { maxMailbox: 3, maxPending: 6 } })
    await runtime.start()
    await runtime.deliver(say('s1', 'first'))
    const release = toy.block()
    const answers = Array.from({ length: 12 }, (_, at) => runtime.deliver(say(at < 6 ? 's1' : `t${at}`, `m${at}`)))
    await Promise.resolve()
    release()

    const statuses = (await Promise.all(answers)).map((answer) => answer.status)

    expect(statuses.slice(3, 6)).toEqual(['overloaded', 'overloaded', 'overloaded'])
    expect(statuses.filter((status) => status === 'accepted')).toHaveLength(6)
    expect(statuses.filter((status) => status === 'overloaded')).toHaveLength(6)
    expect((await runtime.deliver(say('s1', 'later'))).status).toBe('accepted')
    expect((await state('s1')).taken).toEqual(['first', 'm0', 'm1', 'm2', 'later'])
    await runtime.stop()
  })

  it('a message that fails once is stepped again from the stored state', async () => {
    const { runtime, say, toy, state, incidents } = toyNode({})
    await runtime.start()
    toy.failures.set('b', 1)

    await Promise.all(['a', 'b', 'c'].map((text) => runtime.deliver(say('s1', text))))

    expect((await state('s1')).taken).toEqual(['a', 'b', 'c'])
    expect(incidents).toEqual([])
    await runtime.stop()
  })

  it('a message that fails twice is set aside as an incident, durably, and the entity goes on', async () => {
    const { runtime, say, toy, state, incidents, store } = toyNode({})
    await runtime.start()
    toy.failures.set('bad', 2)

    const answers = await Promise.all(['a', 'bad', 'c'].map((text) => runtime.deliver(say('s1', text))))

    expect(answers.map((answer) => answer.status)).toEqual(['accepted', 'accepted', 'accepted'])
    expect((await state('s1')).taken).toEqual(['a', 'c'])
    expect(incidents.map((incident) => [incident.code, incident.ref?.id])).toEqual([['SEG-RUNTIME-001', 's1']])
    const trace = await store.query({ kind: 'trace', ref: { kind: 'session', id: 's1' }, afterSequence: 0, limit: 10 })
    expect(trace.filter((row) => row.line.includes('SEG-RUNTIME-001'))).toHaveLength(1)
    await runtime.stop()
  })

  it('idle entities leave memory above the limit and come back with their state', async () => {
    const { runtime, say, toy, state } = toyNode({ limits: { maxResident: 4 } })
    await runtime.start()

    for (let at = 0; at < 10; at++) await runtime.deliver(say(`s${at}`, 'a'))
    const again = await runtime.deliver(say('s0', 'b'))

    expect(toy.forgotten).toContain('s0')
    expect(again).toEqual({ status: 'accepted', version: 2 })
    expect((await state('s0')).taken).toEqual(['a', 'b'])
    await runtime.stop()
  })

  it('trace lines are told after the commit, with their version', async () => {
    const { runtime, say } = toyNode({})
    const told: unknown[] = []
    runtime.onTrace((ref, version, lines) => told.push([ref.id, version, lines.length]))
    await runtime.start()

    await runtime.deliver(say('s1', 'a'))

    expect(told).toEqual([['s1', 1, 1]])
    await runtime.stop()
  })

  it('a message that waits for more than 50 ms is acknowledged by its inbox row and taken once', async () => {
    const { runtime, say, toy, clock, state, store } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    const release = toy.block()
    const slow = runtime.deliver(say('s1', 'slow'))
    const behind = runtime.deliver(say('s1', 'behind'))

    await clock.advanceMs(100)
    const answers = await Promise.all([slow, behind])
    const waiting = (await store.query({ kind: 'counts' })).inbox
    release()
    await runtime.idle()

    expect(answers).toEqual([1, 1].map((version) => ({ status: 'accepted', version })))
    expect(waiting).toBe(2)
    expect((await store.query({ kind: 'counts' })).inbox).toBe(0)
    expect((await state('s1')).taken).toEqual(['a', 'slow', 'behind'])
    await runtime.stop()
  })

  it('a message that waits while others of its lane are taken gets a row only when nothing is taken for 50 ms', async () => {
    const { runtime, say, toy, clock, store } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    await runtime.deliver(say('others', 'a'))
    const release = await blockOnly(toy, () => runtime.deliver(say('s1', 'slow')))
    for (let round = 0; round < 5; round++) {
      await clock.advanceMs(30)
      await runtime.deliver(say('others', 'b'))
    }
    const whileOthersAreTaken = (await store.query({ kind: 'counts' })).inbox

    await clock.advanceMs(100)

    expect(whileOthersAreTaken).toBe(0)
    expect((await store.query({ kind: 'counts' })).inbox).toBe(1)
    release()
    await runtime.stop()
  })

  it.each([
    { others: 10, isAcknowledged: true },
    { others: 400, isAcknowledged: false },
  ])(
    'a message behind an acknowledged one is acknowledged unless the node is at its limit: $others steps on their way',
    async ({ isAcknowledged, others }) => {
      const store = memoryStore({ partitions: PARTITIONS })
      const { runtime, say, toy, clock } = toyNode({ store })
      await runtime.start()
      await runtime.deliver(say('s1', 'a'))
      let first: Promise<Acceptance> | undefined
      const release = await blockOnly(toy, () => (first = runtime.deliver(say('s1', 'first'))))
      await clock.advanceMs(100)
      await first
      const { letGo } = holdCommits(store)
      const answers: string[] = []
      const all = Array.from({ length: others }, (_, at) => runtime.deliver(say(`other${at}`, 'a')))
      all.push(runtime.deliver(say('s1', 'behind')).finally(() => answers.push('behind')))
      for (let round = 0; round < 5; round++) {
        await clock.advanceMs(30)
        all.push(runtime.deliver(say(`late${round}`, 'a')))
      }

      expect(answers).toEqual(isAcknowledged ? ['behind'] : [])
      release()
      letGo()
      expect((await Promise.all(all)).every(({ status }) => status === 'accepted')).toBe(true)
      await runtime.stop()
    },
  )

  it('a message behind steps that are not durable yet is acknowledged when their own messages are rows', async () => {
    const store = memoryStore({ partitions: PARTITIONS })
    const { runtime, say, toy, clock, state } = toyNode({ store })
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    let release = toy.block()
    const row = runtime.deliver(say('s1', 'row'))
    await clock.advanceMs(100)
    await row
    const { held, letGo } = holdCommits(store)
    release()
    await expect.poll(() => held.length).toBe(1)

    release = toy.block()
    const behind = runtime.deliver(say('s1', 'behind'))
    await clock.advanceMs(100)

    expect(await behind).toEqual({ status: 'accepted', version: 2 })
    letGo()
    release()
    await runtime.idle()
    expect((await state('s1')).taken).toEqual(['a', 'row', 'behind'])
    await runtime.stop()
  })

  it('a message behind a step that is not durable yet is not acknowledged when its own message is nowhere', async () => {
    const store = memoryStore({ partitions: PARTITIONS })
    const { runtime, say, toy, clock, state } = toyNode({ store })
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    const { held, letGo } = holdCommits(store)
    const answers: string[] = []
    const stepped = runtime.deliver(say('s1', 'stepped')).then(() => answers.push('stepped'))
    await expect.poll(() => held.length).toBe(1)
    const release = toy.block()
    const behind = runtime.deliver(say('s1', 'behind')).then(() => answers.push('behind'))
    await clock.advanceMs(1000)

    expect(answers).toEqual([])
    letGo()
    release()
    await Promise.all([stepped, behind])
    expect(answers).toEqual(['stepped', 'behind'])
    expect((await state('s1')).taken).toEqual(['a', 'stepped', 'behind'])
    await runtime.stop()
  })

  it('an acknowledged message whose receiver ends before it is taken is told of; one that is answered "unknown" is not', async () => {
    const untaken: unknown[] = []
    const { runtime, say, toy, clock, store } = toyNode({
      onUntaken: ({ to, body }) => untaken.push([to.id, body['text']]),
    })
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    const release = toy.block()
    const last = runtime.deliver(say('s1', 'last', { end: true }))
    const behind = runtime.deliver(say('s1', 'behind'))
    await clock.advanceMs(100)
    const answers = await Promise.all([last, behind])

    release()
    await runtime.idle()
    const late = await runtime.deliver(say('s1', 'late'))

    expect(answers).toEqual([1, 1].map((version) => ({ status: 'accepted', version })))
    expect(late).toEqual({ status: 'unknown' })
    expect(untaken).toEqual([['s1', 'behind']])
    expect((await store.query({ kind: 'counts' })).inbox).toBe(0)
    await runtime.stop()
  })

  it('an acknowledged message that no step had taken before a crash is taken after it', async () => {
    const first = toyNode({})
    await first.runtime.start()
    await first.runtime.deliver(first.say('s1', 'a'))
    first.toy.block()
    const behind = first.runtime.deliver(first.say('s1', 'b'))
    await first.clock.advanceMs(100)
    await behind
    const second = toyNode({ store: first.store })

    await second.runtime.start()
    await second.runtime.idle()

    expect((await second.state('s1')).taken).toEqual(['a', 'b'])
    expect((await second.store.query({ kind: 'counts' })).inbox).toBe(0)
    await second.runtime.stop()
  })

  it('a node that was taken over drops what it has and says so', async () => {
    const first = toyNode({})
    await first.runtime.start()
    await first.runtime.deliver(first.say('s1', 'a'))
    const second = toyNode({ store: first.store })
    await second.runtime.start()

    const late = await first.runtime.deliver(first.say('s1', 'late'))
    await first.runtime.idle()

    expect(late.status).toBe('overloaded')
    expect(first.incidents.map((incident) => incident.code)).toEqual(['SEG-RUNTIME-003'])
    expect(first.toy.forgotten).toContain('s1')
    expect(await second.runtime.deliver(second.say('s1', 'b'))).toEqual({ status: 'accepted', version: 2 })
    await first.runtime.stop()
    await second.runtime.stop()
  })
})
