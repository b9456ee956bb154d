import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { SessionView, StubbedAnswer, World } from '@segue/testing'
import { addressOf, centreWith, fixtureApps, STANDARD_CALL } from './fixtures.ts'

const ixn1 = STANDARD_CALL.callId
const API = 'http://bank.example'
/** Where the project believes to be when it is served over HTTP. */
const SERVED = 'http://apps.example/bank-inbound/'
const PAGE = 'bank-inbound/src-gen/IPD_default_inbound.scxml'
const OPEN = '2024-05-15T12:00:00Z'

const LISTS = [
  {
    name: 'NW_SETTINGS',
    items: {
      inbound: {
        api_base: API,
        api_key: 'nw-key-1',
        journey_path: '/journey',
        profile_path: '/profile',
        score_path: '/score',
        route_list: 'NW_ROUTES',
        service_list: 'NW_SERVICES',
        stat_server: 'StatNW',
        target_timeout: '20',
        priority: '1',
        menu_uri: addressOf('bank-inbound', 'voice', 'menu.vxml'),
      },
    },
  },
  {
    name: 'NW_SERVICES',
    items: {
      hours: {
        Sun: 'closed',
        Mon: '08:00-20:00',
        Tue: '08:00-20:00',
        Wed: '08:00-20:00',
        Thu: '08:00-20:00',
        Fri: '08:00-20:00',
        Sat: '09:00-13:00',
      },
    },
  },
  {
    name: 'NW_ROUTES',
    items: {
      c100: { kind: 'group', destination: 'NW_Cards', vq: 'VQ_NW_CARDS', timeout: '20', priority: '5' },
      c200: { kind: 'number', destination: '5550' },
      c300: { kind: 'network', destination: '5561' },
      c400: { kind: 'ringback', destination: '5570' },
      c500: { kind: 'skill', destination: 'NW_Mortgage', vq: 'VQ_NW_MORTGAGE', timeout: '10', priority: '3' },
      default: { kind: 'default', destination: 'NW_FrontLine', vq: 'VQ_NW_DEFAULT', timeout: '20', priority: '1' },
      treatments: { group: 'hold.vxml', skill: 'hold.vxml' },
    },
  },
]

interface Bank {
  readonly at?: string
  /** What the menu leaves in the user data. */
  readonly menu?: Readonly<Record<string, string>>
  readonly profile?: string
  readonly isReady?: boolean
  readonly isApiDown?: boolean
  readonly hasSettings?: boolean
  /** What `/score` answers in turn. */
  readonly score?: readonly StubbedAnswer[]
  /** Texts in place of files of the fixture. */
  readonly documents?: Readonly<Record<string, string>>
  readonly restartAfterEachEvent?: boolean
}

async function bank({
  at = OPEN,
  menu = {},
  profile = '{"customer":{"name":"Ada Example","segment":"gold","blocked":0}}',
  isReady = false,
  isApiDown = false,
  hasSettings = true,
  score = [{ body: '{"ok":1}' }],
  documents = {},
  restartAfterEachEvent = false,
}: Bank): Promise<World> {
  const world = await startWorld({
    at,
    restartAfterEachEvent,
    isServed: true,
    documents,
    configuration: centreWith([{ name: 'inbound', url: PAGE }], {
      dns: [{ number: '7001', switch: 'SIP_East', type: 'extension' }],
      agents: [{ id: '8001', dn: '7001', skills: { Mortgage: 5 } }],
      agentGroups: [
        { name: 'NW_Cards', agents: ['8001'] },
        { name: 'NW_FrontLine', agents: ['8001'] },
      ],
      virtualQueues: ['VQ_NW_CARDS', 'VQ_NW_MORTGAGE', 'VQ_NW_DEFAULT'].map((name) => ({ name })),
      statServers: ['StatNW'],
      lists: hasSettings ? LISTS : LISTS.slice(1),
    }),
    switchPlan: {
      applications: [
        { uri: addressOf('bank-inbound', 'voice', 'menu.vxml'), durationS: 5, userData: menu },
        { uri: `${SERVED}voice/menu.vxml`, durationS: 5, userData: menu },
        { uri: addressOf('bank-inbound', 'voice', 'notice.vxml'), durationS: 3 },
      ],
    },
  })
  world.http.on('POST', `${API}/journey`, isApiDown ? { status: 500 } : { body: '{"ok":1}' })
  if (!isApiDown) world.http.on('GET', `${API}/profile`, { body: profile })
  world.http.on('POST', `${API}/score`, ...score)
  await world.agent('8001', 'login')
  if (isReady) await world.agent('8001', 'ready')
  return world
}

function call(world: World, userData: Readonly<Record<string, string | number>> = {}): Promise<string> {
  // `dnis` of the standard interaction is the number of the routing point here.
  return world.placeCall({ ...STANDARD_CALL, userData })
}

function names(session: SessionView): readonly string[] {
  return session.actions.map(({ name }) => name)
}

function bodies(world: World): readonly Readonly<Record<string, unknown>>[] {
  return world.http.requests
    .filter(({ url }) => url === `${API}/journey`)
    .map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>)
}

function expectEpilogue(session: SessionView): void {
  const S = session.sessionId
  expect(session.logs.slice(-2)).toEqual([
    `${S}: exit block Exit1, workflow inbound is complete`,
    `${S}: global exit of inbound`,
  ])
  expect(session.isRunning).toBe(false)
}

describe.skipIf(fixtureApps === undefined)('bank-inbound (Northwind Bank)', () => {
  it.each([PAGE, 'bank-inbound/src-gen/inbound.scxml'])('%s loads', async (page) => {
    await using world = await bank({})

    expect((await world.chart(addressOf(page))).states.length).toBeGreaterThan(2)
    expect(world.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it.each([false, true])('1: routed to a group (a new node after each event: %s)', async (restartAfterEachEvent) => {
    await using world = await bank({
      menu: { 'nw-menu': 'C100', 'nw-exit': 'agent' },
      isReady: true,
      restartAfterEachEvent,
    })

    await call(world)
    await world.advance({ seconds: 20 })

    const session = await world.session()
    const S = session.sessionId
    expect(names(session)).toEqual([
      'session:fetch',
      'session:fetch',
      'dialog:start',
      'queue:submit',
      'interaction:redirect',
      'session:fetch',
    ])
    expect(session.logs).toContain('data ok: true')
    expect(session.logs.filter((text) => text === 'body: {"ok":1}')).toHaveLength(2)
    expect(session.actions[0]?.attributes).toEqual({
      srcexpr: `${API}/journey`,
      method: 'post',
      enctype: 'application/json',
      maxage: 0,
      maxstale: 0,
      type: 'application/json',
      gdelivery: false,
      gd_retries: 1,
      gd_retry_interval: 0,
      timeout: 10,
      headers: { 'x-api-key': 'nw-key-1' },
    })
    expect(bodies(world)[0]).toEqual({
      step: 'begin',
      number: 1,
      caller: '0811112222',
      called: '4201',
      at: '2024-05-15 12:00:00',
      menu: '',
    })
    const profile = world.http.requests[1]
    expect(profile).toMatchObject({
      method: 'GET',
      url: `${API}/profile?caller=0811112222&menu=&caller_ref=${STANDARD_CALL.connId}`,
    })
    const said = [
      'profile {"customer":{"name":"Ada Example","segment":"gold","blocked":0}}',
      `${S}: block MainParameters is switched off`,
      'route of c100',
      'route found',
      'route group NW_Cards',
      'hint {"extensions":{"greeting":"greet-c100.wav"}}',
      'target NW_Cards@StatNW.GA',
    ]
    expect(session.logs.filter((text) => said.includes(text))).toEqual(said)
    expect(session.events).toContain('cancel.successful')
    expect(session.trace).toContainEqual(
      expect.objectContaining({ kind: 'send', event: 'UserData1.wait.timeout', delayMs: 10_000 }),
    )
    expect(session.actions[2]?.params).toEqual({
      APP_URI: addressOf('bank-inbound', 'voice', 'menu.vxml'),
      LANGUAGE: 'English (US)',
    })
    expect(session.actions[3]?.attributes).toEqual({
      route: false,
      interactionid: ixn1,
      queue: 'VQ_NW_CARDS',
      timeout: 20,
      priority: 5,
      clearontimeout: true,
      ordertype: 'max',
      orderstat: 'StatAgentLoading',
    })
    expect(session.events.filter((name) => name.startsWith('queue.'))).toEqual([
      'queue.submit.requestid',
      'queue.submit.done',
    ])
    expect(session.actions[4]?.attributes).toMatchObject({
      detach: true,
      interactionid: ixn1,
      from: '4201',
      hints: { extensions: { greeting: 'greet-c100.wav' } },
    })
    expect(session.events).toContain('interaction.redirect.done')
    expect(bodies(world)[1]).toMatchObject({ step: 'routed', number: 2, called: '4201', menu: 'C100' })
    expect(world.switch.counters().routedTo).toEqual({ 7001: 1 })
    expectEpilogue(session)
    expect(session.errors).toEqual([])
    expect(world.incidents).toEqual([])
  })

  it('2: busy, then routed with a higher priority', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C100', 'nw-exit': 'agent' } })
    await call(world)
    await world.advance({ seconds: 5 + 25 })

    await world.agent('8001', 'ready')
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const [first, second, ...others] = session.actions.filter(({ name }) => name === 'queue:submit')
    expect(others).toEqual([])
    expect(second?.requestId).not.toBe(first?.requestId)
    expect(second?.attributes).toEqual({ ...first?.attributes, priority: 7 })
    expect(session.logs).toContain('[inbound] failed in block TargetGroup')
    expect(session.logs).toContain(`${session.sessionId}: assign block RaisePriority1`)
    expectEpilogue(session)
  })

  it('4: with REST down the call goes on and is ended', async () => {
    await using world = await bank({ menu: { 'nw-exit': 'done' }, isApiDown: true })

    await call(world)
    await world.advance({ seconds: 30 })

    const session = await world.session()
    expect(session.events.filter((name) => name === 'error.session.fetch')).toHaveLength(3)
    expect(names(session)).toEqual([
      'session:fetch',
      'session:fetch',
      'dialog:start',
      'session:fetch',
      'interaction:terminate',
    ])
    expect(bodies(world).at(-1)).toMatchObject({ step: 'self service' })
    expect(session.isRunning).toBe(false)
    expect(world.switch.endStates()).toEqual([expect.objectContaining({ callId: ixn1, endState: 'cleared' })])
  })

  it('5: without the list of settings the defaults are taken', async () => {
    await using world = await bank({ menu: { 'nw-exit': 'done' }, hasSettings: false })

    await call(world)
    await world.advance({ seconds: 40 })

    const session = await world.session()
    expect(session.events).not.toContain('ReadConfig.script.done')
    expect(session.events).toContain('LoadDefaults.script.done')
    expect(session.actions[0]?.attributes).toMatchObject({
      srcexpr: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/bank-inbound\/none\/journey$/),
    })
    expect(session.isRunning).toBe(false)
  })

  it.each([false, true])(
    '5: "With a stub that answers 404 there, as 4" (restarts: %s)',
    async (restartAfterEachEvent) => {
      const common = 'bank-inbound/include/Common.js'
      const text = readFileSync(join(fixtureApps ?? '', common), 'utf8')
      const documents = {
        [common]: text.replace('var url = __GetDocumentURL();', `var url = '${SERVED}src-gen/x.scxml';`),
      }
      await using world = await bank({
        menu: { 'nw-exit': 'done' },
        hasSettings: false,
        documents,
        restartAfterEachEvent,
      })
      for (const method of ['GET', 'POST']) world.http.on(method, `${SERVED}none/`, { status: 404 })

      await call(world)
      await world.advance({ seconds: 40 })

      const session = await world.session()
      expect(session.events).not.toContain('ReadConfig.script.done')
      expect(world.http.requests.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '')}`)).toEqual([
        `POST ${SERVED}none/journey`,
        `GET ${SERVED}none/profile`,
        `POST ${SERVED}none/journey`,
      ])
      expect(world.http.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['', '', ''])
      expect(session.events.filter((name) => name === 'error.session.fetch')).toHaveLength(3)
      expect(session.events).not.toContain('session.fetch.done')
      expect(names(session)).toEqual([
        'session:fetch',
        'session:fetch',
        'dialog:start',
        'session:fetch',
        'interaction:terminate',
      ])
      const steps = world.http.requests.flatMap(({ body }) => (body === '' ? [] : [JSON.parse(body) as object]))
      expect(steps).toMatchObject([{ step: 'begin' }, { step: 'self service' }])
      expect(session.actions.at(-1)?.attributes).toMatchObject({
        interactionid: ixn1,
        reason: 'Disconnect interaction',
      })
      const { view } = (await world.interaction(ixn1)) as { view: { udata: object } }
      expect(view.udata).toMatchObject({
        'nw-status': 'no profile',
        'nw-segment': 'emergency',
        'nw-caller': '0811112222',
        'nw-customer': 'unknown',
      })
      expect(session.isRunning).toBe(false)
      expect(world.switch.endStates()).toEqual([expect.objectContaining({ callId: ixn1, endState: 'cleared' })])
    },
  )

  it('6: a blocked customer is disconnected', async () => {
    await using world = await bank({ profile: '{"customer":{"name":"Ada Example","segment":"gold","blocked":"1"}}' })

    await call(world)
    await world.advance({ seconds: 2 })

    const session = await world.session()
    expect(names(session)).toEqual(['session:fetch', 'session:fetch', 'interaction:terminate'])
    expect(session.actions[2]?.attributes).toMatchObject({ reason: 'Disconnect interaction' })
    expect(session.isRunning).toBe(false)
    expect(await world.leftOver()).toMatchObject({ sessions: 0, interactions: 0, calls: 0, effects: 0, timers: 0 })
  })

  it('8: on Sunday the closing announcement is played and the call ended', async () => {
    await using world = await bank({ at: '2024-05-19T12:00:00Z' })

    await call(world)
    await world.advance({ seconds: 2 })

    const session = await world.session()
    expect(names(session)).toEqual(['session:fetch', 'session:fetch', 'dialog:play', 'interaction:terminate'])
    expect(session.events).toContain('dialog.play.requestid')
    expect(session.isRunning).toBe(false)
  })

  it('11: a caller who leaves in the menu is reported, and the handler does not act', async () => {
    await using world = await bank({ menu: { 'nw-exit': 'agent' } })
    await call(world)
    await world.advance({ seconds: 3 })
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'interaction.deleted', { interactionid: ixn1, resultof: 'deletion' })
    await world.advance({ seconds: 1 })

    const session = await world.session()
    expect(session.logs.filter((text) => text === '[inbound] workflow started')).toHaveLength(2)
    expect(session.logs).toContain('[inbound] global handler')
    expect(session.logs).toContain('the interaction was deleted')
    expect(bodies(world).at(-1)).toMatchObject({ step: 'left', number: 2, called: '4201' })
    expect(session.events).not.toContain('application.exit')
    expectEpilogue(session)
  })

  it('12: abandoned in the queue, the submit is withdrawn', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C100', 'nw-exit': 'agent' } })
    await call(world)
    await world.advance({ seconds: 10 })
    const waiting = world.summary()?.waiting

    await world.hangUp(ixn1)
    await world.advance({ seconds: 1 })

    expect(waiting).toBe(1)
    const session = await world.session()
    expect(session.logs).toContain('the caller abandoned')
    expect(bodies(world).at(-1)).toMatchObject({ step: 'left' })
    expectEpilogue(session)
    await world.advance({ minutes: 5 })
    expect(Object.values(await world.leftOver()).every((count) => count === 0)).toBe(true)
  })

  it('13: deleted by a detach, neither region acts', async () => {
    await using world = await bank({})
    await call(world)
    await world.advance({ seconds: 3 })
    const { sessionId, logs } = await world.session()

    await world.sendEvent(sessionId, 'interaction.deleted', { interactionid: ixn1, resultof: 'detach' })

    const session = await world.session()
    expect(session.logs.slice(logs.length)).toEqual([`${sessionId}: application region leaves interaction.deleted`])
    expect(session.isRunning).toBe(true)
  })

  it('14: forced to a number', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C200', 'nw-exit': 'agent' } })

    await call(world)
    await world.advance({ seconds: 10 })

    const session = await world.session()
    const redirect = session.actions.find(({ name }) => name === 'interaction:redirect')
    expect(redirect?.attributes).toMatchObject({ detach: true, interactionid: ixn1, from: '4201', to: '5550' })
    expect(redirect?.attributes).not.toHaveProperty('hints')
    expect(world.switch.counters().routedTo).toEqual({ 5550: 1 })
    expectEpilogue(session)
  })

  it('15: a network route after a notice', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C300', 'nw-exit': 'agent' } })

    await call(world)
    await world.advance({ seconds: 15 })

    const session = await world.session()
    expect(session.actions.filter(({ name }) => name === 'dialog:start')[1]).toMatchObject({
      attributes: { type: 'applid', interactionid: ixn1, device: '4201' },
      params: { APP_URI: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/bank-inbound\/voice\/notice\.vxml$/) },
    })
    expect(session.actions.find(({ name }) => name === 'interaction:redirect')?.attributes).toMatchObject({
      to: '5561',
      hints: {},
    })
    expectEpilogue(session)
  })

  it('19: a skill that nobody has in time leads over a cancel to the default target', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C500', 'nw-exit': 'agent' } })
    await call(world)
    await world.advance({ seconds: 5 + 11 })

    await world.agent('8001', 'ready')
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const [skill, everybody] = session.actions.filter(({ name }) => name === 'queue:submit')
    expect(skill?.attributes).toEqual({
      route: false,
      interactionid: ixn1,
      queue: 'VQ_NW_MORTGAGE',
      timeout: 10,
      clearontimeout: false,
      ordertype: 'max',
      orderstat: 'StatAgentLoading',
    })
    expect(session.logs).toContain(`take back submit ${skill?.requestId ?? ''}`)
    expect(session.events).toContain('queue.cancel.done')
    expect(session.events).toContain('done.state.inbound.CancelSkill1_sub._composer_entry')
    expect(everybody?.attributes).toMatchObject({ queue: 'VQ_NW_DEFAULT', timeout: 20, priority: 1 })
    expect(session.events.filter((name) => name === 'queue.submit.done')).toHaveLength(1)
    expectEpilogue(session)
  })

  it('3: a submit that was cancelled from outside is tried again', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C100', 'nw-exit': 'agent' } })
    await call(world)
    await world.advance({ seconds: 10 })
    const waiting = await world.session()
    const R4 = waiting.actions.at(-1)?.requestId

    await world.sendEvent(waiting.sessionId, 'queue.cancel.done', { requestid: R4 })
    await world.sendEvent(waiting.sessionId, 'Done')

    const session = await world.session()
    expect(session.logs).toContain(`${session.sessionId}: assign block RaisePriority1`)
    expect(session.actions.filter(({ name }) => name === 'queue:submit').map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({ priority: 5 }),
      expect.objectContaining({ priority: 7 }),
    ])
  })

  it('7: a profile without a segment is an emergency', async () => {
    await using world = await bank({ menu: { 'nw-exit': 'done' }, profile: '{"customer":{"name":"X"}}' })

    await call(world)
    await world.advance({ seconds: 2 })

    const session = await world.session()
    expect(session.logs).toContain('profile not usable: profile without segment')
    expect(session.events.some((name) => name.startsWith('error'))).toBe(true)
    expect(world.switch.snapshot().calls[0]?.userData).toMatchObject({
      'nw-segment': 'emergency',
      'nw-status': 'profile',
    })
  })

  it('9: user data that nobody confirms hold the call up for 10 seconds', async () => {
    await using world = await bank({})
    world.hold(({ body }) => JSON.stringify(body).includes('"setUserData"'))
    await call(world)
    await world.advance({ ms: 9_900 })
    const before = names(await world.session())

    await world.advance({ ms: 200 })

    expect(before).toEqual(['session:fetch', 'session:fetch'])
    const session = await world.session()
    expect(session.events).toContain('UserData1.wait.timeout')
    expect(names(session).at(-1)).toBe('dialog:start')
  })

  it('10: user data that are there already need no change, and the timer finds nobody', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C100', 'nw-exit': 'agent' } })

    await call(world, { 'nw-customer': 'Ada Example', 'nw-dnis': '4201', 'nw-marker': 1700000001 })
    await world.advance({ seconds: 12 })

    const session = await world.session()
    expect(session.logs).toContain('user data needs no change')
    expect(session.events.indexOf('UserData1.wait.timeout')).toBeGreaterThan(
      session.events.indexOf('dialog.start.done'),
    )
    expect(session.isRunning).toBe(true)
    expect(names(session).at(-1)).toBe('queue:submit')
  })

  it.each([
    ['the route first', ['redirect', 'playsound'], ['2', '1']],
    ['the tone first', ['playsound', 'redirect'], ['1', '2']],
  ] as const)('16: tone and route in parallel, %s', async (_title, order, threads) => {
    await using world = await bank({ menu: { 'nw-menu': 'C400', 'nw-exit': 'agent' } })
    world.hold(({ body }) => /"element":"playsound"|"kind":"redirect"/.test(JSON.stringify(body)))
    await call(world)
    await world.advance({ seconds: 10 })

    for (const what of order) {
      const held = world.held.find(({ body }) => JSON.stringify(body).includes(`"${what}"`))
      const name = what === 'redirect' ? 'interaction.redirect.done' : 'dialog.playsound.done'
      await held?.answer(name, { requestid: held.requestId, interactionid: ixn1 })
    }
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const said = [
      '[inbound] thread 1 begins',
      '[inbound] thread 2 begins',
      `[inbound] thread ${threads[0]} ended, 1 running`,
      `[inbound] thread ${threads[1]} ended, 0 running`,
      '[inbound] parallel block done',
    ]
    expect(session.logs.filter((text) => said.includes(text))).toEqual(said)
    expect(session.actions.find(({ name }) => name === 'dialog:playsound')?.attributes).toMatchObject({
      type: 'ringback',
      duration: 60,
    })
    const joined = session.events.filter((name) => name === 'done.state.inbound._reserved_BeginParallel1_parallel')
    expect(joined).toHaveLength(1)
    expectEpilogue(session)
  })

  it('17: a detach that is refused once is tried again, and the redirect has no detach', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C500', 'nw-exit': 'agent' }, isReady: true })
    let detaches = 0
    world.hold(({ body }) => JSON.stringify(body).includes('"kind":"detach"') && (detaches += 1) === 1)
    await call(world)
    await world.advance({ ms: 5_250 })

    const refusal = { interactionid: ixn1, error: 'invalidstate', description: 'busy' }
    const [first] = world.held
    await first?.answer('error.interaction.detach', { ...refusal, requestid: first.requestId })
    await world.advance({ ms: 200 })
    await world.advance({ seconds: 1 })

    const session = await world.session()
    expect(names(session).filter((name) => name === 'interaction:detach')).toHaveLength(2)
    const redirect = session.actions.find(({ name }) => name === 'interaction:redirect')
    expect(redirect?.attributes).not.toHaveProperty('detach')
    expect(bodies(world).at(-1)).toMatchObject({ step: 'routed' })
    expect(bodies(world).at(-1)).not.toHaveProperty('caller')
    expectEpilogue(session)
  })

  it('17: refused twice, the handler ends the session', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C500', 'nw-exit': 'agent' }, isReady: true })
    world.hold(({ body }) => JSON.stringify(body).includes('"kind":"detach"'))
    await call(world)
    await world.advance({ ms: 5_250 })

    for (const waitMs of [200, 0]) {
      const held = world.held.at(-1)
      const data = { requestid: held?.requestId, interactionid: ixn1, error: 'invalidstate' }
      await held?.answer('error.interaction.detach', data)
      await world.advance({ ms: waitMs })
    }

    const session = await world.session()
    const S = session.sessionId
    expect(session.logs).toContain(`${S}: handler takes an unhandled error: error.interaction.detach`)
    expect(session.logs.at(-1)).toBe(`${S}: global exit of inbound`)
    expect(session.isRunning).toBe(false)
  })

  it('18: a redirect that fails after the detach leads back to the default target', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C500', 'nw-exit': 'agent' }, isReady: true })
    let redirects = 0
    world.hold(({ body }) => JSON.stringify(body).includes('"kind":"redirect"') && (redirects += 1) === 1)
    await call(world)
    await world.advance({ seconds: 10 })

    const [held] = world.held
    const error = { error: 'invaliddestination', description: 'no such number' }
    await held?.answer('error.interaction.redirect', { requestid: held.requestId, interactionid: ixn1, ...error })
    await world.agent('8001', 'ready')
    await world.advance({ seconds: 5 })

    const session = await world.session()
    const said = ['attach again', 'last error error.interaction.redirect']
    expect(session.logs.filter((text) => said.includes(text))).toEqual(said)
    expect(session.events).toContain('interaction.attach.done')
    expect(session.actions.findLast(({ name }) => name === 'queue:submit')?.attributes).toMatchObject({
      queue: 'VQ_NW_DEFAULT',
    })
    expectEpilogue(session)
  })

  it('20a: a survey asks for a digit and delivers it', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C100', 'nw-exit': 'survey' } })
    await call(world, { 'nw-survey-token': 'tok-9' })
    await world.advance({ seconds: 6 })

    await world.press(ixn1, '4')
    await world.advance({ seconds: 30 })

    const session = await world.session()
    const score = world.http.requests.find(({ url }) => url === `${API}/score`)
    expect(JSON.parse(score?.body ?? '')).toEqual({ score: 4, menu: 'C100', phone: '0811112222', token: 'tok-9' })
    expect(score?.headers['authorization']).toBe('tok-9')
    expect(names(session).slice(-3)).toEqual(['session:fetch', 'dialog:play', 'interaction:terminate'])
    expect(session.isRunning).toBe(false)
  })

  const flaky = [{ status: 503 }, { status: 503 }, { body: '{"ok":1}' }]
  const scores = (world: World): World['http']['requests'] =>
    world.http.requests.filter(({ url }) => url === `${API}/score`)

  it('20a: "Stub answering 503, 503, 200: three requests 5 s apart, one `session.fetch.done`"', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C100', 'nw-exit': 'survey' }, score: flaky })
    await call(world, { 'nw-survey-token': 'tok-9' })
    await world.advance({ seconds: 6 })
    const before = (await world.session()).events.filter((name) => name === 'session.fetch.done').length

    await world.press(ixn1, '4')
    while (scores(world).length === 0) await world.advance({ ms: 100 })
    const counts: number[] = []
    for (const ms of [4_900, 200, 4_800, 200, 10_000]) {
      await world.advance({ ms })
      counts.push(scores(world).length)
    }
    await world.advance({ seconds: 30 })

    const session = await world.session()
    expect(counts).toEqual([1, 2, 2, 3, 3])
    expect(session.events.filter((name) => name === 'session.fetch.done')).toHaveLength(before + 1)
    expect(session.events).not.toContain('error.session.fetch')
    expect(session.actions.find(({ attributes }) => attributes['gdelivery'] === true)?.attributes).toMatchObject({
      gd_retries: 3,
      gd_retry_interval: 5,
    })
    expect(names(session).slice(-3)).toEqual(['session:fetch', 'dialog:play', 'interaction:terminate'])
    expect(session.isRunning).toBe(false)
  })

  it.each([false, true])(
    '20a: every try carries body, token and key of the first, and one answer comes (a new node after each event: %s)',
    async (restartAfterEachEvent) => {
      const menu = { 'nw-menu': 'C100', 'nw-exit': 'survey' }
      await using world = await bank({ menu, score: flaky, restartAfterEachEvent })
      await call(world, { 'nw-survey-token': 'tok-9' })
      await world.advance({ seconds: 6 })
      await world.press(ixn1, '4')
      await world.advance({ seconds: 60 })

      const session = await world.session()
      const tries = scores(world).map(({ body, headers }) => ({
        body,
        key: headers['idempotency-key'],
        authorization: headers['authorization'],
      }))
      expect(tries.length).toBeGreaterThanOrEqual(3)
      expect(new Set(tries.map(({ body, key, authorization }) => `${body} ${authorization} ${key}`)).size).toBe(1)
      expect(tries[0]).toMatchObject({
        body: '{"score":4,"menu":"C100","phone":"0811112222","token":"tok-9"}',
        authorization: 'tok-9',
      })
      expect(session.events.filter((name) => name === 'session.fetch.done')).toHaveLength(3)
      expect(session.isRunning).toBe(false)
    },
  )

  it('20a: "No digit: digits `\'\'`, body `"score":null`"', async () => {
    await using world = await bank({ menu: { 'nw-menu': 'C100', 'nw-exit': 'survey' } })
    await call(world, { 'nw-survey-token': 'tok-9' })

    await world.advance({ seconds: 60 })

    const score = world.http.requests.find(({ url }) => url === `${API}/score`)
    expect(score?.body).toBe('{"score":null,"menu":"C100","phone":"0811112222","token":"tok-9"}')
    expect((await world.session()).isRunning).toBe(false)
  })

  it('20b: an error that no block fits ends the session and not the call', async () => {
    await using world = await bank({})
    world.hold(({ body }) => JSON.stringify(body).includes('"treat"'))
    await call(world)
    await world.advance({ seconds: 2 })

    const [held] = world.held
    await held?.answer('error.dialog.start', { requestid: held.requestId, interactionid: ixn1, error: 'remote' })

    const session = await world.session()
    const S = session.sessionId
    expect(session.logs).toContain(`${S}: handler takes an unhandled error: error.dialog.start`)
    expect(session.events).toContain('application.exit')
    expect(session.isRunning).toBe(false)
    expect((await world.interaction(ixn1))?.['hasEnded']).toBe(false)
  })

  it('20c: a menu that leaves nothing leads to the default target', async () => {
    await using world = await bank({ isReady: true })

    await call(world)
    await world.advance({ seconds: 10 })

    const session = await world.session()
    expect(session.actions.find(({ name }) => name === 'queue:submit')?.attributes).toMatchObject({
      queue: 'VQ_NW_DEFAULT',
    })
    expectEpilogue(session)
  })
})
