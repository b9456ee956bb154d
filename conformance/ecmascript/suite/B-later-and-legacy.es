//# B.1.3 HTML-like comments
var a = 1; <!-- hidden + 1
assert.sameValue(a, 1);
--> also hidden
//# B.2.3 substr and the HTML methods
assert.sameValue("abc".substr(1, 1) + "x".bold(), "b<b>x</b>");
//# B.2.4 getYear and setYear
assert.sameValue(new Date(1999, 0, 1).getYear(), 99); assert.sameValue(new Date(2020, 0, 1).getYear(), 120);
//# B.3 __proto__ reads and sets the prototype
var o = { __proto__: { a: 1 } }; assert.sameValue(o.a, 1); var p = {}; p.__proto__ = { b: 2 }; assert.sameValue(p.b, 2); assert.sameValue(Object.keys(p).length, 0);
//# B.3 __defineGetter__ and __lookupGetter__
var o = {}; o.__defineGetter__("x", function () { return 3 }); assert.sameValue(o.x, 3); assert.sameValue(typeof o.__lookupGetter__("x"), "function");
//# B.3 initialiser in a for-in
for (var k = 5 in {}) ; assert.sameValue(k, 5);
//# B.3 a label in front of a function
lab: function labelled() { return 1 } assert.sameValue(labelled(), 1);
//# 12.10 with
var o = { a: 1 }; with (o) { a = 2 } assert.sameValue(o.a, 2);
//# ES2015 let and const in blocks, closures per round
let fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); { const x = 1; var seen = x } assert.sameValue(fs[0]() + fs[2]() + seen, 3); assert.sameValue(typeof x, "undefined");
//# ES2015 const cannot be assigned inside a function
function f() { const c = 1; c = 2 } assert.throws(TypeError, f);
//# ES2015 const cannot be assigned at script level
const fixed = 1; assert.throws(TypeError, function () { fixed = 2 });
//# ES2015 let is not a member of the global object
let lexical = 1; assert.sameValue("lexical" in this, false);
//# ES2015 let cannot be read before its line
assert.throws(ReferenceError, function () { early; }); let early = 1;
//# ES2015 let cannot be read before its line in a block
assert.throws(ReferenceError, function () { { late; let late = 1 } });
//# ES2015 SyntaxError: let twice
let a; let a;
//# ES2015 arrow functions keep this and arguments
var o = { v: 1, m: function () { return [1].map(() => this.v + arguments[0])[0] } }; assert.sameValue(o.m(4), 5);
//# ES2015 default, rest and spread
function f(a, b = a + 1, ...c) { return a + b + c.length } assert.sameValue(f(1) + f(...[1, 2, 3, 4]), 8);
//# ES2015 destructuring in declarations, parameters and assignments
var { a, b: [c, d = 4] } = { a: 1, b: [2] }; function f({ x, ...r }) { return x + r.y } [a, c] = [c, a]; assert.list([a, c, d, f({ x: 5, y: 6 })], [2, 1, 4, 11]);
//# ES2015 classes: fields, private members, static, inheritance
class A { #p = 1; q = 2; static s = 3; get p() { return this.#p } static m() { return this.s } } class B extends A { constructor() { super(); this.r = super.p } } assert.list([new B().r, new B().q, B.m(), new B() instanceof A], [1, 2, 3, true]);
//# ES2015 classes cannot be called
class A {} assert.throws(TypeError, function () { A() });
//# ES2015 generators
function* g() { var x = yield 1; try { yield x } finally { log = "closed" } } var log, it = g(); it.next(); assert.sameValue(it.next(5).value, 5); it.return(); assert.sameValue(log, "closed");
//# ES2015 for-of over arrays, text, maps and generators
var s = ""; for (var x of [1, 2]) s += x; for (var c of "ab") s += c; for (var [k, v] of new Map([["k", 9]])) s += k + v; function* g() { yield "g" } for (x of g()) s += x; assert.sameValue(s, "12abk9g");
//# ES2015 templates, tagged templates
var n = 2; function tag(s, v) { return s[0] + v + s.raw[1] } assert.sameValue(`a${n}b` + tag`x${n}\n`, "a2bx2\\n");
//# ES2015 Map, Set, Symbol
var m = new Map(), k = {}; m.set(k, 1); assert.sameValue(m.get(k) + new Set([1, 1, 2]).size, 3); var s = Symbol("d"); var o = { [s]: 1 }; assert.sameValue(o[s] + Object.keys(o).length, 1);
//# ES2015 computed names, shorthand, methods
var k = "key", v = 1; var o = { [k + 1]: 2, v, m() { return this.v } }; assert.sameValue(o.key1 + o.v + o.m(), 4);
//# ES2016 exponent, includes
assert.sameValue(2 ** 3 ** 2, 512); var x = 3; x **= 2; assert.sameValue(x, 9); assert.sameValue([1, NaN].includes(NaN), true);
//# ES2020 optional chaining, nullish, BigInt
var o = { a: { b: () => 5 } }; assert.list([o?.a?.b?.(), o.x?.y.z, null ?? 1, 0 ?? 1, typeof 1n, 2n ** 64n === 18446744073709551616n], [5, undefined, 1, 0, "bigint", true]);
//# ES2021 logical assignment, separators
var a = null, b = 1, c = 0; a ??= 5; b &&= 6; c ||= 7; assert.list([a, b, c, 1_000], [5, 6, 7, 1000]);
//# ES2015 an anonymous function takes the name of its variable
var named = function () {}; assert.sameValue(named.name, "named"); function f() { var local = function () {}; return local.name } assert.sameValue(f(), "local");
//# ES2015 Promise
assert.sameValue(typeof Promise, "function");
//# ES2015 typed arrays
assert.sameValue(new Uint8Array(2).length, 2);
//# ES2017 async functions
async function f() { return 1 } assert.sameValue(typeof f(), "object");
//# ES2020 globalThis
var g = 1; assert.sameValue(globalThis.g, 1); assert.sameValue(globalThis, this);
