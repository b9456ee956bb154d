import { afterEach, expect, it } from 'vitest'
import type { Shard, ShardQuestion } from '../../src/session/contract.ts'
import { page } from '../session/documents.ts'
import { bundleOf, event, KeptSession, request, startOf } from './shard-under-test.ts'
import type { MakeShard, ShardSetting } from './shard-under-test.ts'

const counting = page(`<script>var count = 0; var seen = [];</script>
  <state id="a"><transition event="count"><script>count += _event.data.by; seen.push(_event);</script></transition>
    <transition event="go" target="b"/>
    <transition event="weather"><log expr="_genesys.asking.weather('Oslo')"/>
      <log expr="_genesys.asking.weather('Oslo')"/></transition>
    <transition event="greeting"><log expr="_genesys.tiny.greeting"/></transition>
    <transition event="later"><send event="'late'" delay="'10s'"/></transition>
    <transition event="keep"><script>seen.push(new WeakMap());</script></transition>
    <transition event="call" ><tiny:command name="'tiny.ring'" body="({ to: 'ä€𝄞' })"/></transition>
    <transition event="stop" target="end"/></state>
  <state id="b"/><final id="end"/>`)
const broken = page('<state id="a"/>', 'datamodel="nothing"')

/** What every shard does, wherever its scripts run. */
export function shardContract(make: MakeShard): void {
  const made: Shard[] = []
  const shardWith = (setting: ShardSetting = {}): Shard => {
    const shard = make(setting)
    made.push(shard)
    return shard
  }
  afterEach(async () => {
    await Promise.all(made.splice(0).map((shard) => shard.drain()))
  })

  it('a version that was never loaded is named, and nothing happens', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)

    const [response] = await shard.step([request('S1', 1, startOf(bundle))])

    expect(response).toMatchObject({ ok: false, missingHash: bundle.hash })
  })

  it('a session starts, says its name once, and tells its states', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(page('<state id="outer"><state id="inner"/></state>', 'name="Page"'))
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)

    const started = await session.take(startOf(bundle))
    const next = await session.take(event('nothing'))

    expect(started).toMatchObject({ name: 'Page', active: ['inner'], save: 'snapshot', hasEnded: false })
    expect(next.name).toBeUndefined()
  })

  it('a document that cannot be set up is refused with a reason', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    const loaded = await shard.load({
      ...bundle,
      hash: 'other',
      sources: [{ url: bundle.url, text: broken.slice(9), askedAs: [] }],
    })

    expect(loaded.ok).toBe(false)
    expect(loaded.message).not.toBe('')
  })

  it('answers come in the order of requests, for sessions of every lane', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const ids = Array.from({ length: 40 }, (_, at) => `S${at}`)
    await shard.step(ids.map((id) => request(id, 1, startOf(bundle))))

    const responses = await shard.step(ids.map((id, at) => request(id, 2, event(at % 3 === 0 ? 'go' : 'stop'))))

    expect(responses.map((response) => response.ok && response.hasEnded)).toEqual(ids.map((_, at) => at % 3 !== 0))
  })

  it('what was saved can be taken up again, step by step', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))
    await session.take(event('count', { by: 1, ballast: 'x'.repeat(5_000) }))

    for (let round = 2; round <= 9; round += 1) {
      shard.forget(['S1'])
      await session.take(event('count', { by: round }), { stored: session.stored })
    }

    const inspected = await shard.inspect('S1', undefined)
    expect(JSON.parse(inspected?.variables ?? '{}')).toMatchObject({ count: 45, seen: { length: 9 } })
  })

  it('a forgotten session is lost and nothing is done, until its bytes come', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    shard.forget(['S1'])
    const [response] = await shard.step([request('S1', 2, event('go'))])

    expect(response).toMatchObject({ ok: false, isLost: true })
    expect(await session.take(event('go'), { stored: session.stored })).toMatchObject({ active: ['b'] })
  })

  it('stored bytes win over what is in memory', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))
    const { stored } = session
    await session.take(event('count', { by: 5 }))

    await shard.step([request('S1', 2, event('count', { by: 1 }), { stored })])

    expect(JSON.parse((await shard.inspect('S1', undefined))?.variables ?? '{}')).toMatchObject({ count: 1 })
  })

  it('bytes that are no session fail alone', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const nonsense = { hash: bundle.hash, state: new Uint8Array([1, 2, 3]), redo: [] }

    const [bad, good] = await shard.step([
      request('S1', 2, event('go'), { stored: nonsense }),
      request('S1', 1, startOf(bundle)),
    ])

    expect(bad).toMatchObject({ ok: false })
    expect(bad).not.toHaveProperty('isLost')
    expect(good).toMatchObject({ ok: true })
  })

  it('a stored session can be looked at without being taken up', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))
    await session.take(event('count', { by: 3 }))
    shard.forget(['S1'])

    const inspected = await shard.inspect('S1', session.stored)

    expect(inspected).toMatchObject({
      sessionId: 'S1',
      url: bundle.url,
      hash: bundle.hash,
      states: ['a'],
      isRunning: true,
    })
    expect(JSON.parse(inspected?.variables ?? '{}')).toMatchObject({ count: 3 })
    expect(await shard.inspect('S2', undefined)).toBeUndefined()
  })

  it('a replica holds for the steps after it', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    shard.replica('hello')
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    const before = await session.take(event('greeting'))
    shard.replica('good evening')
    const after = await session.take(event('greeting'))

    expect(before.trace.join()).toContain('hello')
    expect(after.trace.join()).toContain('good evening')
  })

  it('effects, timers and trace come across whole', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    const called = await session.take(event('call'))
    const timed = await session.take(event('later'))

    expect(called.effects).toEqual([{ type: 'tiny.ring', mode: 'open', body: { to: 'ä€𝄞' } }])
    expect(timed.timersPut).toMatchObject([{ dueEpochMs: 1_700_000_010_000 }])
    for (const line of [...called.trace, ...timed.trace])
      expect(JSON.parse(line)).toMatchObject({ atEpochMs: 1_700_000_000_000 })
    expect(called.trace.map((line) => (JSON.parse(line) as { kind: string }).kind)).toContain('commands')
  })

  it('a value that cannot be saved is a warning', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    const kept = await session.take(event('keep'))

    expect(kept.warnings).toMatchObject([{ kind: 'unsaved', code: 'SEG-DATA-001' }])
  })

  it('a session that breaches its limit ends with an incident that names the place', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(
      page(
        '<state id="a"><transition event="spin" target="b"/></state><state id="b"><transition target="b"/></state>',
        '_microStepLimit="50"',
      ),
    )
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    const spun = await session.take(event('spin'))

    expect(spun).toMatchObject({ hasEnded: true, incident: { kind: 'limit', code: 'SEG-SESSION-002' } })
    expect(spun.incident?.message).toMatch(
      /"_?microStepLimit" of 50 at .+, line \d+; application "file:\/\/\/app\/main.scxml"/,
    )
  })

  it('a session can be ended without running any of its scripts', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(page('<state id="a"><onexit><log expr="\'left\'"/></onexit></state>'))
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))
    await session.take({ kind: 'event', name: 'x', module: 'tiny', payload: { put: 'call1' } })

    const incident = { kind: 'strike', code: 'SEG-SHARD-001', message: 'too long' }
    const ended = await session.take({ kind: 'abandon', incident }, { stored: session.stored })

    expect(ended).toMatchObject({
      hasEnded: true,
      incident,
      effects: [{ type: 'tiny.release', body: { id: 'call1' } }],
    })
    expect(ended.trace.join()).not.toContain('left')
    expect(ended.trace.join()).toContain('too long')
  })

  it('a function that asks the front gets its answer, once in a macrostep', async () => {
    const questions: ShardQuestion[] = []
    const answer = (question: ShardQuestion): unknown => {
      questions.push(question)
      return `rain ${questions.length}`
    }
    const shard = shardWith({ answer })
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    const first = await session.take(event('weather'))
    const second = await session.take(event('weather'))

    expect(first.trace.filter((line) => line.includes('rain 1'))).toHaveLength(2)
    expect(second.trace.filter((line) => line.includes('rain 2'))).toHaveLength(2)
    expect(questions).toEqual(
      [1, 2].map(() => ({ sessionId: 'S1', function: 'asking.weather', about: { place: 'Oslo' } })),
    )
  })

  it('what the front does not know is the documented value', async () => {
    const shard = shardWith({ answer: () => undefined })
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    const asked = await session.take(event('weather'))

    expect(asked.trace.filter((line) => line.includes('unknown'))).toHaveLength(2)
  })

  it('an answer of the front is an input of a full trace', async () => {
    const shard = shardWith({ answer: () => 'sun', trace: 'full' })
    shard.replica(null)
    const bundle = await bundleOf(counting)
    await shard.load(bundle)
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take(startOf(bundle))

    const asked = await session.take(event('weather'))

    expect(asked.trace.map((line): unknown => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ kind: 'asked', function: 'asking.weather', about: { place: 'Oslo' }, value: 'sun' }),
    )
  })

  it('what was begun before it is drained is finished', async () => {
    const shard = shardWith()
    const bundle = await bundleOf(counting)
    await shard.load(bundle)

    const stepping = shard.step([request('S1', 1, startOf(bundle))])
    await shard.drain()

    expect(await stepping).toMatchObject([{ ok: true, active: ['a'] }])
  })
}
