import { describe, expect, it } from 'vitest'
import type { Module } from '../../src/module/contract.ts'
import { bareModule } from './bare-module.ts'
import { documents, page } from './documents.ts'
import { stepper } from './stepper.ts'

const url = 'file:///app/main.scxml'
const childUrl = 'file:///app/child.scxml'

const w3c = (body: string, attributes = ''): string =>
  `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" datamodel="ecmascript" ${attributes}>${body}</scxml>`

describe('sessions that talk to each other', () => {
  it('an invoked document runs with its parameters, sends to its parent, and its result comes back', async () => {
    const parent = w3c(`<state id="s"><invoke id="kid" src="child.scxml"><param name="given" expr="'7'"/></invoke>
      <transition event="hello" cond="_event.invokeid == 'kid' &amp;&amp; _event.data.value === '7'" target="greeted" type="internal"/>
      <state id="quiet"/>
      <state id="greeted"><transition event="done.invoke.kid" cond="_event.data.result === 8" target="t"/></state></state>
      <state id="t"/>`)
    const child = w3c(`<datamodel><data id="given"/></datamodel><state id="c">
      <onentry><send target="#_parent" event="hello"><param name="value" expr="given"/></send></onentry>
      <transition target="f"/></state>
      <final id="f"><donedata><param name="result" expr="Number(given) + 1"/></donedata></final>`)
    const world = stepper(documents({ [url]: parent, [childUrl]: child }))
    await world.start('01ABC0000000000000000000000000AA', url)

    await world.settle()

    const { states } = await world.inspect('01ABC0000000000000000000000000AA')
    expect(states).toEqual(['t'])
  })

  it('an invoked session lives in the cell and partition of its parent', async () => {
    const parent = page('<state id="s"><invoke src="child.scxml"/></state>')
    const world = stepper(documents({ [url]: parent, [childUrl]: page('<state id="c"/>') }))

    const step = await world.start('01ABC0000000000000000000000000AA', url)

    const [effect] = step.effects
    expect(effect).toMatchObject({
      type: 'message',
      body: { creates: true, message: { kind: 'start', url: childUrl } },
    })
    expect(JSON.stringify(effect?.body['to'])).toMatch(/"id":"01ABC[0-9A-Z]{27}"/)
  })

  it('inline content is a document of its own', async () => {
    const parent =
      w3c(`<state id="s"><invoke><content><scxml version="1.0" datamodel="ecmascript"><final id="f"/></scxml></content></invoke>
      <transition event="done.invoke" target="t"/></state><state id="t"/>`)
    const world = stepper(documents({ [url]: parent }))
    await world.start('S1', url)

    await world.settle()

    expect((await world.inspect('S1')).states).toEqual(['t'])
  })

  it('leaving the invoking state ends the invoked session, which reports nothing', async () => {
    const parent = page(
      '<state id="s"><invoke src="child.scxml"/><transition event="go" target="t"/></state><state id="t"/>',
    )
    const world = stepper(documents({ [url]: parent, [childUrl]: page('<state id="c"/>') }))
    const started = await world.start('S1', url)
    const child = /"id":"([0-9A-Z]{32})"/.exec(JSON.stringify(started.effects))?.[1] ?? ''
    await world.settle()

    await world.event('S1', 'go')
    await world.settle()

    expect(world.hasEnded(child)).toBe(true)
    expect(world.stored('S1')?.version).toBe(2)
  })

  it.each([
    ['w3c', w3c, 'error.communication'],
    ['orchestration', page, 'error.badfetch.file.notfound'],
  ])(
    'an invoked document that cannot be had is an error event of its parent, %s: %3$s',
    async (_dialect, write, name) => {
      const parent = write(
        `<state id="s"><invoke src="none.scxml"/><transition event="${name}" target="t"/></state><state id="t"/>`,
      )
      const world = stepper(documents({ [url]: parent }))
      await world.start('S1', url)

      await world.settle()

      expect((await world.inspect('S1')).states).toEqual(['t'])
    },
  )

  it('a send to another session arrives with the sender as its origin', async () => {
    const sender = page(
      `<state id="s"><onentry><send target="'S2'" event="'hello'"><param name="n" expr="1"/></send></onentry></state>`,
    )
    const receiver = page(
      `<state id="r"><transition event="hello" cond="_event.data.n === 1" target="got"><log expr="_event.origin"/></transition></state><state id="got"/>`,
    )
    const world = stepper(documents({ [url]: sender, [childUrl]: receiver }))
    await world.start('S2', childUrl)
    await world.start('S1', url)

    await world.settle()

    expect((await world.inspect('S2')).states).toEqual(['got'])
  })

  it('a send to something that can be no session is an error event in the same message', async () => {
    const body = `<state id="s"><onentry><send target="'#_scxml_no such'" event="'x'"/></onentry>
      <transition event="error" target="t"><log expr="_event.name"/></transition></state><state id="t"/>`
    const world = stepper(documents({ [url]: page(body) }))

    const step = await world.start('S1', url)

    expect(step.attributes?.['states']).toBe('t')
    expect(step.effects).toEqual([])
  })

  it('a send over HTTP is an effect for its performer', async () => {
    const body = `<state id="s"><onentry><send type="'basichttp'" target="'http://127.0.0.1:9/x'" event="'x'"><param name="n" expr="1"/></send></onentry></state>`
    const world = stepper(documents({ [url]: page(body) }))

    const step = await world.start('S1', url)

    const failed = expect.objectContaining({ kind: 'event', name: 'error.send.failed' })
    const refused = expect.objectContaining({ kind: 'event', name: 'error.send.ioprocessorerror' })
    expect(step.effects).toEqual([
      {
        type: 'http.event',
        mode: 'once',
        body: { url: 'http://127.0.0.1:9/x', event: 'x', data: '{"n":1}', failed, refused },
      },
    ])
  })
})

it.each([
  ['orchestration', page, 'error.receive.datamismatch', 't'],
  ['w3c', w3c, 'error', 's'],
])(
  'scxml-dialect 9: "`error.receive.datamismatch`" stands for an event whose data cannot be read, %s',
  async (_dialect, write, event, state) => {
    const cond = event === 'error' ? '' : `cond="_event.data.event === 'hello'"`
    const body = `<state id="s"><transition event="${event}" ${cond} target="t"/></state><state id="t"/>`
    const world = stepper(documents({ [url]: write(body) }))
    await world.start('S1', url)

    await world.give('S1', { kind: 'event', name: 'hello', encoded: 'Z1 no such form', origin: '#_scxml_S2' })

    expect((await world.inspect('S1')).states).toEqual([state])
  },
)

describe('a session that sends to itself', () => {
  it('and ends by that before it takes what came meanwhile: its modules give that back', async () => {
    const body = `<script>var n = 0;</script><state id="s"><onentry><send event="'again'"/></onentry>
      <transition event="again" cond="n &gt; 30" target="t"/><transition event="again"><script>n++;</script><send event="'again'"/></transition>
      <transition event="late"><log expr="'taken'"/></transition></state><final id="t"/>`
    const keeping: Module = {
      ...bareModule('keeping'),
      apply: ({ name }) => name,
      end: (slice) => [{ type: 'give.back', mode: 'once', body: { what: slice } }],
    }
    const world = stepper(documents({ [url]: page(body) }), {
      limits: { maxMacrostepsPerMessage: 20 },
      modules: [keeping],
    })
    await world.start('S1', url)

    const step = await world.event('S1', 'late', { module: 'keeping' })

    expect(step.hasEnded).toBe(true)
    expect(step.effects).toContainEqual({ type: 'give.back', mode: 'once', body: { what: 'late' } })
    expect(JSON.stringify(step.traceTexts)).not.toContain('taken')
  })

  it('without end cannot hold its shard: the rest goes on with messages of its own', async () => {
    const body = `<script>var n = 0;</script><state id="s"><onentry><send event="'again'"/></onentry>
      <transition event="again"><script>n++;</script><send event="'again'"/></transition>
      <transition event="stop" target="t"/></state><state id="t"/>`
    const world = stepper(documents({ [url]: page(body) }), { limits: { maxMacrostepsPerMessage: 20 } })

    const step = await world.start('S1', url)
    const next = await world.give('S1', { kind: 'continue' })
    const stopped = await world.event('S1', 'stop')

    expect(step.effects).toEqual([
      { type: 'message', mode: 'once', body: { to: { kind: 'session', id: 'S1' }, message: { kind: 'continue' } } },
    ])
    expect(next.effects).toHaveLength(1)
    expect(stopped.attributes?.['states']).toBe('t')
  })

  it('goes on after a restart where it was', async () => {
    const body = `<script>var n = 0;</script><state id="s"><onentry><send event="'again'"/></onentry>
      <transition event="again" cond="n &lt; 49"><script>n++;</script><send event="'again'"/></transition>
      <transition event="again" target="t"/></state><state id="t"/>`
    const world = stepper(documents({ [url]: page(body) }), { limits: { maxMacrostepsPerMessage: 20 } })
    await world.start('S1', url)
    world.restart()

    await world.settle()

    expect((await world.inspect('S1')).states).toEqual(['t'])
  })

  it('more effects than a step can hold end the session with an incident', async () => {
    const body = `<script><![CDATA[var all = []; for (var i = 0; i < 2000; i++) all.push(i);]]></script>
      <state id="s"><onentry><foreach array="all" item="one"><send target="'S2'" event="'x'"/></foreach></onentry></state>`
    const world = stepper(documents({ [url]: page(body) }))

    const step = await world.start('S1', url)

    expect(step.hasEnded).toBe(true)
    expect(step.effects.map(({ body }) => body['to'])).toEqual([{ kind: 'domain', id: '$incidents' }])
    expect(world.incidents[0]).toMatchObject({ kind: 'limit' })
  })
})
