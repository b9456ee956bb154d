import { describe, expect, it } from 'vitest'
import { documents, page } from './documents.ts'
import { stepper } from './stepper.ts'
import { tinyModule } from './tiny-module.ts'

const url = 'file:///app/main.scxml'
const present = { module: 'tiny', payload: { put: 'call1' } }

describe('modules of a session', () => {
  it('a module takes its event first: the document sees the changed view in the same step', async () => {
    const body = `<state id="a"><transition event="call.added" target="b">
      <log expr="_genesys.tiny.calls[_event.data.id].state"/></transition></state><state id="b"/>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)

    const step = await world.event('S1', 'call.added', { data: { id: 'call1' }, ...present })

    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'notice', module: 'tiny', name: 'call.added' }))
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'ringing' }))
    expect(step.trace.some(({ kind }) => kind === 'error')).toBe(false)
  })

  it('an action becomes a command, and its request id is visible before the answer comes', async () => {
    const body = `<script>var id;</script><state id="a">
      <transition event="call.added"><tiny:ring requestid="id" call="'call1'"/><log expr="id"/></transition>
      <transition event="tiny.ring.done" cond="_event.data.requestid == id" target="b"/>
    </state><state id="b"/>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)

    const step = await world.event('S1', 'call.added', present)
    const [command] = step.effects
    const requestid = command?.body['requestId']
    const done = await world.event('S1', 'tiny.ring.done', { data: { requestid } })

    expect(command).toMatchObject({ type: 'tiny.ring', mode: 'open', body: { call: 'call1' } })
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: requestid }))
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'commands', types: ['tiny.ring'] }))
    expect(done.attributes?.['states']).toBe('b')
  })

  it('a refused action becomes an error event of its own, in the same message, and no command', async () => {
    const body = `<state id="a"><onentry><tiny:ring call="'nobody'"/></onentry>
      <transition event="error.tiny.ring" target="b"><log expr="_event.data.error"/></transition></state><state id="b"/>`
    const world = stepper(documents({ [url]: page(body) }))

    const step = await world.start('S1', url)

    expect(step.effects).toEqual([])
    expect(step.attributes?.['states']).toBe('b')
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'refused', event: 'error.tiny.ring' }))
    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'unknowncall' }))
  })

  it('functions read, act, and throw errors that a script can catch', async () => {
    const body = `<state id="a"><transition event="call.added" target="b"><script><![CDATA[
      var read = _genesys.tiny.stateOf('call1');
      var acted = _genesys.tiny.mark('call1');
      var asked = _genesys.tiny.asked;
      var thrown = '';
      try { _genesys.tiny.stateOf('nobody') } catch (e) { thrown = (e instanceof Error) + ' ' + e.message }
      var red = _genesys.tiny.Colour.Red + _genesys.tinytypes.Blue;
    ]]></script></transition></state><state id="b"/>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)

    const step = await world.event('S1', 'call.added', present)

    expect(JSON.parse((await world.inspect('S1')).variables)).toEqual({
      read: 'ringing',
      acted: true,
      asked: 1,
      thrown: 'true no call "nobody"',
      red: 3,
    })
    expect(step.effects).toEqual([{ type: 'tiny.mark', mode: 'once', body: { id: 'call1' } }])
  })

  it('a new replica is seen by the next step', async () => {
    const body = '<state id="a"><transition event="look"><log expr="_genesys.tiny.greeting"/></transition></state>'
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)
    const before = await world.event('S1', 'look')

    world.shard.replica('hello')
    const after = await world.event('S1', 'look')

    expect(before.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'none' }))
    expect(after.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: 'hello' }))
  })

  it('when the session ends its last commands are planned and what modules still hold is let go', async () => {
    const body = `<state id="a"><transition event="call.added" target="b"/></state>
      <final id="b"><onentry><tiny:ring call="'call1'"/></onentry></final>`
    const world = stepper(documents({ [url]: page(body) }))
    await world.start('S1', url)

    const step = await world.event('S1', 'call.added', present)

    expect(step.hasEnded).toBe(true)
    expect(step.effects.map(({ type }) => type)).toEqual(['tiny.ring', 'tiny.release'])
  })

  it('a module that throws fails its step, and the session goes on from what was stored', async () => {
    const body = `<script>var n = 0;</script><state id="a">
      <transition event="break"><script>n = 99;</script><tiny:ring call="'call1'"/></transition>
      <transition event="look"><log expr="n"/></transition></state>`
    const broken = {
      ...tinyModule,
      plan: () => {
        throw new Error('defect of the module')
      },
    }
    const world = stepper(documents({ [url]: page(body) }), { modules: [broken] })
    await world.start('S1', url)

    await expect(world.event('S1', 'break')).rejects.toThrow('defect of the module')
    world.restart()
    const step = await world.event('S1', 'look')

    expect(step.trace).toContainEqual(expect.objectContaining({ kind: 'log', text: '0' }))
  })

  it('what a value holds besides JSON does not lose the rest of it on the way to a module', async () => {
    const body = `<state id="a"><onentry>
      <tiny:command name="'x'" body="{text: 'kept', gone: undefined, when: new Date(0)}"/></onentry></state>`
    const world = stepper(documents({ [url]: page(body) }))

    const step = await world.start('S1', url)

    expect(step.effects[0]?.body).toEqual({ text: 'kept', when: '1970-01-01T00:00:00.000Z' })
  })
})
