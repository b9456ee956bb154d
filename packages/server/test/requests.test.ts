import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, ApiNode } from './api-node.ts'
import { startApiNode } from './api-node.ts'

const namespaces =
  'xmlns="http://www.w3.org/2005/07/scxml" xmlns:ws="http://www.genesyslab.com/modules/ws" profile="ecmascript" version="1.0"'

/** Answers in its own ways; `after` is how the last answer came off. */
const desk = `<scxml ${namespaces} initial="open">
  <datamodel><data id="after" expr="''"/><data id="held" expr="[]"/><data id="seen" expr="null"/></datamodel>
  <state id="open">
    <transition event="balance"><ws:response requestid="_event.sendid" resultcode="ok">
      <param name="amount" expr="12.5"/><param name="of" expr="_event.data.account"/></ws:response></transition>
    <transition event="refuse"><ws:response requestid="_event.sendid" type="negative" resultcode="busy"><param name="again" expr="true"/></ws:response></transition>
    <transition event="text"><ws:response requestid="_event.sendid"><content _expr="'plain ' + _event.data.param"/></ws:response></transition>
    <transition event="echo"><assign location="_data.seen" expr="_event.data"/><ws:response requestid="_event.sendid"><content _expr="_event.data"/></ws:response></transition>
    <transition event="twice"><ws:response requestid="_event.sendid"/><ws:response requestid="_event.sendid"/></transition>
    <transition event="hold"><script>_data.held.push(_event.sendid)</script></transition>
    <transition event="answerAll"><if cond="_data.held.length &gt; 0"><ws:response requestid="_data.held.shift()"><param name="n" expr="_data.held.length"/></ws:response><send event="'answerAll'"/></if></transition>
    <transition event="give"><ws:response requestid="_event.data.id"><param name="stolen" expr="true"/></ws:response></transition>
    <transition event="leave" target="over"/>
    <transition event="ws.response.done"><assign location="_data.after" expr="_event.name"/></transition>
    <transition event="error.ws.response"><assign location="_data.after" expr="_event.name + ' ' + _event.data.error"/></transition>
  </state>
  <final id="over"/>
</scxml>`

let api: ApiNode
let impatient: ApiNode
beforeAll(async () => {
  api = await startApiNode({
    documents: { 'asked.scxml': desk },
    parts: { requestLimits: { maxOpenRequestsPerSession: 20 } },
  })
  impatient = await startApiNode({
    documents: { 'asked.scxml': desk },
    parts: { requestLimits: { answerTimeoutMs: 30 } },
  })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await impatient[Symbol.asyncDispose]()
})

type Session = Readonly<Record<string, unknown>>
const dataOf = (session: Session): { after: string; held: string[]; seen: unknown } =>
  session['data'] as { after: string; held: string[]; seen: unknown }
const holds =
  (count: number) =>
  (session: Session): boolean =>
    dataOf(session).held.length === count

describe('external-interfaces 1.4: "the HTTP exchange stays open until the session runs `<ws:response>` for `_event.sendid`"', () => {
  it('"positive → 200 + parameters", by POST and by GET', async () => {
    const id = await api.start('asked.scxml')

    const posted = await api.post(`/scxml/session/${id}/request/balance`, { account: 'a1' })
    const got = await api.get(`/scxml/session/${id}/request/balance?account=a2`)

    expect(posted).toMatchObject({ status: 200, body: { amount: 12.5, of: 'a1', resultcode: 'ok' } })
    expect(got).toMatchObject({ status: 200, body: { amount: 12.5, of: 'a2', resultcode: 'ok' } })
    expect(got.headers.get('cache-control')).toBe('no-store')
    await api.until(id, (session) => dataOf(session).after === 'ws.response.done')
  })

  it('"negative → error status + `resultcode`"', async () => {
    const id = await api.start('asked.scxml')

    const answer = await api.post(`/scxml/session/${id}/request/refuse`)

    expect(answer).toMatchObject({ status: 400, body: { resultcode: 'busy', again: true } })
  })

  it('"`<content _expr>` raw body": text stays text, anything else is JSON', async () => {
    const id = await api.start('asked.scxml')
    const url = `${api.node.url}/scxml/session/${id}/request/text`
    const headers = { authorization: `Bearer ${api.node.token}`, 'content-type': 'text/plain' }

    const answer = await fetch(url, { method: 'POST', headers, body: '<script>alert(1)</script>' })

    expect(await answer.text()).toBe('plain <script>alert(1)</script>')
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('many are open at once, each gets its own answer, and one more than the limit is refused', async () => {
    const id = await api.start('asked.scxml')
    const open = Array.from({ length: 20 }, () => api.get(`/scxml/session/${id}/request/hold`))
    await api.until(id, holds(20))
    const oneMore = await api.get(`/scxml/session/${id}/request/hold`)

    await api.post(`/scxml/session/${id}/event/answerAll`)
    const answers = await Promise.all(open)

    expect({ status: oneMore.status, code: oneMore.body['code'] }).toEqual({ status: 503, code: 'SEG-API-006' })
    expect(oneMore.headers.get('retry-after')).toBe('1')
    expect(answers.map(({ status }) => status)).toEqual(open.map(() => 200))
    expect(new Set(answers.map(({ body }) => body['n'])).size).toBe(20)
  })
})

describe('session-and-web 6.1: the request as an event', () => {
  const echo = async (method: string, query: string, body?: string, type?: string): Promise<unknown> => {
    const id = await api.start('asked.scxml')
    const headers = type === undefined ? {} : { 'content-type': type }
    const path = `/scxml/session/${id}/request/echo${query}`
    const answer = await api.request(method, path, { headers, ...(body === undefined ? {} : { body }) })
    expect(answer.status).toBe(200)
    return answer.body
  }

  it('"each form/query parameter by name", `param` "raw body/parameter block", `paramtype` "content type of that block"', async () => {
    const form = 'application/x-www-form-urlencoded'

    expect(await echo('GET', '?a=1&b=x%20y')).toEqual({ a: '1', b: 'x y', param: 'a=1&b=x%20y', paramtype: form })
    expect(await echo('POST', '?q=1', 'a=2', form)).toEqual({ q: '1', a: '2', param: 'a=2', paramtype: form })
    expect(await echo('POST', '', '{"n": [1]}', 'application/json; charset=utf-8')).toEqual({
      n: [1],
      param: '{"n": [1]}',
      paramtype: 'application/json',
    })
    expect(await echo('POST', '', '<a/>', 'text/xml')).toEqual({ param: '<a/>', paramtype: 'text/xml' })
    expect(await echo('GET', '')).toEqual({ param: '', paramtype: form })
  })

  it('a parameter called as the block does not hide it', async () => {
    expect(await echo('GET', '?param=mine')).toMatchObject({ param: 'param=mine' })
  })

  it('names of the language are members like others', async () => {
    const body = JSON.stringify(await echo('POST', '', '{"__proto__": {"a": 1}, "constructor": 2}', 'application/json'))

    expect(body).toContain('"__proto__":{"a":1}')
    expect(body).toContain('"constructor":2')
  })

  it.each([
    ['no JSON', '{"a":', 'application/json', 400],
    ['too deep', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, 'application/json', 400],
    ['too large', 'x'.repeat(1_100_000), 'text/plain', 413],
  ])('a body that is %s is refused and not given to the session', async (_what, body, type, status) => {
    const id = await api.start('asked.scxml')

    const answer = await api.request('POST', `/scxml/session/${id}/request/echo`, {
      body,
      headers: { 'content-type': type },
    })

    expect(answer.status).toBe(status)
    expect((await api.get(`/scxml/session/${id}/query`)).body['data']).toMatchObject({ seen: null })
  })
})

describe('requests without an answer', () => {
  it('"or a time limit passes": 504, and a late answer is `error.ws.response` for the session', async () => {
    const id = await impatient.start('asked.scxml')

    const answer = await impatient.get(`/scxml/session/${id}/request/hold`)
    await impatient.post(`/scxml/session/${id}/event/answerAll`)

    expect(answer).toMatchObject({ status: 504, body: { code: 'SEG-API-024' } })
    await impatient.until(id, (session) => dataOf(session).after === 'error.ws.response callergone')
  })

  it('are told when the session ends meanwhile', async () => {
    const id = await api.start('asked.scxml')
    const open = [1, 2].map(() => api.get(`/scxml/session/${id}/request/hold`))
    await api.until(id, holds(2))

    await api.post(`/scxml/session/${id}/event/leave`)

    for (const { status, body } of await Promise.all(open))
      expect({ status, code: body['code'] }).toEqual({ status: 410, code: 'SEG-API-025' })
  })

  it('are told when the session is terminated meanwhile', async () => {
    const id = await api.start('asked.scxml')
    const open = api.get(`/scxml/session/${id}/request/hold`)
    await api.until(id, holds(1))

    await api.post(`/scxml/session/${id}/terminate`)

    expect((await open).status).toBe(410)
  })

  it('to a session that is not there, or has ended, are 404', async () => {
    const id = await api.start('asked.scxml')
    await api.post(`/scxml/session/${id}/event/leave`)
    await api.until(id, ({ isRunning }) => isRunning === false)

    const statuses = await Promise.all([
      api.get('/scxml/session/NOPE/request/balance'),
      api.get(`/scxml/session/${id}/request/balance`),
    ])

    expect(statuses.map(({ status }) => status)).toEqual([404, 404])
  })

  it('need a token, an event name that can be matched, and a key that is not too long', async () => {
    const id = await api.start('asked.scxml')
    const path = `/scxml/session/${id}/request`

    const answers = [
      await api.request('GET', `${path}/balance`, { token: 'wrong' }),
      await api.get(`${path}/a%20b`),
      await api.request('GET', `${path}/balance`, { headers: { 'idempotency-key': 'x'.repeat(201) } }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([401, 400, 400])
  })
})

describe('answers of a session', () => {
  it('the second one to the same request is `error.ws.response`, and changes nothing', async () => {
    const id = await api.start('asked.scxml')

    const answer = await api.post(`/scxml/session/${id}/request/twice`)

    expect(answer).toMatchObject({ status: 200, body: {} })
    await api.until(id, ({ trace }) => JSON.stringify(trace).includes('ws.response.done'))
    const { body } = await api.get(`/api/v1/sessions/${id}`)
    expect(JSON.stringify(body['trace'])).toContain('unknownrequest')
  })

  it('to a request of another session is `error.ws.response`, and the caller goes on waiting', async () => {
    const [asked, thief] = [await api.start('asked.scxml'), await api.start('asked.scxml')]
    const open = api.get(`/scxml/session/${asked}/request/hold`)
    const session = await api.until(asked, holds(1))

    await api.post(`/scxml/session/${thief}/event/give`, { id: dataOf(session.body).held[0] })
    await api.until(thief, (one) => dataOf(one).after === 'error.ws.response unknownrequest')
    await api.post(`/scxml/session/${asked}/event/answerAll`)

    expect((await open).body).toEqual({ n: 0 })
  })

  it('to a caller who has hung up is `error.ws.response`', async () => {
    const id = await api.start('asked.scxml')
    const path = `${api.node.url}/scxml/session/${id}/request/hold`
    const call = httpRequest(path, { headers: { authorization: `Bearer ${api.node.token}` } })
    call.on('error', () => undefined)
    call.end()
    await api.until(id, holds(1))

    const closed = new Promise((resolve) => call.once('close', resolve))
    call.destroy()
    await closed
    // The node sees the end of the connection with its next round of the event loop.
    await api.get('/health')
    await api.post(`/scxml/session/${id}/event/answerAll`)

    await api.until(id, (session) => dataOf(session).after === 'error.ws.response callergone')
  })

  it('after a new start of the node are `error.ws.response`: the connection of the caller is gone, the session is not', async () => {
    await using first = await startApiNode({ documents: { 'asked.scxml': desk }, settings: { store: 'sqlite' } })
    const id = await first.start('asked.scxml')
    const open = first.get(`/scxml/session/${id}/request/hold`).catch(() => 'cut')
    await first.until(id, holds(1))
    await first.node[Symbol.asyncDispose]()
    const dataFolder = join(first.folder, 'data')

    await using second = await startApiNode({ settings: { store: 'sqlite', dataFolder } })
    await second.post(`/scxml/session/${id}/event/answerAll`)

    await second.until(id, (session) => dataOf(session).after === 'error.ws.response callergone')
    expect(await open).toSatisfy((answer: unknown) => answer === 'cut' || (answer as Answer).status === 503)
  })

  it('the same Idempotency-Key asks once', async () => {
    const id = await api.start('asked.scxml')
    const key = { 'idempotency-key': 'ask-1' }

    const first = await api.post(`/scxml/session/${id}/request/balance`, {}, key)
    const second = await api.post(`/scxml/session/${id}/request/balance`, {}, key)

    expect([first.status, second.status]).toEqual([200, 409])
    expect(second.body['code']).toBe('SEG-API-026')
  })
})
