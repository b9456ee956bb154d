import { describe, expect, it } from 'vitest'
import { randomClosures } from './random-closures.ts'
import { library, realms, script, ScriptWorld, value } from './script-world.ts'

/** Scripts that make functions, a step that calls them, what is asked, and whether each step reloads. */
const cases: readonly (readonly [name: string, makes: string, step: string])[] = [
  ['a counter', 'function make() { var n = 0; return function () { return ++n } } var f = make()', 'f()'],
  ['an accumulator', 'function acc(total) { return function (x) { total += x; return total } } var f = acc(5)', 'f(3)'],
  [
    'two functions over one local',
    'var c = (function () { var n = 0; return { up: function () { n++ }, now: function () { return n } } })()',
    'c.up(); c.now()',
  ],
  [
    'two variables of one activation',
    'var up, now; (function () { var n = 0; up = function () { n++ }; now = function () { return n } })()',
    'up(); now()',
  ],
  [
    'functions in functions',
    'function a(x) { return function (y) { x++; return function (z) { y++; return [x, y, ++z].join() } } } var f = a(1), g = f(10); var h = f(20)',
    'g(1) + h(2) + f(3)(4) + g(0)',
  ],
  [
    'a declaration that is returned and calls itself',
    'function make() { var calls = 0; function fact(n) { calls++; return n < 2 ? 1 : n * fact(n - 1) } return { fact: fact, calls: function () { return calls } } } var f = make()',
    'f.fact(4) + "," + f.calls()',
  ],
  [
    'a helper behind a closure',
    'function make() { var n = 0; function bump() { n += 2 } return function () { bump(); return n } } var f = make()',
    'f()',
  ],
  [
    'let in loops',
    'var fs = []; for (let i = 0; i < 3; i++) { fs.push(function () { return i++ }) } (function () { for (const k of ["a", "b"]) { let n = 0; fs.push(() => k + n++) } for (let j in { x: 1 }) fs.push(() => j) })()',
    'fs.map(function (f) { return f() }).join()',
  ],
  [
    'var in loops is shared',
    'var fs = []; (function () { for (var i = 0; i < 3; i++) fs.push(function () { return i++ }) })()',
    'fs.map(function (f) { return f() }).join()',
  ],
  [
    'catch parameters',
    'var f; (function () { try { throw { n: 1 } } catch (e) { f = function () { return e.n++ } } })(); var g; (function () { try { throw [5] } catch ([x]) { g = () => x++ } })()',
    'f() + "," + g()',
  ],
  [
    'named function expressions',
    'var f = (function () { var n = 0; return function me(x) { n++; me = 5; return x ? me(x - 1) : n + typeof me } })(); var g = function own() { return function () { return typeof own } }; var h = g()',
    'f(2) + h()',
  ],
  [
    'parameters with defaults and patterns',
    'function make(a, { b, c = 3 }, [d] = [4], ...rest) { return function () { a++; b++; c++; d++; rest.push(1); return [a, b, c, d, rest.length].join() } } var f = make(1, { b: 2 })',
    'f()',
  ],
  [
    'arrows of every shape',
    'var add = x => y => x += y; var f = add(1); var both = (x) => ({ up: () => ++x, now: () => x }); var o = both(4); var none = () => /* => */ () => typeof none; var z = (a = 1 /* ) */, b) => (() => a++); var zz = z()',
    'f(2) + "," + o.up() + o.now() + none()() + zz()',
  ],
  [
    'this of around',
    'function Q() { this.n = 1; this.next = () => this.n++; this.deep = function () { return () => () => this.n } } var q = new Q(); var d = q.deep(); var t = (function () { return () => this === globalThis })()',
    'q.next() + "," + d()() + t() + (q instanceof Q)',
  ],
  [
    'constants',
    'var f = (function () { const k = 5; let t = ""; return function () { try { k = 6 } catch (e) { t += e.name } return k + t } })()',
    'f()',
  ],
  [
    'names that hide others',
    'var f = (function (x) { var a = () => x; { let x = 2; var b = () => x++; { let x = 10; var c = () => [a(), b(), x++].join() } } return c })(1)',
    'f()',
  ],
  [
    'methods and accessors of literals',
    'var o = (function () { var n = 0; return { up() { return ++n }, get now() { return n }, set now(v) { n = v }, "two words"() { return n * 2 }, self() { return this === o } } })()',
    'o.up(); o.now = o.now + 5; [o.now, o["two words"](), o.self()].join()',
  ],
  [
    'defined accessors',
    'var o = {}; (function () { var n = 0; Object.defineProperty(o, "n", { get: function () { return n++ }, enumerable: true }) })()',
    'o.n',
  ],
  [
    'identity of captured objects',
    'var list = [{ id: 1 }]; var f = (function (kept) { return function () { kept.id++; return list.indexOf(kept) + "," + list[0].id } })(list[0])',
    'f()',
  ],
  [
    'arguments and mapped parameters',
    'function make(a) { arguments[0] = 7; var g = [].slice.call(arguments); return function () { g[0] = a + 1; return a + g.length } } var f = make(1)',
    'typeof f()',
  ],
  [
    'members of functions',
    'var f = (function () { var n = 0; return function () { return ++n + f.k } })(); f.k = 10; f.prototype.m = 1',
    'f() + Object.keys(new f()).length + new f().m',
  ],
  [
    'functions in blocks',
    'var f; (function () { if (true) { let n = 0; function up() { return ++n } f = up } })(); { let m = 5; function top() { return m++ } }',
    'f() + "," + top()',
  ],
  [
    'made in later steps',
    'var fs = []; var mk = (function () { var n = 0; return function () { var own = n++; fs.push(function () { return own++ }) } })()',
    'mk(); fs.map(function (f) { return f() }).join()',
  ],
  [
    'shadowed parameters in text',
    'var f = (function (a) { return function () { var { b = a } = {}; a = b + 1; [a] = [a + 1]; ({ a } = { a }); for (a in { k: 1 }); var s = { a }; a = 3; return s.a + typeof a + delete a } })(1)',
    'f()',
  ],
  [
    'strict functions',
    'var f = (function () { "use strict"; var n = 0; return function () { n++; return typeof this + n } })()',
    'f()',
  ],
  ['to source', 'var f = (function () { var n = 1; return function () { return n } })()', 'f.toSource() + f()'],
  [
    'timers in maps',
    'var m = new Map(); (function () { var n = 0; m.set("k", function () { return n += 2 }); m.set("l", { now: () => n }) })()',
    'm.get("k")() + m.get("l").now()',
  ],
  [
    'switch inside',
    'var f; (function (k) { switch (k) { case 1: var n = 4; f = function () { return n++ } } })(1)',
    'f()',
  ],
]

describe.each(realms)('E8: functions that capture locals, in the %s', (_, makeRealm) => {
  it.each(cases)('%s', (_name, makes, step) => {
    const answers = (isReloaded: boolean): readonly unknown[] => {
      const world = new ScriptWorld(makeRealm(), [script(makes), value(step)])
      world.program.run(0)
      return [1, 2, 3].map(() => {
        if (isReloaded) world.reload()
        const answer = world.program.evaluate(1)
        expect(world.program.takeUnsaved()).toEqual([])
        return answer
      })
    }

    expect(answers(true)).toEqual(answers(false))
  })

  it('random functions over locals go on as if the session had never been saved', () => {
    const first = Math.floor(Date.now() / 60_000)
    for (let seed = first; seed < first + 40; seed += 1) {
      const { makes, steps } = randomClosures(seed)
      const answers = (isReloaded: boolean): readonly unknown[] => {
        const world = new ScriptWorld(makeRealm(), [script(makes), ...steps.map(value)])
        world.program.run(0)
        return steps.map((_step, i) => {
          if (isReloaded) {
            const saved = world.reload()
            expect(world.program.save(world.scope), `seed ${seed}`).toEqual(saved)
          }
          expect(world.program.takeUnsaved(), `seed ${seed}`).toEqual([])
          return world.program.evaluate(i + 1)
        })
      }
      expect(answers(true), `seed ${seed}: ${makes}`).toEqual(answers(false))
    }
  })

  it('a library of functions over locals is made once and saved by what it keeps', () => {
    const world = new ScriptWorld(makeRealm(), [
      library(
        'function Counter() { var n = 0; this.up = function () { return ++n } } var App = (function () { var all = []; return { add: function (x) { return all.push(x) } } })()',
      ),
      script('var c = new Counter(); c.up()'),
      value('c.up() + "," + App.add(c) + (c instanceof Counter)'),
    ])
    world.program.run(0)
    world.program.run(1)
    world.reload()
    expect(world.program.evaluate(2)).toBe('2,1true')
    world.reload()
    expect(world.program.evaluate(2)).toBe('3,2true')
  })

  it('what cannot be written down elsewhere is told', () => {
    const world = new ScriptWorld(makeRealm(), [
      script(
        'var a = (function () { var n = 1; return function () { return eval("n") } })(); var b = (function () { return () => arguments.length })(); var c = (function (x, y = () => x) { return y })(1)',
      ),
      value('[a, b, c].map(function (x) { return typeof x }).join()'),
    ])
    world.program.run(0)
    world.reload()

    expect(world.program.takeUnsaved().map(({ path }) => path)).toEqual(['$.a', '$.b', '$.c'])
    expect(world.program.evaluate(1)).toBe('undefined,undefined,undefined')
  })
})
