import { describe, expect, it } from 'vitest'
import { evaluateLast, failureOf, library, location, realms, script, ScriptWorld, value } from './script-world.ts'

describe.each(realms)('names in the %s', (_, makeRealm) => {
  const last = (...texts: string[]): unknown => {
    const pieces = texts.map((text, i) => (i === texts.length - 1 ? value(text) : script(text)))
    return evaluateLast(makeRealm(), pieces)
  }

  it('E2 E3: a variable of one script is seen by later scripts and expressions', () => {
    expect(last('var a = 1, b = a + 1; c = 5', 'for (var i = 0; i < 3; i++) b += i', 'a + b + c + i')).toBe(
      1 + 5 + 5 + 3,
    )
  })

  it('E3: a declared name is undefined before its script has run', () => {
    const world = new ScriptWorld(makeRealm(), [value('typeof late + late'), script('var late = 1')])

    expect(world.program.evaluate(0)).toBe('undefinedundefined')
  })

  it('E3: reading an unknown name throws ReferenceError, typeof does not', () => {
    const world = new ScriptWorld(makeRealm(), [value('price + 1'), value('typeof price')])

    expect(failureOf(() => world.program.evaluate(0))).toMatchObject({
      type: 'ReferenceError',
      message: 'price is not defined',
    })
    expect(world.program.evaluate(1)).toBe('undefined')
  })

  it('E3: names of the host are not reachable as free names', () => {
    expect(last('typeof process + typeof require + typeof setTimeout + typeof Promise + typeof WebAssembly')).toBe(
      'undefined'.repeat(5),
    )
  })

  it('E3: a bare data id is the datum unless a script declares the name', () => {
    const world = new ScriptWorld(
      makeRealm(),
      [
        value('count'),
        script('count = 2'),
        value('_data.count'),
        script('var own = 1'),
        value('own + "/" + _data.own'),
        location('count'),
      ],
      { dataIds: ['count', 'own'] },
    )
    world.program.setDatum('count', 1)
    world.program.setDatum('own', 'datum')

    expect(world.program.evaluate(0)).toBe(1)
    world.program.run(1)
    expect(world.program.evaluate(2)).toBe(2)
    world.program.run(3)
    expect(world.program.evaluate(4)).toBe('1/datum')
    world.program.assign(5, 9)
    expect(world.program.evaluate(2)).toBe(9)
  })

  it('E3: data ids are variables in the W3C dialect', () => {
    const world = new ScriptWorld(makeRealm(), [value('x'), script('x = x + 1'), value('typeof _data')], {
      dialect: 'w3c',
      dataIds: ['x'],
    })
    world.program.setDatum('x', 4)
    world.program.run(1)

    expect(world.program.evaluate(0)).toBe(5)
    expect(world.program.hasDatum('x')).toBe(true)
    expect(world.program.evaluate(2)).toBe('undefined')
  })

  it('E4: an intrinsic that the application may replace starts as the intrinsic', () => {
    expect(last("if (typeof JSON == 'undefined') { JSON = {} }", 'JSON.stringify({a: 1})')).toBe('{"a":1}')
    expect(last('function isNaN(x) { return "mine " + x }', 'isNaN(1)')).toBe('mine 1')
    expect(last('JSON = { stringify: function () { return 1 } }', 'JSON.stringify({})')).toBe(1)
  })

  it('E5: functions are hoisted in each run, the later declaration wins, var keeps an existing value', () => {
    const world = new ScriptWorld(makeRealm(), [
      script(
        'var seen = early(); function early() { return 1 } function early() { return 2 } early.touched = 1; var kept;',
      ),
      script('var kept; kept = (kept || 0) + 1'),
      value('seen + "," + kept'),
    ])
    world.program.run(0)
    world.program.run(1)
    world.program.run(1)

    expect(world.program.evaluate(2)).toBe('2,2')
  })

  it('E5: top-level let, const and class are members of $ and may run again', () => {
    const world = new ScriptWorld(makeRealm(), [
      script('let a = 1; const b = 2; class C { m() { return a + b } }; { let a = 9; var inner = a }'),
      value('new C().m() + inner + a'),
    ])
    world.program.run(0)
    world.program.run(0)

    expect(world.program.evaluate(1)).toBe(13)
  })

  it('E5: a function in a block is a variable once the block has run', () => {
    expect(last('if (true) { var before = typeof g; function g() { return 3 } }', 'before + g()')).toBe('function3')
    expect(last('switch (1) { case 1: function h() { return 4 } }', 'h()')).toBe(4)
    expect(last('if (true) function k() { return 5 }', 'k()')).toBe(5)
  })

  it('E5: declarations keep their meaning without semicolons and with patterns', () => {
    expect(
      last(
        'var a\nvar b = 2\nvar {c, d: {e}, ...rest} = {c: 3, d: {e: 4}, z: 5}\nvar [f, , g = 7] = [6]\nfor (var h in {k: 1}) ;\nfor (var [m] of [[8]]) ;',
        '[a, b, c, e, rest.z, f, g, h, m].join()',
      ),
    ).toBe(',2,3,4,5,6,7,k,8')
    expect(last('var o = {a: 1}; var a = o.a; var copy = {a, o}', 'copy.a + copy.o.a')).toBe(2)
  })

  it('E6: this at script level and in plain calls is $', () => {
    expect(last('var x = 1; this.y = 2; function f() { return this.x }', 'f() + y + this.x + globalThis.y')).toBe(6)
    expect(last('var x = 1; var o = { x: 2, m: function () { return this.x + (() => this.x)() } }', 'o.m()')).toBe(4)
    expect(last('var x = 3', '(function () { return (function () { return this.x })() })()')).toBe(3)
  })

  it('E2: system names are read, and writing them is ignored by scripts', () => {
    const world = new ScriptWorld(makeRealm(), [
      script('_sessionid = 1; _event = 2; var _name = 3; _genesys = 4; _data = 5; _event.name = "x"'),
      {
        kind: 'value',
        text: '[_sessionid, _name, _event.name, _my_prefix, _ioprocessors.scxml.location, In("active"), typeof _data].join()',
        prefix: 'pre',
      },
    ])
    world.event({ name: 'go' })
    world.program.run(0)

    expect(world.program.evaluate(1)).toBe('SID,app,go,pre,#_scxml_SID,true,object')
  })

  it('E13: a location of a system name fails as read-only, members of _data can be written', () => {
    const world = new ScriptWorld(makeRealm(), [
      location('_event.data.x'),
      location('_sessionid'),
      location('_data'),
      location('_data.x'),
      value('_data.x'),
    ])
    world.event({})

    for (const piece of [0, 1, 2])
      expect(failureOf(() => world.program.assign(piece, 1))).toMatchObject({ cause: 'readonly' })
    world.program.assign(3, 1)
    expect(world.program.evaluate(4)).toBe(1)
  })

  it('E2: names local to functions stay local', () => {
    expect(
      last(
        'var a = 1; function f(a, {b, c = a}) { var d = b; for (let i of [1]) { d += i } try { throw 5 } catch (e) { d += e } return a + c + d }',
        'f(10, {b: 1}) + a + typeof d + typeof e + typeof i',
      ),
    ).toBe('28undefinedundefinedundefined')
  })

  it('E7: a later document-level declaration wins from the start and is shared by sessions', () => {
    const world = new ScriptWorld(makeRealm(), [
      library('function isBlank() { return 1 } function caller() { return isBlank() }'),
      library('function isBlank() { return 2 }'),
      value('caller() + (Object.isFrozen(isBlank) ? " frozen" : "")'),
      script('kept = [caller]'),
      value('kept[0]'),
    ])
    world.program.run(0)
    world.program.run(1)

    expect(world.program.evaluate(2)).toBe('2 frozen')
  })

  it.each([
    ['eval("helper").hits = 1', 'eval("helper").hits', 1],
    ['eval("helper.hits = 2")', 'eval("helper.hits")', 2],
    ['eval("helper.prototype.more = function () { return 3 }")', 'new helper().more()', 3],
    ['new Function("x", "helper.hits = x")(4)', 'eval("helper.hits")', 4],
    ['(0, eval)("var taken = helper; taken.hits = 5")', 'taken.hits + (taken === eval("helper") ? 0 : 1)', 5],
    ['this["helper"].hits = 6', 'this["helper"].hits', 6],
    ['eval("helper = 7")', 'eval("helper")', 7],
  ])('E7: %s, late, replaces the shared function by a copy of this session', (late, question, expected) => {
    const world = new ScriptWorld(makeRealm(), [
      library('function helper() { return 1 }'),
      script(late),
      value(question),
      value('helper()'),
      value('typeof eval("helper") + eval("helper.hits")'),
    ])
    world.program.run(0)
    expect(world.program.evaluate(3)).toBe(1)
    world.program.run(1)

    expect(world.program.evaluate(2)).toBe(expected)
    if (!late.includes('new Function')) world.reload()
    if (!late.includes('more')) expect(world.program.evaluate(2)).toBe(expected)
    world.enter(world.newScope())
    world.program.run(0)
    expect(world.program.evaluate(4)).toBe('functionundefined')
  })

  it('E7: a function used as an object is made per session', () => {
    const world = new ScriptWorld(makeRealm(), [
      library(
        'function Queue() { this.items = [] } Queue.prototype.add = function (x) { this.items.push(x); return this }; function counter() { counter.n = (counter.n || 0) + 1; return counter.n }',
      ),
      value('new Queue().add(1).add(2).items.length + counter() + counter()'),
    ])
    world.program.run(0)
    const first = world.program.evaluate(1)
    world.program.leave()
    world.enter(world.newScope())
    world.program.run(0)

    expect(first).toBe(5)
    expect(world.program.evaluate(1)).toBe(5)
  })

  it('E16: values that are no expression are scripts whose completion value counts', () => {
    expect(last('room: 12')).toBe(12)
    expect(last('2;')).toBe(2)
    expect(last('var z = 3; if (z > 2) { "big" } else "small"')).toBe('big')
    expect(last('{}')).toEqual({})
    expect(last('{a: 1}')).toEqual({ a: 1 })
    expect(last('1 // one')).toBe(1)
    expect(last(' /* x */ (1), 2 ')).toBe(2)
    expect(last('')).toBe(undefined)
  })
})
