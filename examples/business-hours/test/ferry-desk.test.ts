import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startWorld, transitionCoverage } from '@segue/testing'
import type { SessionView, World, WorldOptions } from '@segue/testing'

const folder = fileURLToPath(new URL('..', import.meta.url))
const WEDNESDAY_NOON = '2024-01-17T12:00:00Z'
const AGENTS = ['ada', 'ben', 'cho', 'dana', 'eli', 'fay'] as const
/** How long announcements last. */
const VOICE_S = 3
const MAIN = '4200'
const NIGHT = '4210'

const coverage = transitionCoverage()

function voice(name: string): string {
  return pathToFileURL(join(folder, 'voice', `${name}.vxml`)).href
}

interface Desk extends Partial<WorldOptions> {
  /** Who is ready; everybody else is logged in. */
  readonly ready?: readonly string[]
}

/** The example on virtual time. */
async function ferryDesk({ ready = [], ...options }: Desk = {}): Promise<World> {
  const applications = ['greeting', 'closed', 'holiday', 'sorry'].map((name) => ({
    uri: voice(name),
    durationS: VOICE_S,
  }))
  const world = await startWorld({
    configuration: folder,
    at: WEDNESDAY_NOON,
    switchPlan: { applications, ringS: 12 },
    ...options,
  })
  for (const agent of AGENTS) {
    await world.agent(agent, 'login')
    if (ready.includes(agent)) await world.agent(agent, 'ready')
  }
  return world
}

function call(world: World, to: string = MAIN): Promise<string> {
  return world.placeCall({ from: '0301112233', to })
}

/** Sessions that have come so far; what they took counts for the coverage of the pages. */
async function sessionsOf(world: World): Promise<readonly SessionView[]> {
  const sessions: SessionView[] = []
  for (const id of await world.sessionIds()) sessions.push(await world.session(id))
  for (const session of sessions) coverage.add(session)
  return sessions
}

async function onlySession(world: World): Promise<SessionView> {
  const [session, ...others] = await sessionsOf(world)
  expect(others).toEqual([])
  if (session === undefined) throw new Error('no session has started')
  return session
}

/** Every session has ended once, and nothing of it is left anywhere. */
async function expectAllOver(world: World): Promise<void> {
  await world.advance({ minutes: 10 })
  for (const session of await sessionsOf(world)) {
    expect(session.isRunning).toBe(false)
    expect(session.trace.filter(({ kind }) => kind === 'done')).toEqual([expect.objectContaining({ reason: 'final' })])
  }
  expect(await world.leftOver()).toEqual({
    sessions: 0,
    interactions: 0,
    calls: 0,
    effects: 0,
    timers: 0,
    messages: 0,
    waiting: 0,
  })
  expect(world.incidents).toEqual([])
}

function stateOf(world: World, callId: string): string | undefined {
  return world.switch
    .snapshot()
    .calls.find((one) => one.callId === callId)
    ?.parties.find(({ deviceType }) => deviceType !== 'customer')?.state
}

function endOf(world: World, callId: string): string | undefined {
  return world.switch.endStates().find((ended) => ended.callId === callId)?.endState
}

function targets({ logs }: SessionView): readonly string[] {
  return logs.filter((text) => text.startsWith('target '))
}

describe('ferry desk', () => {
  it('in open hours a call is greeted and goes to an agent by shares', async () => {
    await using world = await ferryDesk({ ready: ['dana'] })

    const callId = await call(world)
    await world.advance({ seconds: VOICE_S })
    const ringing = stateOf(world, callId)
    await world.answer(callId)
    await world.advance({ seconds: 30 })
    const talking = stateOf(world, callId)
    await world.hangUp(callId)

    expect([ringing, talking]).toEqual(['ringing', 'connected'])
    const session = await onlySession(world)
    expect(session.actions.map(({ name }) => name)).toEqual(['dialog:start', 'queue:submit'])
    expect(session.actions[0]?.params).toEqual({ APP_URI: voice('greeting'), LANGUAGE: 'English (US)' })
    expect(session.actions[1]?.attributes).toEqual({
      route: true,
      interactionid: callId,
      queue: 'Ferry_Desk_VQ',
      timeout: 15,
      clearontimeout: true,
      ordertype: 'percentage',
    })
    expect(targets(session)).toEqual(['target Ferry Freight@StatServer.GA -> dana@StatServer.A'])
    expect(session.errors).toEqual([])
    expect(endOf(world, callId)).toBe('answered')
    await expectAllOver(world)
  })

  it('the shares 50, 30 and 20 hold within 10 over 100 calls', async () => {
    await using world = await ferryDesk({ ready: AGENTS })

    for (let n = 0; n < 100; n += 1) {
      const callId = await call(world)
      await world.advance({ seconds: VOICE_S })
      await world.answer(callId)
      await world.hangUp(callId)
      for (const agent of AGENTS) await world.agent(agent, 'ready')
    }

    const chosen = (await sessionsOf(world)).flatMap(targets)
    const share = (group: string): number => chosen.filter((text) => text.startsWith(`target ${group}@`)).length
    expect(chosen).toHaveLength(100)
    expect(Math.abs(share('Ferry Tickets') - 50)).toBeLessThanOrEqual(10)
    expect(Math.abs(share('Ferry Freight') - 30)).toBeLessThanOrEqual(10)
    expect(Math.abs(share('Ferry Groups') - 20)).toBeLessThanOrEqual(10)
    await expectAllOver(world)
  }, 60_000)

  it('a share whose group is busy goes to another group at once', async () => {
    await using world = await ferryDesk({ ready: ['fay'] })

    const callId = await call(world)
    await world.advance({ seconds: VOICE_S })

    expect(targets(await onlySession(world))).toEqual(['target Ferry Groups@StatServer.GA -> fay@StatServer.A'])
    await world.hangUp(callId)
    await expectAllOver(world)
  })

  it('when the shares time out everybody is asked, before newer calls', async () => {
    await using world = await ferryDesk()

    const first = await call(world)
    await world.advance({ seconds: 10 })
    const second = await call(world)
    await world.advance({ seconds: 10 })
    await world.agent('ben', 'ready')

    expect([stateOf(world, first), stateOf(world, second)]).toEqual(['ringing', 'treating'])
    const [older, newer] = await sessionsOf(world)
    expect(older?.actions.map(({ name }) => name)).toEqual(['dialog:start', 'queue:submit', 'queue:submit'])
    expect(older?.actions.at(-1)?.attributes).toEqual({
      route: true,
      interactionid: first,
      queue: 'Ferry_Desk_VQ',
      priority: 10,
      timeout: 60,
      clearontimeout: true,
      ordertype: 'max',
      orderstat: 'StatAgentLoading',
    })
    expect(older?.logs.filter((text) => text.startsWith('failed error.queue.submit'))).toHaveLength(1)
    expect(older?.isRunning).toBe(false)
    expect(newer?.isRunning).toBe(true)
    for (const callId of [first, second]) await world.hangUp(callId)
    await expectAllOver(world)
  })

  it('with nobody at all the caller hears an apology and is disconnected', async () => {
    await using world = await ferryDesk()

    const callId = await call(world)
    await world.advance({ seconds: VOICE_S + 15 + 60 + 1 })
    const apology = await onlySession(world)
    await world.advance({ seconds: VOICE_S })

    expect(apology.actions.at(-1)).toMatchObject({ name: 'dialog:start', params: { APP_URI: voice('sorry') } })
    const session = await onlySession(world)
    expect(session.actions.at(-1)).toMatchObject({
      name: 'interaction:terminate',
      attributes: { interactionid: callId, reason: 'Disconnect interaction' },
    })
    expect(session.logs.filter((text) => text.startsWith('failed error.queue.submit'))).toHaveLength(2)
    expect(session.logs).toContain(`${session.sessionId}: workflow ferryDesk is complete, target undefined`)
    expect(endOf(world, callId)).toBe('cleared')
    await expectAllOver(world)
  })

  it.each([
    ['a closed desk', NIGHT, WEDNESDAY_NOON, 'closed'],
    ['a holiday', MAIN, '2024-06-21T12:00:00Z', 'holiday'],
    ['the first minute of a holiday in the zone of the desk', MAIN, '2023-12-31T23:00:00Z', 'holiday'],
  ])('%s announces itself and ends the call', async (_title, to, at, announcement) => {
    await using world = await ferryDesk({ at, ready: AGENTS })

    const callId = await call(world, to)
    await world.advance({ seconds: VOICE_S })

    const session = await onlySession(world)
    expect(session.actions.map(({ name }) => name)).toEqual(['dialog:start', 'interaction:terminate'])
    expect(session.actions[0]?.params).toEqual({ APP_URI: voice(announcement), LANGUAGE: 'English (US)' })
    expect(endOf(world, callId)).toBe('cleared')
    await expectAllOver(world)
  })

  it.each([
    ['closed', NIGHT, WEDNESDAY_NOON, 1],
    ['holiday', MAIN, '2024-06-21T12:00:00Z', 1],
    ['sorry', MAIN, WEDNESDAY_NOON, 90],
  ])('a call is ended also when the announcement "%s" cannot be played', async (name, to, at, waitS) => {
    const applications = [{ uri: voice(name), durationS: 0, outcome: 'failed' as const }]
    await using world = await ferryDesk({ at, switchPlan: { applications } })

    const callId = await call(world, to)
    await world.advance({ seconds: waitS })

    const session = await onlySession(world)
    expect(session.events).toContain('error.dialog.start')
    expect(endOf(world, callId)).toBe('cleared')
    await expectAllOver(world)
  })

  it('a greeting that cannot be played is left out', async () => {
    const applications = [{ uri: voice('greeting'), durationS: 0, outcome: 'failed' as const }]
    await using world = await ferryDesk({ switchPlan: { applications }, ready: ['ada'] })

    const callId = await call(world)
    await world.advance({ seconds: 1 })

    expect(stateOf(world, callId)).toBe('ringing')
    const session = await onlySession(world)
    expect(session.logs.some((text) => text.startsWith('failed error.dialog.start'))).toBe(true)
    await world.hangUp(callId)
    await expectAllOver(world)
  })

  it('music plays while a call waits, and stops when it is routed', async () => {
    await using world = await ferryDesk()

    const callId = await call(world)
    await world.advance({ seconds: VOICE_S })
    const inShares = await world.interaction(callId)
    await world.advance({ seconds: 70 })
    const inEverybody = await world.interaction(callId)
    const waiting = stateOf(world, callId)
    await world.agent('eli', 'ready')

    // The treatments of a submit have no element of their own.
    expect(inShares).toMatchObject({ life: 'treating', treatment: { element: '' } })
    expect(inEverybody).toMatchObject({ life: 'treating', treatment: { element: '' } })
    expect(waiting).toBe('treating')
    expect(await world.interaction(callId)).toMatchObject({ life: 'ringing' })
    expect((await world.interaction(callId))?.['treatment']).toBeUndefined()
    const told = (await onlySession(world)).events.filter((name) => /^(error\.)?dialog\..*(done|error)/.test(name))
    expect(told).toEqual(['dialog.start.done'])
    await world.hangUp(callId)
    await expectAllOver(world)
  })

  it('what plays is music of 30 seconds', async () => {
    await using world = await ferryDesk()
    world.hold(({ body }) => JSON.stringify(body).includes('"treatLoop"'))

    const callId = await call(world)
    await world.advance({ seconds: VOICE_S })

    expect(world.held).toHaveLength(1)
    expect(world.held[0]?.body).toMatchObject({
      message: { request: { treatments: [{ kind: 'sound', sound: 'music', durationS: 30 }] } },
    })
    await world.hangUp(callId)
  })

  it('an error in a script leads to the apology', async () => {
    const documents = { 'include/OpeningHours.js': 'function hoursOf(desk) { throw new Error("no hours") }' }
    await using world = await ferryDesk({ documents, ready: AGENTS })

    const callId = await call(world)
    await world.advance({ seconds: VOICE_S })

    const session = await onlySession(world)
    expect(session.logs).toContainEqual(expect.stringMatching(/^failed error\.script\.Error: .*no hours/))
    expect(session.actions.map(({ name }) => name)).toEqual(['dialog:start', 'interaction:terminate'])
    expect(session.actions[0]?.params).toMatchObject({ APP_URI: voice('sorry') })
    expect(endOf(world, callId)).toBe('cleared')
    await expectAllOver(world)
  })

  it('an error that no block takes ends the session and not the call', async () => {
    await using world = await ferryDesk()
    const callId = await call(world)
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'error.session.fetch', { requestid: 'of nobody', description: 'a stranger' })

    const session = await onlySession(world)
    expect(session.logs.at(-2)).toMatch(new RegExp(`^${sessionId}: unhandled .*error\\.session\\.fetch`))
    expect(session.isRunning).toBe(false)
    expect(endOf(world, callId)).toBeUndefined()
    await world.hangUp(callId)
    await expectAllOver(world)
  })

  it('a call that cannot be ended leaves the workflow all the same', async () => {
    await using world = await ferryDesk()
    world.hold(({ body }) => JSON.stringify(body).includes('"terminate"'))
    const callId = await call(world, NIGHT)
    await world.advance({ seconds: VOICE_S })
    const [held] = world.held

    await held?.answer('error.interaction.terminate', { requestid: held.requestId, error: 'timeout' })

    const session = await onlySession(world)
    expect(session.events).toContain('error.interaction.terminate')
    expect(session.isRunning).toBe(false)
    await world.hangUp(callId)
    await expectAllOver(world)
  })

  it('without the list the desk has its usual hours', async () => {
    const replace = { lists: [] }
    await using onWednesday = await ferryDesk({ configuration: { folder, replace }, ready: ['ada'] })
    await using onSaturday = await ferryDesk({ configuration: { folder, replace }, at: '2024-01-20T12:00:00Z' })

    const open = await call(onWednesday)
    const closed = await call(onSaturday)
    for (const world of [onWednesday, onSaturday]) await world.advance({ seconds: VOICE_S })

    const session = await onlySession(onWednesday)
    expect(session.logs).toContainEqual(expect.stringMatching(/^no opening hours for desk main/))
    expect(session.actions[1]?.attributes).toMatchObject({ timeout: 15, ordertype: 'percentage' })
    expect(stateOf(onWednesday, open)).toBe('ringing')
    expect(endOf(onSaturday, closed)).toBe('cleared')
    await onWednesday.hangUp(open)
    for (const world of [onWednesday, onSaturday]) await expectAllOver(world)
  })

  it('an agent who does not answer loses the call to the next one', async () => {
    await using world = await ferryDesk({ ready: ['ada', 'dana'] })

    const callId = await call(world)
    await world.advance({ seconds: VOICE_S })
    const first = targets(await onlySession(world))
    await world.advance({ seconds: 12 + VOICE_S })
    await world.answer(callId)

    const [, again, ...others] = await sessionsOf(world)
    expect(others).toEqual([])
    expect(again === undefined ? [] : targets(again)).not.toEqual(first)
    expect(stateOf(world, callId)).toBe('connected')
    expect(world.switch.counters()).toMatchObject({ notAnswered: 1 })
    await world.hangUp(callId)
    await expectAllOver(world)
  })

  it('with the parameter the workflow waits for the route request', async () => {
    const url = pathToFileURL(join(folder, 'src-gen', 'IPD_ferryDesk.scxml')).href
    await using world = await ferryDesk()
    const started = await world.startSession(url, { start_workflow_onrouterequest: true })
    const id = started.ok ? started.sessionId : ''

    await world.sendEvent(id, 'interaction.added', { interactionid: 'ixn1', focusdeviceid: MAIN })
    const waiting = await world.session()
    await world.sendEvent(id, 'interaction.onrouterequest', { interactionid: 'ixn1', focusdeviceid: MAIN })
    await world.sendEvent(id, 'interaction.deleted', { interactionid: 'ixn1', resultof: 'deletion' })

    expect(waiting.actions).toEqual([])
    const session = await onlySession(world)
    expect(session.logs).toContain(`${session.sessionId}: interaction ixn1 goes to the ferry desk`)
    await expectAllOver(world)
  })
})

/** A caller's story up to the moment when he hangs up; `afterS` counts from his call. */
const HANG_UPS: readonly (readonly [moment: string, afterS: number, desk: Desk, to: string, answers: boolean])[] = [
  ['in the greeting', 1, {}, MAIN, false],
  ['in the queue of the shares', VOICE_S + 5, {}, MAIN, false],
  ['in the queue of everybody', VOICE_S + 20, {}, MAIN, false],
  ['in the apology', VOICE_S + 76, {}, MAIN, false],
  ['in the announcement', 1, {}, NIGHT, false],
  ['while the telephone rings', VOICE_S + 5, { ready: ['cho'] }, MAIN, false],
  ['in the talk', VOICE_S + 5, { ready: ['cho'] }, MAIN, true],
]

interface Account {
  readonly logs: readonly string[]
  readonly events: readonly string[]
  readonly actions: readonly unknown[]
  readonly end: string | undefined
}

/** Plays a story; gives what the session did, without what differs from session to session. */
async function hangUpAfter(world: World, afterS: number, to: string, answers: boolean): Promise<Account> {
  const callId = await call(world, to)
  await world.advance({ seconds: afterS })
  if (answers) await world.answer(callId)
  await world.hangUp(callId)
  const { actions, events, logs, sessionId } = await onlySession(world)
  const neutral = (text: string): string => text.replaceAll(sessionId, '{S}').replaceAll(callId, '{call}')
  return {
    logs: logs.map(neutral),
    events,
    actions: actions.map(({ name, attributes, params }): unknown =>
      JSON.parse(neutral(JSON.stringify({ name, attributes, params }))),
    ),
    end: endOf(world, callId),
  }
}

describe('a caller who hangs up', () => {
  it.each(HANG_UPS)('%s ends the session once and frees everything', async (_moment, afterS, desk, to, answers) => {
    await using world = await ferryDesk(desk)

    const account = await hangUpAfter(world, afterS, to, answers)

    const isServed = desk.ready !== undefined
    expect(account.end).toBe(answers ? 'answered' : 'abandoned')
    expect(account.logs.includes('{S}: the caller is gone')).toBe(!isServed)
    await expectAllOver(world)
    // Agents are free again.
    for (const agent of AGENTS) await world.agent(agent, 'ready')
    const ready = world.summary()?.groups.map((group) => group.ready)
    expect(ready).toEqual([3, 2, 1])
  })

  it.each(HANG_UPS)('%s: a new node after each event changes nothing', async (_moment, afterS, desk, to, answers) => {
    await using world = await ferryDesk(desk)
    await using restarted = await ferryDesk({ ...desk, restartAfterEachEvent: true })

    const account = await hangUpAfter(world, afterS, to, answers)
    const again = await hangUpAfter(restarted, afterS, to, answers)

    expect(again).toEqual(account)
    await expectAllOver(restarted)
  })
})

describe('the pages', () => {
  it('every transition was taken by some test of this file', async () => {
    await using world = await ferryDesk()

    expect(coverage.missing(await world.chart('ferry-desk'))).toEqual([])
  })

  it('load without findings', async () => {
    await using world = await ferryDesk()

    expect((await world.chart('ferry-desk')).stateIds).toContain('ferryDesk.Everybody')
    expect(world.findings).toEqual([])
  })
})
