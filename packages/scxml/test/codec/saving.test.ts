import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue } from '../../src/codec/host-codec.ts'
import { failureOf, library, realms, script, ScriptWorld, value } from '../script/script-world.ts'
import { randomGraphScript } from './random-graph.ts'
import { differenceOf } from './same-graph.ts'

describe.each(realms)('E14 saving in the %s', (_, makeRealm) => {
  const afterReload = (text: string, question: string, libraries = ''): unknown => {
    const world = new ScriptWorld(makeRealm(), [library(libraries), script(text), value(question)])
    world.program.run(0)
    world.program.run(1)
    world.reload()
    expect(world.program.takeUnsaved()).toEqual([])
    return world.program.evaluate(2)
  }

  it.each([
    [
      'primitives',
      'var a = [undefined, NaN, -0, 1/0, -1/0, 12345678901234567890n, "x", null, true, Symbol.for("s")]',
      'a.map(function (x) { return Object.is(x, -0) ? "-0" : String(x) }).join()',
      'undefined,NaN,-0,Infinity,-Infinity,12345678901234567890,x,null,true,Symbol(s)',
    ],
    [
      'holes and extra members',
      'var a = [1, , 3]; a.extra = 4; var m = /(b)/.exec("abc")',
      '(1 in a) + "," + a.length + a.extra + m[1] + m.index + m.input',
      'false,34b1abc',
    ],
    [
      'Date',
      'var d = new Date(5); d.note = 1; var bad = new Date(NaN)',
      'd.getTime() + d.note + "" + bad.getTime() + (d instanceof Date)',
      '6NaNtrue',
    ],
    ['RegExp', 'var r = /a/g; r.lastIndex = 2', 'r.source + r.flags + r.lastIndex + r.test("xxa")', 'ag2true'],
    [
      'Map and Set',
      'var k = {}; var m = new Map([[k, 1], ["b", k]]); var s = new Set([k, 2])',
      '"" + m.get(k) + (m.get("b") === k) + s.has(k) + s.size',
      '1truetrue2',
    ],
    [
      'Error',
      'var e = new TypeError("m"); e.code = 5',
      '(e instanceof TypeError) + e.message + e.code + Object.keys(e)',
      'truem5code',
    ],
    [
      'cycles',
      'var o = {}; o.self = o; var a = [o, o]',
      '(o.self === o) + "" + (a[0] === a[1] && a[0] === o)',
      'truetrue',
    ],
    [
      'sharing across $ and _data',
      'var system = { n: 1 }; _data.system = system; system.list = [1]; var list = system.list',
      '_data.system === system && system.list === list',
      true,
    ],
    [
      'the container itself',
      'var system = {}; _data.system = system; system.all = _data',
      'system.all === _data && _data.system === system',
      true,
    ],
    [
      'key order, frozen and hidden members',
      'var o = Object.freeze({ b: 1, a: 2 }); var h = Object.defineProperty({}, "x", { value: 5 }); var p = { get g() { return 6 } }',
      'Object.keys(o).join() + Object.isFrozen(o) + h.x + Object.keys(h).length',
      'b,atrue50',
    ],
    ['boxed primitives', 'var s = new String("ab"), n = new Number(1)', 's.length + typeof s + (n + 1)', '2object2'],
    ['objects without a prototype', 'var o = Object.create(null); o.x = 1', 'o.x + typeof o.toString', '1undefined'],
    [
      'functions of a session',
      'var base = 2; var f = function (x) { return x * base }; var o = { m: function () { return this.v }, v: 9 }',
      'f(4) + o.m() + typeof f',
      '17function',
    ],
    ['variables without a value', 'var empty', '("empty" in globalThis) + typeof empty', 'trueundefined'],
    ['intrinsics', 'var push = Array.prototype.push, J = JSON', 'push === Array.prototype.push && J === JSON', true],
  ])('%s survive', (_name, text, question, expected) => {
    if (_name.includes('hidden')) {
      const world = new ScriptWorld(makeRealm(), [script(text), value(question)])
      world.program.run(0)
      world.reload()
      expect(world.program.evaluate(1)).toBe(expected)
      return
    }
    expect(afterReload(text, question)).toBe(expected)
  })

  it('a shared function is the same function again, an instance keeps its methods', () => {
    const libraries =
      'function helper() { return 1 } function Queue() { this.items = [] } Queue.prototype.add = function (x) { this.items.push(x); return this.items.length }; function Plain(x) { this.x = x }'

    expect(
      afterReload(
        'var h = [helper][0]; var q = new Queue(); q.add(1); var p = new Plain(3)',
        '(h === helper) + "" + q.add(2) + (q instanceof Queue) + (p instanceof Plain) + p.x',
        libraries,
      ),
    ).toBe('true2truetrue3')
  })

  it('groups hold what shares objects, under their first root, and nothing else', () => {
    const world = new ScriptWorld(makeRealm(), [
      script('var system = {}, other = [1], text = "x"; _data.system = system; _data.free = {}'),
    ])
    world.program.run(0)
    const { groups } = world.program.save(world.scope)

    expect(Object.keys(groups)).toEqual(['$.system', '$.other', '$.text', '_data.free'])
    expect(groups['$.system']).toContain('_data.system')
  })

  it('the order of members of _data is the same after loading', () => {
    const world = new ScriptWorld(makeRealm(), [
      script('var s = {}; _data.a = 1; _data.s = s; _data.b = 2'),
      value('JSON.stringify(_data)'),
    ])
    world.program.run(0)
    world.reload()

    expect(world.program.evaluate(1)).toBe('{"a":1,"s":{},"b":2}')
  })

  it('what cannot be saved is undefined and is told with its path', () => {
    const world = new ScriptWorld(makeRealm(), [
      script(
        'function make() { var n = 0; return function () { return eval("n++") } } var system = { list: [1, make()] }; var g = (function* () {})(); var w = new WeakMap(); var p = new Proxy({}, {}); var y = Symbol("own")',
      ),
      value('[typeof system.list[1], typeof g, typeof w, typeof p, typeof y, system.list[0]].join()'),
    ])
    world.program.run(0)
    world.reload()

    expect(world.program.takeUnsaved()).toEqual([
      { path: '$.g', what: 'Generator' },
      { path: '$.w', what: 'WeakMap' },
      { path: '$.p', what: 'Object' },
      { path: '$.y', what: 'symbol' },
      { path: '$.system.list[1]', what: 'function' },
    ])
    expect(world.program.evaluate(1)).toBe('undefined,undefined,undefined,undefined,undefined,1')
    expect(world.program.takeUnsaved()).toEqual([])
  })

  it('one value is JSON text where that is exact, else the form of the codec', () => {
    const world = new ScriptWorld(makeRealm(), [
      value('({a: [1, "x", null, {b: true}]})'),
      value('var o = {}; o.o = o; o'),
      value('var q = {u: undefined}; q'),
    ])

    expect(world.program.encode(world.program.evaluate(0))).toBe('{"a":[1,"x",null,{"b":true}]}')
    const cycle = world.program.encode(world.program.evaluate(1))
    expect(cycle[0]).toBe('A')
    expect(differenceOf(world.program.decode(cycle), world.program.evaluate(1))).toBe(undefined)
    expect(decodeValue(world.program.encode(world.program.evaluate(2)))).toEqual({ u: undefined })
    expect(world.program.decode(encodeValue([undefined, -0]))).toEqual([undefined, -0])
    expect(world.program.decode(world.program.encode(undefined))).toBe(undefined)
  })

  it('the container can be sent as a value', () => {
    const world = new ScriptWorld(makeRealm(), [script('_data.a = 1'), value('_data')])
    world.program.run(0)

    expect(world.program.encode(world.program.evaluate(1))).toBe('{"a":1}')
  })

  it('very deep values neither crash nor lose anything', () => {
    const world = new ScriptWorld(makeRealm(), [
      script(
        'var deep = {}; var at = deep; for (var i = 0; i < 100000; i++) { at.next = {}; at = at.next } at.end = 1; at = undefined',
      ),
      value('var n = 0; for (var x = deep; x.next; x = x.next) n++; n + x.end'),
      value('deep'),
    ])
    world.program.run(0)
    expect(world.program.encode(world.program.evaluate(2))[0]).toBe('A')
    world.reload()

    expect(world.program.evaluate(1)).toBe(100001)
  })

  it.each([
    'Z[]',
    'A',
    'A[',
    'A[1]',
    'A[[5],[]]',
    'A[[0],[["?",0,0,[]]]]',
    'A[[0],[["r",0,0,[],"(","",0]]]',
    'A[[0],[["f",0,0,[],99]]]',
    'A[[0],5]',
    '{"a":',
  ])('broken text %s is a ScriptError', (text) => {
    const world = new ScriptWorld(makeRealm(), [])

    expect(failureOf(() => world.program.decode(text))).toBeDefined()
    expect(failureOf(() => world.program.load({ groups: { '$.x': text } }))?.message).toContain('SEG-SCRIPT-010')
  })

  it('random graphs are equal after saving and loading, with identity', () => {
    const first = Math.floor(Date.now() / 60_000)
    for (let seed = first; seed < first + 60; seed += 1) {
      const text = randomGraphScript(seed, 12)
      const world = new ScriptWorld(makeRealm(), [
        library('function shared() {} function Point(x) { this.x = x }'),
        script(text),
      ])
      world.program.run(0)
      world.program.run(1)
      const before = { ...world.scope.variables, data: world.scope.data }
      const saved = world.reload()
      const after = { ...world.scope.variables, data: world.scope.data }

      expect(differenceOf(before, after), `seed ${seed}`).toBe(undefined)
      expect(world.program.save(world.scope), `seed ${seed}`).toEqual(saved)
    }
  })
})
