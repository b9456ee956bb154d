import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startWorld } from '@segue/testing'

const folder = fileURLToPath(new URL('../../../examples/business-hours', import.meta.url))

it.each([false, true])(
  'P6: a submit that reaches the routing domain after the caller has gone does not wait (restarts: %s)',
  async (restartAfterEachEvent) => {
    await using world = await startWorld({
      configuration: folder,
      at: '2024-01-17T12:00:00Z',
      restartAfterEachEvent,
    })
    const callId = await world.placeCall({ from: '0301112233', to: '4200' })
    await world.advance({ seconds: 1 })

    // The greeting fails, the application submits, and the call is gone before the domain hears of it.
    await world.hangUp(callId)

    const session = await world.session()
    expect(session.actions.map(({ name }) => name)).toContain('queue:submit')
    expect(await world.leftOver()).toEqual({
      sessions: 0,
      interactions: 0,
      calls: 0,
      effects: 0,
      timers: 0,
      messages: 0,
      waiting: 0,
    })
  },
)
