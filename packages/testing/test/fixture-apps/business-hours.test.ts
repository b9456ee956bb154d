import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'
import { addressOf, centreWith, fixtureApps, STANDARD_CALL } from './fixtures.ts'

const PAGE = 'business-hours/src-gen/IPD_default_openHours.scxml'
const OPEN = '2024-01-17T18:00:00Z'
const ixn1 = STANDARD_CALL.callId

interface Clinic {
  readonly at?: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly ready?: readonly string[]
  readonly withoutList?: boolean
}

async function clinic({
  at = OPEN,
  parameters = {},
  ready = ['A1', 'A2'],
  withoutList = false,
}: Clinic): Promise<World> {
  const world = await startWorld({
    at,
    configuration: centreWith([{ name: 'openHours', url: PAGE, parameters }], {
      dns: [
        { number: '7001', switch: 'SIP_East', type: 'extension' },
        { number: '7002', switch: 'SIP_East', type: 'extension' },
      ],
      agents: [
        { id: 'A1', name: 'One', dn: '7001' },
        { id: 'A2', name: 'Two', dn: '7002' },
      ],
      agentGroups: [
        { name: 'Harbor Front Desk', agents: ['A1'] },
        { name: 'Harbor Back Office', agents: ['A2'] },
      ],
      lists: withoutList ? [] : [{ name: 'CLINIC_DESKS', items: { front: { room: '12' } } }],
      dayTables: [{ name: 'Harbor Holidays', days: [{ name: 'Holiday', date: '2024-01-15' }] }],
    }),
  })
  for (const agent of ['A1', 'A2']) {
    await world.agent(agent, 'login')
    if (ready.includes(agent)) await world.agent(agent, 'ready')
  }
  return world
}

describe.skipIf(fixtureApps === undefined)('business-hours (Harbor Clinic)', () => {
  it('1: open hours route by percentage, and the probe of the libraries gives exactly its values', async () => {
    await using world = await clinic({})

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const S = session.sessionId
    expect(session.logs.slice(0, 10)).toEqual([
      `[openHours] page ${addressOf(PAGE)}`,
      '[openHours] interaction process ready',
      '[openHours] generator: fixture 1',
      '[openHours] diagram saved by: fixture 1',
      '[openHours] project version: 1',
      '[openHours] diagram version: 1.0',
      '[openHours] handler waits',
      `${S}: application region leaves interaction.added`,
      `${S}: handler takes interaction.added ${ixn1}`,
      `${S}: work on interaction ${ixn1}`,
    ])
    expect(session.logs).toContain(`${S}: handler starts the workflow`)
    expect(session.logs).toContain(`${S}: interaction ${ixn1} goes to workflow openHours`)
    expect(session.logs).toContain(`[openHours] project at ${addressOf('business-hours')}/`)
    expect(session.logs).toContain('data size is a number: true')
    const probe = session.logs.find((text) => text.startsWith('probe '))?.slice('probe '.length)
    expect(JSON.parse(probe ?? '')).toEqual({
      blank: true,
      text: '{"a":[1,"b",null]}',
      round: 'b',
      iso: '2024-01-17T18:00:00',
      minutes: 510,
      number: 10,
      missing: 'undefined',
      media: 'TMediaVoice',
      route: true,
      desk: '12',
      fields: '{}',
    })
    expect(session.variables).toMatchObject({ clinicDay: 3, clinicTime: '10:00:00' })
  })

  it('1: the submit carries exactly the written attributes, requestid comes first, then the routed target', async () => {
    await using world = await clinic({})

    await world.placeCall(STANDARD_CALL)
    const callId = ixn1
    await world.answer(callId)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    const [submit] = session.actions
    expect(session.actions).toHaveLength(1)
    expect(submit?.name).toBe('queue:submit')
    expect(submit?.attributes).toEqual({
      route: true,
      interactionid: ixn1,
      timeout: 10,
      clearontimeout: false,
      ordertype: 'percentage',
    })
    const events = session.events.filter((name) => name.startsWith('queue.'))
    expect(events).toEqual(['queue.submit.requestid', 'queue.submit.done'])
    const selected = session.logs.indexOf('selected')
    expect(session.logs[selected + 1]).toBe('[openHours] target found in block Target1')
    expect(session.logs[selected + 2]).toMatch(/^target: 700[12]@SIP_East\.DN$/)
    expect(session.logs.slice(selected + 3, selected + 5)).toEqual([
      `interaction ${ixn1} ani undefined`,
      `interaction ${ixn1} voice ani 0811112222`,
    ])
    expect(session.logs.slice(-2)).toEqual([
      `${session.sessionId}: exit block Exit1, workflow openHours is complete`,
      `${session.sessionId}: global exit of openHours`,
    ])
    expect(session.isRunning).toBe(false)
    expect(session.errors).toEqual([])
  })

  it('2: over 100 calls with both groups free, 70 ± 10 go to the front desk', async () => {
    await using world = await clinic({})
    let front = 0

    for (let n = 0; n < 100; n += 1) {
      const callId = await world.placeCall({ from: '0811112222', to: '4201' })
      await world.answer(callId)
      await world.advance({ seconds: 2 })
      const sessionId = (await world.sessionIds()).at(-1)
      const target = (await world.session(sessionId)).logs.find((text) => text.startsWith('target: '))
      if (target?.startsWith('target: 7001') === true) front += 1
      await world.release(callId)
      for (const agent of ['A1', 'A2']) await world.agent(agent, 'ready')
      await world.advance({ seconds: 2 })
    }

    expect(front).toBeGreaterThanOrEqual(60)
    expect(front).toBeLessThanOrEqual(80)
  })

  it('3: one group busy: the call goes to the other at once', async () => {
    await using world = await clinic({ ready: ['A2'] })

    await world.placeCall(STANDARD_CALL)
    await world.answer(ixn1)
    await world.advance({ seconds: 1 })

    expect((await world.session()).logs).toContain('target: 7002@SIP_East.DN')
  })

  it('4: nobody ready: after 10 s error.queue.submit ends the session and not the call', async () => {
    await using world = await clinic({ ready: [] })

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 9 })
    const waiting = await world.session()
    await world.advance({ seconds: 2 })

    expect(waiting.isRunning).toBe(true)
    const session = await world.session()
    const S = session.sessionId
    const at = session.logs.indexOf(`${S}: application region leaves error.queue.submit`)
    expect(session.logs[at + 1]).toBe(`${S}: handler takes an unhandled error: error.queue.submit`)
    expect(session.logs[at + 2]).toMatch(new RegExp(`^${S}: text: .+`))
    expect(session.logs.at(-1)).toBe(`${S}: global exit of openHours`)
    expect(session.isRunning).toBe(false)
    expect((await world.interaction(ixn1))?.['hasEnded']).toBe(false)
  })

  it.each([
    ['5: weekend', { at: '2024-01-20T20:00:00Z' }, 'weekend.vxml', 'English (US)'],
    ['6: night in the zone, day elsewhere', { at: '2024-01-18T06:00:00Z' }, 'closed.vxml', 'English (US)'],
    ['7: 08:30:00 is still closed', { at: '2024-01-17T16:30:00Z' }, 'closed.vxml', 'English (US)'],
    [
      '8: holiday by parameter',
      { at: '2024-01-15T18:00:00Z', parameters: { holiday_table: 'Harbor Holidays', clinicLanguage: 'German' } },
      'holiday.vxml',
      'German',
    ],
  ] as const)('%s plays its announcement and submits nothing', async (_title, environment, voice, language) => {
    await using world = await clinic(environment)
    world.hold(({ body }) => JSON.stringify(body).includes('"treat"'))

    await world.placeCall(STANDARD_CALL)
    await world.advance({ ms: 10 })
    const [held] = world.held
    await held?.answer('dialog.start.done', { requestid: 'somebody else', interactionid: ixn1 }, { answers: false })
    await world.settle()
    const unmoved = await world.session()

    const [start] = unmoved.actions
    expect(unmoved.actions).toHaveLength(1)
    expect(start?.name).toBe('dialog:start')
    expect(start?.attributes).toEqual({ type: 'applid', interactionid: ixn1 })
    expect(start?.params).toEqual({ APP_URI: `${addressOf('business-hours')}/voice/${voice}`, LANGUAGE: language })
    expect(unmoved.isRunning).toBe(true)
    expect(unmoved.logs.at(-1)).toBe(`${unmoved.sessionId}: application region leaves dialog.start.done`)

    await held?.answer('dialog.start.done', { requestid: start?.requestId, interactionid: ixn1 })
    await world.settle()
    const session = await world.session()
    expect(session.isRunning).toBe(false)
    expect(session.actions).toHaveLength(1)
  })

  it('7: one second after 08:30:00 it is open', async () => {
    await using world = await clinic({ at: '2024-01-17T16:30:01Z' })

    await world.placeCall(STANDARD_CALL)
    await world.settle()

    expect((await world.session()).actions.map(({ name }) => name)).toEqual(['queue:submit'])
  })

  it('8: without the parameter the same day is no holiday', async () => {
    await using world = await clinic({ at: '2024-01-15T18:00:00Z' })

    await world.placeCall(STANDARD_CALL)
    await world.settle()

    expect((await world.session()).actions.map(({ name }) => name)).toEqual(['queue:submit'])
  })

  it('9: hang-up while waiting ends the session and withdraws the submit', async () => {
    await using world = await clinic({ ready: [] })

    await world.placeCall(STANDARD_CALL)
    await world.advance({ seconds: 3 })
    await world.hangUp(ixn1)

    const session = await world.session()
    const S = session.sessionId
    expect(session.logs).toContain(`${S}: application region leaves interaction.deleted`)
    expect(session.logs.slice(-2)).toEqual([
      `${S}: effective interaction is gone, exit`,
      `${S}: global exit of openHours`,
    ])
    expect(session.isRunning).toBe(false)
    expect(world.summary()?.waiting).toBe(0)
    await world.agent('A1', 'ready')
    await world.advance({ seconds: 20 })
    expect(world.summary()?.waiting).toBe(0)
  })

  it('9: interaction.deleted because of a detach does not end the session', async () => {
    await using world = await clinic({ ready: [] })
    await world.placeCall(STANDARD_CALL)
    const { sessionId } = await world.session()

    await world.sendEvent(sessionId, 'interaction.deleted', { interactionid: ixn1, resultof: 'detach' })
    await world.advance({ seconds: 1 })

    expect((await world.session()).isRunning).toBe(true)
  })

  it('10: a list that is not there is logged, and everything else is as before', async () => {
    await using world = await clinic({ withoutList: true })

    await world.placeCall(STANDARD_CALL)
    await world.answer(ixn1)
    await world.advance({ seconds: 1 })

    const session = await world.session()
    expect(session.logs).toContain('setting CLINIC_DESKS/front/room not readable')
    expect(session.logs).toContain('settings CLINIC_DESKS/absent not readable')
    const probe = JSON.parse(session.logs.find((text) => text.startsWith('probe '))?.slice('probe '.length) ?? '')
    expect(probe).toMatchObject({ desk: 'none', fields: '{}' })
    expect(session.isRunning).toBe(false)
  })
})
