import { describe, expect, it } from 'vitest'
import { evaluateLast, failureOf, library, location, realms, script, ScriptWorld, value } from './script-world.ts'

describe.each(realms)('running scripts in the %s', (_, makeRealm) => {
  const last = (...texts: string[]): unknown => {
    const pieces = texts.map((text, i) => (i === texts.length - 1 ? value(text) : script(text)))
    return evaluateLast(makeRealm(), pieces)
  }

  describe('E10 dynamic code', () => {
    it('eval of JSON in parentheses gives a value', () => {
      expect(last(`eval('({"a": [1, 2]})').a[1] + eval('(' + "[3, x]".replace('x', '4') + ')')[1]`)).toBe(6)
    })

    it('eval reads and writes variables of the session', () => {
      expect(
        last(
          'var App_A = { requestid: 5 }; var n = "A"',
          "eval('App_' + n)['requestid'] + eval('var made = 2; made + 1') + made",
        ),
      ).toBe(10)
    })

    it('direct eval sees and changes locals of the function around it, and its var stays there', () => {
      expect(
        last(
          'function f(a) { var b = 1; eval("b = a + 1; var c = b * 2"); return [b, c, eval("this === undefined"), typeof arguments].join() }',
          'f(4) + typeof c',
        ),
      ).toBe('5,10,false,objectundefined')
    })

    it('indirect eval and Function compile at the level of the session', () => {
      expect(
        last(
          'var g = 1; function f() { var g = 2; var e = eval; return e("g") + new Function("a", "return a + g")(10) + Function("return this")().g }',
          'f()',
        ),
      ).toBe(13)
      expect(last('(function () {}).constructor("return 7")()')).toBe(7)
    })

    it('a text with a syntax error throws SyntaxError inside, a refused construct too', () => {
      expect(
        last(
          'var r; try { eval("1 +") } catch (e) { r = e instanceof SyntaxError }; var q; try { eval("import(\'x\')") } catch (e) { q = e.name }',
          'r + q',
        ),
      ).toBe('trueSyntaxError')
      expect(last('var r; try { eval(new Array(300000).join("1;")) } catch (e) { r = e.name }', 'r')).toBe('RangeError')
    })

    it('functions made by eval run in the session that calls them', () => {
      const world = new ScriptWorld(makeRealm(), [
        script('f = eval("(function () { return who })"); who = "a"'),
        value('f()'),
        script('who = "b"'),
      ])
      world.program.run(0)
      world.program.run(2)

      expect(world.program.evaluate(1)).toBe('b')
    })

    it('JSON.eval does not exist', () => {
      const world = new ScriptWorld(makeRealm(), [value('JSON.eval("1")')])

      expect(failureOf(() => world.program.evaluate(0))?.type).toBe('TypeError')
    })
  })

  describe('E12 time and random numbers', () => {
    it('the clock stands still during a step and random numbers repeat with the seed', () => {
      const world = new ScriptWorld(makeRealm(), [
        value(
          '[Date.now(), new Date().getTime(), new Date(5).getTime(), typeof Date(), new Date() instanceof Date, Math.random()].join()',
        ),
      ])
      const first = world.program.evaluate(0)
      const second = world.program.evaluate(0)
      world.program.leave()
      world.enter()

      expect(first).toMatch(/^1000000,1000000,5,string,true,0\.\d+$/)
      expect(second).not.toBe(first)
      expect(world.program.evaluate(0)).toBe(first)
    })

    it('legacy RegExp statics do not pass from session to session', () => {
      const world = new ScriptWorld(makeRealm(), [
        script('/(secret)/.exec("secret")'),
        value('RegExp.$1 + RegExp.lastMatch'),
      ])
      world.program.run(0)
      world.program.leave()
      world.enter(world.newScope())

      expect(world.program.evaluate(1)).toBe('')
    })
  })

  describe('E13 what comes from the engine', () => {
    it('_event data is an object in the orchestration dialect and undefined in W3C', () => {
      const world = new ScriptWorld(makeRealm(), [value('typeof _event.data')])
      world.event({})
      const w3c = new ScriptWorld(makeRealm(), [value('typeof _event.data')], { dialect: 'w3c' })
      w3c.event({})

      expect(world.program.evaluate(0)).toBe('object')
      expect(w3c.program.evaluate(0)).toBe('undefined')
    })

    it('a stored event is found by identity', () => {
      const world = new ScriptWorld(makeRealm(), [script('kept = [_event]'), value('kept.indexOf(_event)')])
      world.event({ data: '{"a":1}' })
      world.program.run(0)

      expect(world.program.evaluate(1)).toBe(0)
    })

    const modules = [
      { root: 'ixn', functions: ['setuData', 'fails'], constants: '{"mediaType":{"TMediaVoice":1}}' },
      { root: 'voice', functions: [], constants: '{"kind":"x"}' },
    ]
    const views = {
      ixn: '{"interactions":{"$list":[{"g_uid":"ixn1","voice":{"ani":"55"}}],"$key":"g_uid"},"firstixnid":"ixn1"}',
    }

    it('views are reached by index and id, are read-only and are built again when their version grew', () => {
      const world = new ScriptWorld(
        makeRealm(),
        [
          value(
            '[_genesys.ixn.interactions["ixn1"].voice.ani, _genesys.ixn.interactions[0].g_uid, typeof _genesys.ixn.interactions["x"], _genesys.ixn.mediaType.TMediaVoice, _genesys.voice.kind, _genesys.nothing].join()',
          ),
          script(
            '_genesys.ixn.firstixnid = 1; _genesys.ixn.interactions[0].voice.ani = 2; _genesys.ixn = 3; _genesys.x = 1; delete _genesys.ixn',
          ),
          value('_genesys.ixn.firstixnid + _genesys.x'),
          script('for (k in _genesys.ixn.interactions) keys = (typeof keys == "undefined" ? "" : keys) + k'),
          value('keys'),
        ],
        { modules, views: { ...views } },
      )
      expect(world.program.evaluate(0)).toBe('55,ixn1,undefined,1,x,')
      world.program.run(1)
      expect(world.program.evaluate(2)).toBe('ixn1undefined')
      world.program.run(3)
      expect(world.program.evaluate(4)).toBe('0')
      world.versions.set('ixn', 2)
      views.ixn = '{"firstixnid":"ixn2"}'
      const again = new ScriptWorld(makeRealm(), [value('_genesys.ixn.firstixnid')], { modules, views })
      expect(again.program.evaluate(0)).toBe('ixn2')
      views.ixn = '{"firstixnid":"ixn3"}'
      expect(again.program.evaluate(0)).toBe('ixn2')
      again.versions.set('ixn', 2)
      expect(again.program.evaluate(0)).toBe('ixn3')
    })

    it('module functions get encoded arguments and give fresh values; refusals are errors inside', () => {
      const calls: string[] = []
      const world = new ScriptWorld(
        makeRealm(),
        [
          value('_genesys.ixn.setuData({a: 1}, "i").b'),
          value('var m; try { _genesys.ixn.fails() } catch (e) { m = (e instanceof Error) + e.message }; m'),
        ],
        {
          modules,
          call: (module, name, args) => {
            calls.push(`${module}.${name}${args}`)
            return name === 'fails' ? { ok: false, message: 'no' } : { ok: true, value: '{"b":2}' }
          },
        },
      )

      expect(world.program.evaluate(0)).toBe(2)
      expect(world.program.evaluate(1)).toBe('trueno')
      expect(calls).toEqual(['ixn.setuData[{"a":1},"i"]', 'ixn.fails[]'])
    })

    it('the functions with two underscores reach the engine', () => {
      const world = new ScriptWorld(makeRealm(), [
        script('__Log("m"); __Log("n", "l", 3); __Raise("x.y", {a: 1}); __Raise("z")'),
        value('__GetDocumentURL() + __GetDocumentBaseURL() + __GetQueryString() + __GetCurrentStates()[1]'),
      ])
      world.program.run(0)

      expect(world.logged).toEqual([
        ['m', '', 1],
        ['n', 'l', 3],
      ])
      expect(world.raised).toEqual([
        ['x.y', '{"a":1}'],
        ['z', '{}'],
      ])
      expect(world.program.evaluate(1)).toBe('http://host/app/page.scxml?a=1http://host/app/a=1active')
    })

    it('an exception of the host is built again inside', () => {
      const world = new ScriptWorld(
        makeRealm(),
        [
          value(
            'var k; try { _genesys.ixn.setuData() } catch (e) { k = e instanceof Error && e.constructor === Error }; k',
          ),
        ],
        {
          modules,
          call: () => {
            throw new TypeError('host')
          },
        },
      )

      expect(world.program.evaluate(0)).toBe(true)
    })

    it('failures carry type, message and place', () => {
      const text = 'var a = 1;\nfunction f(x) {\n  return x.y.z;\n}\n\nf({});'
      const world = new ScriptWorld(makeRealm(), [
        library(text),
        value('  missing'),
        script('throw "text"'),
        script('throw { a: 1 }'),
        script('function Own(m) { this.message = m }; throw new Own("mine")'),
        value('bad +'),
      ])
      const failure = failureOf(() => world.program.run(0))

      expect(failure).toMatchObject({ type: 'TypeError', cause: 'thrown' })
      expect(text.slice(0, failure?.span?.start).split('\n')).toHaveLength(3)
      expect(failureOf(() => world.program.evaluate(1))?.span?.start).toBe(2)
      expect(failureOf(() => world.program.run(2))).toMatchObject({ type: 'string', message: 'text' })
      expect(failureOf(() => world.program.run(3))?.type).toBe('Object')
      expect(failureOf(() => world.program.run(4))).toMatchObject({ type: 'Own', message: 'mine' })
      expect(failureOf(() => world.program.evaluate(5))?.type).toBe('SyntaxError')
    })

    it('text, content, items and objects never throw for hostile values', () => {
      const world = new ScriptWorld(makeRealm(), [
        value('({ toString: function () { throw 1 } })'),
        value('Object.create(null)'),
        value('Symbol("s")'),
      ])

      expect([0, 1, 2].map((id) => world.program.toText(world.program.evaluate(id)))).toEqual([
        '[object]',
        '[object]',
        'Symbol(s)',
      ])
      expect(world.program.itemsOf(world.program.decode('[1,2]'))).toEqual([1, 2])
      expect(world.program.itemsOf(7)).toBe(undefined)
      expect(world.program.itemsOf('text')).toBe(undefined)
      expect(
        world.program.makeObject([
          ['a', 1],
          ['b', 2],
          ['a', 3],
        ]),
      ).toEqual({ a: 3, b: 2 })
    })

    it('inline content is JSON, XML or space-normalised text', () => {
      const world = new ScriptWorld(
        makeRealm(),
        [
          value(
            'doc.getElementsByTagName("book")[1].getAttribute("title") + doc.documentElement.tagName + doc.documentElement.textContent',
          ),
          location('doc'),
        ],
        { dialect: 'w3c' },
      )
      world.program.assign(
        1,
        world.program.readContent('\n <books xmlns=""><book title="title1"/><book title="t&amp;2">x</book></books> '),
      )

      expect(world.program.evaluate(0)).toBe('t&2booksx')
      expect(world.program.readContent(' {"a": [1]} ')).toEqual({ a: [1] })
      expect(world.program.readContent(' this is \n a string ')).toBe('this is a string')
      expect(world.program.readContent('<broken><a></broken>')).toBe('<broken><a></broken>')
    })
  })

  describe('E15 fuel', () => {
    it.each([
      'while (true) ;',
      'for (;;) { try { f() } catch (e) {} } function f() { for (;;) {} }',
      'while (true) { try { throw 1 } catch (e) { continue } finally { continue } }',
      'function r(n) { r2(n); r2(n) } function r2(n) { if (n) { r(n - 1); r(n - 1) } } r(40)',
      'var a = [1, 2, 3]; do a.sort((x, y) => x - y); while (true)',
      'eval("while (true) {}")',
      'new Function("for (;;) {}")()',
      'function* g() { while (true) yield 1 } for (var x of g()) ;',
    ])('%s ends', (text) => {
      const world = new ScriptWorld(makeRealm(), [script(text), value('1 + 1')], { fuelPerEnter: 100_000 })

      expect(failureOf(() => world.program.run(0))).toMatchObject({ cause: 'fuel' })
      world.program.leave()
      world.enter()
      expect(world.program.evaluate(1)).toBe(2)
    })

    it('endless recursion is an error that the script may catch', () => {
      expect(last('function f() { return f() + 1 } var r; try { f() } catch (e) { r = e.name }', 'r')).toBe(
        'RangeError',
      )
    })
  })

  describe('E17 toSource and uneval', () => {
    it.each([
      ['({a: 1, b: "x", c: [1, 2], "d-e": null}).toSource()', `({a:1, b:"x", c:[1, 2], 'd-e':null})`],
      ['[1, , undefined, -0, NaN].toSource()', '[1, , (void 0), -0, NaN]'],
      ['"x\\n\\u00e9".toSource()', '(new String("x\\n\\xE9"))'],
      ['(5).toSource() + true.toSource()', '(new Number(5))(new Boolean(true))'],
      ['uneval("x") + uneval(5) + uneval(undefined) + uneval(null)', '"x"5(void 0)null'],
      ['new Date(0).toSource()', '(new Date(0))'],
      ['/a\\/b/g.toSource()', '/a\\/b/g'],
      ['new Error("m").toSource()', '(new Error("m"))'],
      ['({n: {m: {}}}).toSource()', '({n:{m:{}}})'],
      ['uneval({get a() { return 4 }})', '({a:4})'],
    ])('%s', (text, expected) => {
      expect(last(text)).toBe(expected)
    })

    it('a cycle prints {} and for…in does not see toSource', () => {
      expect(last('var o = {a: 1}; o.self = o; var keys = ""; for (var k in o) keys += k', 'o.toSource() + keys')).toBe(
        '({a:1, self:{}})aself',
      )
    })

    it('a function is printed as it was written', () => {
      const text = last('var price = 1; function f(a) { return a + price }', 'uneval(f)')

      expect(text).toBe('(function f(a) { return a + price })')
    })

    it('_event.toSource() works and long output is bounded', () => {
      const world = new ScriptWorld(makeRealm(), [
        value('_event.toSource()'),
        value('new Array(2000001).join("x").toSource().length <= 1048600'),
      ])
      world.event({ name: 'go', data: '{"a":1}' })

      expect(world.program.evaluate(0)).toBe(
        '({name:"go", type:"external", sendid:(void 0), origin:(void 0), origintype:(void 0), invokeid:(void 0), data:{a:1}})',
      )
      expect(world.program.evaluate(1)).toBe(true)
    })
  })

  describe('E11 polyfills and overriding', () => {
    it('a polyfill that is missing is added, own members of objects may be named like inherited ones', () => {
      const world = new ScriptWorld(makeRealm(), [
        library('if (!Date.fromISOString) { Date.fromISOString = function (t) { return new Date(t) } }'),
        script(
          'var o = {}; o.toString = function () { return "mine" }; var e = new Error("m"); e.name = "X"; var a = []; a.indexOf = 5; function F() {}; F.prototype.toString = function () { return "F" }',
        ),
        value('[Date.fromISOString("2020-01-01T00:00:00Z").getTime(), "" + o, "" + e, a.indexOf, "" + new F()].join()'),
      ])
      world.program.run(0)
      world.program.run(1)

      expect(world.program.evaluate(2)).toBe('1577836800000,mine,X: m,5,F')
    })

    it('existing members of intrinsics keep their meaning', () => {
      const world = new ScriptWorld(makeRealm(), [
        library(
          'Array.prototype.push = function () { return "broken" }; Date.prototype.getTime = function () { return 0 }; String.prototype.trim = null',
        ),
        value('[1].push(2) + " x ".trim()'),
      ])
      world.program.run(0)

      expect(world.program.evaluate(1)).toBe('2x')
      expect([1].push(2)).toBe(2)
    })
  })
})
