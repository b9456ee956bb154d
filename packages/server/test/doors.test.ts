import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiNode } from './api-node.ts'
import { startApiNode } from './api-node.ts'

let api: ApiNode
beforeEach(async () => {
  api = await startApiNode()
})
afterEach(() => api[Symbol.asyncDispose]())

async function interactionUntil(
  id: string,
  wanted: (body: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const { body } = await api.get(`/api/v1/interactions/${id}`)
    if (wanted(body)) return body
    await api.node.centre.runtime.idle()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('calls', () => {
  it('a call is placed, routed to a ready agent, answered and hung up', async () => {
    await api.post('/api/v1/agents/ada/login')
    await api.post('/api/v1/agents/ada/ready')

    const placed = await api.post('/api/v1/calls', { from: '0301112233', to: '4200', userData: { ticket: 17 } })
    const callId = String(placed.body['callId'])
    const ringing = await interactionUntil(callId, ({ state }) => state === 'ringing')
    const answered = await api.post(`/api/v1/calls/${callId}/answer`)
    const connected = await interactionUntil(callId, ({ state }) => state === 'connected')
    const hungUp = await api.post(`/api/v1/calls/${callId}/hangup`)
    await interactionUntil(callId, ({ hasEnded }) => hasEnded === true)

    expect(placed.status).toBe(201)
    expect(placed.headers.get('location')).toBe(`/api/v1/interactions/${callId}`)
    expect(ringing).toMatchObject({ category: 'voice', from: '0301112233', to: '4200', userData: { ticket: 17 } })
    expect(ringing['owner']).toMatch(/^[0-9A-Z]{32}$/)
    expect([answered.status, hungUp.status]).toEqual([200, 200])
    expect(connected['parties']).toContainEqual({ device: '7001', deviceType: 'agent', state: 'connected' })
    const session = await api.until(String(ringing['owner']), ({ isRunning }) => isRunning === false)
    expect(session.body['isRunning']).toBe(false)
  })

  it('takes ids, type, parent and parties on request', async () => {
    const callId = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

    const { status } = await api.post('/api/v1/calls', {
      from: '7001',
      to: '4200',
      callId,
      connId: '00aa11bb22cc33dd',
      parentCallId: 'PARENT',
      type: 'internal',
      parties: [{ device: '7002', deviceType: 'agent', state: 'held' }],
    })

    const interaction = await interactionUntil(callId, ({ owner }) => owner !== undefined && owner !== '')
    expect(status).toBe(201)
    expect(interaction).toMatchObject({
      id: callId,
      type: 'internal',
      connId: '00aa11bb22cc33dd',
      parentCallId: 'PARENT',
      parties: expect.arrayContaining([{ device: '7002', deviceType: 'agent', state: 'held' }]) as unknown[],
      view: { g_uid: callId, voice: { connid: '00aa11bb22cc33dd' } },
    })
  })

  it.each([
    ['no caller', { to: '4200' }, 400, 'SEG-API-001'],
    ['a type that is none', { from: '1', to: '4200', type: 'loud' }, 400, 'SEG-API-015'],
    ['patience that is no number', { from: '1', to: '4200', patienceS: 'long' }, 400, 'SEG-API-015'],
    ['user data that is no object', { from: '1', to: '4200', userData: 'x' }, 400, 'SEG-API-015'],
    ['parties that are no list', { from: '1', to: '4200', parties: {} }, 400, 'SEG-API-015'],
    ['a party in no state', { from: '1', to: '4200', parties: [{ device: '1', state: 'odd' }] }, 400, 'SEG-API-015'],
    ['a connection id that is none', { from: '1', to: '4200', connId: 'zz' }, 400, 'SEG-API-015'],
    ['a call id that is none', { from: '1', to: '4200', callId: '../x' }, 409, 'SEG-API-008'],
    ['a number that nobody has', { from: '1', to: '9999' }, 409, 'SEG-API-008'],
    ['a category that is none', { from: '1', to: '4200', category: 'smoke' }, 400, 'SEG-API-015'],
    [
      'another category at a number without application',
      { from: '1', to: '7001', category: 'chat' },
      409,
      'SEG-API-008',
    ],
  ])('with %s is refused', async (_what, body, status, code) => {
    const answer = await api.post('/api/v1/calls', body)

    expect(answer.status).toBe(status)
    expect(answer.body['code']).toBe(code)
  })

  it('of another category starts the application of its number', async () => {
    const { status, body } = await api.post('/api/v1/calls', {
      from: 'ada@example.org',
      to: '4200',
      category: 'msgbased',
      userData: { subject: 'hello' },
    })

    const interaction = await interactionUntil(String(body['callId']), ({ owner }) => owner !== '')
    expect(status).toBe(201)
    expect(interaction).toMatchObject({
      category: 'msgbased',
      userData: { subject: 'hello' },
      view: { msgbased: { from: 'ada@example.org' }, contactedaddr: '4200' },
    })
  })

  it('that do not exist are 404 at every door', async () => {
    const answers = await Promise.all([
      api.post('/api/v1/calls/NOPE/hangup'),
      api.post('/api/v1/calls/NOPE/answer'),
      api.post('/api/v1/calls/NOPE/release', { device: '7001' }),
      api.post('/api/v1/calls/NOPE/press', { digits: '1' }),
      api.get('/api/v1/interactions/NOPE'),
    ])

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  })

  it('need digits to be pressed', async () => {
    expect((await api.post('/api/v1/calls/ANY/press')).body['code']).toBe('SEG-API-001')
  })

  it('cannot be placed while the link to the switch is down', async () => {
    api.link.cut()

    const answer = await api.post('/api/v1/calls', { from: '1', to: '4200' })

    expect(answer.status).toBe(503)
    expect(answer.body['code']).toBe('SEG-API-010')
  })
})

describe('a command to the switch', () => {
  it('that is given while the link is down is performed when the link is up again', async () => {
    await api.post('/api/v1/calls', { from: '1', to: '4200', callId: 'CALL1' })
    await interactionUntil('CALL1', ({ owner }) => owner !== undefined && owner !== '')
    await api.node.centre.runtime.idle()
    api.link.cut()
    await api.post('/api/v1/agents/ada/login')
    await api.post('/api/v1/agents/ada/ready')
    await api.node.centre.runtime.idle()

    api.link.mend()

    const ringing = await interactionUntil('CALL1', ({ state }) => state === 'ringing')
    expect(ringing['state']).toBe('ringing')
  })
})

describe('interactions', () => {
  it('that no switch knows are offered to an application', async () => {
    const { status, body, headers } = await api.post('/api/v1/interactions', {
      interaction: { g_uid: 'mail-1', category: 'msgbased', udata: { subject: 'hello' } },
      focusDeviceId: 'inbound-mail',
      application: 'desk',
    })

    const interaction = await interactionUntil('mail-1', ({ owner }) => owner !== '')
    expect({ status, body }).toEqual({ status: 201, body: { id: 'mail-1' } })
    expect(headers.get('location')).toBe('/api/v1/interactions/mail-1')
    expect(interaction).toMatchObject({ category: 'msgbased', userData: { subject: 'hello' } })
  })

  it('get an id when they bring none', async () => {
    const { body } = await api.post('/api/v1/interactions', { interaction: { category: 'chat' }, application: 'desk' })

    expect(body['id']).toMatch(/^[0-9A-Z]{32}$/)
  })

  it('cannot take the id of a call', async () => {
    await api.post('/api/v1/calls', { from: '1', to: '4200', callId: 'CALL1' })
    await interactionUntil('CALL1', ({ owner }) => owner !== undefined && owner !== '')

    const answer = await api.post('/api/v1/interactions', { interaction: { g_uid: 'CALL1' }, application: 'desk' })

    expect(answer.status).toBe(409)
  })

  it.each([
    ['no application', { interaction: {} }, 400, 'SEG-API-001'],
    ['an application that nobody has', { interaction: {}, application: 'dask' }, 422, 'SEG-API-018'],
    ['no interaction', { application: 'desk' }, 400, 'SEG-API-015'],
    ['an id with a way out', { interaction: { g_uid: '../../x' }, application: 'desk' }, 400, 'SEG-API-015'],
  ])('with %s are refused', async (_what, body, status, code) => {
    const answer = await api.post('/api/v1/interactions', body)

    expect(answer.status).toBe(status)
    expect(answer.body['code']).toBe(code)
  })
})

describe('agents', () => {
  it('log in, become ready, not ready with a reason, and log out; the list shows it', async () => {
    const agent = async (): Promise<unknown> => ((await api.get('/api/v1/agents')).body['agents'] as unknown[])[0]
    const seen: unknown[] = [await agent()]

    for (const [verb, body] of [
      ['login', {}],
      ['ready', {}],
      ['notready', { reason: 'lunch' }],
      ['logout', {}],
    ] as const) {
      const { status } = await api.post(`/api/v1/agents/ada/${verb}`, body)
      expect(status).toBe(200)
      await api.node.centre.runtime.idle()
      seen.push(await agent())
    }

    expect(seen).toMatchObject([
      { id: 'ada', state: 'loggedOut', isFree: false, groups: ['Desk'] },
      { state: 'notReady', device: '7001' },
      { state: 'ready', isFree: true },
      { state: 'notReady', reason: 'lunch', isFree: false },
      { state: 'loggedOut' },
    ])
  })

  it('that are not configured are 404', async () => {
    const answer = await api.post('/api/v1/agents/nobody/login')

    expect(answer.status).toBe(404)
    expect(answer.body['code']).toBe('SEG-API-005')
  })

  it('count in the groups of the status', async () => {
    await api.post('/api/v1/agents/ada/login')
    await api.post('/api/v1/agents/ada/ready')
    await api.node.centre.runtime.idle()

    const { body } = await api.get('/api/v1/status')

    expect(body['domain']).toMatchObject({ groups: [{ name: 'Desk', loggedIn: 1, ready: 1 }] })
  })
})
