import { describe, expect, it } from 'vitest'
import { START_EPOCH_MS, toyNode } from './toy-node.ts'

const timer = (id: string, afterMs: number) => ({ id, dueEpochMs: START_EPOCH_MS + afterMs })

describe('timers', () => {
  it('timers fire at their time, near and far, and are gone then', async () => {
    const { runtime, say, clock, state, store } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { timers: [timer('far', 3_600_000), timer('near', 50)] }))

    await clock.advanceMs(49)
    const early = (await state('s1')).taken
    await clock.advanceMs(1)
    const near = (await state('s1')).taken
    await clock.advanceMs(3_600_000)

    expect([early, near]).toEqual([['a'], ['a', 'timer near']])
    expect((await state('s1')).taken).toEqual(['a', 'timer near', 'timer far'])
    expect((await store.query({ kind: 'counts' })).timers).toBe(0)
    await runtime.stop()
  })

  it('a timer that is set again fires at its new time only', async () => {
    const { runtime, say, clock, state } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { timers: [timer('t', 100)] }))
    await runtime.deliver(say('s1', 'b', { timers: [timer('t', 500)] }))

    await clock.advanceMs(400)
    const before = (await state('s1')).taken
    await clock.advanceMs(1000)

    expect(before).toEqual(['a', 'b'])
    expect((await state('s1')).taken).toEqual(['a', 'b', 'timer t'])
    await runtime.stop()
  })

  it('a cancelled timer does not fire, also when it was due before the cancel was taken', async () => {
    const { runtime, say, clock, state, toy } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { timers: [timer('t', 100)] }))
    const release = toy.block()
    const cancel = runtime.deliver(say('s1', 'b', { cancel: ['t'] }))
    await clock.advanceMs(200)
    release()

    await cancel
    await runtime.idle()

    expect((await state('s1')).taken).toEqual(['a', 'b'])
    await runtime.stop()
  })

  it('timers that fell due while the node was down fire once, in deadline order, before later ones', async () => {
    const first = toyNode({})
    await first.runtime.start()
    const timers = [timer('c', 30_000), timer('a', 10_000), timer('b', 20_000), timer('z', 600_000)]
    await first.runtime.deliver(first.say('s1', 'x', { timers }))
    await first.runtime.stop()
    await first.clock.advanceMs(300_000)
    const second = toyNode({ store: first.store, clock: first.clock })

    await second.runtime.start()
    await second.clock.advanceMs(0)
    const overdue = (await second.state('s1')).taken
    await second.clock.advanceMs(400_000)

    expect(overdue).toEqual(['x', 'timer a', 'timer b', 'timer c'])
    expect((await second.state('s1')).taken).toEqual([...overdue, 'timer z'])
    await second.runtime.stop()
  })

  it('a timer wakes an entity that has left memory', async () => {
    const { runtime, say, clock, state, toy } = toyNode({ limits: { maxResident: 2 } })
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { timers: [timer('t', 1000)] }))
    for (let at = 0; at < 5; at++) await runtime.deliver(say(`o${at}`, 'x'))

    await clock.advanceMs(1000)

    expect(toy.forgotten).toContain('s1')
    expect((await state('s1')).taken).toEqual(['a', 'timer t'])
    await runtime.stop()
  })

  it('others are served between timers that fall due together', async () => {
    const { runtime, say, clock, store, toy } = toyNode({})
    await runtime.start()
    for (let at = 0; at < 600; at++) await runtime.deliver(say(`s${at}`, 'a', { timers: [timer('t', 1000)] }))
    const release = toy.block()
    await clock.advanceMs(1000)
    const other = runtime.deliver(say('other', 'b'))
    release()

    await other
    const waiting = (await store.query({ kind: 'counts' })).timers
    await runtime.idle()

    expect(waiting).toBeGreaterThan(200)
    expect((await store.query({ kind: 'counts' })).timers).toBe(0)
    await runtime.stop()
  })
})
