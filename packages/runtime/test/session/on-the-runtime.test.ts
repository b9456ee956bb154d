import { memoryStore } from '@segue/adapters'
import { seededIds, virtualClock } from '@segue/testing'
import { describe, expect, it } from 'vitest'
import type { PerformedEffect, Performer } from '../../src/entity/contract.ts'
import { createRuntime } from '../../src/entity/create-runtime.ts'
import type { Runtime } from '../../src/entity/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { createApplications } from '../../src/session/applications.ts'
import type { Applications, Shard } from '../../src/session/contract.ts'
import { createInProcessShard } from '../../src/session/in-process-shard.ts'
import { createSessionPerformer } from '../../src/session/session-performer.ts'
import { createSessionBehaviour } from '../../src/session/session-behaviour.ts'
import { documents, page } from './documents.ts'
import type { Documents } from './documents.ts'
import { tinyModule } from './tiny-module.ts'

const url = 'file:///app/main.scxml'
const partitions = 8

interface Node {
  readonly runtime: Runtime
  readonly shard: Shard
  readonly applications: Applications
  readonly performed: PerformedEffect[]
  readonly aborted: string[]
  states(id: string): Promise<string | undefined>
  start(id: string): Promise<string>
  event(id: string, name: string, more?: Readonly<Record<string, unknown>>): Promise<string>
}

async function node(store: Store, clock: ReturnType<typeof virtualClock>, texts: Documents): Promise<Node> {
  const performed: PerformedEffect[] = []
  const aborted: string[] = []
  const tiny: Performer = {
    types: ['tiny.ring', 'tiny.release', 'tiny.mark'],
    perform: (effect, signal) => {
      performed.push(effect)
      signal.addEventListener('abort', () => aborted.push(effect.type))
      if (effect.type !== 'tiny.ring') effect.done()
      return Promise.resolve()
    },
  }
  const applications = createApplications({
    resolve: texts.resolve,
    namespaces: [tinyModule.namespace],
    stored: (hash) => store.query({ kind: 'document', hash }),
    clock,
    maxAgeS: 60,
  })
  const shard = createInProcessShard({
    modules: [tinyModule],
    realm: contextRealm,
    server: { name: 'n', cluster: 'c', url: undefined },
  })
  const runtime: Runtime = createRuntime({
    store,
    clock,
    ids: seededIds(1),
    owner: 'test',
    cell: 'AA',
    partitions,
    behaviours: [createSessionBehaviour({ shard, applications })],
    performers: [tiny, createSessionPerformer({ applications, clock, deliver: (message) => runtime.deliver(message) })],
  })
  await runtime.start()
  const deliver = async (id: string, body: { kind: string; [name: string]: unknown }): Promise<string> => {
    const answer = await runtime.deliver({
      to: { kind: 'session', id },
      source: 'api:test',
      creates: body.kind === 'start',
      body,
    })
    await runtime.idle()
    return answer.status
  }
  return {
    runtime,
    shard,
    applications,
    performed,
    aborted,
    async states(id) {
      const [stored] = await store.load([{ kind: 'session', id }])
      return stored?.attributes['states']
    },
    start: (id) => deliver(id, { kind: 'start', url, application: '', parameters: {}, hash: '' }),
    event: (id, name, more = {}) => deliver(id, { kind: 'event', name, ...more }),
  }
}

const calls = page(`<script>var id; var seen = [];</script>
  <state id="a">
    <transition event="call.added" target="b"><tiny:ring requestid="id" call="'call1'"/></transition>
    <transition event="arm"><send event="'late'" delay="'10s'"/><script>seen.push(_event);</script></transition>
    <transition event="late" target="c"><log expr="seen.length"/></transition>
  </state>
  <state id="b"><transition event="tiny.ring.done" cond="_event.data.requestid == id" target="c"/>
    <transition event="stop" target="end"/></state>
  <state id="c"/><final id="end"/>`)

describe('sessions on the entity runtime', () => {
  it('a timer that fell due while the node was down fires once after recovery', async () => {
    const store = memoryStore({ partitions })
    const clock = virtualClock(1_700_000_000_000)
    const first = await node(store, clock, documents({ [url]: calls }))
    const id = first.runtime.newSessionId()
    await first.start(id)
    await first.event(id, 'arm')
    await first.runtime.stop()

    await clock.advanceMs(60_000)
    const second = await node(store, clock, documents({}))
    await clock.advanceMs(1)
    await second.runtime.idle()

    expect(await second.states(id)).toBe('c')
    const trace = await store.query({ kind: 'trace', ref: { kind: 'session', id }, afterSequence: 0, limit: 1000 })
    const logs = trace.filter(({ line }) => line.includes('"kind":"log"'))
    expect(logs).toHaveLength(1)
    await second.runtime.stop()
  })

  it('an open command is performed again after a crash, and its answer finds the request id', async () => {
    const store = memoryStore({ partitions })
    const clock = virtualClock(1_700_000_000_000)
    const first = await node(store, clock, documents({ [url]: calls }))
    const id = first.runtime.newSessionId()
    await first.start(id)
    await first.event(id, 'call.added', { module: 'tiny', payload: { put: 'call1' } })
    const second = await node(store, clock, documents({}))
    await clock.settle()

    const [again] = second.performed
    await again?.report(
      1,
      { kind: 'event', name: 'tiny.ring.done', data: { requestid: again.body['requestId'] } },
      { answers: true },
    )
    await second.runtime.idle()

    expect(first.performed.map(({ key }) => key)).toEqual(second.performed.map(({ key }) => key))
    expect(again?.isRepeated).toBe(true)
    expect(await second.states(id)).toBe('c')
    await second.runtime.stop()
  })

  it('the end of a session withdraws its open commands and still performs its last ones', async () => {
    const store = memoryStore({ partitions })
    const clock = virtualClock(1_700_000_000_000)
    const world = await node(store, clock, documents({ [url]: calls }))
    const id = world.runtime.newSessionId()
    await world.start(id)
    await world.event(id, 'call.added', { module: 'tiny', payload: { put: 'call1' } })

    await world.event(id, 'stop')
    await clock.settle()

    expect(world.aborted).toEqual(['tiny.ring'])
    expect(world.performed.map(({ type }) => type)).toEqual(['tiny.ring', 'tiny.release'])
    expect(await world.event(id, 'stop')).toBe('unknown')
    await world.runtime.stop()
  })

  it('a loop of sends to itself leaves room for other messages', async () => {
    const body = `<script>var n = 0;</script><state id="s"><onentry><send event="'again'"/></onentry>
      <transition event="again"><script>n++;</script><send event="'again'"/></transition>
      <transition event="stop" target="t"/></state><state id="t"/>`
    const store = memoryStore({ partitions })
    const clock = virtualClock(1_700_000_000_000)
    const world = await node(store, clock, documents({ [url]: page(body) }))
    const id = world.runtime.newSessionId()
    const start = { kind: 'start', url, application: '', parameters: {}, hash: '' }
    const to = { kind: 'session', id } as const

    const started = await world.runtime.deliver({ to, source: 'api:test', creates: true, body: start })
    const stopped = await world.runtime.deliver({ to, source: 'api:test', body: { kind: 'event', name: 'stop' } })
    await world.runtime.idle()

    expect([started.status, stopped.status]).toEqual(['accepted', 'accepted'])
    expect(await world.states(id)).toBe('t')
    await world.runtime.stop()
  })

  it('an invoked session reports its end to its parent', async () => {
    const parent = page(
      '<state id="s"><invoke id="kid" src="child.scxml"/><transition event="done.invoke.kid" target="t"/></state><state id="t"/>',
    )
    const child = page('<state id="c"><transition target="f"/></state><final id="f"/>')
    const store = memoryStore({ partitions })
    const clock = virtualClock(1_700_000_000_000)
    const world = await node(store, clock, documents({ [url]: parent, 'file:///app/child.scxml': child }))
    const id = world.runtime.newSessionId()

    await world.start(id)

    expect(await world.states(id)).toBe('t')
    await world.runtime.stop()
  })

  it('a session starts another one and ends it, and hears of both', async () => {
    const parent = page(`<script>var kid;</script><state id="s">
      <onentry><tiny:command name="'session.start'" body="{url: 'file:///app/child.scxml', requestId: 'r1', parameters: {given: '7'}}"/></onentry>
      <transition event="session.start.done" cond="_event.data.requestid == 'r1'" target="t"><script>kid = _event.data.sessionid;</script>
        <tiny:command name="'session.terminate'" body="{sessionId: _event.data.sessionid, requestId: 'r2'}"/></transition></state>
      <parallel id="t"><state id="t1"><state id="t1a"><transition event="session.terminate.done" target="t1b"/></state><state id="t1b"/></state>
        <state id="t2"><state id="t2a"><transition event="done.start.*" cond="_event.data.sessionid == kid &amp;&amp; _event.data.reason == 'terminated'" target="t2b"/></state><state id="t2b"/></state></parallel>`)
    const child = page(
      '<datamodel><data id="given"/></datamodel><state id="c"><onentry><log expr="typeof _data.given"/></onentry></state>',
    )
    const store = memoryStore({ partitions })
    const clock = virtualClock(1_700_000_000_000)
    const world = await node(store, clock, documents({ [url]: parent, 'file:///app/child.scxml': child }))
    const id = world.runtime.newSessionId()
    await world.start(id)
    for (let turn = 0; turn < 4; turn += 1) {
      await clock.settle()
      await world.runtime.idle()
    }

    const [first] = await store.query({
      kind: 'entities',
      entityKind: 'session',
      running: false,
      limit: 10,
      where: { url: 'file:///app/child.scxml' },
    })
    const trace =
      first === undefined ? [] : await store.query({ kind: 'trace', ref: first.ref, afterSequence: 0, limit: 100 })

    expect(await world.states(id)).toBe('t1b t2b')
    expect(first?.hasEnded).toBe(true)
    expect(trace.some(({ line }) => line.includes('"text":"string"'))).toBe(true)
    await world.runtime.stop()
  })

  it('a send to a session that does not exist comes back as an error event, in both dialects', async () => {
    const target = 'AA000000000000000000000000000000'
    const orchestration = page(`<state id="s"><onentry><send target="'${target}'" event="'hello'"/></onentry>
      <transition event="error.send.nosuchsession" cond="_event.data.target == '${target}'" target="t"/></state>
      <state id="t"/>`)
    const w3c = `<scxml version="1.0" xmlns="http://www.w3.org/2005/07/scxml" datamodel="ecmascript">
      <state id="s"><onentry><send id="mine" target="#_scxml_${target}" event="hello"/></onentry>
      <transition event="error.communication" cond="_event.sendid == 'mine'" target="t"/></state><state id="t"/></scxml>`
    for (const text of [orchestration, w3c]) {
      const store = memoryStore({ partitions })
      const world = await node(store, virtualClock(1_700_000_000_000), documents({ [url]: text }))
      const id = world.runtime.newSessionId()
      await world.start(id)
      await world.runtime.idle()

      expect(await world.states(id)).toBe('t')
      const [stored] = await store.load([{ kind: 'session', id }])
      expect(stored?.effects).toEqual([])
      await world.runtime.stop()
    }
  })

  it('a start of a document that is not there is answered with an error event', async () => {
    const parent = page(`<state id="s">
      <onentry><tiny:command name="'session.start'" body="{url: 'file:///app/none.scxml', requestId: 'r1'}"/></onentry>
      <transition event="error.session.start" cond="_event.data.requestid == 'r1'" target="t"/></state><state id="t"/>`)
    const clock = virtualClock(1_700_000_000_000)
    const world = await node(memoryStore({ partitions }), clock, documents({ [url]: parent }))
    const id = world.runtime.newSessionId()
    await world.start(id)
    await clock.settle()
    await world.runtime.idle()

    expect(await world.states(id)).toBe('t')
    await world.runtime.stop()
  })

  it('a session that is not in memory is shown from what the store holds', async () => {
    const store = memoryStore({ partitions })
    const clock = virtualClock(1_700_000_000_000)
    const texts = documents({ [url]: calls })
    const world = await node(store, clock, texts)
    const id = world.runtime.newSessionId()
    await world.start(id)
    await world.event(id, 'arm')
    await world.runtime.stop()
    const other = await node(store, clock, texts)

    const [stored] = await store.load([{ kind: 'session', id }])
    const hash = stored?.attributes['hash'] ?? ''
    const bundle = await other.applications.byHash(hash)
    if (bundle !== undefined) await other.shard.load(bundle)
    const shown = await other.shard.inspect(
      id,
      stored?.state === undefined ? undefined : { hash, state: stored.state, redo: stored.redo },
    )

    expect(shown?.states).toEqual(['a'])
    expect(JSON.parse(shown?.variables ?? '{}')).toMatchObject({ seen: [{ name: 'arm' }] })
    await other.runtime.stop()
  })
})
