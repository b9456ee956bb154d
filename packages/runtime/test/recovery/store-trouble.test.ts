import type { CommitResult, PartitionBatch, Store } from '@segue/runtime'
import { partitionOf } from '@segue/runtime'
import { memoryStore } from '@segue/adapters'
import { describe, expect, it } from 'vitest'
import { PARTITIONS, toyNode } from '../entity/toy-node.ts'

/** A store whose commits can be made to fail. */
function troubledStore(): {
  readonly store: Store
  trouble: ((commit: () => Promise<readonly CommitResult[]>) => Promise<readonly CommitResult[]>) | undefined
} {
  const store = memoryStore({ partitions: PARTITIONS })
  const inner = store.commit.bind(store)
  const troubled = {
    store,
    trouble: undefined as
      | ((commit: () => Promise<readonly CommitResult[]>) => Promise<readonly CommitResult[]>)
      | undefined,
  }
  store.commit = (batches: readonly PartitionBatch[]) =>
    troubled.trouble === undefined ? inner(batches) : troubled.trouble(() => inner(batches))
  return troubled
}

describe('a store in trouble', () => {
  it('rejected commits pause the node: nothing is acknowledged or lost, new messages are turned away, then work goes on', async () => {
    const troubled = troubledStore()
    const { runtime, say, clock, state, incidents, ledger } = toyNode({ store: troubled.store })
    await runtime.start()
    troubled.trouble = () => Promise.reject(new Error('disk is full'))
    const effects = [{ mode: 'once', type: 'ledger', body: {} }]
    let isAcknowledged = false
    const answer = runtime.deliver(say('s1', 'a', { effects })).finally(() => {
      isAcknowledged = true
    })
    await clock.advanceMs(3000)
    const during = [isAcknowledged, ledger.length, (await runtime.deliver(say('s1', 'b'))).status]

    troubled.trouble = undefined
    await clock.advanceMs(5000)

    expect(during).toEqual([false, 0, 'overloaded'])
    expect(await answer).toEqual({ status: 'accepted', version: 1 })
    expect(ledger).toHaveLength(1)
    expect(incidents.map((incident) => [incident.code, incident.message.includes('disk is full')])).toEqual([
      ['SEG-RUNTIME-002', true],
    ])
    expect((await runtime.deliver(say('s1', 'b'))).status).toBe('accepted')
    expect((await state('s1')).taken).toEqual(['a', 'b'])
    await runtime.stop()
  })

  it('a commit that landed although its answer was lost counts once', async () => {
    const troubled = troubledStore()
    const { runtime, say, clock, state, incidents } = toyNode({ store: troubled.store })
    await runtime.start()
    troubled.trouble = async (commit) => {
      troubled.trouble = undefined
      await commit()
      throw new Error('the answer was lost')
    }
    const answer = runtime.deliver(say('s1', 'a'))
    await clock.advanceMs(1000)

    expect(await answer).toEqual({ status: 'accepted', version: 1 })
    expect((await state('s1')).taken).toEqual(['a'])
    expect(incidents.map((incident) => incident.code)).toEqual(['SEG-RUNTIME-002'])
    await runtime.stop()
  })

  it('a stored version that is not the expected one makes the partition be read again', async () => {
    const { runtime, say, state, incidents, store } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    const ref = { kind: 'session', id: 's1' } as const
    const none = { effects: [], answered: [], timersPut: [], timersDeleted: [], rows: [], trace: [], taken: [] }
    const step = { ref, expectedVersion: 1, version: 2, change: { kind: 'none' }, ...none } as const
    await store.commit([{ partition: partitionOf(ref, PARTITIONS), epoch: 1, steps: [step] }])

    const refused = await runtime.deliver(say('s1', 'b'))
    await runtime.idle()
    const again = await runtime.deliver(say('s1', 'b'))

    expect([refused.status, again]).toEqual(['overloaded', { status: 'accepted', version: 3 }])
    expect((await state('s1')).taken).toEqual(['a', 'b'])
    expect(incidents.map((incident) => incident.code)).toEqual(['SEG-RUNTIME-004'])
    await runtime.stop()
  })

  it('a node that was taken over refuses what its successor may not see, and leaves no row of it', async () => {
    const first = toyNode({})
    await first.runtime.start()
    await first.runtime.deliver(first.say('s1', 'a'))
    const release = first.toy.block()
    let answer = 'none'
    void first.runtime.deliver(first.say('s1', 'b')).then(({ status }) => (answer = status))
    const second = toyNode({ store: first.store, clock: first.clock })
    await second.runtime.start()
    await second.runtime.deliver(second.say('s1', 'c'))

    await first.clock.advanceMs(100)
    const during = answer
    release()
    await first.clock.advanceMs(100)

    expect([during, answer]).toEqual(['overloaded', 'overloaded'])
    expect((await first.store.query({ kind: 'counts' })).inbox).toBe(0)
    await first.runtime.stop()
    await second.runtime.stop()
  })

  it('a message is acknowledged by the inbox only when everything taken before it is durable', async () => {
    const troubled = troubledStore()
    const { runtime, say, clock, toy } = toyNode({ store: troubled.store })
    await runtime.start()
    await runtime.deliver(say('s1', 'a', {}))
    const answers: string[] = []
    const deliver = (text: string): void => {
      void runtime.deliver(say('s1', text)).then(({ status }) => answers.push(`${text} ${status}`))
    }
    let land: (results: readonly CommitResult[]) => void = () => {}
    troubled.trouble = () => new Promise((resolve) => (land = resolve))
    deliver('b')
    await clock.settle()
    const release = toy.block()
    deliver('c')
    deliver('d')

    await clock.advanceMs(100)
    const during = [...answers]
    troubled.trouble = undefined
    land(['committed'])
    await clock.advanceMs(100)

    expect(during).toEqual([])
    expect(answers).toEqual(['b accepted', 'c accepted', 'd accepted'])
    release()
    await runtime.stop()
  })

  it('a row whose append was answered with an error is found and goes with its step', async () => {
    const { runtime, say, clock, toy, state, store } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a'))
    const append = store.append.bind(store)
    let appends = 0
    store.append = async (batches) => {
      await append(batches)
      appends++
      throw new Error('the answer was lost')
    }
    const release = toy.block()
    const answers = [runtime.deliver(say('s1', 'b')), runtime.deliver(say('s1', 'b'))]

    await clock.advanceMs(100)
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    release()
    await clock.advanceMs(100)

    expect([appends, statuses]).toEqual([1, ['accepted', 'accepted']])
    expect((await state('s1')).taken).toEqual(['a', 'b', 'b'])
    expect((await store.query({ kind: 'counts' })).inbox).toBe(0)
    await runtime.stop()
  })

  it('stop ends also while the store is in trouble', async () => {
    const troubled = troubledStore()
    const { runtime, say, clock } = toyNode({ store: troubled.store })
    await runtime.start()
    troubled.trouble = () => Promise.reject(new Error('disk is full'))
    const answer = runtime.deliver(say('s1', 'a'))
    await clock.advanceMs(1000)

    await runtime.stop()

    expect((await answer).status).toBe('overloaded')
  })

  it('state of an unknown format is reported and left untouched', async () => {
    const first = toyNode({})
    await first.runtime.start()
    const ref = { kind: 'session', id: 's1' } as const
    const none = { effects: [], answered: [], timersPut: [], timersDeleted: [], rows: [], trace: [], taken: [] }
    const state = new Uint8Array([99, 1, 2])
    const step = { ref, expectedVersion: 0, version: 1, change: { kind: 'snapshot', state }, ...none } as const
    await first.store.commit([{ partition: partitionOf(ref, PARTITIONS), epoch: 1, steps: [step] }])

    const answer = await first.runtime.deliver(first.say('s1', 'a'))

    expect(answer.status).toBe('overloaded')
    expect(first.incidents.map((incident) => incident.code)).toEqual(['SEG-RUNTIME-007'])
    expect((await first.store.load([ref]))[0]?.state).toEqual(state)
    await first.runtime.stop()
  })
})
