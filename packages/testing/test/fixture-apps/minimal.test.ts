import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { SessionView, World } from '@segue/testing'
import { addressOf, centreWith, fixtureApps, STANDARD_CALL } from './fixtures.ts'

const VOICE = {
  g_uid: 'ixn1',
  category: 'voice',
  tenantid: '1',
  parentid: '',
  udata: {},
  location: { media_server: 'SIP_East' },
  parties: { p1: { device: '4201', devicetype: 'routepoint' } },
  voice: {
    type: 'inbound',
    media: 'TMediaVoice',
    ani: '0811112222',
    dnis: '9000',
    callid: '1001',
    connid: '00710299A0001',
  },
}
const MESSAGE = {
  g_uid: 'ixn1',
  category: 'msgbased',
  tenantid: '1',
  parentid: '',
  udata: {},
  parties: {},
  msgbased: { type: 'InboundNew', media: 'TMediaEMail', queue: 'Q1' },
}
const CONSULT = { ...VOICE, parentid: 'ixn0', voice: { ...VOICE.voice, type: 'consult' } }
const PARENT = { ...VOICE, g_uid: 'ixn0' }

interface Setting {
  readonly page?: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly documents?: Readonly<Record<string, string>>
  readonly restartAfterEachEvent?: boolean
}

function project({ page = 'IPD_default_empty.scxml', parameters = {}, ...more }: Setting = {}): Promise<World> {
  const url = page.startsWith('src') ? `minimal/${page}` : `minimal/src-gen/${page}`
  return startWorld({ configuration: centreWith([{ name: 'app', url, parameters }]), ...more })
}

function offer(world: World, interaction: typeof VOICE | typeof MESSAGE, application = 'app'): Promise<void> {
  return world.offer({ interaction, focusDeviceId: '4201', application, asksForRoute: false })
}

/** An application that waits for a route request, with its interaction in place. */
async function waitingForRoute(more: Setting = {}, interaction: typeof VOICE | typeof MESSAGE = VOICE): Promise<World> {
  const { parameters = {}, ...rest } = more
  const world = await project({ ...rest, parameters: { start_workflow_onrouterequest: true, ...parameters } })
  await offer(world, interaction)
  return world
}

/** Lines that every session of a page logs until its workflow has been entered, in this order. */
function prologue(name: string, S: string, ixn = 'ixn1'): readonly string[] {
  return [
    `[${name}] page ${addressOf('minimal', 'src-gen', `IPD_default_${name}.scxml`)}`,
    `[${name}] interaction process ready`,
    `[${name}] handler waits`,
    `${S}: application region leaves interaction.added`,
    `${S}: handler takes interaction.added ${ixn}`,
    `${S}: work on interaction ${ixn}`,
    `${S}: handler starts the workflow`,
    `${S}: interaction ${ixn} goes to workflow ${name}`,
    `[${name}] workflow started`,
    `[${name}] project at ${addressOf('minimal')}/`,
  ]
}

function expectEpilogue(session: SessionView, name: string): void {
  const S = session.sessionId
  expect(session.logs.slice(-2)).toEqual([
    `${S}: exit block Exit1, workflow ${name} is complete`,
    `${S}: global exit of ${name}`,
  ])
  expect(session.events).toContain(`done.state.${name}._composer_entry`)
  expect(session.isRunning).toBe(false)
}

/** The lines in this order; other lines may stand between them. */
function expectInOrder(session: SessionView, lines: readonly string[]): void {
  expect(session.logs.filter((text) => lines.includes(text))).toEqual(lines)
}

function holdRequest(world: World, kind: string): void {
  world.hold(({ body }) => JSON.stringify(body).includes(`"request":{"kind":"${kind}"`))
}

async function expectNothingLeft(world: World, interactions = 0): Promise<void> {
  await world.advance({ hours: 1 })
  expect(await world.leftOver()).toEqual({
    sessions: 0,
    interactions,
    calls: 0,
    effects: 0,
    timers: 0,
    messages: 0,
    waiting: 0,
  })
  expect(world.incidents).toEqual([])
}

describe.skipIf(fixtureApps === undefined)('minimal', () => {
  it('1: a voice interaction goes through the workflow with no action at all', async () => {
    await using world = await project()

    await offer(world, VOICE)

    const session = await world.session()
    expectInOrder(session, prologue('empty', session.sessionId))
    expectEpilogue(session, 'empty')
    expect(session.actions).toEqual([])
    expect(session.errors).toEqual([])
    expect(world.held).toEqual([])
    await expectNothingLeft(world, 1)
  })

  it('1: a call of the switch runs the same way as an offered interaction', async () => {
    await using world = await project()

    await world.placeCall(STANDARD_CALL)

    const session = await world.session()
    expectInOrder(session, prologue('empty', session.sessionId, STANDARD_CALL.callId))
    expectEpilogue(session, 'empty')
    expect(session.actions).toEqual([])
  })

  it('2: a message is terminated on exit, and the session waits for the answer', async () => {
    await using world = await project()
    holdRequest(world, 'terminate')

    await offer(world, MESSAGE)
    await world.advance({ minutes: 10 })
    const waiting = await world.session()
    const R1 = waiting.actions[0]?.requestId
    const [held] = world.held
    await held?.answer('interaction.terminate.done', { requestid: R1, interactionid: 'ixn1' })

    expectInOrder(waiting, prologue('empty', waiting.sessionId))
    expect(waiting.isRunning).toBe(true)
    expect(waiting.actions.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      { name: 'interaction:terminate', attributes: { interactionid: 'ixn1', reason: 'Auto-stop interaction' } },
    ])
    expect(R1).toMatch(/./)
    const session = await world.session()
    expectEpilogue(session, 'empty')
    expect(session.actions).toHaveLength(1)
  })

  it('2: the deletion that follows the answer finds nobody who needs it', async () => {
    await using world = await project()

    await offer(world, MESSAGE)

    const session = await world.session()
    expect(session.events).toContain('interaction.terminate.done')
    expect(session.events).not.toContain('interaction.deleted')
    expectEpilogue(session, 'empty')
    await expectNothingLeft(world)
  })

  it('3: a refused terminate ends the workflow as well, and the handler does not act', async () => {
    await using world = await project()
    holdRequest(world, 'terminate')
    await offer(world, MESSAGE)

    const [held] = world.held
    await held?.answer('error.interaction.terminate', {
      requestid: held.requestId,
      interactionid: 'ixn1',
      error: 'unknown',
      description: 'refused',
    })

    const session = await world.session()
    expectEpilogue(session, 'empty')
    expect(session.actions).toHaveLength(1)
    expect(session.logs.filter((text) => text.includes('handler takes an unhandled error'))).toEqual([])
  })

  it('4: a foreign error while the terminate is under way ends the session through the handler', async () => {
    await using world = await project()
    holdRequest(world, 'terminate')
    await offer(world, MESSAGE)
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'error.session.fetch', { requestid: 'unknown' })

    const session = await world.session()
    expect(session.logs).toContain(`${sessionId}: handler takes an unhandled error: error.session.fetch`)
    expect(session.actions.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      { name: 'interaction:terminate', attributes: { interactionid: 'ixn1', reason: 'Auto-stop interaction' } },
      { name: 'interaction:terminate', attributes: { interactionid: 'ixn1', reason: 'Auto-stop interaction' } },
    ])
    expect(session.events).toContain('application.exit')
    expect(session.logs.at(-1)).toBe(`${sessionId}: global exit of empty`)
    expect(session.logs.filter((text) => text.includes('exit block'))).toEqual([])
    expect(session.isRunning).toBe(false)
  })

  it('4: with a voice interaction that waits for its start no terminate is sent', async () => {
    await using world = await waitingForRoute()
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'error.session.fetch', { requestid: 'unknown' })

    const session = await world.session()
    expect(session.logs).toContain(`${sessionId}: handler takes an unhandled error: error.session.fetch`)
    expect(session.actions).toEqual([])
    expect(session.logs.at(-1)).toBe(`${sessionId}: global exit of empty`)
    expect(session.isRunning).toBe(false)
  })

  describe('consult', () => {
    async function consulting(restartAfterEachEvent = false): Promise<World> {
      const world = await project({ restartAfterEachEvent })
      holdRequest(world, 'attach')
      await offer(world, PARENT, '')
      await offer(world, CONSULT)
      return world
    }

    it.each([false, true])('5: attaches its parent and starts a second later (restarts: %s)', async (restarts) => {
      await using world = await consulting(restarts)
      const asking = await world.session()
      const S = asking.sessionId
      const R1 = asking.actions[0]?.requestId
      const system = asking.data['system'] as { context: { RequestID: string } }
      const [held] = world.held

      await held?.answer('interaction.attach.done', { requestid: 'another', interactionid: 'ixn0' }, { answers: false })
      const unmoved = await world.session()
      await held?.answer('interaction.attach.done', { requestid: R1, interactionid: 'ixn0' })
      await world.advance({ ms: 999 })
      const early = await world.session()
      await world.advance({ ms: 1 })

      expect(asking.logs).toContain(`${S}: consult call, attach its parent`)
      expect(asking.actions.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
        { name: 'interaction:attach', attributes: { interactionid: 'ixn0' } },
      ])
      expect(system.context.RequestID).toBe(R1)
      expect(unmoved.logs.slice(asking.logs.length)).toEqual([
        `${S}: application region leaves interaction.attach.done`,
      ])
      expect(early.logs.slice(-3)).toEqual([
        `${S}: parent attached ixn0`,
        `${S}: work on interaction ixn1`,
        `${S}: handler starts the workflow in a second`,
      ])
      const session = await world.session()
      expect(session.trace.filter(({ kind, name }) => kind === 'event' && name === 'application.start')).toEqual([
        expect.objectContaining({ type: 'external' }),
      ])
      expectEpilogue(session, 'empty')
      expect(session.actions).toHaveLength(1)
    })

    it('5: a second interaction.added changes nothing', async () => {
      await using world = await consulting()
      const { sessionId, logs } = await world.session()

      await world.sendEvent(sessionId, 'interaction.added', { interactionid: 'ixn0', focusdeviceid: '4201' })

      const session = await world.session()
      expect(session.logs.slice(logs.length)).toEqual([`${sessionId}: application region leaves interaction.added`])
      expect(session.actions).toHaveLength(1)
    })

    it('5: with the real answer the parent is attached and released with the session', async () => {
      await using world = await project()

      await offer(world, PARENT, '')
      await offer(world, CONSULT)
      const owner = (await world.interaction('ixn0'))?.['owner']
      await world.advance({ seconds: 1 })

      const session = await world.session()
      expect(owner).toBe(session.sessionId)
      expectEpilogue(session, 'empty')
      expect((await world.interaction('ixn0'))?.['owner']).toBe('')
    })

    it('6: merged before the start, the workflow runs for the parent', async () => {
      await using world = await consulting()
      const { sessionId: S } = await world.session()
      const [held] = world.held

      await world.sendEvent(S, 'interaction.onmerge', { frominteractionid: 'ixn1', tointeractionid: 'ixn0' })
      await world.sendEvent(S, 'interaction.deleted', { interactionid: 'ixn1', resultof: 'merge' })
      const merged = await world.session()
      await held?.answer('interaction.attach.done', { requestid: held.requestId, interactionid: 'ixn0' })
      await world.advance({ seconds: 1 })

      expect(merged.isRunning).toBe(true)
      expect((merged.data['system'] as { context: { Type: string } }).context.Type).toBe('consult')
      const session = await world.session()
      expectInOrder(session, [
        `${S}: merged ixn1 into ixn0`,
        `${S}: parent attached ixn0`,
        `${S}: work on interaction ixn0`,
        `${S}: handler starts the workflow in a second`,
        `${S}: interaction ixn0 goes to workflow empty`,
      ])
      expectEpilogue(session, 'empty')
    })
  })

  it('7: with the parameter the workflow starts on the route request', async () => {
    await using world = await waitingForRoute()
    const waiting = await world.session()
    const S = waiting.sessionId

    await world.offer({ interaction: VOICE, focusDeviceId: '4201', application: 'app' })

    expect(waiting.isRunning).toBe(true)
    expect(waiting.events).not.toContain('application.start')
    const session = await world.session()
    expect(session.events).toContain('interaction.onrouterequest')
    expectInOrder(session, [
      `${S}: handler takes interaction.onrouterequest ixn1`,
      `${S}: handler starts the workflow on route request`,
      `${S}: interaction ixn1 goes to workflow empty`,
    ])
    expectEpilogue(session, 'empty')
  })

  it.each(['true', true])('7: the parameter %j compares equal to true', async (value) => {
    await using world = await waitingForRoute({ parameters: { start_workflow_onrouterequest: value } })
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'interaction.onrouterequest', { interactionid: 'ixn1', focusdeviceid: '4201' })

    expect((await world.session()).logs).toContain(`${sessionId}: handler starts the workflow on route request`)
  })

  it('8: an interaction that is gone before the start ends the session', async () => {
    await using world = await waitingForRoute()
    const { sessionId: S } = await world.session()

    await world.sendEvent(S, 'interaction.deleted', { interactionid: 'ixn1' })

    const session = await world.session()
    expect(session.logs).toContain(`${S}: effective interaction is gone, exit`)
    expect(session.events).toContain('application.exit')
    expect(session.logs.at(-1)).toBe(`${S}: global exit of empty`)
    expect(session.isRunning).toBe(false)
    expect(session.actions).toEqual([])
    await expectNothingLeft(world, 1)
  })

  describe('9: party state', () => {
    it.each([
      ['a routing point is this device', VOICE, '4201', '4201'],
      [
        'an agent is not',
        { ...VOICE, parties: { ...VOICE.parties, p2: { device: '7001', devicetype: 'agent' } } },
        '7001',
        '4201',
      ],
      ['a message takes any device', MESSAGE, '7001', '7001'],
    ])('%s', async (_title, interaction, focusDeviceId, thisDn) => {
      await using world = await waitingForRoute({}, interaction)
      const { sessionId } = await world.session()

      await world.sendEvent(sessionId, 'interaction.partystatechanged', {
        interactionid: 'ixn1',
        focusdeviceid: focusDeviceId,
      })

      const session = await world.session()
      expect(session.logs.at(-1)).toBe(`${sessionId}: party state changed at ${focusDeviceId}`)
      expect((session.data['system'] as { context: { ThisDN: string } }).context.ThisDN).toBe(thisDn)
      expect(session.isRunning).toBe(true)
    })
  })

  it('10: an unhandled error.notallowed ends the session like any error', async () => {
    await using world = await waitingForRoute()
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'error.notallowed', { description: 'not for you' })

    const session = await world.session()
    expectInOrder(session, [
      `${sessionId}: handler takes an unhandled error: error.notallowed`,
      `${sessionId}: text: not for you`,
      `${sessionId}: global exit of empty`,
    ])
    expect(session.isRunning).toBe(false)
  })

  it('10: with a datum keepSessionAlive the session ignores it and stays', async () => {
    const path = 'minimal/src-gen/IPD_default_empty.scxml'
    const text = await readFile(join(fixtureApps ?? '', path), 'utf8')
    const withDatum = text.replace('</datamodel>', '<data id="keepSessionAlive" expr="true"/></datamodel>')
    await using world = await waitingForRoute({ documents: { [path]: withDatum } })
    const { sessionId, logs } = await world.session()

    await world.sendEvent(sessionId, 'error.notallowed')

    const session = await world.session()
    expect(session.logs.slice(logs.length)).toEqual([
      `${sessionId}: application region leaves error.notallowed`,
      `${sessionId}: handler ignores error.notallowed`,
    ])
    expect(session.isRunning).toBe(true)
  })

  it('11: a workflow page that is started alone says so and ends at once', async () => {
    await using world = await project()

    const started = await world.startSession(addressOf('minimal', 'src-gen', 'empty.scxml'))

    expect(started.ok).toBe(true)
    const session = await world.session()
    expect(session.logs).toEqual(['[empty] this page is a workflow: start its interaction process page instead'])
    expect(session.isRunning).toBe(false)
    expect(session.errors).toEqual([])
    const chart = await world.chart(addressOf('minimal', 'src-gen', 'empty.scxml'))
    expect(chart.stateIds).toContain('Entry1')
    expect(chart.stateIds.join()).not.toContain('$$_MY_PREFIX_$$')
  })

  it('12: lesson assigns, logs at level 2 and ends', async () => {
    await using world = await project({ page: 'IPD_default_lesson.scxml' })

    await offer(world, VOICE)

    const session = await world.session()
    expectInOrder(session, prologue('lesson', session.sessionId))
    expect(session.events.filter((name) => name.endsWith('.script.done'))).toEqual([
      'Assign1.script.done',
      'Log1.script.done',
    ])
    expect(session.trace).toContainEqual(
      expect.objectContaining({ kind: 'log', text: 'lesson says good day', level: 2 }),
    )
    expectEpilogue(session, 'lesson')
    expect(session.actions).toEqual([])
  })

  it('12: lesson terminates a message, for the text "1" counts', async () => {
    await using world = await project({ page: 'IPD_default_lesson.scxml' })

    await offer(world, MESSAGE)

    const session = await world.session()
    expect(session.actions.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
      { name: 'interaction:terminate', attributes: { interactionid: 'ixn1', reason: 'Auto-stop interaction' } },
    ])
    expectEpilogue(session, 'lesson')
    await expectNothingLeft(world)
  })

  it('12: SessionEnd, a root page with the prefix macro, runs', async () => {
    await using world = await project({ page: 'src/SessionEnd.scxml' })

    await offer(world, VOICE)

    const session = await world.session()
    expect(session.logs).toEqual(['session end page waits', 'session end page got ixn1', 'session end page is done'])
    expect(session.events).toContain('done.state._composer_entry')
    expect(session.isRunning).toBe(false)
  })
})
