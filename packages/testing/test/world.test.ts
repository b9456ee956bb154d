import { describe, expect, it } from 'vitest'
import { seededIds, seededRandom, startWorld, transitionCoverage, virtualClock } from '@segue/testing'
import type { World, WorldOptions } from '@segue/testing'

const CENTRE = {
  switches: [{ name: 'SIP', kind: 'simulated' }],
  applications: [{ name: 'app', url: 'app.scxml' }],
  dns: [
    { number: '4200', switch: 'SIP', type: 'routepoint', application: 'app' },
    { number: '7001', switch: 'SIP', type: 'extension' },
  ],
  agents: [{ id: 'ada', dn: '7001' }],
  agentGroups: [{ name: 'Desk', agents: ['ada'] }],
}

function document(body: string): string {
  return `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="wait" profile="ecmascript" name="app"
    xmlns:session="http://www.genesyslab.com/modules/session"
    xmlns:dialog="http://www.genesyslab.com/modules/dialog">${body}</scxml>`
}

function worldOf(body: string, more: Partial<WorldOptions> = {}): Promise<World> {
  return startWorld({
    configuration: { folder: '.', objects: CENTRE },
    documents: { 'app.scxml': document(body) },
    ...more,
  })
}

const CALLER = { from: '0301112233', to: '4200', callId: 'CALL1' }

describe('virtual time', () => {
  it('a timer fires when its time comes, and not a millisecond before', async () => {
    await using world = await worldOf(`
      <state id="wait">
        <onentry><send event="'late'" delay="'30s'"/></onentry>
        <transition event="late" target="end"/>
      </state>
      <final id="end"/>`)

    await world.placeCall(CALLER)
    await world.advance({ seconds: 29, ms: 999 })
    const before = await world.session()
    await world.advance({ ms: 1 })

    expect(before.isRunning).toBe(true)
    expect((await world.leftOver()).timers).toBe(0)
    const session = await world.session()
    expect(session.lastEntered).toBe('end')
    expect(session.isRunning).toBe(false)
  })

  it('goes up to a point, never back', async () => {
    await using world = await worldOf('<state id="wait"/>', { at: '2024-05-15T12:00:00Z' })

    await world.advanceTo('2024-05-15T13:00:00Z')
    await world.advanceTo('2024-05-15T12:30:00Z')

    expect(new Date(world.nowMs).toISOString()).toBe('2024-05-15T13:00:00.000Z')
  })

  it('callbacks run in the order of their times, equal ones as they were scheduled', async () => {
    const clock = virtualClock(0)
    const ran: string[] = []
    clock.schedule(20, () => ran.push('c'))
    clock.schedule(10, () => ran.push('a'))
    clock.schedule(10, () => ran.push('b'))
    clock.schedule(15, () => ran.push('never')).cancel()

    await clock.advanceTo(19)
    const early = [...ran]
    await clock.advanceToNext()

    expect(early).toEqual(['a', 'b'])
    expect(ran).toEqual(['a', 'b', 'c'])
    expect(clock.waiting).toBe(0)
    expect(clock.nextAtEpochMs).toBeUndefined()
    expect(clock.nowMs()).toBe(20)
  })

  it('a callback that plans another one for now has it run in the same instant', async () => {
    const clock = virtualClock(0)
    const at: number[] = []
    clock.schedule(5, () => clock.schedule(5, () => at.push(clock.nowMs())))

    await clock.advanceTo(100)

    expect(at).toEqual([5])
  })
})

describe('http', () => {
  const fetching = (attributes = ''): string => `
    <script>var request;</script>
    <state id="wait">
      <onentry>
        <session:fetch requestid="request" srcexpr="'http://api.example/rooms'" method="'get'" timeout="5" ${attributes}/>
      </onentry>
      <transition event="session.fetch.done" target="end"><log expr="'got ' + _event.data.content"/></transition>
      <transition event="error.session.fetch" target="end"><log expr="'failed ' + _event.data.error"/></transition>
    </state>
    <final id="end"/>`

  it('a stubbed request is answered and remembered', async () => {
    await using world = await worldOf(fetching())
    world.http.on('GET', 'http://api.example/rooms', { body: '{"free":3}' })

    await world.placeCall(CALLER)
    await world.settle()

    expect((await world.session()).logs).toEqual(['got {"free":3}'])
    expect(world.http.requests).toHaveLength(1)
    expect(world.http.requests[0]).toMatchObject({ method: 'GET', url: 'http://api.example/rooms', body: '' })
  })

  it('what nobody stubbed is refused', async () => {
    await using world = await worldOf(fetching())

    await world.placeCall(CALLER)
    await world.advance({ minutes: 1 })

    expect((await world.session()).logs).toEqual([expect.stringMatching(/^failed ./)])
  })

  it('a refused connection, a status and a slow answer are three ways to fail', async () => {
    const failures: string[] = []
    for (const answer of [{ refuse: true }, { status: 503 }, { afterMs: 6_000 }]) {
      await using world = await worldOf(fetching())
      world.http.on('GET', 'http://api.example/', answer)

      await world.placeCall(CALLER)
      await world.advance({ seconds: 5 })

      failures.push(...(await world.session()).logs)
    }

    expect(failures).toHaveLength(3)
    expect(new Set(failures).size).toBe(3)
  })

  it('an answer that takes its time comes when that has passed', async () => {
    await using world = await worldOf(fetching())
    world.http.on('GET', 'http://api.example/', { afterMs: 4_000, body: 'late' })

    await world.placeCall(CALLER)
    await world.advance({ ms: 3_999 })
    const before = (await world.session()).logs
    await world.advance({ ms: 1 })

    expect(before).toEqual([])
    expect((await world.session()).logs).toEqual(['got late'])
  })

  it('answers are used in turn, and the last one stays', async () => {
    const retries = 'gdelivery="true" gd_retries="3" gd_retry_interval="5"'
    await using world = await worldOf(fetching(retries))
    world.http.on('GET', 'http://api.example/', { status: 503 }, { refuse: true }, { body: 'third' })

    await world.placeCall(CALLER)
    await world.advance({ seconds: 10 })

    expect((await world.session()).logs).toEqual(['got third'])
    expect(world.http.requests).toHaveLength(3)
  })
})

describe('held actions', () => {
  const playing = `
    <script>var request; var ixn;</script>
    <state id="wait">
      <transition event="interaction.added" target="play"><assign location="ixn" expr="_event.data.interactionid"/></transition>
    </state>
    <state id="play">
      <onentry><dialog:start type="'applid'" interactionid="ixn" requestid="request"><param name="APP_URI" expr="'a.vxml'"/></dialog:start></onentry>
      <transition event="dialog.start.done" cond="_event.data.requestid == request"><log expr="'done'"/></transition>
      <transition event="enough" target="end"/>
    </state>
    <final id="end"/>`

  async function held(more: Partial<WorldOptions> = {}): Promise<World> {
    const world = await worldOf(playing, more)
    world.hold(({ body }) => JSON.stringify(body).includes('"treat"'))
    await world.placeCall(CALLER)
    return world
  }

  it('are seen and not performed until the test answers', async () => {
    await using world = await held()
    await world.advance({ hours: 1 })
    const before = await world.session()
    const [action] = world.held

    await action?.answer('dialog.start.done', { requestid: action.requestId })

    expect(world.held).toHaveLength(1)
    expect(action).toMatchObject({ sessionId: before.sessionId, requestId: before.actions[0]?.requestId })
    expect(world.switch.counters().treated).toBe(0)
    expect(before.logs).toEqual([])
    expect((await world.session()).logs).toEqual(['done'])
    expect((await world.leftOver()).effects).toBe(0)
  })

  it('an answer that is given twice is taken once', async () => {
    await using world = await held()
    const [action] = world.held

    await action?.answer('dialog.start.done', { requestid: action.requestId })
    await action?.answer('dialog.start.done', { requestid: action.requestId })

    expect((await world.session()).logs).toEqual(['done'])
  })

  it('an event that answers nothing leaves the action waiting', async () => {
    await using world = await held()
    const [action] = world.held

    await action?.answer('dialog.start.done', { requestid: action.requestId }, { answers: false })
    const waiting = (await world.leftOver()).effects
    await action?.answer('dialog.start.done', { requestid: action.requestId })

    expect(waiting).toBe(1)
    expect((await world.session()).logs).toEqual(['done', 'done'])
    expect((await world.leftOver()).effects).toBe(0)
  })

  it('an answer after the end of the session is dropped', async () => {
    await using world = await held()
    const [action] = world.held
    await world.sendEvent((await world.session()).sessionId, 'enough')
    const ended = await world.session()

    await action?.answer('dialog.start.done', { requestid: action.requestId })

    expect(ended.isRunning).toBe(false)
    expect((await world.session()).events).toEqual(ended.events)
    expect(world.incidents).toEqual([])
  })

  it.each([false, true])('wait over a restart of the node (after each event: %s)', async (restartAfterEachEvent) => {
    await using world = await held({ restartAfterEachEvent })

    await world.restart()
    const [action, ...others] = world.held
    await action?.answer('dialog.start.done', { requestid: action.requestId })

    expect(others).toEqual([])
    expect((await world.session()).logs).toEqual(['done'])
  })
})

describe('configuration', () => {
  const asking = `
    <state id="wait">
      <transition event="ask"><log expr="_genesys.session.getListItemValue('DESKS', 'main', 'room')"/></transition>
    </state>`

  it('lists can change while sessions run', async () => {
    const withRoom = (room: string): WorldOptions['configuration'] => ({
      folder: '.',
      objects: { ...CENTRE, lists: [{ name: 'DESKS', items: { main: { room } } }] },
    })
    await using world = await worldOf(asking, { configuration: withRoom('12') })
    await world.placeCall(CALLER)
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'ask')
    await world.reconfigure(withRoom('14'))
    await world.sendEvent(sessionId, 'ask')

    expect((await world.session()).logs).toEqual(['12', '14'])
  })

  it('with errors the world does not start, and says where', async () => {
    const objects = { ...CENTRE, agentGroups: [{ name: 'Desk', agents: ['nobody'] }] }

    await expect(startWorld({ configuration: { folder: '.', objects } })).rejects.toThrow(/segue\.yaml:.*nobody/)
  })

  it('an application with errors stops the start as well', async () => {
    await expect(worldOf('<state id="wait"><transition target="nowhere"/></state>')).rejects.toThrow(/nowhere/)
  })

  it('warnings of applications are findings', async () => {
    await using world = await worldOf(`<state id="wait"><onentry><log expr="undeclared"/></onentry></state>`)

    expect(world.findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      expect.stringMatching(/^warning .*undeclared/),
    ])
  })

  it('a call that the switch refuses is an error of the test', async () => {
    await using world = await worldOf('<state id="wait"/>')

    await expect(world.placeCall({ from: '1', to: '9999' })).rejects.toThrow(/9999/)
    await expect(world.agent('nobody', 'ready')).rejects.toThrow(/nobody/)
    await expect(world.session()).rejects.toThrow('no session has started')
  })
})

describe('seeds', () => {
  const chance = `<state id="wait"><onentry><log expr="Math.random()"/></onentry></state>`

  async function account(seed: number): Promise<unknown> {
    await using world = await worldOf(chance, { seed })
    const { callId: _, ...caller } = CALLER
    const callId = await world.placeCall(caller)
    const { sessionId, logs } = await world.session()
    return { callId, sessionId, logs }
  }

  it('the same seed gives the same ids and random numbers, another one others', async () => {
    const first = await account(7)

    expect(await account(7)).toEqual(first)
    expect(await account(8)).not.toEqual(first)
  })

  it('random numbers lie from 0 up to 1, and suffixes have their form', () => {
    const random = seededRandom(3)
    const numbers = Array.from({ length: 1_000 }, random)

    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(new Set(numbers).size).toBeGreaterThan(990)
    expect(seededIds(3).sessionSuffix()).toMatch(/^[0-9A-Z]{27}$/)
  })
})

describe('the account of a world', () => {
  it('sessions stand in the order of their start', async () => {
    await using world = await worldOf('<state id="wait"/>')

    const started: string[] = []
    for (let n = 0; n < 5; n += 1) {
      await world.placeCall({ from: '1', to: '4200' })
      started.push(...(await world.sessionIds()).slice(n))
      await world.advance({ seconds: 1 })
    }

    expect(await world.sessionIds()).toEqual(started)
    await expect(world.session()).rejects.toThrow(/5 sessions have started/)
  })

  it('what is left over is counted until it is gone', async () => {
    await using world = await worldOf(`
      <state id="wait"><onentry><send event="'later'" delay="'10s'"/></onentry>
        <transition event="interaction.deleted" target="end"/></state><final id="end"/>`)

    await world.placeCall(CALLER)
    const during = await world.leftOver()
    await world.hangUp(CALLER.callId)

    expect(during).toEqual({
      sessions: 1,
      interactions: 1,
      calls: 1,
      effects: 0,
      timers: 1,
      messages: 0,
      waiting: 0,
    })
    expect(Object.values(await world.leftOver()).every((count) => count === 0)).toBe(true)
  })

  it('coverage names the transitions that no session took', async () => {
    await using world = await worldOf(`
      <state id="wait">
        <transition event="interaction.added" target="here"/>
        <transition event="never.* other" target="here"/>
      </state>
      <state id="here"/>`)
    await world.placeCall(CALLER)

    const coverage = transitionCoverage()
    coverage.add(await world.session())
    const missing = coverage.missing(await world.chart('app'))

    expect(missing).toEqual([expect.stringMatching(/^wait:\d+ never other → here$/)])
  })
})

describe('a new node after each event', () => {
  it('changes nothing of what a session does', async () => {
    const body = `
      <script>var count = 0; var list = []; list.push(list);</script>
      <state id="wait">
        <onentry><send event="'tick'" delay="'1s'"/></onentry>
        <transition event="tick" cond="count &lt; 3" target="wait">
          <script>count += 1;</script><log expr="count + ' ' + (list[0] === list)"/>
        </transition>
        <transition event="tick" target="end"/>
      </state>
      <final id="end"/>`

    const accounts: unknown[] = []
    for (const restartAfterEachEvent of [false, true]) {
      await using world = await worldOf(body, { restartAfterEachEvent })
      await world.placeCall(CALLER)
      await world.advance({ seconds: 10 })
      const { logs, events, lastEntered } = await world.session()
      accounts.push({ logs, events, lastEntered })
    }

    expect(accounts[0]).toMatchObject({ logs: ['1 true', '2 true', '3 true'], lastEntered: 'end' })
    expect(accounts[1]).toEqual(accounts[0])
  })
})
