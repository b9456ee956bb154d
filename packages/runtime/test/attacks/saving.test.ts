import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attackWorld, type AttackWorld } from './attack-world.ts'

describe('values that run code while they are saved', () => {
  let world: AttackWorld
  beforeAll(async () => {
    world = await attackWorld()
  })
  afterAll(() => {
    world[Symbol.dispose]()
  })

  /** Runs `text` in a session, lets the honest session run, then looks at the first one: its data are encoded then. */
  async function variablesAfter(text: string): Promise<Readonly<Record<string, unknown>>> {
    const id = `SAVED${(count += 1)}`
    await world.stepper.start(id, 'file:///app/attacked.scxml')
    await world.stepper.event(id, 'raw', { data: { text, limit: 1 } })
    await world.stepper.event('HONEST', 'touch')
    const { data, variables } = await world.stepper.inspect(id)
    expect(data + variables).not.toContain('S-7c1d9e55')
    expect(await world.check()).toEqual([])
    return JSON.parse(variables) as Readonly<Record<string, unknown>>
  }
  let count = 0

  const spy = (body: string): string =>
    `Object.defineProperty(globalThis, 'spy', { enumerable: true, configurable: true, get: function () { ${body} } });`

  it('an accessor sees its own session and nothing of the one that ran last', async () => {
    const { spy: seen } = await variablesAfter(
      spy(
        `return [typeof secret, this === globalThis, _sessionid === 'HONEST', typeof _event, RegExp.$_ + RegExp.$2 + RegExp.lastMatch, typeof _genesys.session].join()`,
      ),
    )

    expect(seen).toMatch(/^string|^undefined/)
    expect(String(seen).split(',').slice(1)).toEqual(['true', 'false', 'undefined', '', 'undefined'])
  })

  it('an accessor cannot reach the engine: no event, no log, no call', async () => {
    const { spy: seen } = await variablesAfter(
      `var raise = __Raise, log = __Log, fn = _genesys.session.getListItemValue;` +
        spy(
          `var said = []; for (var f of [raise, log, fn, In, __GetCurrentStates]) try { f('S-x', {}); said.push('ran') } catch (e) { said.push(e.name) } return said.join()`,
        ),
    )

    expect(seen).toBe('Error,Error,Error,Error,Error')
  })

  it('what an accessor writes stays in its own session', async () => {
    await variablesAfter(
      spy(
        `leak = 1; globalThis.leak = 1; _data.leak = 1; eval('var leak = 2'); (0, eval)('leak = 3'); secret = 'changed'; _data.secret = 'changed'; return 1`,
      ),
    )
  })

  it('an accessor that throws costs its value, and the step stands', async () => {
    const found = await variablesAfter(`${spy('throw new Error("no")')} after = 1`)

    expect(found['after']).toBe(1)
    expect(found['spy']).toBe('[undefined]')
  })

  it('an accessor that never ends is ended by its fuel, and the step stands', async () => {
    const found = await variablesAfter(`${spy('while (true) {}')} after = 1`)

    expect(found['after']).toBe(1)
  })

  it.each([
    ['a proxy', `target = new Proxy({}, new Proxy({}, { get: function () { calls.push('trap') } }))`],
    [
      'toJSON',
      `target = { toJSON: function () { calls.push('toJSON'); return 1 }, list: [{ toJSON: function () { calls.push('toJSON') } }] }`,
    ],
    [
      'members with accessors',
      `target = { get a() { calls.push('get') }, set a(v) { calls.push('set') }, list: [1] }; Object.defineProperty(target.list, 1, { get: function () { calls.push('item') }, enumerable: true })`,
    ],
    ['a prototype with accessors', `target = Object.create({ get a() { calls.push('get') } }); target.b = 1`],
    [
      'a proxy as prototype',
      `target = Object.create(new Proxy({}, { getOwnPropertyDescriptor: function () { calls.push('trap') } }))`,
    ],
  ])('%s runs nothing', async (_, text) => {
    const found = await variablesAfter(`calls = []; ${text}`)

    expect(found['calls']).toEqual([])
  })

  it.each([
    [
      'flags of a regular expression',
      `var r = /x/; for (var name of ['flags', 'global', 'source', 'lastIndex', 'unicode']) try { Object.defineProperty(r, name, { get: function () { throw 1 }, configurable: true }) } catch (e) {} bad = r; var s = /y/; Object.defineProperty(s, 'unicode', { value: true }); Object.defineProperty(s, 'unicodeSets', { value: true }); worse = s`,
    ],
    ['a tag that throws', `bad = { get [Symbol.toStringTag]() { throw 1 } }`],
    ['a tag that never ends', `bad = { get [Symbol.toStringTag]() { while (true) {} } }`],
    [
      'a tag that lies',
      `bad = [ 'Date', 'Map', 'Set', 'RegExp', 'Error', 'String', 'Generator', 'Arguments' ].map(function (tag) { return { [Symbol.toStringTag]: tag, size: 1, source: 'x', lastIndex: {}, message: {} } })`,
    ],
    [
      'an error with odd members',
      `bad = new Error('m'); Object.defineProperty(bad, 'stack', { get: function () { throw 1 } }); bad.message = { toString: function () { throw 1 } }; bad.name = Symbol()`,
    ],
    [
      'a map that grows while it is read',
      `bad = new Map([[1, {}]]); var left = 50; bad.set(2, { get [Symbol.toStringTag]() { if (left-- > 0) bad.set({}, { get [Symbol.toStringTag]() { bad.set({}, 1); return 'Object' } }); return 'Object' } })`,
    ],
    [
      'a list that shrinks while it is read',
      `bad = [{ get [Symbol.toStringTag]() { bad.length = 1; delete bad.a; return 'Object' } }, 2, 3, { deep: {} }]; bad.a = 1`,
    ],
    [
      'a generator as prototype',
      `bad = Object.create((function* () { yield 1 })()); worse = Object.create(Object.getPrototypeOf(bad))`,
    ],
    ['a long empty list', `bad = []; bad.length = 4294967295; bad[7] = 1`],
    [
      'members called __proto__',
      `bad = JSON.parse('{"__proto__": {"leak": 1}, "constructor": {"prototype": {"leak": 1}}}'); _data['__proto__'] = { leak: 1 }; this['__proto__x'] = bad`,
    ],
    ['a prototype of the variables', `Object.setPrototypeOf(_data, { get secret() { return 1 } })`],
  ])('%s can be saved and loaded', async (_, text) => {
    const findings = await world.attack(`calls = []; ${text}; after = 1`)
    const loaded = await world.attack(`calls = []; ${text}; after = 1`, { isLoaded: true })

    expect([...findings, ...loaded, ...(await world.check())]).toEqual([])
  })
})

describe('values that go to another application', () => {
  it('bring no function of the receiver and none of its objects', async () => {
    using world = await attackWorld()

    await world.attack(
      `({ f: function () { return secret }, shared: Object.getPrototypeOf(globalThis).shared, log: __Log, o: { toString: function () { return secret } }, p: Array.prototype, n: 1 })`,
      { event: 'away' },
    )
    await world.stepper.settle()

    const { variables } = await world.stepper.inspect('OTHER')
    const { got } = JSON.parse(variables) as { readonly got: string }
    expect(got).toBe('({f:(void 0), shared:(void 0), log:(void 0), o:{toString:(void 0)}, p:(void 0), n:1})')
  })
})
