import { describe, expect, it } from 'vitest'
import { play } from './support.ts'

const options = { dialect: 'orchestration' } as const

describe('what scripts ask of the engine', () => {
  it('__Raise puts an event with data on the internal queue', async () => {
    const session = await play(
      `<state id="a"><onentry><script>__Raise('mine', { x: [1] })</script></onentry>
         <transition event="mine"><log expr="_event.type + ' ' + _event.data.x[0]"/></transition></state>`,
      options,
    )

    expect(session.logs).toEqual(['internal 1'])
  })

  it('__Log writes a record, __GetCurrentStates lists active states innermost last', async () => {
    const session = await play(
      `<state id="a"><state id="a1"><onentry><script>__Log(__GetCurrentStates().join(' '), 'states', 3)</script></onentry>
       </state></state>`,
      options,
    )

    expect(session.trace).toContainEqual({ kind: 'log', text: 'a a1', label: 'states', level: 3 })
  })

  it('a script that never ends ends the session as a breach, without onexit', async () => {
    const session = await play(
      `<state id="a"><onexit><log expr="'exit'"/></onexit>
         <transition event="go"><script>while (true) { try { f() } catch (e) {} } function f() {}</script></transition></state>`,
      options,
    )

    session.send('go')

    expect(session.ended).toMatchObject({ reason: 'limit', limit: { name: 'fuelPerEnter', element: 'script' } })
    expect(session.logs).toEqual([])
  })

  it('start and guards see the time of the step', async () => {
    const session = await play('<state id="a"><onentry><log expr="Date.now()"/></onentry></state>')

    expect(session.logs).toEqual(['1000'])
  })
})
