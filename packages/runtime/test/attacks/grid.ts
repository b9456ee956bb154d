/** Axes of the grid: what a script can start from, and what it can try with it. */

export type Trait = 'callable' | 'iterable' | 'error' | 'ownPrototype'

export interface StartingValue {
  readonly name: string
  /** An expression. */
  readonly text: string
  readonly traits: readonly Trait[]
  /** The session was loaded from its snapshot before. */
  readonly isLoaded?: boolean
}

export interface Technique {
  readonly name: string
  /** Statements that use `x` and `take` whatever they get hold of. */
  readonly text: string
  readonly needs?: Trait
  /** Why it makes no sense without that. */
  readonly reason?: string
}

const of = (name: string, text: string, ...traits: readonly Trait[]): StartingValue => ({ name, text, traits })

export const startingValues: readonly StartingValue[] = [
  of('this', 'this'),
  of('this of a plain function', '(function () { return this })()'),
  of('this of a callback', '[1].map(function () { return this })[0]'),
  of('globalThis', 'globalThis'),
  of('arguments', '(function () { return arguments })({}, 1)', 'iterable'),
  of('callee', '(function () { return arguments.callee })()', 'callable'),
  of('event', '_event'),
  of('event data', '_event.data'),
  of('fetched text', 'eval("(" + _event.data.fetched + ")")'),
  of('fetched text as JSON', 'JSON.parse(_event.data.fetched)'),
  of('error of the language', 'caught(function () { null.x })', 'error'),
  of('error of the engine', 'caught(function () { _genesys.session.getListItemValue(Symbol()) })', 'error'),
  of('error of a module', 'caught(function () { _genesys.statistic.sData(1, {}) })', 'error'),
  of('error at the end of the stack', 'caught(function f() { f() })', 'error'),
  of('error of the compiler', 'caught(function () { eval("((") })', 'error'),
  of('engine function __Log', '__Log', 'callable'),
  of('engine function __Raise', '__Raise', 'callable'),
  of('engine function In', 'In', 'callable'),
  of('list of states', '__GetCurrentStates()', 'iterable'),
  of('_genesys', '_genesys'),
  of('view of a module', '_genesys.session'),
  of(
    'function of a module',
    '(function () { for (var k in _genesys.session) if (typeof _genesys.session[k] === "function") return _genesys.session[k] })()',
    'callable',
  ),
  of('_ioprocessors', '_ioprocessors'),
  of('_data', '_data'),
  of('tree of inline data', '_data.tree'),
  of('date', 'new Date()'),
  of('match of a regular expression', '/(?<first>.)(.)/d.exec("ab")', 'iterable'),
  of('getter of a name', 'Object.getOwnPropertyDescriptor(Object.getPrototypeOf(globalThis), "JSON").get', 'callable'),
  of('getter of _genesys', 'Object.getOwnPropertyDescriptor(_genesys, "session").get', 'callable'),
  of('generator', '(function* () { yield this; yield arguments })()', 'iterable'),
  of('result of eval', 'eval("({ f: function () { return this }, get g() { return this } })")'),
  of('result of Function', 'new Function("a", "return [this, arguments, a]")', 'callable', 'ownPrototype'),
  of('proxy', 'new Proxy({}, Reflect)'),
  of('class', '(class { static s = this; #p = 1; m() { return this } })', 'callable', 'ownPrototype'),
  of('shared function', 'Object.getPrototypeOf(globalThis).shared', 'callable', 'ownPrototype'),
  { ...of('value of a snapshot', 'kept'), isLoaded: true },
]

const tries = (...statements: readonly string[]): string =>
  statements.map((one) => `try { ${one} } catch (e) { take(e) }`).join('\n')

export const techniques: readonly Technique[] = [
  {
    name: 'constructor chain',
    text: tries(
      'var c = x; for (var i = 0; i < 8; i++) { c = c.constructor; take(c); take(c("return globalThis")()) }',
      'take(x.constructor.constructor("return process")())',
    ),
  },
  {
    name: 'prototype chain',
    text: tries(
      'for (var p = x; p !== null; p = Object.getPrototypeOf(p)) { take(p); take(Object.getOwnPropertyDescriptors(p)) }',
      'take(x.__proto__.__proto__); take(x.__lookupGetter__("__proto__").call(x)); x.__proto__.leak = 1',
      'Object.setPrototypeOf(Object.getPrototypeOf(x), { leak: 1 })',
    ),
  },
  {
    name: 'Symbol hooks',
    text: tries(
      'var hook = {}; for (var key of ["toPrimitive", "iterator", "hasInstance", "toStringTag", "unscopables", "match", "replace", "split", "isConcatSpreadable"]) { try { Object.defineProperty(x, Symbol[key], { value: function () { take(this); take(arguments); return take(x) }, configurable: true }) } catch (e) { take(e) } }',
      '__Log(x)',
      'In(x)',
      '__Raise(x, x)',
      'take([].concat(x, [x]))',
      'take("a".replace(x, x))',
      'take("a".split(x))',
      'take({} instanceof x)',
      'take([...x])',
      'take(x + "")',
    ),
  },
  {
    name: 'proxy around it',
    text: tries(
      'var seen = {}; var traps = new Proxy({}, { get: function (t, trap) { return function () { take(arguments); take(this); return Reflect[trap].apply(Reflect, arguments) } } }); var p = take(new Proxy(x, traps));',
      '__Log(p)',
      '__Raise("x", p)',
      '__Raise("x", { p: p, q: [p] })',
      'take(Object.assign({}, p))',
      'take(JSON.stringify(p))',
      'take(uneval(p))',
      'take(p())',
      'take(new p())',
      'held = p',
      'throw p',
    ),
  },
  {
    name: 'prepareStackTrace',
    text: tries(
      'Error.prepareStackTrace = function (e, frames) { take(frames); return frames }',
      'Object.defineProperty(Error, "prepareStackTrace", { value: function (e, frames) { take(frames) } })',
      'Error.stackTraceLimit = Infinity; take(new Error(x).stack)',
      'class E extends Error { static prepareStackTrace(e, f) { take(f) } }; take(new E().stack)',
      'Error.captureStackTrace(x); take(x.stack)',
      'var e = new Error("m"); Object.defineProperty(e, "name", { get: function () { take(this); take(x); return { toString: function () { take(arguments.callee.caller) } } } }); take(e.stack)',
      'x.stack = { matchAll: function (r) { take(r) } }; throw x',
    ),
  },
  {
    name: 'species',
    text: tries(
      'function Odd(n) { take(this); take(arguments); return x } Object.defineProperty(Odd, Symbol.species, { value: Odd }); var list = [1, 2]; list.constructor = Odd; take(list.map(function (v) { take(this); return x })); take(list.concat(x)); take(list.splice(0, 1)); ',
      'var r = /a/g; r.constructor = Odd; take("aa".split(r)); take("a".matchAll(r))',
      'Array[Symbol.species] = Odd; Object.defineProperty(Array, Symbol.species, { value: Odd })',
      'x.constructor = Odd; __Raise("x", [x])',
      'take(__GetCurrentStates().map(String))',
    ),
  },
  {
    name: 'tagged templates',
    text: tries(
      'take(x`a${x}b`)',
      'var s = (function (s) { return s })`a${1}`; take(s); s.raw.leak = 1',
      'take(x`${take}`)',
    ),
    needs: 'callable',
    reason: 'a tag is called',
  },
  {
    name: 'coercion',
    text: tries(
      'var c = { toString: function () { take(this); take(arguments.callee.caller); return x }, valueOf: function () { take(x); return x }, toJSON: function () { take(arguments); return x }, toSource: function () { return x } };',
      '__Log(c, c, c)',
      'In(c)',
      '__Raise(c, c)',
      'new Date(c)',
      'take(new RegExp(c))',
      'take(Object[c])',
      'take(_genesys[c])',
      'take(eval(c))',
      'take(new Function(c, c))',
      'take(JSON.stringify({ c: c }))',
      'take(+x); take(`${x}`)',
      'throw c',
    ),
  },
  {
    name: 'Function family',
    text: tries(
      'take(Function.prototype.call.call(x, null, take)); take(Function.prototype.bind.call(x, globalThis)())',
      'take(Reflect.construct(Function, ["return this"], x)())',
      'take(Reflect.apply(x, undefined, [take]))',
      'take(Object.getPrototypeOf(function* () {}).constructor("yield 1"))',
      'take((function () {}).constructor("a", "/*", "*/){")())',
      'take(Function.prototype.constructor === Function); take(new (class extends Function {})("return this")())',
      'take(Function("}, function () { return this }(), {"))',
      'take(Function.prototype.toString.call(x)); if (/engine\\.|outer\\.|settings\\./.test(Function.prototype.toString.call(x))) out.push(Function.prototype)',
    ),
  },
  {
    name: 'dynamic code',
    text: tries(
      'take(eval("this")); take((0, eval)("this")); take(new Function("return this")()); take(eval("(function () { return this })()"))',
      'take(eval("import(\'fs\')"))',
      'take(eval("var \\\\u0024s; \\\\u0024s"))',
      'take(eval("(function () { \'use strict\'; { function \\\\u0024s() {} } return \\\\u0024s })()"))',
      'take(eval("(function () { \'use strict\'; { function \\\\u{24}p() {} } return \\\\u{24}p })()"))',
      'take(eval("1 //\\u2028 ), (function () { return this })("))',
      'take(eval("arguments"))',
      'take(eval("new.target"))',
      'take(eval("(async () => 1)()"))',
      'take(eval.call(x, "this")); take(eval.apply(x, [x]))',
      'eval("_event = x; _sessionid = x; _genesys = x; eval = x")',
      'take(eval("<!-- \\n this"))',
    ),
  },
  {
    name: 'exceptions of the host',
    text: tries(
      'var bad = { get a() { take(arguments.callee.caller); throw x }, toString: function () { throw x }, toJSON: function () { throw x } };',
      'for (var root in _genesys) for (var name in _genesys[root]) { if (typeof _genesys[root][name] !== "function") continue; for (var given of [x, bad, Symbol(), [bad]]) try { take(_genesys[root][name](given, given)) } catch (e) { take(e); take(e.constructor); take(e.stack) } }',
      '__Log(Symbol(), Symbol(), 1n)',
      '__Raise(Symbol(), function () {})',
      'new Array(-1)',
      '"a".repeat(-1)',
      '"a".repeat(2 ** 30)',
      'new Intl.NumberFormat("no such locale")',
      'decodeURI("%")',
      'BigInt(1.5)',
      'structuredClone(x)',
      'take(new Error("m", { cause: x }))',
    ),
  },
  {
    name: 'deep recursion at the border',
    text: tries(
      'var acts = [function () { return new Error("m").stack }, function () { _genesys.session; __Log("") }, function () { eval("1 + " + 1) }, function () { __Raise("x", { x: x }) }, function () { return uneval(x) }, function () { return x.constructor() }]; var left = 0; function dive(act) { try { dive(act) } catch (e) { left = 12 } if (left-- > 0) try { take(act()) } catch ({ constructor, stack }) { take(constructor); take(stack) } finally { take(1) } } for (var act of acts) dive(act); function wide(act, a, b, c, d) { try { wide(act, [a], b, c, d) } catch (e) { left = 12; take(e) } if (left-- > 0) try { take(act()) } catch (e) { take(e) } } for (var act of acts) wide(act, x, 1, 2, 3)',
    ),
  },
  {
    name: 'legacy statics',
    text: tries(
      'for (var name of ["$1", "$2", "$_", "$&", "$+", "$`", "$\'", "input", "lastMatch", "lastParen", "leftContext", "rightContext"]) __Log(name + RegExp[name])',
      'RegExp.input = x; RegExp.$1 = x; take(RegExp.$1)',
      'take(x.caller); take(x.arguments)',
      'take(arguments.callee.caller)',
      '(function f() { take(f.caller); take(f.arguments); if (f.caller) { f.caller.leak = 1; take(f.caller.caller); take(f.caller.arguments) } })()',
      'x.__defineGetter__("leak", function () { return this }); take(x.__lookupGetter__("leak"))',
      'take(escape(x)); take("a".anchor(x)); take("a".substr(x))',
    ),
  },
  {
    name: 'polluted built-ins',
    text: tries(
      'for (var b of [Object, Function, Array, String, Number, Date, RegExp, Error, Map, Set, Symbol, JSON, Math, Reflect, Proxy, Intl, Promise]) { }',
      'for (var b of [Object, Function, Array, String, Number, Boolean, Date, RegExp, Error, Map, Set, Symbol, WeakMap, BigInt, Proxy, JSON, Math, Reflect, Intl, eval, uneval, _genesys, __Log]) { for (var target of [b, b.prototype, Object.getPrototypeOf(b)]) { if (!target) continue; for (var key of ["leak", "push", "map", "then", "get", "value", "0", "length", "call", "apply", "exec", "test", "toJSON", "toString", "next", "constructor", Symbol.iterator, Symbol.toPrimitive]) { try { target[key] = x } catch (e) {} try { Object.defineProperty(target, key, { get: function () { take(this); return x }, set: function (v) { take(v) }, configurable: true }) } catch (e) {} try { delete target[key] } catch (e) {} } } }',
      'Object.getPrototypeOf(globalThis).leak = x',
      'Object.freeze(_genesys)',
      'Object.preventExtensions(_genesys)',
      '__Raise("x", [x]); __Log([x]); take(__GetCurrentStates())',
    ),
  },
  {
    name: 'leaving something on it',
    text: tries(
      'function mark(o, depth) { if (!isThing(o) || depth > 3 || o === out || o === globalThis) return; try { o.leak = 1 } catch (e) {} try { Object.defineProperty(o, "leak", { value: 1 }) } catch (e) {} for (var key of Reflect.ownKeys(o)) { var d = Object.getOwnPropertyDescriptor(o, key); if (!d) continue; mark(d.value, depth + 1); mark(d.get, depth + 1); mark(d.set, depth + 1) } mark(Object.getPrototypeOf(o), depth + 1) } mark(x, 0)',
      'for (var name in _genesys) mark(_genesys[name], 1)',
      'mark(Object.getPrototypeOf(globalThis), 2); mark(Proxy, 2); mark(_data.tree, 1)',
    ),
  },
  {
    name: 'iterators',
    text: tries(
      'var i = x[Symbol.iterator](); take(i); take(Object.getPrototypeOf(Object.getPrototypeOf(i))); take(i.return && i.return(take)); take(i.throw && i.throw(x))',
      'Object.getPrototypeOf(x[Symbol.iterator]()).next = take',
      'take(new Map([x, x])); take(Array.from(x, take)); take(Object.fromEntries([x]))',
    ),
    needs: 'iterable',
    reason: 'nothing to go through',
  },
  {
    name: 'inspection by the host',
    text: tries(
      'var inspect = Symbol.for("nodejs.util.inspect.custom"); var f = function () { take(arguments); take(this); return x }; x[inspect] = f; var o = { [inspect]: f, [Symbol.for("nodejs.util.promisify.custom")]: f, inspect: f, toJSON: f, then: f, nodeType: 9, childNodes: [] }; o.childNodes.map = f; __Log(o); __Raise("x", o); shown = o; _data.shown = o; throw o',
    ),
  },
  {
    name: 'thrown',
    text: 'var turns = 0; var e = { get constructor() { return turns++ ? { get name() { return { toString: take } } } : Object }, get message() { return turns++ % 2 ? x : "m" }, get stack() { return turns++ % 2 ? { matchAll: function (r) { take(r); __Log(examine(50)) } } : "" }, toString: function () { take(this); return x } }; take(e); _data.later = e; throw new Proxy(e, { getPrototypeOf: function () { throw x } })',
  },
  {
    name: 'as a constructor',
    text: tries(
      'take(new x(take)); take(Reflect.construct(x, [x], Date)); take(Reflect.construct(Date, [], x)); take(Reflect.construct(Array, [2], x))',
      'take(new (class extends x { constructor() { super(); take(new.target); take(super.constructor) } })())',
      'x.prototype.leak = 1; take(x.prototype.constructor)',
    ),
    needs: 'callable',
    reason: 'nothing to construct',
  },
]

export interface Cell {
  readonly start: StartingValue
  readonly technique: Technique
  readonly text: string
}

/** Statements of one attack. */
export function attackText(start: Pick<StartingValue, 'text'>, technique: Pick<Technique, 'text'>): string {
  return `(function () { var x; try { x = (${start.text}) } catch (e) { x = e } take(x);\n${technique.text}\n}).call(this)`
}

/** All cells that make sense, and those that do not with the reason. */
export function grid(): {
  readonly cells: readonly Cell[]
  readonly left: readonly (readonly [start: string, technique: string, reason: string])[]
} {
  const cells: Cell[] = []
  const left: [string, string, string][] = []
  for (const start of startingValues) {
    for (const technique of techniques) {
      if (technique.needs !== undefined && !start.traits.includes(technique.needs))
        left.push([start.name, technique.name, technique.reason ?? ''])
      else cells.push({ start, technique, text: attackText(start, technique) })
    }
  }
  return { cells, left }
}
