import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiNode, OtherSystem } from './api-node.ts'
import { otherSystem, startApiNode } from './api-node.ts'

const sender = (
  target: string,
): string => `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" initial="sending">
  <datamodel><data id="error" expr="null"/></datamodel>
  <state id="sending">
    <onentry><send type="http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor" targetexpr="${target}" event="greeting" id="s1"><param name="text" expr="'hello &amp; bye'"/><param name="n" expr="7"/></send></onentry>
    <transition event="greeting" target="greeted"/>
    <transition event="error.*" target="failed"><assign location="error" expr="_event.name + ' ' + _event.sendid"/></transition>
  </state>
  <state id="greeted"/>
  <state id="failed"/>
</scxml>`

let api: ApiNode
let system: OtherSystem
beforeAll(async () => {
  system = await otherSystem({ '/inbox': 'ok' })
  api = await startApiNode({
    documents: {
      'to-itself.scxml': sender("_ioprocessors['http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor'].location"),
      'to-other.scxml': sender(`'${system.origin}/inbox'`),
      'content.scxml': `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript"><state id="a"><onentry>
        <send type="http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor" target="${system.origin}/content" event="note"><content expr="({ a: [1] })"/></send></onentry></state></scxml>`,
      'raw.scxml': `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript"><datamodel><data id="last" expr="null"/></datamodel>
        <state id="a"><transition event="*"><assign location="last" expr="_event.raw"/></transition></state></scxml>`,
      'to-nobody.scxml': sender(`'${system.origin}/nobody'`),
      'dialect-post.scxml': `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" profile="ecmascript" initial="posting"><datamodel><data id="url"/><data id="error" expr="''"/></datamodel>
        <state id="posting"><onentry><send id="p1" type="'basichttp'" target="_data.url" event="'note'"/></onentry>
          <transition event="error" target="told"><assign location="_data.error" expr="_event.name + ' ' + _event.data.sendid"/></transition></state><state id="told"/></scxml>`,
      'to-other-port.scxml': sender(`'http://127.0.0.1:1/scxml/session/x/basichttp'`),
    },
  })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

const lastOf = (body: Readonly<Record<string, unknown>>): unknown => (body['data'] as { last: unknown }).last

it('a posted form is an event with the name of _scxmleventname', async () => {
  const id = await api.start('counter.scxml')

  const { status } = await api.request('POST', `/scxml/session/${id}/basichttp`, {
    body: '_scxmleventname=hello.world&a=1&b=two',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

  const session = await api.until(id, (body) => lastOf(body) !== null)
  expect(status).toBe(200)
  expect(lastOf(session.body)).toEqual({
    name: 'hello.world',
    data: { a: '1', b: 'two' },
    origintype: 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor',
  })
})

it.each([
  ['text/plain', 'some content', 'some content'],
  ['text/plain', '{"a": [1]}', { a: [1] }],
  ['application/json', '[1, "2"]', [1, '2']],
  ['application/json', '{"a": {"b": null}}', { a: { b: null } }],
  ['application/x-www-form-urlencoded', 'some+content%21', 'some content!'],
  ['application/x-www-form-urlencoded', '%7B%22a%22%3A1%7D', { a: 1 }],
  ['application/xml', '<a/>', '<a/>'],
  ['application/json', '{"__proto__": {"a": 1}}', JSON.parse('{"__proto__": {"a": 1}}')],
])('C.2: content of a message (%s, %s) is _event.data, and the event is named HTTP.POST', async (type, body, data) => {
  const id = await api.start('counter.scxml')

  const { status } = await api.request('POST', `/scxml/session/${id}/basichttp`, {
    body,
    headers: { 'content-type': type },
  })

  const session = await api.until(id, (one) => lastOf(one) !== null)
  expect(status).toBe(200)
  expect(JSON.stringify(lastOf(session.body))).toBe(
    JSON.stringify({ name: 'HTTP.POST', data, origintype: 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor' }),
  )
})

it('C.2: the name may stand in the query beside content; all values of a repeated name arrive', async () => {
  const [content, repeated] = [await api.start('counter.scxml'), await api.start('counter.scxml')]
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  await api.request('POST', `/scxml/session/${content}/basichttp?_scxmleventname=note&q=1`, {
    body: '{"a":2}',
    headers: { 'content-type': 'application/json' },
  })
  await api.request('POST', `/scxml/session/${repeated}/basichttp?a=0`, { body: 'a=1&a=2&b=', headers: form })

  const first = await api.until(content, (one) => lastOf(one) !== null)
  const second = await api.until(repeated, (one) => lastOf(one) !== null)
  expect(lastOf(first.body)).toMatchObject({ name: 'note', data: { q: '1', a: 2 } })
  expect(lastOf(second.body)).toMatchObject({ name: 'HTTP.POST', data: { a: ['0', '1', '2'], b: '' } })
})

it('C.2: `_event.raw` is the message as it came, without the token of the caller', async () => {
  const id = await api.start('raw.scxml')

  await api.request('POST', `/scxml/session/${id}/basichttp?q=1`, {
    body: 'a=1&a=2',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

  const session = await api.until(id, (one) => lastOf(one) !== null)
  expect(lastOf(session.body)).toMatch(/^POST \/scxml\/session\/\w+\/basichttp\?q=1 HTTP\/1\.1\r\n[^]*\r\n\r\na=1&a=2$/)
  expect(lastOf(session.body)).not.toContain(api.node.token)
})

it('C.2: `<content>` is the body, also when it is an object, and arrives as it was sent', async () => {
  await api.start('content.scxml')

  while (!system.seen.some(({ path }) => path.startsWith('/content')))
    await new Promise((resolve) => setImmediate(resolve))

  const seen = system.seen.find(({ path }) => path.startsWith('/content'))
  expect(seen?.path).toBe('/content?_scxmleventname=note')
  expect(seen?.body).toBe('{"a":[1]}')
})

it.each([
  ['no JSON', 'application/json', '{"a":'],
  ['nested too deep', 'text/plain', `${'['.repeat(50)}${']'.repeat(50)}`],
  ['broken percent signs', 'application/x-www-form-urlencoded', '%E0%A4%A'],
  ['a name that could never match', 'application/x-www-form-urlencoded', '_scxmleventname=a+b'],
])('a message with %s is refused', async (_what, type, body) => {
  const id = await api.start('counter.scxml')

  const answer = await api.request('POST', `/scxml/session/${id}/basichttp`, {
    body,
    headers: { 'content-type': type },
  })

  expect(answer.status).toBe(400)
})

it('for an unknown session is 404, and needs a token', async () => {
  const unknown = await api.request('POST', '/scxml/session/NOPE/basichttp', { body: '' })
  const stranger = await api.request('POST', '/scxml/session/NOPE/basichttp', { body: '', token: 'wrong' })

  expect([unknown.status, stranger.status]).toEqual([404, 401])
})

it('a session reaches itself at the address that _ioprocessors names', async () => {
  const id = await api.start('to-itself.scxml')

  const session = await api.until(id, ({ states }) => !(states as string[]).includes('sending'))

  expect(session.body['states']).toEqual(['greeted'])
})

it('another system gets a form, the key, and not our token', async () => {
  await api.start('to-other.scxml')

  while (!system.seen.some(({ path }) => path === '/inbox')) await new Promise((resolve) => setImmediate(resolve))

  const seen = system.seen.find(({ path }) => path === '/inbox')
  expect(seen?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(Object.fromEntries(new URLSearchParams(seen?.body))).toEqual({
    _scxmleventname: 'greeting',
    text: 'hello & bye',
    n: '7',
  })
  expect(seen?.headers['idempotency-key']).toMatch(/^session\/[0-9A-Z]{32}:\d+:\d+$/)
  expect(seen?.headers.authorization).toBeUndefined()
})

it.each(['to-nobody.scxml', 'to-other-port.scxml'])(
  'an event that cannot be posted (%s) is an error event',
  async (name) => {
    const id = await api.start(name)

    const session = await api.until(id, ({ states }) => !(states as string[]).includes('sending'))

    expect(session.body['data']).toMatchObject({ error: 'error.communication s1' })
  },
)

it.each([
  ['"error.send.ioprocessorerror": a processor that answers with an error', 'own', 'error.send.ioprocessorerror p1'],
  ['"error.send.failed": nobody answers', 'http://127.0.0.1:1/', 'error.send.failed p1'],
])('scxml-dialect 9: %s', async (_what, base, error) => {
  const url = base === 'own' ? api.node.url : base
  const id = await api.start('dialect-post.scxml', { url: new URL('/scxml/session/NOBODY/basichttp', url).href })

  const session = await api.until(id, ({ states }) => (states as string[]).includes('told'))

  expect(session.body['data']).toMatchObject({ error })
})
