import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { sameRealm } from '../../src/script/same-realm.ts'
import { evaluateLast, script, value } from './script-world.ts'

/** Scripts whose answer has to be what a plain engine gives for the same text. */
const scripts: readonly string[] = [
  'var a = 1\nvar b\n(function () { r = "called" })()',
  'var x = 1; { var x = 2; } r = x',
  'r = []; for (var i = 0, n = 3; i < n; i++) r.push(i); r = r.join() + i + n',
  'r = ""; outer: for (var i = 0; i < 3; i++) { for (;;) { if (i == 1) continue outer; r += i; break } }',
  'var o = { a: 1, get b() { return this.a + 1 }, set b(v) { this.a = v }, c() { return this.a }, ["d" + 1]: 4 }; o.b = 5; r = [o.b, o.c(), o.d1].join()',
  'var { p, q = 2, ...rest } = { p: 1, z: 3 }; r = [p, q, rest.z].join()',
  'var p = 1, q = 2; [p, q] = [q, p]; ({ p, q: p = 7 } = { p: 5 }); r = [p, q].join()',
  'r = (function (a, b = a, ...c) { return [a, b, c.length, arguments.length].join() })(1, undefined, 3, 4)',
  'function f() { return typeof g; function g() {} } r = f()',
  'function f() { if (true) { function g() { return 1 } } return g() } r = f()',
  'var f = function fact(n) { return n < 2 ? 1 : n * fact(n - 1) }; r = f(5)',
  'r = [1, 2, 3].map(x => x * 2).filter((x) => { return x > 2 }).reduce((a, b) => a + b)',
  'r = (x => ({ x }))(4).x + (() => [])().length',
  'class A { constructor(x) { this.x = x } static make(x) { return new this(x) } get double() { return this.x * 2 } #p = 3; priv() { return this.#p } } class B extends A { double2() { return super.double + this.priv() } } r = B.make(2).double2()',
  'var s = 0; for (var k in { a: 1, b: 2 }) s += k.length; for (const v of [1, 2]) s += v; for (let [i, j] of [[1, 2]]) s += i * j; r = s',
  'var fs = []; for (let i = 0; i < 3; i++) fs.push(function () { return i }); r = fs.map(function (f) { return f() }).join()',
  'try { throw { code: 5 } } catch ({ code }) { r = code } finally { r = r + 1 }',
  'try { null.x } catch { r = "caught" }',
  'switch (3) { case 1: r = 1; case 3: r = 3; case 4: r += 1; break; default: r = 0 }',
  'var i = 0; do i++; while (i < 5); while (i < 8) i++; r = i',
  'r = typeof undeclared + typeof null + void 0',
  'var u; r = (u ?? 4) + (u?.x === undefined ? 1 : 0); u ||= 3; u &&= u + 1; r += u',
  'var t = (s, ...v) => s.raw.join("|") + v.join(); var n = 2; r = t`a${n}b\\n${n + 1}`; r += `x${`y${n}`}`',
  'var o = { f: function () { return this === o } }; r = o.f() + "" + (0, o.f)() + o["f"]()',
  'var c = 0; function F() { if (!(this instanceof F)) return new F(); this.v = 9 } r = F().v',
  'r = delete this.nothing; g = 1; r += "" + delete this.g + typeof g',
  '"use strict"; r = [1].map(function () { return typeof this })[0] + (function () { return typeof this })()',
  'function s() { "use strict"; return (function () { return typeof this }).call(5) } r = s()',
  'var base = { m() { return 1 } }; var o = { __proto__: base, m() { return (() => super.m() + (() => super.m)().length)() } }; r = o.m()',
  'function N() { return (() => new.target === N)() } r = String(new N() instanceof N)',
  'var f = function () { return (() => arguments.length + (() => this.k)())() }; r = f.call({ k: 1 }, 1, 2)',
  'r = eval?.("1 + 1") + new (eval("Array"))(3).length',
  'var d = 1; var c = { d, [`k${d}`]: d, f({ d }) { return d }, g: ({ d = 7 }) => d }; r = c.d + c.k1 + c.f({ d: 2 }) + c.g({})',
  'x = 1\n;[x, y] = [2, 3]\nvar { z } = { z: 4 }\nr = x + y + z',
  'r = 1 /* a */ // b\n<!-- html comment\n+ 1',
  'function* gen() { var x = yield 1; yield x * 2 } var it = gen(); it.next(); r = it.next(4).value',
  'r = [..."ab", ...[1]].join() + Math.max(...[1, 5])',
  'var a = 1; function f() { return a; var a = 2 } r = String(f())',
  'function f(x) { x = 2; return arguments[0] } r = f(1)',
  'label: { r = 1; break label; r = 2 }',
  'var get = 1, set = 2, of = 3, async = 4, static = 5, let_ = 6; r = get + set + of + async + static + let_',
  'var o = { get: 1, set: 2, async: 3, new: 4 }; r = o.get + o.set + o.async + o.new',
  'r = /[/]\\/(a)/.exec("//a")[1] + "a/b".split(/\\//).length',
  'r = 08 + 010 + 0x10',
  'var interface = 1; var yield = 2; r = interface + yield',
  '"str".x = 1; r = "ignored"',
  'r = function () { "use strict"; return typeof this }.call(undefined)',
  'r = new (function () { this.a = 1 })().a + new Date(2020, 1, 1).getMonth()',
  'if (true) var inner = 1; else var other = 2; r = inner + typeof other',
  'var $ = { v: 1 }; var _ = 2; r = $.v + _',
  'r = eval("1;;;;") + eval("var z = 2; if (z) { 3 }") + z',
  'function f(a) { var l = 2; eval("eval(\\\'l = a + 1; var deep = 7\\\')"); return l + deep } r = f(4) + typeof deep',
  'function f(a) { return eval("(function (b) { return eval(\\\'a + b\\\') })(2)") } r = f(1)',
  'function outer() { var l = 1; function inner() { return eval("l + 1") } return inner() } r = outer()',
  'function f() { eval("var dyn = 5"); return (function () { return dyn })() } r = f() + typeof dyn',
  'function f(a) { eval("a = 3; function made() { return a }"); return made() } r = f(1)',
  'r = [3, 1, 2].sort(function (a, b) { return a - b }).join()',
  'var self = this; r = (function () { return this === self })() && (() => this === self)()',
  'x = y = 5; r = x + y',
  'r = (function () { return typeof r2; var r2 })() + (1, 2)',
  'var o = {}; o.a = o.b = function () {}; r = typeof o.a + (o.a === o.b)',
  'do { r = 1 } while (0) r += 1',
  'for (var p in null) ; for (p of []) ; r = typeof p',
  'r = ((a, b) => a + b)(1, (2, 3))',
  'var r = 1, r; ',
  'r = 0; for (const x of [1, 2]) { if (x == 1) continue; r += x }',
  'var a = [1, 2, 3]; r = 0; for (a[0] in { k: 1 }) r += a[0]; for (a.z of [7]) r += a.z',
]

describe('E2 E5: rewritten scripts mean what they say', () => {
  it.each(scripts)('%s', (text) => {
    const plain: unknown = runInNewContext(`var r;\n${text}\n;String(r)`)
    const ours = evaluateLast(sameRealm(), [script(`var r;\n${text}`), value('String(r)')])

    expect(ours).toBe(plain)
  })
})
