import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serveFolder, startWorld } from '@segue/testing'
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
const CALLER = { from: '0301112233', to: '4200', callId: 'CALL1' }

function document(body: string): string {
  return `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" initial="wait" profile="ecmascript" name="app"
    xmlns:session="http://www.genesyslab.com/modules/session" xmlns:queue="http://www.genesyslab.com/modules/queue"
    xmlns:dialog="http://www.genesyslab.com/modules/dialog" xmlns:xi="http://www.w3.org/2001/XInclude">${body}</scxml>`
}

function worldOf(body: string, more: Partial<WorldOptions> = {}): Promise<World> {
  return startWorld({
    configuration: { folder: '.', objects: CENTRE },
    documents: { 'app.scxml': document(body) },
    ...more,
  })
}

const PLAYING = `
  <script>var request; var ixn;</script>
  <state id="wait">
    <transition event="interaction.added" target="play"><assign location="ixn" expr="_event.data.interactionid"/></transition>
  </state>
  <state id="play">
    <onentry>
      <dialog:start type="'applid'" interactionid="ixn" requestid="request"><param name="APP_URI" expr="'a.vxml'"/></dialog:start>
      <script>_genesys.ixn.setuData({ greeted: 'yes' }, ixn)</script>
    </onentry>
    <transition event="dialog.start.done"><log expr="'done'"/></transition>
  </state>`

describe('actions', () => {
  it('of all sessions stand in order, with what the world was asked to do', async () => {
    await using world = await worldOf(PLAYING)

    await world.placeCall(CALLER)
    await world.placeCall({ ...CALLER, callId: 'CALL2' })

    const [one, other] = await world.sessionIds()
    expect(world.actions.map(({ name, sessionId }) => ({ name, sessionId }))).toEqual([
      { name: 'dialog:start', sessionId: one },
      { name: 'dialog:start', sessionId: other },
    ])
    expect(world.actions[1]).toMatchObject({
      attributes: { type: 'applid', interactionid: 'CALL2' },
      params: { APP_URI: 'a.vxml' },
      commands: [{ name: 'dialog:start', body: { to: { kind: 'interaction', id: 'CALL2' } } }],
    })
    expect(world.commands.map(({ name }) => name)).toContain('ixn.setuData')
  })

  it('are held by the name of their kind or function', async () => {
    await using world = await worldOf(PLAYING)
    world.hold(({ name }) => name === 'dialog:start' || name === 'ixn.setuData')

    await world.placeCall(CALLER)

    expect(world.held.map(({ interactionId, name }) => [name, interactionId])).toEqual([
      ['dialog:start', 'CALL1'],
      ['ixn.setuData', 'CALL1'],
    ])
  })

  it('are told again or too late when the test says so', async () => {
    await using world = await worldOf(PLAYING)
    world.hold(({ name }) => name === 'dialog:start')
    await world.placeCall(CALLER)
    const [held] = world.held

    await held?.tell('dialog.start.done', { requestid: held.requestId })
    const isOver = held?.isOver
    await held?.tell('dialog.start.done', { requestid: held.requestId })

    expect(isOver).toBe(true)
    expect((await world.session()).logs).toEqual(['done', 'done'])
  })

  it('are performed again after the end of the rules', async () => {
    await using world = await worldOf(PLAYING)
    world.hold(() => true)
    world.releaseHolds()

    await world.placeCall(CALLER)

    expect(world.held).toEqual([])
    expect(world.switch.counters().treated).toBe(1)
  })
})

describe('interactions', () => {
  it.each(['email', 'chat', 'sms', 'workitem', 'voice'])(
    'of category %s have every field that the test gives',
    async (category) => {
      const body = `<state id="wait"><transition event="interaction.added">
      <log expr="JSON.stringify(_genesys.ixn.interactions[_event.data.interactionid])"/></transition></state>`
      await using world = await worldOf(body)
      const interaction = {
        g_uid: 'IXN7',
        category,
        tenantid: '1',
        parentid: 'IXN6',
        udata: { Subject: 'hello' },
        parties: { Inbox: { device: 'Inbox', state: 'connected' } },
        msgbased: { fromaddress: 'a@example' },
      }

      await world.offer({ interaction, focusDeviceId: 'Inbox', application: 'app' })

      expect(JSON.parse((await world.session()).logs[0] ?? '{}')).toMatchObject(interaction)
    },
  )

  it('take messages as a switch sends them', async () => {
    await using world = await worldOf(PLAYING)
    await world.placeCall(CALLER)

    await world.tellInteraction('CALL1', { kind: 'resync', switchName: 'SIP', call: undefined })

    expect(await world.interaction('CALL1')).toMatchObject({ hasEnded: true })
  })
})

describe('events', () => {
  it('can be taken by a module before the document sees them', async () => {
    const body = `<state id="wait"><transition event="interaction.added"><log expr="_genesys.ixn.interactions['X1'].category"/></transition></state>`
    await using world = await worldOf(body)
    const started = await world.startSession(new URL('app.scxml', world.baseUrl).href)
    const payload = { kind: 'put', interaction: { g_uid: 'X1', category: 'chat' } }

    await world.sendEvent(
      started.ok ? started.sessionId : '',
      'interaction.added',
      { interactionid: 'X1' },
      { module: 'interaction', payload },
    )

    expect((await world.session()).logs).toEqual(['chat'])
  })

  it('end a session from outside', async () => {
    await using world = await worldOf('<state id="wait"><onexit><log expr="\'bye\'"/></onexit></state>')
    await world.placeCall(CALLER)

    await world.terminateSession((await world.session()).sessionId, 'test')

    expect(await world.session()).toMatchObject({ isRunning: false, logs: ['bye'] })
  })
})

describe('time', () => {
  const ticking = `<state id="wait"><onentry><send event="'tick'" delay="'20s'"/></onentry><transition event="tick" target="wait"/></state>`

  it('passes until an event comes, and not further', async () => {
    await using world = await worldOf(ticking, { at: '2024-05-15T12:00:00Z' })
    await world.placeCall(CALLER)

    const isThere = await world.advanceToEvent('tick', { minutes: 5 })
    const first = world.nowMs
    await world.advanceToEvent('tick', { minutes: 5 })

    expect(isThere).toBe(true)
    expect(new Date(first).toISOString()).toBe('2024-05-15T12:00:20.000Z')
    expect(world.nowMs - first).toBe(20_000)
  })

  it('passes in vain at most as long as said', async () => {
    await using world = await worldOf(ticking)
    await world.placeCall(CALLER)
    const startMs = world.nowMs

    expect(await world.advanceToEvent('tock', { minutes: 1 })).toBe(false)
    expect(world.nowMs - startMs).toBe(60_000)
  })

  it('is that of the zone, which is set back at the end', async () => {
    const before = process.env['TZ']
    const body = '<state id="wait"><onentry><log expr="new Date().getHours()"/></onentry></state>'
    const hours: string[] = []
    for (const zone of ['America/New_York', 'Asia/Tokyo']) {
      await using world = await worldOf(body, { zone, at: '2024-01-17T12:00:00Z' })
      await world.placeCall(CALLER)
      hours.push(...(await world.session()).logs)
    }

    expect(hours).toEqual(['7', '21'])
    expect(process.env['TZ']).toBe(before)
  })

  it('leaves timers that wait visible until they fire or go', async () => {
    await using world = await worldOf(ticking)
    await world.placeCall(CALLER)
    const { sessionId } = await world.session()
    await world.advance({ seconds: 21 })
    const during = world.timers.map((timer) => [timer.sessionId, timer.dueEpochMs - world.nowMs])

    await world.terminateSession(sessionId, 'test')

    expect(during).toEqual([[sessionId, 19_000]])
    expect(world.timers).toEqual([])
  })
})

describe('statistics', () => {
  it('give what the test has set, and follow its changes', async () => {
    const body = `<state id="wait"><transition event="ask">
      <log expr="_genesys.statistic.sData('VQ@Stat.Q', 'StatCallsInQueue') + ' ' + _genesys.statistic.getMaxData(['VQ@Stat.Q', 'VR@Stat.Q'], 'StatCallsInQueue')"/>
      </transition></state>`
    await using world = await worldOf(body, { statistics: { VQ: { StatCallsInQueue: 7 } } })
    await world.placeCall(CALLER)
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'ask')
    world.setStatistic('VR', 'StatCallsInQueue', 9)
    await world.sendEvent(sessionId, 'ask')

    expect((await world.session()).logs).toEqual(['7 7', '7 9'])
  })
})

describe('web services', () => {
  const fetching = (url: string, method = 'get'): string => `
    <script>var request;</script>
    <state id="wait">
      <onentry><session:fetch requestid="request" srcexpr="'${url}'" method="'${method}'" timeout="5" gdelivery="true" gd_retries="3" gd_retry_interval="1"/></onentry>
      <transition event="session.fetch.done"><log expr="'got ' + _event.data.content"/></transition>
      <transition event="error.session.fetch"><log expr="'failed ' + _event.data.error"/></transition>
    </state>`

  it.each([
    ['an address', 'http://api.example/rooms/7'],
    ['the begin of a path', '/rooms'],
    ['a pattern', 'http://*.example/rooms/*'],
  ])('are stubbed by %s', async (_how, url) => {
    await using world = await worldOf(fetching('http://api.example/rooms/7?free=1'))
    world.http.on('*', url, { body: '"7"', headers: { 'x-a': 'b' } })

    await world.placeCall(CALLER)
    await world.settle()

    expect((await world.session()).logs).toEqual(['got "7"'])
    expect(world.http.requests).toMatchObject([
      { method: 'GET', isStubbed: true, url: 'http://api.example/rooms/7?free=1' },
    ])
  })

  it('fail in every way, attempt by attempt', async () => {
    await using world = await worldOf(fetching('http://api.example/rooms', 'post'))
    world.http.on('POST', '/rooms', { reset: true }, { hang: true }, { body: 'slow', bodyAfterMs: 3_000 })
    await world.placeCall(CALLER)
    const startMs = world.nowMs

    await world.advanceToEvent('session.fetch.done', { minutes: 1 })

    expect((await world.session()).logs).toEqual(['got slow'])
    // One second between tries, five that hang, three for the body.
    expect(world.nowMs - startMs).toBe(10_000)
    expect(world.http.requests).toHaveLength(3)
  })

  it('a stub can be put before the others', async () => {
    await using world = await worldOf(fetching('http://api.example/rooms'))
    world.http.on('GET', '/', { body: 'old' })
    world.http.override('GET', '/rooms', { body: 'new' })

    await world.placeCall(CALLER)
    await world.settle()

    expect((await world.session()).logs).toEqual(['got new'])
  })
})

describe('documents', () => {
  const page = document(`
    <script><xi:include href="lib/words.js" parse="text"/></script>
    <state id="wait"><onentry><log expr="word + ' ' + __GetDocumentURL().split(':')[0]"/></onentry></state>`)

  async function project(): Promise<AsyncDisposable & { readonly path: string }> {
    const path = await mkdtemp(join(tmpdir(), 'segue-world-'))
    await mkdir(join(path, 'lib'))
    await writeFile(join(path, 'segue.yaml'), JSON.stringify(CENTRE))
    await writeFile(join(path, 'app.scxml'), page)
    await writeFile(join(path, 'lib', 'words.js'), 'var word = "hello";')
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
  }

  it.each([false, true])('run unchanged from a folder (served over HTTP: %s)', async (isServed) => {
    await using folder = await project()
    await using world = await startWorld({ configuration: folder.path, isServed })

    await world.placeCall(CALLER)
    await world.restart()

    expect((await world.session()).logs).toEqual([`hello ${isServed ? 'http' : 'file'}`])
  })

  it('run from an address of another server', async () => {
    await using folder = await project()
    await using served = await serveFolder(folder.path)
    await using world = await startWorld({
      configuration: {
        folder: '.',
        objects: { ...CENTRE, applications: [{ name: 'app', url: `${served.url}app.scxml` }] },
      },
    })

    await world.placeCall(CALLER)

    expect((await world.session()).logs).toEqual(['hello http'])
    expect(served.requests.map(({ path }) => path)).toContain('lib/words.js')
  })

  it('nothing outside of a served folder is to be had', async () => {
    await using folder = await project()
    await using served = await serveFolder(join(folder.path, 'lib'))

    const statuses: number[] = []
    for (const path of ['words.js', '../app.scxml', '%2e%2e/app.scxml', '..%2fapp.scxml', 'none.js'])
      statuses.push((await fetch(served.url + path)).status)
    const posted = await fetch(`${served.url}words.js`, { method: 'POST' })

    expect(statuses).toEqual([200, 404, 404, 404, 404])
    expect(posted.status).toBe(405)
  })
})

describe('something unexpected', () => {
  it('is every error, unhandled event, refusal and request that nobody foresaw', async () => {
    const body = `
      <state id="wait">
        <onentry><script>nothing.here()</script></onentry>
        <onentry><queue:submit queue="'VQ'"/></onentry>
        <onentry><session:fetch srcexpr="'http://nowhere.example/'" method="'get'" timeout="5"/></onentry>
        <transition event="error.session.fetch"/>
      </state>`
    await using world = await worldOf(body)

    await world.placeCall(CALLER)
    await world.advance({ seconds: 10 })

    const kinds = world.unexpected().map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['error', 'unhandled', 'refused', 'request']))
    expect(() => world.expectNothingUnexpected()).toThrow(/something unexpected happened\n.*nothing/)
    expect(() => world.expectNothingUnexpected({ allow: ['error', 'unhandled', 'refused', 'request'] })).not.toThrow()
  })

  it('is not there when all went well', async () => {
    await using world = await worldOf(PLAYING)
    await world.placeCall(CALLER)
    await world.advance({ minutes: 10 })

    expect(world.unexpected()).toEqual([])
  })
})
