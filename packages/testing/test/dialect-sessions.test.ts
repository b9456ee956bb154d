import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'

const root = `xmlns="http://www.w3.org/2005/07/scxml" xmlns:ixn="http://www.genesyslab.com/modules/interaction"
  xmlns:session="http://www.genesyslab.com/modules/session" profile="ecmascript" version="1.0"`

const documents = {
  'call.scxml': `<scxml ${root} initial="a"><datamodel><data id="colour"/><data id="size" expr="1"/></datamodel>
    <state id="a"><transition event="interaction"><log expr="_event.name + ' ' + _event.data.interactionid"/></transition>
      <transition event="look"><log expr="JSON.stringify(_data)"/><log expr="_genesys.ixn.interactions.length"/>
        <log expr="_genesys.ixn.interactions[0].udata['OP-Session-ID'] === _sessionid"/></transition>
      <transition event="stop" target="over"/></state>
    <final id="over"/></scxml>`,
  'parent.scxml': `<scxml ${root} initial="a"><state id="a">
      <onentry><session:start src="'child.scxml'"><param name="x" expr="'text'"/><param name="z" expr="1"/></session:start></onentry>
      <invoke id="i1" src="child.scxml"><param name="x" expr="({ n: 1 })"/></invoke>
      <transition event="done.invoke.i1"><log expr="JSON.stringify(_event.data.params) + (_event.data.sessionid.length)"/></transition>
      <transition event="done.start"><log expr="'started ' + JSON.stringify(_event.data.params)"/></transition></state></scxml>`,
  'child.scxml': `<scxml ${root} initial="over"><datamodel><data id="x"/><data id="y" expr="'own'"/></datamodel>
    <final id="over"><donedata><param name="got" expr="_data"/></donedata></final></scxml>`,
}

function centre(application: object): Promise<World> {
  return startWorld({
    configuration: {
      folder: process.cwd(),
      objects: {
        switches: [{ name: 'SIP', kind: 'simulated' }],
        applications: [{ name: 'app', url: 'call.scxml', ...application }],
        dns: [{ number: '4200', switch: 'SIP', type: 'routepoint', application: 'app' }],
      },
    },
    documents,
  })
}

describe('scxml-dialect 10: start parameters of the ways to start', () => {
  it('"Interaction reaches a DN/queue with an application": its parameters; "others are ignored"', async () => {
    await using world = await centre({ parameters: { colour: 'red', other: 'x' } })
    await world.placeCall({ from: '1', to: '4200' })
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'look')

    expect((await world.session()).logs).toContain('{"colour":"red","size":1}')
  })

  it('"`<session:start>`, `<invoke>` | `<param>`", with their types; what is not declared is ignored', async () => {
    await using world = await centre({ url: 'parent.scxml' })
    await world.placeCall({ from: '1', to: '4200' })
    await world.advance({ seconds: 1 })

    const sessions = await Promise.all((await world.sessionIds()).map((id) => world.session(id)))
    const parent = sessions.find(({ url }) => url.endsWith('/parent.scxml'))

    expect(sessions).toHaveLength(3)
    expect(parent?.logs.toSorted()).toEqual([
      'started {"got":{"x":"text","y":"own"}}',
      '{"got":{"x":{"n":1},"y":"own"}}32',
    ])
  })
})

describe('scxml-dialect 12: how an interaction session begins', () => {
  it('1: "Event on a loaded DN → … creates a session id and … starts the document"; 2: "user-data key `OP-Session-ID` = session id"', async () => {
    await using world = await centre({})
    await world.placeCall({ from: '1', to: '4200' })
    const session = await world.session()

    await world.sendEvent(session.sessionId, 'look')

    expect(session.url).toMatch(/call\.scxml$/)
    expect((await world.session()).logs.slice(-2)).toEqual(['1', 'true'])
  })

  it('2: "One interaction has at most one session": one call is one session', async () => {
    await using world = await centre({})
    await world.placeCall({ from: '1', to: '4200' })
    await world.placeCall({ from: '2', to: '4200' })
    await world.advance({ seconds: 5 })

    const views = await Promise.all((await world.sessionIds()).map((id) => world.session(id)))

    const added = views.map(({ logs }) => logs.filter((text) => text.startsWith('interaction.added')))
    expect(added.map(({ length }) => length)).toEqual([1, 1])
    expect(new Set(added.flat()).size).toBe(2)
  })

  it('3: "Events to the session: `interaction.added` (with `interactionid`), then `interaction.present`; voice on a routing point also `interaction.onrouterequest`"', async () => {
    await using world = await centre({})

    const callId = await world.placeCall({ from: '1', to: '4200' })

    expect((await world.session()).logs).toEqual(
      ['added', 'present', 'onrouterequest'].map((name) => `interaction.${name} ${callId}`),
    )
  })

  it('5: "The session ends at the top-level `<final>` … Interactions may outlive it, and vice versa"', async () => {
    await using world = await centre({})
    const first = await world.placeCall({ from: '1', to: '4200' })
    await world.sendEvent((await world.session()).sessionId, 'stop')
    const second = await world.placeCall({ from: '2', to: '4200' })
    await world.hangUp(second)

    const [ended, outlived] = await Promise.all((await world.sessionIds()).map((id) => world.session(id)))

    expect([ended?.isRunning, (await world.interaction(first))?.['hasEnded']]).toEqual([false, false])
    expect([outlived?.isRunning, (await world.interaction(second))?.['hasEnded']]).toEqual([true, true])
  })

  it('"Session id: 32 characters, upper-case letters and digits … Voice interaction ids are 32 characters"', async () => {
    await using world = await centre({})

    const callId = await world.placeCall({ from: '1', to: '4200' })

    expect((await world.session()).sessionId).toMatch(/^[0-9A-Z]{32}$/)
    expect(callId).toMatch(/^[0-9A-Z]{32}$/)
  })
})
