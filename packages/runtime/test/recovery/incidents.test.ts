import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '@segue/adapters'
import { describe, expect, it } from 'vitest'
import { PARTITIONS, toyNode, type ToyNode } from '../entity/toy-node.ts'

/** A session of which one message cannot be stepped. */
async function stuckNode(options: Parameters<typeof toyNode>[0] = {}): Promise<ToyNode> {
  const node = toyNode(options)
  await node.runtime.start()
  await node.runtime.deliver(node.say('s1', 'a'))
  node.toy.failures.set('b', 2)
  await node.runtime.deliver(node.say('s1', 'b'))
  await node.runtime.deliver(node.say('s1', 'c'))
  await node.runtime.idle()
  return node
}

describe('incidents', () => {
  it('a message that fails twice is on record with what can be done, and the session goes on', async () => {
    const { runtime, state } = await stuckNode()

    const [incident] = await runtime.incidents()

    expect((await state('s1')).taken).toEqual(['a', 'c'])
    expect(incident).toMatchObject({
      kind: 'messageSetAside',
      code: 'SEG-RUNTIME-001',
      ref: { kind: 'session', id: 's1' },
      about: { kind: 'message', body: { kind: 'text', text: 'b' } },
      actions: ['retry', 'skip', 'end'],
    })
    await runtime.stop()
  })

  it.each([
    ['retry', ['a', 'c', 'b'], true],
    ['skip', ['a', 'c'], true],
  ] as const)('%s: the message is taken as decided, once, and the incident goes', async (action, taken, isRunning) => {
    const { runtime, state, store } = await stuckNode()
    const [incident] = await runtime.incidents()

    const first = await runtime.resolveIncident(incident?.id ?? '', action)
    await runtime.idle()
    const second = await runtime.resolveIncident(incident?.id ?? '', action)

    expect([first.status, second.status]).toEqual(['resolved', 'unknown'])
    expect((await state('s1')).taken).toEqual(taken)
    expect(await runtime.incidents()).toEqual([])
    expect((await store.load([{ kind: 'session', id: 's1' }]))[0]?.hasEnded).toBe(!isRunning)
    await runtime.stop()
  })

  it('end: the session is told to end', async () => {
    const { runtime, store, toy } = await stuckNode()
    const [incident] = await runtime.incidents()
    toy.endsOn = 'terminate'

    await runtime.resolveIncident(incident?.id ?? '', 'end')
    await runtime.idle()

    expect((await store.load([{ kind: 'session', id: 's1' }]))[0]?.hasEnded).toBe(true)
    await runtime.stop()
  })

  it('a message that fails again after a retry is an incident again', async () => {
    const { runtime, toy } = await stuckNode()
    const [first] = await runtime.incidents()
    toy.failures.set('b', 2)

    await runtime.resolveIncident(first?.id ?? '', 'retry')
    await runtime.idle()
    const [second, ...others] = await runtime.incidents()

    expect([second?.about, others]).toEqual([first?.about, []])
    expect(second?.id).not.toBe(first?.id)
    await runtime.stop()
  })

  it('a message that should have made a session is on record and can be tried again', async () => {
    const { runtime, state, toy, say } = toyNode({})
    await runtime.start()
    toy.failures.set('a', 2)
    const { status } = await runtime.deliver(say('s1', 'a'))
    await runtime.idle()
    const [incident] = await runtime.incidents()

    await runtime.resolveIncident(incident?.id ?? '', 'retry')
    await runtime.idle()

    expect([status, incident?.actions]).toEqual(['unknown', ['retry', 'skip']])
    expect((await state('s1')).taken).toEqual(['a'])
    await runtime.stop()
  })

  it('an effect whose performer fails for good is on record: retried it is performed, skipped it is answered', async () => {
    let fails = true
    const node = toyNode({
      perform: async (effect) => {
        if (fails) throw new Error('the door is shut')
        await effect.report(1, { kind: 'text', text: 'done' }, { answers: true })
      },
    })
    await node.runtime.start()
    const effects = [{ mode: 'open', type: 'ledger', body: {} }]
    await node.runtime.deliver(node.say('s1', 'a', { effects }))
    await node.runtime.deliver(node.say('s2', 'a', { effects }))
    await node.clock.advanceMs(120_000)
    const [first, second, ...others] = await node.runtime.incidents()
    fails = false

    await node.runtime.resolveIncident(first?.id ?? '', 'retry')
    await node.runtime.resolveIncident(second?.id ?? '', 'skip')
    await node.runtime.idle()

    expect([first?.kind, first?.actions, others]).toEqual(['performerFailed', ['retry', 'skip', 'end'], []])
    expect((await node.state('s1')).taken).toEqual(['a', 'done'])
    expect((await node.state('s2')).taken).toEqual(['a', 'error.ledger'])
    expect(await node.runtime.incidents()).toEqual([])
    expect((await node.store.query({ kind: 'counts' })).effects).toBe(0)
    await node.runtime.stop()
  })

  it('above the limit the oldest incident goes', async () => {
    const { runtime, toy, say } = toyNode({ limits: { maxIncidents: 2 } })
    await runtime.start()
    for (const text of ['a', 'b', 'c']) {
      toy.failures.set(text, 2)
      await runtime.deliver(say(`s-${text}`, text))
      await runtime.idle()
    }

    const ids = (await runtime.incidents()).map(({ ref }) => ref.id)

    expect(ids).toEqual(['s-b', 's-c'])
    await runtime.stop()
  })

  it('incidents survive the death of the node, and decisions after it count', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'segue-incidents-'))
    const path = join(folder, 'store.db')
    const store = await openSqliteStore({ path, partitions: PARTITIONS })
    const first = await stuckNode({ store })
    await first.runtime.stop()
    await store[Symbol.asyncDispose]()
    const reopened = await openSqliteStore({ path, partitions: PARTITIONS })
    const second = toyNode({ store: reopened, clock: first.clock })
    await second.runtime.start()

    const [incident] = await second.runtime.incidents()
    await second.runtime.resolveIncident(incident?.id ?? '', 'retry')
    await second.runtime.idle()
    await reopened.query({ kind: 'counts' })

    expect(incident?.about).toMatchObject({ kind: 'message', body: { text: 'b' } })
    expect((await second.state('s1')).taken).toEqual(['a', 'c', 'b'])
    expect(await second.runtime.incidents()).toEqual([])
    await second.runtime.stop()
    await reopened[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
})
