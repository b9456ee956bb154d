import { memoryStore } from '@segue/adapters'
import { virtualClock } from '@segue/testing'
import { expect, it } from 'vitest'
import { Retention } from '../../src/recovery/retention.ts'

const HOUR_MS = 3_600_000

it('what ended long ago is deleted in portions, again and again, until retention is stopped', async () => {
  const clock = virtualClock(10 * HOUR_MS)
  const asked: number[] = []
  const left = [200, 200, 3, 0, 0]
  const retention = new Retention({
    store: {
      purge: ({ endedBeforeEpochMs }) => {
        asked.push(endedBeforeEpochMs)
        return Promise.resolve(left.shift() ?? 0)
      },
    },
    clock,
    keepEndedMs: 2 * HOUR_MS,
    maxTraceLines: 10,
    everyMs: HOUR_MS,
    failed: (error) => {
      throw error
    },
  })

  retention.start()
  await clock.advanceMs(2 * HOUR_MS)
  retention.stop()
  await clock.advanceMs(5 * HOUR_MS)

  expect(asked).toEqual([9, 9, 9, 9, 10].map((hour) => hour * HOUR_MS))
})

it('a store that fails is asked again the next time', async () => {
  const clock = virtualClock(0)
  const store = memoryStore({ partitions: 1 })
  const failures: unknown[] = []
  let calls = 0
  const retention = new Retention({
    store: {
      purge: (request) => {
        calls += 1
        return calls === 1 ? Promise.reject(new Error('disk')) : store.purge(request)
      },
    },
    clock,
    keepEndedMs: HOUR_MS,
    maxTraceLines: 10,
    everyMs: HOUR_MS,
    failed: (error) => failures.push(error),
  })

  retention.start()
  await clock.advanceMs(2 * HOUR_MS)
  retention.stop()

  expect(failures).toEqual([new Error('disk')])
  expect(calls).toBe(2)
})
