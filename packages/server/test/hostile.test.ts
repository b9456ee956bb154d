import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiNode } from './api-node.ts'
import { startApiNode } from './api-node.ts'

let api: ApiNode
beforeAll(async () => {
  api = await startApiNode()
})
afterAll(() => api[Symbol.asyncDispose]())

const JSON_TYPE = { 'content-type': 'application/json' }

describe('tokens', () => {
  it.each(['', 'wrong', 'x'.repeat(10_000)])('a wrong one opens nothing but health (%#)', async (token) => {
    const answers = await Promise.all(
      [
        '/api/v1/sessions',
        '/ors/help',
        '/nothing',
        '/health/../api/v1/sessions',
        '/healthy',
        '/scxml/session/X/query',
      ].map((path) => api.request('GET', path, { token })),
    )

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect(answers[0]?.headers.get('www-authenticate')).toContain('Bearer')
    expect((await api.request('GET', '/health', { token })).status).toBe(200)
    expect((await api.request('GET', '/health/ready', { token })).status).toBe(200)
  })

  it('in another scheme or letter case of the scheme is no token', async () => {
    const { token } = api.node

    const answers = await Promise.all(
      [`Basic ${token}`, token, `Bearer ${token} x`].map((authorization) =>
        api.request('GET', '/api/v1/sessions', { headers: { authorization } }),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
  })
})

describe('bodies', () => {
  it.each([
    ['garbage', '{"src": ', 400],
    ['a list', '[1,2]', 400],
    ['a number', '17', 400],
    ['null', 'null', 400],
    ['a text', '"src"', 400],
    ['very deep JSON', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
  ])('%s as JSON is refused with a reason', async (_what, body, status) => {
    const answer = await api.request('POST', '/scxml/session/start', { body, headers: JSON_TYPE })

    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ code: 'SEG-API-011', status })
  })

  it('of an unknown type are 415', async () => {
    const answers = await Promise.all(
      ['text/plain', 'application/xml', 'nonsense', 'multipart/form-data; boundary=x'].map((type) =>
        api.request('POST', '/scxml/session/start', { body: 'src=x', headers: { 'content-type': type } }),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([415, 415, 415, 415])
    expect(answers[0]?.body['code']).toBe('SEG-API-017')
  })

  it('larger than the limit are 413, announced or not', async () => {
    const body = JSON.stringify({ src: 'x'.repeat(2_000_000) })

    const answer = await api.request('POST', '/scxml/session/start', { body, headers: JSON_TYPE })

    expect(answer.status).toBe(413)
    expect(answer.body['code']).toBe('SEG-API-016')
  })

  it('with names of the language do no harm', async () => {
    const answer = await api.request('POST', '/scxml/session/start', {
      body: `{"src":"${api.document('counter.scxml')}","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
      headers: JSON_TYPE,
    })
    const called = await api.request('POST', '/api/v1/calls', {
      body: '{"from":"1","to":"4200","userData":{"__proto__":{"polluted":1},"toString":"x"}}',
      headers: JSON_TYPE,
    })

    expect([answer.status, called.status]).toEqual([200, 201])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe('paths', () => {
  it.each([
    '/api/v1/sessions/..%2F..%2Fhealth',
    '/api/v1/sessions/%00',
    '/scxml/session/../../etc/passwd/query',
    '//api/v1/sessions',
    '/api/v1/sessions/',
    '/api/v1/interactions/__proto__',
  ])('%s is 404', async (path) => {
    expect((await api.get(path)).status).toBe(404)
  })

  it('longer than the limit are refused', async () => {
    const { status, body } = await api.get(`/api/v1/sessions/${'x'.repeat(5_000)}`)

    expect(status).toBe(414)
    expect(body['code']).toBe('SEG-API-011')
  })

  it('with broken percent signs are a client error', async () => {
    const { status } = await api.get('/api/v1/sessions/%E0%A4%A')

    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  it('with another method say which one is served', async () => {
    const answer = await api.get('/scxml/session/start')

    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
    expect(answer.body['code']).toBe('SEG-API-023')
  })

  it('that are no HTTP at all close the connection, and the server stays', async () => {
    const { hostname, port } = new URL(api.node.url)
    const socket = connect(Number(port), hostname)
    socket.resume()
    socket.end('\u0000\u0001 this is no request\r\n\r\n')
    await new Promise((resolve) => socket.once('close', resolve))

    expect((await api.get('/health')).status).toBe(200)
  })
})

describe('pages', () => {
  it.each(['0', '-5', '1e9', 'many', '2.7'])('limit=%s gives a page', async (limit) => {
    await api.start('counter.scxml')

    const { status, body } = await api.get(`/api/v1/sessions?limit=${limit}`)

    expect(status).toBe(200)
    expect(Array.isArray(body['sessions'])).toBe(true)
  })

  it('go on after the last id', async () => {
    for (let n = 0; n < 5; n += 1) await api.start('counter.scxml')
    const first = await api.get('/api/v1/sessions?limit=3')
    const ids = (first.body['sessions'] as { id: string }[]).map(({ id }) => id)

    const second = await api.get(`/api/v1/sessions?limit=3&after=${String(ids.at(-1))}`)

    expect(ids).toHaveLength(3)
    for (const { id } of second.body['sessions'] as { id: string }[]) expect(ids).not.toContain(id)
  })
})
