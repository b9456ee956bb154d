import type { CommitResult, EffectRow, PartitionBatch, Performer, Store } from '@segue/runtime'
import { memoryStore } from '@segue/adapters'
import { describe, expect, it } from 'vitest'
import { PARTITIONS, toyNode } from './toy-node.ts'

const once = (n: number) => ({ mode: 'once', type: 'ledger', body: { n } })
const open = (n: number) => ({ mode: 'open', type: 'ledger', body: { n } })
const messageTo = (id: string, text: string, extras: object = {}, mode = 'once') => ({
  mode,
  type: 'message',
  body: { to: { kind: 'session', id }, creates: true, message: { kind: 'text', text, ...extras } },
})
const unanswered = async (store: Store): Promise<readonly EffectRow[]> =>
  store.query({ kind: 'effects', partitions: Array.from({ length: PARTITIONS }, (_, at) => at), limit: 100 })

/** A store whose commits wait until the test lets them go. */
function heldStore(): { readonly store: Store; readonly calls: (readonly PartitionBatch[])[]; release(): void } {
  const store = memoryStore({ partitions: PARTITIONS })
  const inner = store.commit.bind(store)
  const calls: (readonly PartitionBatch[])[] = []
  let waiting: (() => void)[] = []
  store.commit = async (batches): Promise<readonly CommitResult[]> => {
    calls.push(batches)
    await new Promise<void>((resolve) => waiting.push(resolve))
    return inner(batches)
  }
  return {
    store,
    calls,
    release() {
      const released = waiting
      waiting = []
      for (const go of released) go()
    },
  }
}

describe('effects', () => {
  it('an effect is performed only after the commit of its step, with the key of the step', async () => {
    const { store, release } = heldStore()
    const { runtime, say, ledger, clock } = toyNode({ store })
    await runtime.start()
    const answer = runtime.deliver(say('s1', 'a', { effects: [once(1), once(2)] }))
    await clock.settle()
    const before = ledger.length

    release()
    await answer

    expect(before).toBe(0)
    expect(ledger.map((effect) => [effect.key, effect.body, effect.isRepeated])).toEqual([
      ['session/s1:1:0', { n: 1 }, false],
      ['session/s1:1:1', { n: 2 }, false],
    ])
    release()
    await runtime.stop()
  })

  it('an entity steps again while its commit is in flight, and what gathered is committed together', async () => {
    const { store, release, calls } = heldStore()
    const { runtime, say, clock } = toyNode({ store })
    await runtime.start()

    const answers = ['a', 'b', 'c'].map((text) => runtime.deliver(say('s1', text)))
    await clock.settle()
    release()
    await clock.settle()
    release()
    await Promise.all(answers)

    expect(calls.map((batches) => batches.map((batch) => batch.steps.map((step) => step.version)))).toEqual([
      [[1]],
      [[2, 3]],
    ])
    await runtime.stop()
  })

  it('a commit takes no more steps than its limit', async () => {
    const { store, release, calls } = heldStore()
    const { runtime, say, clock } = toyNode({ store, limits: { maxCommitSteps: 2 } })
    await runtime.start()

    const answers = ['a', 'b', 'c', 'd', 'e'].map((text, at) => runtime.deliver(say(`s${at}`, text)))
    for (let turn = 0; turn < 3; turn++) {
      await clock.settle()
      release()
    }
    await Promise.all(answers)

    expect(calls.map((batches) => batches.flatMap((batch) => batch.steps).length)).toEqual([2, 2, 1])
    await runtime.stop()
  })

  it('what a performer reports reaches the owner once per number; the answer ends the effect', async () => {
    const { runtime, say, ledger, state, store } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { effects: [open(1)] }))
    const [effect] = ledger

    const answers = [
      await effect?.report(1, { kind: 'text', text: 'started' }, { answers: false }),
      await effect?.report(1, { kind: 'text', text: 'started' }, { answers: false }),
      await effect?.report(2, { kind: 'text', text: 'done' }, { answers: true }),
      await effect?.report(3, { kind: 'text', text: 'late' }, { answers: false }),
    ]

    expect(answers.map((answer) => answer?.status)).toEqual(['accepted', 'duplicate', 'accepted', 'duplicate'])
    expect((await state('s1')).taken).toEqual(['a', 'started', 'done'])
    expect(await unanswered(store)).toEqual([])
    await runtime.stop()
  })

  it('an effect that is done without an event leaves no row', async () => {
    const { runtime, say, store } = toyNode({ perform: async (effect) => effect.done() })
    await runtime.start()

    await runtime.deliver(say('s1', 'a', { effects: [once(1)] }))
    await runtime.idle()

    expect(await unanswered(store)).toEqual([])
    await runtime.stop()
  })

  it('an unanswered effect is performed again by the next owner, marked as repeated, an answered one is not', async () => {
    const first = toyNode({})
    await first.runtime.start()
    await first.runtime.deliver(first.say('s1', 'a', { effects: [open(1), open(2)] }))
    await first.ledger[0]?.report(1, { kind: 'text', text: 'done' }, { answers: true })
    const second = toyNode({ store: first.store })

    const summary = await second.runtime.start()
    await second.runtime.idle()

    expect(summary).toMatchObject({ sessions: 1, effects: 1 })
    expect(second.ledger.map((effect) => [effect.key, effect.isRepeated])).toEqual([['session/s1:1:1', true]])
    await second.runtime.stop()
    await first.runtime.stop()
  })

  it('a report of a repeated try is not taken twice after a restart', async () => {
    const first = toyNode({})
    await first.runtime.start()
    await first.runtime.deliver(first.say('s1', 'a', { effects: [open(1)] }))
    await first.ledger[0]?.report(1, { kind: 'text', text: 'started' }, { answers: false })
    await first.runtime.stop()
    const second = toyNode({ store: first.store })
    await second.runtime.start()

    const again = await second.ledger[0]?.report(1, { kind: 'text', text: 'started' }, { answers: false })

    expect(again?.status).toBe('duplicate')
    expect((await second.state('s1')).taken).toEqual(['a', 'started'])
    await second.runtime.stop()
  })

  it('a withdrawn effect is aborted, its row goes, and its answer is dropped', async () => {
    const { runtime, say, ledger, aborted, store, state } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { effects: [open(1)] }))

    await runtime.deliver(say('s1', 'b', { withdraw: true }))
    const late = await ledger[0]?.report(1, { kind: 'text', text: 'late' }, { answers: true })

    expect(aborted).toEqual(['session/s1:1:0'])
    expect(late?.status).toBe('duplicate')
    expect(await unanswered(store)).toEqual([])
    expect((await state('s1')).taken).toEqual(['a', 'b'])
    await runtime.stop()
  })

  it('the end of an entity withdraws its open effects and timers; what its last step plans is performed', async () => {
    const { runtime, say, ledger, aborted, store, clock } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { effects: [open(1)], timers: [{ id: 't', dueEpochMs: clock.nowMs() + 10 }] }))

    await runtime.deliver(say('s1', 'b', { effects: [once(2)], end: true }))
    await clock.advanceMs(1000)
    const answered = await ledger[1]?.report(1, { kind: 'text', text: 'done' }, { answers: true })
    await runtime.idle()

    expect(aborted).toEqual(['session/s1:1:0'])
    expect(ledger.map((effect) => effect.body['n'])).toEqual([1, 2])
    expect(answered?.status).toBe('unknown')
    expect(await store.query({ kind: 'counts' })).toMatchObject({ sessions: 0, timers: 0, effects: 0 })
    await runtime.stop()
  })

  it('a message between entities arrives once, in order, and its row goes with the step that takes it', async () => {
    const { runtime, say, state, store } = toyNode({})
    await runtime.start()

    await runtime.deliver(say('s1', 'a', { effects: [messageTo('s2', 'm1'), messageTo('s2', 'm2')] }))
    await runtime.deliver(say('s1', 'b', { effects: [messageTo('s2', 'm3')] }))
    await runtime.idle()

    expect((await state('s2')).taken).toEqual(['m1', 'm2', 'm3'])
    expect(await unanswered(store)).toEqual([])
    await runtime.stop()
  })

  it('an open message stays until it is answered and reaches the receiver again after a crash', async () => {
    const first = toyNode({})
    await first.runtime.start()
    await first.runtime.deliver(first.say('s1', 'ask', { effects: [messageTo('s2', 'question', {}, 'open')] }))
    await first.runtime.idle()
    const waiting = await unanswered(first.store)
    const second = toyNode({ store: first.store })
    await second.runtime.start()
    await second.runtime.idle()

    expect(waiting.map((row) => row.key)).toEqual(['session/s1:1:0'])
    expect((await second.state('s2')).taken).toEqual(['question', 'question'])
    await second.runtime.stop()
    await first.runtime.stop()
  })

  it('the answer of an open message ends it', async () => {
    const { runtime, say, state, store } = toyNode({})
    await runtime.start()

    await runtime.deliver(say('s1', 'ask', { effects: [messageTo('s2', 'question', { answer: true }, 'open')] }))
    await runtime.idle()

    expect((await state('s1')).taken).toEqual(['ask', 'answer to question'])
    expect(await unanswered(store)).toEqual([])
    await runtime.stop()
  })

  it('a message to nobody is dropped; an open one tells its owner', async () => {
    const { runtime, say, state, store } = toyNode({})
    await runtime.start()
    await runtime.deliver(say('gone', 'x', { end: true }))

    const effects = [messageTo('gone', 'once'), messageTo('gone', 'open', {}, 'open')]
    await runtime.deliver(say('s1', 'ask', { effects }))
    await runtime.idle()

    expect((await state('s1')).taken).toEqual(['ask', 'undeliverable'])
    expect(await unanswered(store)).toEqual([])
    await runtime.stop()
  })

  it('no more effects of one type run at once than the limit allows', async () => {
    let running = 0
    let most = 0
    const ends: (() => void)[] = []
    const slow: Performer = {
      types: ['slow'],
      async perform(effect) {
        most = Math.max(most, ++running)
        await new Promise<void>((resolve) => ends.push(resolve))
        running--
        effect.done()
      },
    }
    const { runtime, say, clock, store } = toyNode({ performers: [slow], limits: { maxEffectsPerType: 2 } })
    await runtime.start()
    const effects = Array.from({ length: 5 }, () => ({ mode: 'once', type: 'slow', body: {} }))

    await runtime.deliver(say('s1', 'a', { effects }))
    for (let at = 0; at < 5; at++) {
      ends[at]?.()
      await clock.settle()
    }

    expect(most).toBe(2)
    expect(await unanswered(store)).toEqual([])
    await runtime.stop()
  })

  it('a performer that fails is tried again and reported', async () => {
    let tries = 0
    const { runtime, say, clock, incidents, ledger } = toyNode({
      perform: async (effect) => {
        if (++tries < 3) throw new Error('no luck')
        effect.done()
      },
    })
    await runtime.start()
    await runtime.deliver(say('s1', 'a', { effects: [once(1)] }))

    await clock.advanceMs(10_000)

    expect(incidents.map((incident) => incident.code)).toEqual(['SEG-RUNTIME-006', 'SEG-RUNTIME-006'])
    expect(ledger.map((effect) => effect.isRepeated)).toEqual([false, true, true])
    await runtime.stop()
  })

  it('an effect that nothing performs is reported and kept', async () => {
    const { runtime, say, incidents, store } = toyNode({})
    await runtime.start()

    await runtime.deliver(say('s1', 'a', { effects: [{ mode: 'once', type: 'nobody', body: {} }] }))

    expect(incidents.map((incident) => incident.code)).toEqual(['SEG-RUNTIME-005'])
    expect(await unanswered(store)).toHaveLength(1)
    await runtime.stop()
  })
})
