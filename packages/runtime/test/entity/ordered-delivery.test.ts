import { expect, it } from 'vitest'
import type { Acceptance, Message } from '../../src/entity/contract.ts'
import { orderedDelivery } from '../../src/entity/ordered-delivery.ts'

const accepted: Acceptance = { status: 'accepted', version: 1 }
const overloaded: Acceptance = { status: 'overloaded', retryAfterS: 1 }

/** A runtime that is full until it is said to be free, and a clock that a test lets go on. */
function setUp() {
  const taken: string[] = []
  const pauses: (() => void)[] = []
  let isFull = true
  const deliver = orderedDelivery({
    runtime: {
      deliver: (message) => {
        if (isFull) return Promise.resolve(overloaded)
        taken.push(`${message.to.id} ${message.source} ${message.sequence}`)
        return Promise.resolve(accepted)
      },
    },
    pause: () => new Promise((resolve) => pauses.push(resolve)),
  })
  return {
    taken,
    deliver,
    free: () => (isFull = false),
    pauses: () => pauses.length,
    goOn: () => pauses.splice(0).forEach((resolve) => resolve()),
  }
}

const message = (id: string, sequence: number, source = 'switch:A'): Message => ({
  to: { kind: 'interaction', id },
  source,
  sequence,
  body: { kind: 'switchEvent' },
})

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('P9: a message behind a refused one of its source is not taken first', async () => {
  const { deliver, free, goOn, taken } = setUp()
  const first = deliver(message('call-1', 1))
  await turn()
  free()
  const second = deliver(message('call-1', 2))
  const third = deliver(message('call-1', 3))
  await turn()
  expect(taken).toEqual([])

  goOn()

  expect(await Promise.all([first, second, third])).toEqual([accepted, accepted, accepted])
  expect(taken).toEqual(['call-1 switch:A 1', 'call-1 switch:A 2', 'call-1 switch:A 3'])
})

it('messages of others go on meanwhile', async () => {
  const { deliver, free, goOn, taken } = setUp()
  const first = deliver(message('call-1', 1))
  await turn()
  free()
  await Promise.all([deliver(message('call-2', 2)), deliver(message('call-1', 2, 'switch:B'))])
  expect(taken).toEqual(['call-2 switch:A 2', 'call-1 switch:B 2'])

  goOn()
  await first
  await deliver(message('call-1', 4))

  expect(taken.slice(2)).toEqual(['call-1 switch:A 1', 'call-1 switch:A 4'])
})

it('only the first one asks again while the runtime stays full', async () => {
  const { deliver, free, goOn, pauses, taken } = setUp()
  const all = [1, 2, 3].map((sequence) => deliver(message('call-1', sequence)))
  await turn()
  expect(pauses()).toBe(1)
  goOn()
  await turn()
  expect(pauses()).toBe(1)

  free()
  goOn()
  await Promise.all(all)

  expect(taken.map((one) => one.slice(-1))).toEqual(['1', '2', '3'])
})

it('when nobody takes messages any more, all that wait are told', async () => {
  const deliver = orderedDelivery({
    runtime: { deliver: () => Promise.resolve(overloaded) },
    pause: () => Promise.reject(new Error('the centre stops')),
  })

  const all = await Promise.allSettled([1, 2].map((sequence) => deliver(message('call-1', sequence))))

  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
