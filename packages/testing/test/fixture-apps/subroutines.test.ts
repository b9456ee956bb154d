import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'
import { addressOf, centreWith, fixtureApps, STANDARD_CALL } from './fixtures.ts'

const ixn1 = STANDARD_CALL.callId
const SUBROUTINES = [
  'QueueCancel',
  'QueueQuery',
  'LastPriority',
  'ClearTargets',
  'InteractionAccept',
  'SuspendForEvent',
  'legacy/QueueQuery',
]
const CALLERS = [
  'CallClearTargets',
  'CallInteractionAccept',
  'CallLastPriority',
  'CallLegacyQueueQuery',
  'CallQueueCancel',
  'CallQueueQuery',
  'CallSuspendForEvent',
]

/** A root page that calls a sub-routine, and a group in which nobody is ready. */
async function caller(page: string, documents: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = await startWorld({
    isServed: true,
    configuration: centreWith([{ name: 'app', url: `subroutines/callers/${page}.scxml` }], {
      dns: [{ number: '7001', switch: 'SIP_East', type: 'extension' }],
      agents: [{ id: '8001', dn: '7001' }],
      agentGroups: [{ name: 'NW_Nobody', agents: ['8001'] }],
      virtualQueues: [{ name: 'VQ_NW_SUB' }],
    }),
    documents,
  })
  await world.agent('8001', 'login')
  return world
}

async function expectNothingLeft(world: World): Promise<void> {
  await world.advance({ hours: 1 })
  expect(await world.leftOver()).toMatchObject({ sessions: 0, effects: 0, timers: 0, messages: 0, waiting: 0 })
  expect(world.incidents).toEqual([])
}

describe.skipIf(fixtureApps === undefined)('sub-routines', () => {
  it.each([...SUBROUTINES, ...CALLERS.map((page) => `callers/${page}`)])('%s loads', async (page) => {
    await using world = await caller('CallQueueCancel')

    const chart = await world.chart(addressOf('subroutines', `${page}.scxml`))

    expect(chart.states.length).toBeGreaterThan(1)
  })

  it('1: QueueCancel takes back a submit, and nobody is selected afterwards', async () => {
    await using world = await caller('CallQueueCancel')

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const [submit, cancel] = session.actions
    const R1 = submit?.requestId ?? ''
    expect(session.actions.map(({ name }) => name)).toEqual(['queue:submit', 'queue:cancel'])
    expect(submit?.attributes).toEqual({
      route: false,
      interactionid: ixn1,
      queue: 'VQ_NW_SUB',
      priority: 7,
      clearontimeout: true,
      ordertype: 'max',
      orderstat: 'StatAgentLoading',
    })
    expect(cancel?.attributes).toMatchObject({ requestid: R1 })
    expect(session.events.filter((name) => /^queue|^done\.state\.Sub1/.test(name))).toEqual([
      'queue.submit.requestid',
      'queue.cancel.done',
      'done.state.Sub1._composer_entry',
    ])
    const said = [`take back submit ${R1}`, 'queue cancel sub-routine ends', `caller QueueCancel: took back ${R1}`]
    expect(session.logs.filter((text) => said.includes(text))).toEqual(said)
    expect(session.lastEntered).toBe('Finished')
    await world.agent('8001', 'ready')
    expect((await world.session()).events).toEqual(session.events)
    await expectNothingLeft(world)
  })

  it('2: QueueQuery tells priority, position and waiting time; the submit goes with the session', async () => {
    await using world = await caller('CallQueueQuery')

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const R1 = session.actions[0]?.requestId ?? ''
    expect(session.logs).toContain(`ask for submit ${R1}`)
    expect(session.actions[1]).toMatchObject({ name: 'queue:query', attributes: { requestid: R1 } })
    expect(session.logs).toContainEqual(expect.stringMatching(/^caller QueueQuery: 7\/1\/\d+(\.\d+)?$/))
    expect(session.isRunning).toBe(false)
    await expectNothingLeft(world)
  })

  it('3: LastPriority asks by interaction and request', async () => {
    await using world = await caller('CallLastPriority')

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    expect(session.actions[1]).toMatchObject({
      name: 'queue:query',
      attributes: { interactionid: ixn1, requestid: session.actions[0]?.requestId },
    })
    expect(session.logs).toContain('caller LastPriority: 7')
    await expectNothingLeft(world)
  })

  it('4: ClearTargets clears a virtual queue; a final whose own id holds a dot is found', async () => {
    await using world = await caller('CallClearTargets')

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    expect(session.actions[1]?.name).toBe('queue:cancel')
    expect(session.actions[1]?.attributes).toMatchObject({ interactionid: ixn1, queue: 'VQ_NW_SUB' })
    expect(session.events.filter((name) => name === 'queue.cancel.done')).toHaveLength(1)
    expect(session.trace).toContainEqual(expect.objectContaining({ kind: 'enter', state: 'Sub1.ClearAll.Complete' }))
    const said = ['clear targets sub-routine ends', 'caller ClearTargets: cleared']
    expect(session.logs.filter((text) => said.includes(text))).toEqual(said)
    await expectNothingLeft(world)
  })

  it('5: ClearTargets without a queue clears all of the interaction', async () => {
    const path = 'subroutines/callers/CallClearTargets.scxml'
    const text = await readFile(join(fixtureApps ?? '', path), 'utf8')
    const without = text.replaceAll(/args_(\.Queue|\['Queue'\])\s*=[^;\n]*;?/g, '')
    expect(without).not.toBe(text)
    await using world = await caller('CallClearTargets', { [path]: without })

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    expect(session.actions[1]?.name).toBe('queue:cancel')
    expect(Object.keys(session.actions[1]?.attributes ?? {})).not.toContain('queue')
    expect(session.logs).toContain('caller ClearTargets: cleared')
    await expectNothingLeft(world)
  })

  it.each([
    ['6: accepted', 'interaction.accept.done', 'return:ok'],
    ['7: refused', 'error.interaction.accept', 'return:error'],
    ['7: another error', 'error.session.fetch', 'return:other error'],
  ])('%s: InteractionAccept returns what came of it', async (_title, answer, result) => {
    await using world = await caller('CallInteractionAccept')
    world.hold(({ body }) => JSON.stringify(body).includes('"accept"'))
    await world.placeCall(STANDARD_CALL)
    const [held] = world.held

    await held?.answer(answer, { requestid: held.requestId, interactionid: ixn1 })

    const session = await world.session()
    expect(session.actions[0]).toMatchObject({
      name: 'interaction:accept',
      attributes: { interactionid: ixn1, resource: '7001' },
    })
    const said = [`accept sub-routine ends with ${result}`, `caller InteractionAccept: ${result}`]
    expect(session.logs.filter((text) => said.includes(text))).toEqual(said)
    await expectNothingLeft(world)
  })

  it('8: SuspendForEvent goes on after its timer', async () => {
    await using world = await caller('CallSuspendForEvent')
    await world.placeCall(STANDARD_CALL)

    await world.advance({ ms: 1999 })
    const before = await world.session()
    await world.advance({ ms: 1 })

    expect(before.logs).not.toContain('resumed by the timer')
    const session = await world.session()
    expect(session.logs).toContain('resumed by the timer')
    expect(session.isRunning).toBe(false)
    await expectNothingLeft(world)
  })

  it('9: SuspendForEvent goes on after the event with the literal name, and the timer never fires', async () => {
    await using world = await caller('CallSuspendForEvent')
    await world.placeCall(STANDARD_CALL)
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'unused')
    const before = await world.session()
    await world.sendEvent(sessionId, 'eventValue')

    expect(before.isRunning).toBe(true)
    expect(before.logs).not.toContain('resumed by the event')
    const session = await world.session()
    expect(session.logs).toContain('resumed by the event')
    expect(session.isRunning).toBe(false)
    await world.advance({ seconds: 5 })
    expect((await world.session()).trace).toEqual(session.trace)
    await expectNothingLeft(world)
  })

  it('10: the old text stops at JSON.eval, which is no function', async () => {
    await using world = await caller('CallLegacyQueueQuery')

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const failure = session.events.find((name) => name.startsWith('error'))
    expect(failure).toMatch(/TypeError$/)
    expect(session.logs).toContain(`caller LegacyQueueQuery: error ${failure ?? ''}`)
    expect(session.lastEntered).toBe('Failed')
    await expectNothingLeft(world)
  })
})
