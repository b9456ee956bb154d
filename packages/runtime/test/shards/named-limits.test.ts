import { describe, expect, it } from 'vitest'
import { page } from '../session/documents.ts'
import { bundleOf, event, inProcess, KeptSession, request, startOf } from './shard-under-test.ts'
import type { SessionMessage, ShardStepResponse } from '../../src/session/contract.ts'
import { plainValue } from '../../src/module/plain-value.ts'

/** A session whose event `go` runs a script element that begins in line 2. */
async function armed(script: string, setup = ''): Promise<{ session: KeptSession; go(): Promise<ShardStepResponse> }> {
  const shard = inProcess({})
  const bundle = await bundleOf(
    page(`<script>var done = 0; ${setup}</script><state id="a"><transition event="go">
      <script><![CDATA[
        ${script}
      ]]></script></transition><transition event="error.*"><script>done = _event.name;</script></transition></state>`),
  )
  await shard.load(bundle)
  const session = new KeptSession(shard, 'S1', bundle.hash)
  await session.take(startOf(bundle))
  let version = 1
  return {
    session,
    async go() {
      version += 1
      const [response] = await shard.step([request('S1', version, event('go'))])
      if (response === undefined) throw new Error('no answer')
      if (response.ok) session.keep(response)
      return response
    },
  }
}

describe('a session that takes more than it may', () => {
  it('is ended where the limit of raised events is reached, and the script runs no further', async () => {
    const { go } = await armed("for (var i = 0; i < 1e9; i++) { done = i; __Raise('x', {}); }")

    const response = await go()

    expect(response).toMatchObject({ ok: true, hasEnded: true, incident: { kind: 'limit', code: 'SEG-SESSION-002' } })
    const message = response.ok ? response.incident?.message : ''
    expect(message).toContain('"maxInternalEvents" of 10000 at script, line 2; application "file:///app/main.scxml"')
  })

  it('is ended by name when its fuel is gone', async () => {
    const { go } = await armed('while (true) {}')

    const response = await go()

    const message = response.ok ? response.incident?.message : ''
    expect(message).toContain('"fuelPerEnter" of 100000000 at script, line 2')
  })

  it.each([
    ['recursion without end', 'function f() { return f() + 1; } f();', '"stackKb" of 984 at script, line'],
    [
      'a text for eval that is too long',
      "eval('1;' + ' '.repeat(3e5));",
      '"maxDynamicChars" of 262144 at script, line',
    ],
    [
      'a text that is too long for any',
      "'x'.repeat((1 << 29) - 24 + 1);",
      '"maxTextLength" of 536870888 at script, line',
    ],
  ])('gets an error event for %s and goes on; an operator is told once', async (_what, script, limit) => {
    const { go } = await armed(script)

    const first = await go()
    const second = await go()

    expect(first).toMatchObject({ hasEnded: false, incident: { kind: 'limit', code: 'SEG-SESSION-006' } })
    expect(first.ok && first.incident?.message).toContain(limit)
    expect(second).toMatchObject({ ok: true, hasEnded: false })
    expect(second).not.toHaveProperty('incident')
  })

  it('an error of its own is no limit', async () => {
    const { go } = await armed("new Array(-1); throw new RangeError('too far');")

    const response = await go()

    expect(response).toMatchObject({ ok: true, hasEnded: false })
    expect(response).not.toHaveProperty('incident')
  })

  it('is reported as broken off to whoever invoked it, before the usual event', async () => {
    const shard = inProcess({})
    const bundle = await bundleOf(
      page('<state id="a"><transition event="go"><script>while (true) {}</script></transition></state>'),
    )
    await shard.load(bundle)
    const parent = { sessionId: 'P1', invokeId: 'child', dialect: 'w3c' }
    const session = new KeptSession(shard, 'S1', bundle.hash)
    await session.take({ ...startOf(bundle), parent } as SessionMessage)

    const { effects } = await session.take(event('go'))

    const told = effects.map(({ body }) => (body as { message: { name: string; data?: object } }).message)
    expect(told.map(({ name }) => name)).toEqual(['error.communication', 'done.invoke.child'])
    expect(told[0]?.data).toMatchObject({ code: 'SEG-SESSION-002', sessionid: 'S1', src: 'file:///app/main.scxml' })
  })

  it('is ended when its data outgrow the stored form of a session, with what was stored before', async () => {
    const grow = "var text = ''; while (text.length < 1e6) text += (n += 7.31); all.push(text);"
    const { go } = await armed(grow, 'var all = []; var n = 0;')

    let response = await go()
    let steps = 1
    for (; response.ok && steps < 100; steps += 1) response = await go()

    expect(response).toMatchObject({ ok: false, isLost: true, strike: { kind: 'limit', code: 'SEG-SESSION-005' } })
    const message = response.ok ? '' : response.message
    expect(message).toContain('"maxSessionBytes" of 8388608 at script, line 2, or before; application "file:///app')
    expect(steps).toBeGreaterThan(5)
    expect(steps).toBeLessThan(12)
  })

  it('may write more than that in all, when it keeps little', async () => {
    const change = "var text = ''; while (text.length < 1e6) text += (n += 7.31); all = [text];"
    const { go } = await armed(change, 'var all = []; var n = 0;')

    for (let step = 0; step < 40; step += 1) expect(await go()).toMatchObject({ ok: true, hasEnded: false })
  })
})

describe('a value for a module', () => {
  it('costs what it holds, not what its length says', () => {
    const hole = 'A[[0],[["a",0,0,[],4000000000,[]]]]'
    const long = `A[[0],[["a",0,0,["7",1],4000000000,[]]]]`

    expect(plainValue(hole)).toBeUndefined()
    expect(plainValue(long)).toBeUndefined()
  })

  it('that shares objects with itself many times over is refused', () => {
    const levels = 40
    const nodes = Array.from({ length: levels }, (_, at) => `["a",0,0,[],2,[[${at + 1}],[${at + 1}]]]`)

    expect(plainValue(`A[[0],[${nodes.join(',')},["o",0,0,[]]]]`)).toBeUndefined()
  })
})

describe('text that is evaluated', () => {
  it('is read in one go, however many blanks are behind it', async () => {
    const { go, session } = await armed("done = eval('([1])' + ' '.repeat(200000) + '+ 1');")

    const response = await go()

    expect(response).toMatchObject({ ok: true, hasEnded: false })
    expect(session.stored.state.length).toBeGreaterThan(0)
  })

  it.each([
    ['([1, 2])', '[1,2]'],
    [' ( {"a": 1} ) ; ', '{"a":1}'],
    ['([1]) + 1', '"11"'],
    ['({}).x', 'undefined'],
  ])('still gives the value of %s', async (text, expected) => {
    const { go } = await armed(`done = '' + JSON.stringify(eval(${JSON.stringify(text)})); __Log(done);`)

    const response = await go()

    const trace = response.ok ? response.trace.map((line) => JSON.parse(line) as { kind: string; text?: string }) : []
    expect(trace.find(({ kind }) => kind === 'log')?.text).toBe(expected)
  })
})
