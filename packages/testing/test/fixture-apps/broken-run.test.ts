import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { SessionView, World } from '@segue/testing'
import { addressOf, centreWith, fixtureApps, STANDARD_CALL } from './fixtures.ts'

const ixn1 = STANDARD_CALL.callId
const API = 'http://127.0.0.1:8080'

async function world(page?: string, more: Readonly<Record<string, unknown>> = {}): Promise<World> {
  const applications = page === undefined ? [] : [{ name: 'app', url: `broken/${page}.scxml` }]
  return startWorld({ configuration: centreWith(applications, more) })
}

/** Starts a page by its address and gives its session. */
async function started(theWorld: World, page: string): Promise<SessionView> {
  const answer = await theWorld.startSession(addressOf('broken', `${page}.scxml`))
  expect(answer.ok).toBe(true)
  return theWorld.session()
}

async function expectNothingLeft(theWorld: World): Promise<void> {
  await theWorld.advance({ hours: 1 })
  expect(await theWorld.leftOver()).toMatchObject({ sessions: 0, effects: 0, timers: 0, messages: 0, waiting: 0 })
}

describe.skipIf(fixtureApps === undefined)('broken pages at run time', () => {
  it.each([
    ['01-target-typo', /Exti1/, '01-target-typo.scxml'],
    ['03-missing-include', /Absent\.js/, '03-missing-include.scxml'],
    ['10-duplicate-id', /_composer_entry/, 'parts/PartB.scxml'],
  ])('%s is refused: the start is answered with the findings, and nothing has happened', async (page, about, file) => {
    await using theWorld = await world()

    const answer = await theWorld.startSession(addressOf('broken', `${page}.scxml`))

    expect(answer).toMatchObject({ ok: false, reason: 'document' })
    const findings = answer.ok || answer.reason !== 'document' ? [] : answer.diagnostics
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(errors[0]?.message).toMatch(about)
    expect(errors[0]?.span.source.url).toBe(addressOf('broken', file))
    expect(await theWorld.sessionIds()).toEqual([])
    await expectNothingLeft(theWorld)
  })

  it.each([
    ['02-undeclared-variable', 'error.script.ReferenceError', /^error(\.\w+)*\.ReferenceError$/],
    ['05-script-exception', 'error.script.Error', /^error(\.\w+)*\.Error$/],
    ['09-circular-data', 'error.script.TypeError', /^error(\.\w+)*\.TypeError$/],
  ])('%s: the rest of the block does not run, %s leads to the error exit', async (page, _usual, name) => {
    await using theWorld = await world()

    const session = await started(theWorld, page)

    const failure = session.events.find((event) => event.startsWith('error'))
    expect(failure).toMatch(name)
    expect(session.logs).toEqual([
      `${session.sessionId}: entry block Entry1`,
      `failure: ${failure ?? ''}`,
      'exit after error',
    ])
    expect(session.events).not.toContain('Entry1.done')
    expect(session.trace.filter(({ kind }) => kind === 'send')).toEqual([])
    expect(session.lastEntered).toBe('ErrorExit1')
    expect(session.isRunning).toBe(false)
    expect(session.errors).toHaveLength(1)
    await expectNothingLeft(theWorld)
  })

  it('09-circular-data: data that hold themselves are stored and shown', async () => {
    await using theWorld = await world()
    await started(theWorld, '09-circular-data')

    await theWorld.restart()

    expect((await theWorld.session()).data).toEqual({ system: { all: '[circular]' } })
  })

  it('04-include-wrong-case: the library is found all the same', async () => {
    await using theWorld = await world()

    const session = await started(theWorld, '04-include-wrong-case')

    expect(session.logs.slice(1)).toEqual(['hello clinic', 'exit ok'])
    expect(session.lastEntered).toBe('Exit1')
    expect(session.isRunning).toBe(false)
    expect(session.errors).toEqual([])
  })

  it('06-unhandled-error: an error that nobody takes changes nothing', async () => {
    await using theWorld = await world('06-unhandled-error')
    theWorld.hold(({ body }) => JSON.stringify(body).includes('"treat"'))
    await theWorld.placeCall(STANDARD_CALL)
    const [held] = theWorld.held

    await held?.answer('error.dialog.start', { requestid: held.requestId, interactionid: ixn1, error: 'remote' })
    const after = await theWorld.session()
    await theWorld.advance({ seconds: 1 })
    await theWorld.hangUp(ixn1)

    expect(after.isRunning).toBe(true)
    expect(after.states).toEqual(['Play1'])
    expect(after.events.at(-1)).toBe('error.dialog.start')
    expect(after.logs).toEqual([])
    const session = await theWorld.session()
    expect(session.logs).toEqual(['still alive', 'exit ok'])
    expect(session.lastEntered).toBe('Exit1')
    expect(session.isRunning).toBe(false)
    await expectNothingLeft(theWorld)
  })

  it('06-unhandled-error: the same with a dialog application that the switch cannot play', async () => {
    await using theWorld = await startWorld({
      configuration: centreWith([{ name: 'app', url: 'broken/06-unhandled-error.scxml' }]),
      switchPlan: { applications: [{ uri: 'http://127.0.0.1:9/absent.vxml', durationS: 0, outcome: 'failed' }] },
    })
    await theWorld.placeCall(STANDARD_CALL)
    await theWorld.advance({ seconds: 1 })

    await theWorld.hangUp(ixn1)

    const session = await theWorld.session()
    expect(session.events).toContain('error.dialog.start')
    expect(session.logs).toEqual(['still alive', 'exit ok'])
  })

  it('07-label-expression: a parameter written as "name: value" is the value', async () => {
    await using theWorld = await world()
    theWorld.http.on('GET', `${API}/rooms`, { headers: { 'content-type': 'application/json' }, body: '{}' })

    await started(theWorld, '07-label-expression')
    await theWorld.advance({ seconds: 1 })

    expect(theWorld.http.requests.map(({ method, url }) => ({ method, url }))).toEqual([
      { method: 'GET', url: `${API}/rooms?room=12&floor=2` },
    ])
    const session = await theWorld.session()
    expect(session.events).toContain('session.fetch.done')
    expect(session.logs.slice(1)).toEqual(['Rest1: {}', 'exit ok'])
    expect(session.lastEntered).toBe('Exit1')
    await expectNothingLeft(theWorld)
  })

  it('08-undefined-timeout: a timeout that evaluates to undefined is none', async () => {
    await using theWorld = await world('08-undefined-timeout', {
      dns: [{ number: '7001', switch: 'SIP_East', type: 'extension' }],
      agents: [{ id: '8001', dn: '7001' }],
      agentGroups: [{ name: 'NW_Cards', agents: ['8001'] }],
    })
    await theWorld.agent('8001', 'login')
    await theWorld.placeCall(STANDARD_CALL)
    await theWorld.advance({ minutes: 10 })
    const waiting = await theWorld.session()

    await theWorld.agent('8001', 'ready')
    await theWorld.answer(ixn1)

    expect(waiting.actions).toHaveLength(1)
    expect(waiting.actions[0]?.name).toBe('queue:submit')
    expect(waiting.actions[0]?.attributes).toEqual({
      route: true,
      interactionid: ixn1,
      clearontimeout: true,
      ordertype: 'max',
      orderstat: 'StatAgentLoading',
    })
    expect(waiting.events.filter((name) => name.startsWith('error'))).toEqual([])
    expect(waiting.isRunning).toBe(true)
    const session = await theWorld.session()
    expect(session.trace).toContainEqual(expect.objectContaining({ kind: 'event', name: 'queue.submit.done' }))
    expect(session.logs).toEqual(['exit ok'])
    expect(session.isRunning).toBe(false)
  })

  it('11-endless-loop: the limit stops the session, and its neighbours go on', async () => {
    await using theWorld = await world('11-endless-loop')
    const neighbour = await theWorld.startSession(addressOf('broken', '12-nobody-listens.scxml'))
    await theWorld.placeCall(STANDARD_CALL)
    const neighbourId = neighbour.ok ? neighbour.sessionId : ''
    const looping = (await theWorld.sessionIds()).find((id) => id !== neighbourId)

    await theWorld.sendEvent(neighbourId, 'interaction.deleted', { interactionid: 'another' })

    const session = await theWorld.session(looping)
    expect(session.logs).toEqual(['round starts'])
    expect(session.isRunning).toBe(false)
    const entries = session.trace.filter(({ kind, state }) => kind === 'enter' && state === 'Check1')
    expect(entries.length).toBeGreaterThan(0)
    expect(entries.length).toBeLessThanOrEqual(100)
    expect(session.trace.at(-1)).toMatchObject({ kind: 'limit' })
    expect(theWorld.incidents).toEqual([
      expect.objectContaining({ kind: 'limit', ref: { kind: 'session', id: looping } }),
    ])
    expect((await theWorld.session(neighbourId)).logs.slice(1)).toEqual(['left by hang-up', 'exit ok'])
    expect((await theWorld.interaction(ixn1))?.['hasEnded']).toBe(false)
    await expectNothingLeft(theWorld)
  })

  it('12-nobody-listens: an event for nobody is dropped without an error', async () => {
    await using theWorld = await world()

    const waiting = await started(theWorld, '12-nobody-listens')
    await theWorld.advance({ hours: 1 })
    await theWorld.sendEvent(waiting.sessionId, 'interaction.deleted', { interactionid: ixn1 })

    expect(waiting.events).toEqual(['Entry1.done'])
    expect(waiting.errors).toEqual([])
    expect(waiting.isRunning).toBe(true)
    const session = await theWorld.session()
    expect(session.logs.slice(1)).toEqual(['left by hang-up', 'exit ok'])
    expect(session.lastEntered).toBe('Exit1')
    await expectNothingLeft(theWorld)
  })
})
