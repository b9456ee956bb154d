import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'

const root =
  'xmlns="http://www.w3.org/2005/07/scxml" xmlns:session="http://www.genesyslab.com/modules/session" profile="ecmascript" version="1.0"'
const nineSharp = Date.parse('2024-01-17T09:00:00Z')

/** Starts `child.scxml` in a minute and logs what comes; `event` does something with that start. */
const parent = (more: string, src = 'child.scxml'): string => `<scxml ${root} initial="a">
  <datamodel><data id="child"/><data id="req"/></datamodel>
  <state id="a"><onentry><session:start requestid="_data.req" src="'${src}'" idealtime="${nineSharp + 60_000}"><param name="n" expr="[7]"/></session:start></onentry>
    <transition event="session.start.done" cond="_event.data.requestid == _data.req"><assign location="_data.child" expr="_event.data.sessionid"/><log expr="'planned'"/></transition>
    ${more}
    <transition event="leave" target="over"/>
    <transition event="*"><log expr="_event.name.replace(_data.child, 'CHILD') + ' ' + (_event.data.error || '')"/></transition></state>
  <final id="over"/></scxml>`

const documents = {
  'child.scxml': `<scxml ${root} initial="c"><datamodel><data id="n"/></datamodel>
    <state id="c"><onentry><log expr="'child ' + JSON.stringify(_data.n)"/></onentry><transition event="stop" target="over"/></state><final id="over"/></scxml>`,
  'broken.scxml': '<scxml',
  'plain.scxml': parent(''),
  'of-broken.scxml': parent('', 'broken.scxml'),
  'sooner.scxml': parent(
    `<transition event="move"><session:updatestart sessionid="_event.data.id || _data.child" idealtime="${nineSharp + 30_000}"/></transition>`,
  ),
  'stopper.scxml': parent('<transition event="move"><session:terminate sessionid="_data.child"/></transition>'),
}

async function begin(page: string, restartAfterEachEvent = false): Promise<{ world: World; id: string; url: string }> {
  const folder = process.cwd()
  const world = await startWorld({
    configuration: { folder, objects: {} },
    at: '2024-01-17T09:00:00Z',
    documents,
    restartAfterEachEvent,
  })
  const started = await world.startSession(new URL(page, `file://${folder}/`).href)
  if (!started.ok) throw new Error(started.reason)
  await world.advance({ seconds: 1 })
  return { world, id: started.sessionId, url: folder }
}

/** Logs of the session that was started last. */
async function childLogs(world: World): Promise<readonly string[] | undefined> {
  const ids = await world.sessionIds()
  return ids.length < 2 ? undefined : (await world.session(ids.at(-1))).logs
}

describe('session-and-web 4.2: `idealtime` "later times are kept as scheduled start"', () => {
  it.each([false, true])(
    'the session starts then, with its parameters (a new node after each event: %s)',
    async (restart) => {
      const { world, id } = await begin('plain.scxml', restart)
      await using _ = world
      expect((await world.session(id)).logs).toEqual(['planned'])

      await world.advance({ seconds: 58 })
      const before = await childLogs(world)
      await world.advance({ seconds: 2 })
      const after = await childLogs(world)
      const child = (await world.sessionIds()).at(-1) ?? ''
      await world.sendEvent(child, 'stop')

      expect(before).toBeUndefined()
      expect(after).toEqual(['child [7]'])
      expect((await world.session(id)).logs).toEqual(['planned', 'done.start.CHILD '])
    },
  )

  it('it starts although the session that asked for it has ended, as it is "independent; not an invoke"', async () => {
    const { world, id } = await begin('plain.scxml')
    await using _ = world

    await world.sendEvent(id, 'leave')
    await world.restart()
    await world.advance({ seconds: 60 })

    expect(await childLogs(world)).toEqual(['child [7]'])
    expect(await world.leftOver()).toMatchObject({ sessions: 1, effects: 0, timers: 0 })
  })

  it('4.4 `updatestart` "changes a pending (scheduled) start", and is answered by `session.updatestart.done`', async () => {
    const { world, id } = await begin('sooner.scxml', true)
    await using _ = world

    await world.sendEvent(id, 'move')
    await world.advance({ seconds: 28 })
    const before = await childLogs(world)
    await world.advance({ seconds: 2 })

    expect(before).toBeUndefined()
    expect(await childLogs(world)).toEqual(['child [7]'])
    expect((await world.session(id)).logs).toEqual(['planned', 'session.updatestart.done '])
    await world.advance({ seconds: 60 })
    expect(await world.sessionIds()).toHaveLength(2)
  })

  it('`updatestart` of what is not pending is `error.session.updatestart`', async () => {
    const { world, id } = await begin('sooner.scxml')
    await using _ = world

    await world.sendEvent(id, 'move', { id: 'NOPE' })
    await world.advance({ seconds: 60 })
    await world.sendEvent(id, 'move')

    expect((await world.session(id)).logs).toEqual([
      'planned',
      'error.session.updatestart unknownsession',
      'error.session.updatestart unknownsession',
    ])
  })

  it('4.3 `terminate` takes a pending start back', async () => {
    const { world, id } = await begin('stopper.scxml')
    await using _ = world

    await world.sendEvent(id, 'move')
    await world.advance({ seconds: 120 })

    expect((await world.session(id)).logs).toEqual(['planned', 'session.terminate.done '])
    expect(await world.sessionIds()).toHaveLength(1)
    expect((await world.leftOver()).timers).toBe(0)
  })

  it('a document that cannot be started then is `error.session.start` with the id that it should have had', async () => {
    const { world, id } = await begin('of-broken.scxml')
    await using _ = world

    await world.advance({ seconds: 60 })

    expect((await world.session(id)).logs).toEqual(['planned', 'error.session.start invaliddocument'])
    expect(await world.leftOver()).toMatchObject({ effects: 0, timers: 0 })
  })
})
