import { memoryStore } from '@segue/adapters'
import { describe, expect, it } from 'vitest'
import { crashingStore } from '../recovery/crashing-store.ts'
import { PARTITIONS, toyNode, type ToyNode } from './toy-node.ts'

/** A node whose death is that of the process: nothing in flight arrives. */
function mortalNode(id: string, durability: 'relaxed' | 'none'): { readonly node: ToyNode; kill(): ToyNode } {
  const store = memoryStore({ partitions: PARTITIONS })
  const crashing = crashingStore(store, { operations: Number.POSITIVE_INFINITY, happens: false })
  const node = toyNode({ store: crashing.store })
  node.toy.durabilities.set(id, durability)
  return {
    node,
    kill() {
      crashing.crash()
      const next = toyNode({ store, clock: node.clock })
      next.toy.durabilities.set(id, durability)
      return next
    },
  }
}

const once = { effects: [{ mode: 'once', type: 'ledger', body: {} }] }

describe('relaxed entities', () => {
  it('are acknowledged when they have stepped, are stored within the limit, and act only after that', async () => {
    const { node } = mortalNode('s1', 'relaxed')
    const { clock, ledger, runtime, say, state } = node
    await runtime.start()

    const first = await runtime.deliver(say('s1', 'a', once))
    const second = await runtime.deliver(say('s1', 'b'))
    const before = [(await state('s1')).taken, ledger.length]
    await clock.advanceMs(49)
    const early = (await state('s1')).taken
    await clock.advanceMs(1)

    expect([first.status, second.status, before, early]).toEqual(['accepted', 'accepted', [[], 0], []])
    expect([(await state('s1')).taken, ledger.length]).toEqual([['a', 'b'], 1])
    await runtime.stop()
  })

  it('do not let others wait: a durable step takes what waits along', async () => {
    const { node } = mortalNode('s1', 'relaxed')
    const { runtime, say, state } = node
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))

    await runtime.deliver(say('s2', 'b'))

    expect((await state('s1')).taken).toEqual(['a'])
    await runtime.stop()
  })

  it('lose what was acknowledged in the last moments before a death, and no effect of it was performed', async () => {
    const { node, kill } = mortalNode('s1', 'relaxed')
    await node.runtime.start()
    await node.runtime.deliver(node.say('s1', 'a'))
    await node.clock.advanceMs(100)
    await node.runtime.deliver(node.say('s1', 'b', once))

    const next = kill()
    await next.runtime.start()
    await next.clock.advanceMs(1000)

    expect((await next.state('s1')).taken).toEqual(['a'])
    expect([...node.ledger, ...next.ledger]).toEqual([])
    await next.runtime.stop()
  })

  it('lose nothing when the node is stopped', async () => {
    const { node } = mortalNode('s1', 'relaxed')
    await node.runtime.start()
    await node.runtime.deliver(node.say('s1', 'a'))

    await node.runtime.stop()

    expect((await node.state('s1')).taken).toEqual(['a'])
  })
})

describe('entities of durability none', () => {
  it('work like others: messages both ways, effects, timers far away, end', async () => {
    const { node } = mortalNode('s1', 'none')
    const { clock, ledger, runtime, say, state, store } = node
    await runtime.start()
    const ask = (id: string, text: string): object => ({
      mode: 'once',
      type: 'message',
      body: { to: { kind: 'session', id }, creates: true, message: { kind: 'text', text } },
    })
    const timers = [{ id: 'late', dueEpochMs: clock.nowMs() + 300_000 }]
    const late: string[] = []
    runtime.onTrace(({ id }, _version, lines) => {
      if (id === 's1') late.push(...lines.map((line) => String(JSON.parse(line).text)))
    })

    await runtime.deliver(say('s1', 'a', { effects: [...once.effects, ask('s2', 'from s1')], timers }))
    await runtime.deliver(say('s2', 'b', { effects: [ask('s1', 'from s2')] }))
    await runtime.idle()
    await clock.advanceMs(400_000)
    await runtime.deliver(say('s1', 'z', { end: true }))
    await runtime.idle()

    expect(late).toEqual(['a', 'from s2', 'timer late', 'z'])
    expect((await state('s2')).taken.toSorted()).toEqual(['b', 'from s1'])
    expect(ledger).toHaveLength(1)
    expect(await store.query({ kind: 'counts' })).toMatchObject({ effects: 0, timers: 0, inbox: 0, sessions: 1 })
    expect(await store.load([{ kind: 'session', id: 's1' }])).toEqual([])
    await runtime.stop()
  })

  it('are gone after a death: whoever talks to them is told', async () => {
    const { node, kill } = mortalNode('s1', 'none')
    await node.runtime.start()
    const open = { effects: [{ mode: 'open', type: 'ledger', body: {} }] }
    const first = await node.runtime.deliver(node.say('s1', 'a', open))

    const next = kill()
    await next.runtime.start()
    await next.clock.advanceMs(1000)
    const { creates: _, ...message } = next.say('s1', 'b')
    const second = await next.runtime.deliver(message)

    expect([first.status, second.status, next.ledger.length]).toEqual(['accepted', 'unknown', 0])
    await next.runtime.stop()
  })

  it('let nothing new in when they fill the memory, until one of them ends', async () => {
    const { runtime, say, toy } = toyNode({ limits: { maxResident: 2 } })
    for (const id of ['s1', 's2']) toy.durabilities.set(id, 'none')
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    await runtime.deliver(say('s2', 'a'))

    const full = await runtime.deliver(say('s3', 'a'))
    await runtime.deliver(say('s1', 'z', { end: true }))
    const again = await runtime.deliver(say('s3', 'a'))

    expect([full.status, again.status]).toEqual(['overloaded', 'accepted'])
    await runtime.stop()
  })

  it('end with a failed step: there is nothing to go back to', async () => {
    const { runtime, say, toy } = toyNode({})
    toy.durabilities.set('s1', 'none')
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    toy.failures.set('b', 1)

    const { creates: _, ...message } = say('s1', 'b')
    const { status } = await runtime.deliver(message)

    expect(status).toBe('unknown')
    await runtime.stop()
  })

  it('do not leave memory while they run', async () => {
    const store = memoryStore({ partitions: PARTITIONS })
    const { runtime, say, toy } = toyNode({ store, limits: { maxResident: 2 } })
    toy.durabilities.set('s1', 'none')
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    for (const id of ['s2', 's3', 's4', 's5']) await runtime.deliver(say(id, 'b'))

    const { creates: _, ...message } = say('s1', 'c')
    const { status } = await runtime.deliver(message)

    expect(status).toBe('accepted')
    expect(toy.forgotten).not.toContain('s1')
    await runtime.stop()
  })
})
