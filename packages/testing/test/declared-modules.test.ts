import { describe, expect, it } from 'vitest'
import { startWorld } from '@segue/testing'
import type { World } from '@segue/testing'

const uri = 'www.example.com/modules/callback'
const root = `xmlns="http://www.w3.org/2005/07/scxml" xmlns:cb="http://${uri}" profile="ecmascript" version="1.0" initial="s"`
const definition = (selection: string): string => `<dfm name="callback" namespace="${uri}">
  <connection type="http" selection="${selection}"><server url="http://one.example"/><server url="http://two.example"/></connection>
  <transport name="notify" conntype="http" url="/notify" timeout="5"/>
  <transport name="look" conntype="http" url="/look?v=1" method="get"/>
</dfm>`
const says = `<log expr="_event.name + ' ' + (_event.data.requestid === _data.req) + ' ' + (_event.data.content || _event.data.error)"/>`
const page = (content: string): string => `<scxml ${root}><datamodel><data id="req"/></datamodel><state id="s">
  <onentry>${content}</onentry>
  <transition event="go">${content}</transition>
  <transition event="callback error">${says}</transition></state></scxml>`

const notify = `<cb:notify requestid="_data.req"><param name="n" expr="({ a: 1 })"/></cb:notify>`

function started(content: string, selection = 'simple'): Promise<World> {
  return startWorld({
    configuration: { folder: process.cwd(), objects: { moduleDefinitions: ['callback.dfm'] } },
    documents: { 'callback.dfm': definition(selection), 'main.scxml': page(content) },
  })
}

async function run(world: World): Promise<string> {
  const start = await world.startSession(new URL('main.scxml', world.baseUrl).href)
  await world.settle()
  if (!start.ok) throw new Error(JSON.stringify(start))
  return start.sessionId
}

const seen = (world: World): string[] => world.http.requests.map(({ method, url }) => `${method} ${url}`)

describe('scxml-dialect 13: "actions then become HTTP calls to the listed servers"', () => {
  it('results are events, with the id of the request', async () => {
    await using own = await started(notify)
    own.http.on('POST', 'http://one.example/notify', { body: '{"ok":1}' }, { status: 409, body: 'no' })

    const id = await run(own)
    await own.sendEvent(id, 'go')

    expect((await own.session(id)).logs).toEqual([
      'callback.notify.done true {"ok":1}',
      'error.callback.notify true 409',
    ])
    expect(own.http.requests.map(({ body }) => body)).toEqual(['{"n":{"a":1}}', '{"n":{"a":1}}'])
    expect(own.http.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
  })

  it('parameters of get join the query; headers and timeout are of the action', async () => {
    await using own = await started(
      `<cb:look requestid="_data.req" timeout="3" headers="({ 'x-a': 'b' })"><param name="q" expr="'x &amp; y'"/></cb:look>`,
    )
    own.http.on('GET', 'http://*.example/look', { hang: true })

    const id = await run(own)
    await own.advance({ seconds: 7 })

    expect(own.http.requests.map(({ headers, url }) => `${url} ${headers['x-a']}`)).toEqual([
      'http://one.example/look?v=1&q=x+%26+y b',
      'http://two.example/look?v=1&q=x+%26+y b',
    ])
    expect((await own.session(id)).logs).toEqual(['error.callback.look true timeout'])
  })

  it('"selection `simple`": the first server, the next one when that cannot be reached', async () => {
    await using own = await started(notify)
    own.http.on('POST', 'http://one.example/', { body: 'a' }, { refuse: true }, { body: 'b' })
    own.http.on('POST', 'http://two.example/', { body: 'spare' })

    const id = await run(own)
    await own.sendEvent(id, 'go')
    await own.sendEvent(id, 'go')

    expect(seen(own)).toEqual(['one', 'one', 'two', 'one'].map((name) => `POST http://${name}.example/notify`))
    expect((await own.session(id)).logs.map((line) => line.split(' ')[2])).toEqual(['a', 'spare', 'b'])
    const keys = own.http.requests.slice(1, 3).map(({ headers }) => headers['idempotency-key'])
    expect(new Set(keys).size).toBe(1)
  })

  it('"`round-robin`": each call the next server', async () => {
    await using own = await started(notify, 'round-robin')
    own.http.on('POST', 'http://*.example/', { body: 'a' })

    const id = await run(own)
    await own.sendEvent(id, 'go')
    await own.sendEvent(id, 'go')

    expect(seen(own)).toEqual(['one', 'two', 'one'].map((name) => `POST http://${name}.example/notify`))
  })

  it('a post that a server may have taken is not given to another one', async () => {
    await using own = await started(notify)
    own.http.on('POST', 'http://one.example/', { reset: true })

    const id = await run(own)

    expect(seen(own)).toEqual(['POST http://one.example/notify'])
    expect((await own.session(id)).logs).toEqual(['error.callback.notify true network'])
  })

  it('when no server can be reached, the last failure is told once', async () => {
    await using own = await started(notify)

    const id = await run(own)

    expect(seen(own)).toHaveLength(2)
    expect((await own.session(id)).logs).toEqual(['error.callback.notify true refused'])
  })

  it('`fm` sends reach it: "event is delivered to the functional module by namespace (used for custom modules)"', async () => {
    await using own = await started(
      `<send type="'fm'" target="'${uri}'" event="'notify'" idlocation="_data.req"><param name="n" expr="7"/></send>`,
    )
    own.http.on('POST', 'http://one.example/notify', { body: 'sent' })

    const id = await run(own)

    expect(own.http.requests[0]?.body).toBe('{"n":7}')
    expect((await own.session(id)).logs).toEqual(['callback.notify.done true sent'])
  })

  it('what cannot be sent is refused', async () => {
    await using own = await started(
      `<cb:notify requestid="_data.req" headers="({ 'a b': 'x' })"/><cb:notify requestid="_data.req"><param name="n" expr="1"/><content _expr="2"/></cb:notify>`,
    )

    const id = await run(own)

    expect((await own.session(id)).logs).toEqual([
      'error.callback.notify false invalidparams',
      'error.callback.notify true invalidparams',
    ])
    expect(own.http.requests).toEqual([])
  })

  it('an element that the file does not list is unsupported, and a namespace without file is unknown', async () => {
    await using own = await started(`<cb:other/>`)

    const id = await run(own)

    expect((await own.session(id)).logs[0]).toMatch(/^error\.unsupported\.other /)
    await using without = await startWorld({
      configuration: { folder: process.cwd(), objects: {} },
      documents: { 'main.scxml': page(notify) },
    })
    await expect(run(without)).rejects.toThrow(/SEG-DOC-\d+/)
  })

  it('a broken file ends the start, with its place', async () => {
    await expect(
      startWorld({
        configuration: { folder: process.cwd(), objects: { moduleDefinitions: ['callback.dfm'] } },
        documents: { 'callback.dfm': '<dfm name="x"\n namespace="y"/>' },
      }),
    ).rejects.toThrow(/callback\.dfm:1:2 SEG-DFM-003/)
  })
})
