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
      'to-nobody.scxml': sender(`'${system.origin}/nobody'`),
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

it('any other body is _event.data, and the event is named HTTP.POST', async () => {
  const id = await api.start('counter.scxml')

  await api.request('POST', `/scxml/session/${id}/basichttp`, {
    body: 'some content',
    headers: { 'content-type': 'text/plain' },
  })

  const session = await api.until(id, (body) => lastOf(body) !== null)
  expect(lastOf(session.body)).toMatchObject({ name: 'HTTP.POST', data: 'some content' })
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
