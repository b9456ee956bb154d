import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiNode } from './api-node.ts'
import { pipelined, startApiNode } from './api-node.ts'

let api: ApiNode
beforeAll(async () => {
  api = await startApiNode()
})
afterAll(() => api[Symbol.asyncDispose]())

describe('start', () => {
  it('takes parameters from a form, and gives id, location and cookie', async () => {
    const body = new URLSearchParams({ src: api.document('counter.scxml'), greeting: 'hello' }).toString()

    const answer = await api.request('POST', '/scxml/session/start', {
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })

    const id = String(answer.body['sessionid'])
    expect(answer.status).toBe(200)
    expect(id).toMatch(/^[0-9A-Z]{32}$/)
    expect(answer.headers.get('location')).toBe(`/scxml/session/${id}`)
    expect(answer.headers.get('set-cookie')).toContain(`ORSSESSIONID=${id}.nodesegue`)
    const query = await api.get(`/scxml/session/${id}/query`)
    expect(query.body).toMatchObject({ sessionid: id, state: ['counting'], data: { greeting: 'hello' } })
  })

  it('takes parameters from JSON with their types, and from the query', async () => {
    const src = encodeURIComponent(api.document('counter.scxml'))

    const { body } = await api.post(`/scxml/session/start?src=${src}&greeting=query`, { last: { deep: [1, 2] } })

    const query = await api.get(`/scxml/session/${String(body['sessionid'])}/query`)
    expect(query.body['data']).toMatchObject({ greeting: 'query', last: { deep: [1, 2] } })
  })

  it.each([
    ['JSON', '5', 'application/json', '5'],
    ['JSON', '{"a":1}', 'application/json', '{"a":1}'],
    ['a form', '5', 'application/x-www-form-urlencoded', 5],
    ['a form', '{"a":1}', 'application/x-www-form-urlencoded', { a: 1 }],
    ['a form', 'five', 'application/x-www-form-urlencoded', 'five'],
  ])(
    'scxml-dialect, Decisions: "values from JSON keep their type; form and query values are text, except that text which is valid JSON … is parsed": %s, %s',
    async (_what, greeting, type, expected) => {
      const parameters = { src: api.document('counter.scxml'), greeting }
      const body = type === 'application/json' ? JSON.stringify(parameters) : new URLSearchParams(parameters).toString()

      const started = await api.request('POST', '/scxml/session/start?last=7', {
        body,
        headers: { 'content-type': type },
      })

      const query = await api.get(`/scxml/session/${String(started.body['sessionid'])}/query`)
      expect(query.body['data']).toMatchObject({ greeting: expected, last: 7 })
    },
  )

  it('lets a parameter of the body win over the one of the query', async () => {
    const { body } = await api.post('/scxml/session/start?greeting=query', {
      src: api.document('counter.scxml'),
      greeting: 'body',
    })

    const query = await api.get(`/scxml/session/${String(body['sessionid'])}/query`)
    expect(query.body['data']).toMatchObject({ greeting: 'body' })
  })

  it('without src is refused with the name of the parameter', async () => {
    const answer = await api.post('/scxml/session/start', { greeting: 'x' })

    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'SEG-API-001', title: 'parameter "src" is missing' })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  it('of a broken document is refused with file, line, column and source line', async () => {
    const answer = await api.post('/scxml/session/start', { src: api.document('broken.scxml') })

    expect(answer.status).toBe(422)
    expect(answer.body['findings']).toEqual([
      expect.objectContaining({
        code: 'SEG-DOC-021',
        severity: 'error',
        line: 2,
        column: 47,
        text: expect.stringMatching(/nowhere.*\n.*target="nowhere".*\n\s+\^{7}/) as string,
      }),
    ])
  })

  it.each([
    ['a file outside of the folders', 'file:///etc/passwd', 'SEG-LOAD-001'],
    ['a way out of the folder', 'WAY_OUT', 'SEG-LOAD-001'],
    ['a foreign origin', 'http://127.0.0.1:1/a.scxml', 'SEG-LOAD-001'],
    ['a scheme that nobody reads', 'data:text/xml,<scxml/>', 'SEG-LOAD-006'],
    ['no address', 'counter.scxml', 'SEG-LOAD-006'],
  ])('of %s is refused, and says why', async (_what, src, code) => {
    const url = src === 'WAY_OUT' ? `${api.document('')}../../../../../../../etc/passwd` : src

    const answer = await api.post('/scxml/session/start', { src: url })

    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.body['findings'])).toContain(code)
    expect(JSON.stringify(answer.body)).not.toContain('root:')
  })

  it('with the same Idempotency-Key gives the same session once', async () => {
    const request = { src: api.document('counter.scxml') }
    const key = { 'idempotency-key': 'order-4711' }

    const answers = await Promise.all([1, 2, 3].map(() => api.post('/scxml/session/start', request, key)))
    const later = await api.post('/scxml/session/start', request, key)
    const other = await api.post('/scxml/session/start', request, { 'idempotency-key': 'order-4712' })

    const ids = [...answers, later].map(({ body }) => String(body['sessionid']))
    expect(new Set(ids).size).toBe(1)
    expect(other.body['sessionid']).not.toBe(ids[0])
    const sessions = await api.get('/api/v1/sessions')
    const listed = (sessions.body['sessions'] as { id: string }[]).filter(({ id }) => id === ids[0])
    expect(listed).toHaveLength(1)
  })

  it('with a used Idempotency-Key gives the same session after it has ended', async () => {
    const request = { src: api.document('counter.scxml') }
    const key = { 'idempotency-key': 'ended-1' }
    const first = await api.post('/scxml/session/start', request, key)
    const id = String(first.body['sessionid'])
    await api.post(`/scxml/session/${id}/event/stop`)
    await api.until(id, ({ isRunning }) => isRunning === false)

    const again = await api.post('/scxml/session/start', request, key)

    expect(again.body['sessionid']).toBe(id)
    expect((await api.get(`/api/v1/sessions/${id}`)).body['isRunning']).toBe(false)
  })

  it('with an Idempotency-Key of another document is a conflict', async () => {
    const key = { 'idempotency-key': 'conflict-1' }
    await api.post('/scxml/session/start', { src: api.document('counter.scxml') }, key)

    const answer = await api.post('/scxml/session/start', { src: api.document('desk.scxml') }, key)

    expect(answer.status).toBe(409)
    expect(answer.body['code']).toBe('SEG-API-019')
  })

  it('`idealtime`: "start time in ms since epoch (UTC)": in the past is now, at no time is refused', async () => {
    const src = api.document('counter.scxml')

    const past = await api.post('/scxml/session/start', { src, idealtime: 1_000 })
    const never = await Promise.all(
      ['soon', '1e300', 'Infinity'].map((idealtime) => api.post('/scxml/session/start', { src, idealtime })),
    )

    expect([past.status, ...never.map(({ status }) => status)]).toEqual([200, 400, 400, 400])
  })

  it('`idealtime` in the future is kept until then, gives the id at once, and can be taken back', async () => {
    const src = api.document('counter.scxml')
    const start = async (idealtime: number, key: string): Promise<string> => {
      const { body } = await api.post('/scxml/session/start', { src, idealtime }, { 'idempotency-key': key })
      return String(body['sessionid'])
    }

    const soon = await start(Date.now() + 50, 'soon-1')
    const again = await start(Date.now() + 50, 'soon-1')
    const later = await start(Date.now() + 3_600_000, 'later-1')
    const other = await api.post(
      '/scxml/session/start',
      { src: api.document('desk.scxml') },
      { 'idempotency-key': 'later-1' },
    )
    const cancelled = await api.post(`/scxml/session/${later}/terminate`)
    const twice = await api.post(`/scxml/session/${later}/terminate`)

    expect(again).toBe(soon)
    expect([other.status, cancelled.status, twice.status]).toEqual([409, 200, 404])
    let isRunning = false
    while (!isRunning) isRunning = (await api.get(`/scxml/session/${soon}/query`)).body['running'] === true
    expect((await api.get(`/scxml/session/${later}/query`)).status).toBe(404)
  })

  it('`idealtime` in the future of a document that cannot be started is refused at once', async () => {
    const request = { src: api.document('broken.scxml'), idealtime: Date.now() + 3_600_000 }

    expect((await api.post('/scxml/session/start', request)).status).toBe(422)
  })
})

describe('event', () => {
  it('brings its parameters to _event.data', async () => {
    const id = await api.start('counter.scxml')

    const answer = await api.post(`/scxml/session/${id}/event/order.paid?amount=12`, { by: { card: true } })

    expect(answer).toMatchObject({ status: 200, body: { sessionid: id, event: 'order.paid', accepted: 'accepted' } })
    const session = await api.until(id, ({ data }) => (data as { last: unknown }).last !== null)
    expect(session.body['data']).toMatchObject({
      last: { name: 'order.paid', data: { amount: '12', by: { card: true } } },
    })
  })

  it('may come as GET with query parameters', async () => {
    const id = await api.start('counter.scxml')

    await api.get(`/scxml/session/${id}/event/hello?n=1`)

    const session = await api.until(id, ({ data }) => (data as { last: unknown }).last !== null)
    expect(session.body['data']).toMatchObject({ last: { name: 'hello', data: { n: '1' } } })
  })

  it('a thousand on one connection arrive in order', async () => {
    const id = await api.start('counter.scxml')
    const paths = Array.from({ length: 1_000 }, (_, n) => `/scxml/session/${id}/event/tick?n=${n}`)

    const statuses = [...(await pipelined(api, paths.slice(0, 500))), ...(await pipelined(api, paths.slice(500)))]

    expect(statuses).toEqual(paths.map(() => 200))
    const session = await api.until(id, ({ data }) => (data as { seen: unknown[] }).seen.length >= 1_000)
    expect((session.body['data'] as { seen: string[] }).seen).toEqual(paths.map((_, n) => String(n)))
  })

  it('is taken once per Idempotency-Key, numbered or not', async () => {
    const id = await api.start('counter.scxml')
    const send = async (n: number, key: string): Promise<unknown> =>
      (await api.post(`/scxml/session/${id}/event/tick`, { n }, { 'idempotency-key': key })).body['accepted']

    const answers = [
      await send(1, 'client:1'),
      await send(1, 'client:1'),
      await send(2, 'client:2'),
      await send(3, 'a1b2-c3'),
      await send(3, 'a1b2-c3'),
      await send(4, 'other:1'),
    ]

    expect(answers).toEqual(['accepted', 'duplicate', 'accepted', 'accepted', 'duplicate', 'accepted'])
    const session = await api.until(id, ({ data }) => (data as { seen: unknown[] }).seen.length >= 4)
    expect(session.body['data']).toMatchObject({ seen: [1, 2, 3, 4] })
  })

  it('for a session that is not there, or has ended, is 404', async () => {
    const id = await api.start('counter.scxml')
    await api.post(`/scxml/session/${id}/event/stop`)
    await api.until(id, ({ isRunning }) => isRunning === false)

    const unknown = await api.post('/scxml/session/NOPE/event/tick')
    const ended = await api.post(`/scxml/session/${id}/event/tick`)

    expect([unknown.status, ended.status]).toEqual([404, 404])
    expect(unknown.body['code']).toBe('SEG-API-003')
  })

  it('whose name could never match is refused', async () => {
    const id = await api.start('counter.scxml')

    const answers = await Promise.all(
      ['a%20b', 'a%00b', '%0A'].map((name) => api.post(`/scxml/session/${id}/event/${name}`)),
    )

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  })
})

describe('terminate and query', () => {
  it('a terminated session ends; terminating it again is 404; its data can still be asked for', async () => {
    const id = await api.start('counter.scxml')

    const first = await api.post(`/scxml/session/${id}/terminate`)
    await api.until(id, ({ isRunning }) => isRunning === false)
    const second = await api.get(`/scxml/session/${id}/terminate`)
    const query = await api.get(`/scxml/session/${id}/query`)

    expect([first.status, second.status, query.status]).toEqual([200, 404, 200])
    expect(query.body['running']).toBe(false)
  })

  it('a query for an unknown session is 404', async () => {
    expect((await api.get('/scxml/session/NOPE/query')).body['code']).toBe('SEG-API-014')
  })
})
