/** Escapes that were published for other sandboxes, each tried in the way that would work here. */
export interface KnownEscape {
  readonly name: string
  /** What it was, in one line. */
  readonly was: string
  /** Evaluated in a session, unless `library` is given. */
  readonly text?: string
  /** Element that evaluates the text. */
  readonly event?: string
  /** Stands in the document itself: it runs while polyfills are looked for, before the realm is frozen. */
  readonly library?: string
  readonly isLoaded?: boolean
}

const steal = `var steal = function (f) { try { __Log('stolen ' + f.constructor.constructor('return segueCanary.secret')()) } catch (e) { take(e) } };`

/** Acts at many distances from the end of the stack. There is no room for a call there: what is caught is looked at later. */
const atTheEnd = (parameter: string, caught: string): string => {
  const handler = `catch (${parameter}) { held[held.length] = ${caught} }`
  return `held = (function () { var held = [], left = 0; function act() { new Error('m').stack }
  function a(n) { try { a(n + 1) } catch (e) { left = 60 } if (left-- > 0) try { act() } ${handler} }
  function b(n) { var x, y; try { b(n + 1) } catch (e) { left = 60 } if (left-- > 0) try { act() } ${handler} }
  function c(n) { var p, q, r, s, t, u = [n]; try { c(n + 1) } catch (e) { left = 60 } if (left-- > 0) try { act() } ${handler} return u }
  for (var d of [a, b, c]) for (var k = 0; k < 20; k++) new Function('d', 'var a = [' + Array(k + 1).join('1,') + ']; d(0' + Array(k + 1).join(',1') + ')')(d);
  return held })();
  held = [...new Set(held.map(function (e) { return typeof e === 'function' ? e : e.constructor }))]; held.forEach(take);
  for (var made of held) try { __Log('stolen ' + made.constructor('return segueCanary.secret')()) } catch (e) { take(e) }`
}

export const knownEscapes: readonly KnownEscape[] = [
  {
    name: 'node:vm, constructor of the context object',
    was: 'the sandbox object came from the host, its constructor made code there',
    text: `take(this.constructor.constructor('return process')); take(globalThis.constructor.constructor('return this')())`,
  },
  {
    name: 'node:vm, constructor of arguments',
    was: 'a function called by the host had arguments made by the host',
    text: `take(arguments_ = (function () { return arguments })()); take(arguments_.constructor.constructor('return this')())`,
  },
  {
    name: 'node:vm, rejection of import()',
    was: 'a refused dynamic import rejects with an error of the host',
    text: `eval("import('node:fs').catch(function (e) { e.constructor.constructor('return segueCanary')() })")`,
  },
  {
    name: 'node:vm, async functions',
    was: 'promises run code after the time limit, with what is there then',
    text: `eval("(async function () { take(this) })()")`,
  },
  {
    name: 'node:vm, host errors at the end of the stack',
    was: 'the host writes stacks for V8; when that overflows, its own RangeError is thrown into the script',
    text: atTheEnd('e', 'e'),
  },
  {
    name: 'node:vm, the same through a pattern',
    was: 'a catch clause with a pattern reads the error before anything can replace it',
    text: atTheEnd('{ constructor: made, ...rest }', 'made'),
  },
  {
    name: 'a session without its prototype',
    was: 'a script that took the prototype of its own global object broke whatever ran after it',
    text: `var ways = [function () { Object.setPrototypeOf(globalThis, { leak: 1 }) }, function () { globalThis.__proto__ = { leak: 1 } }]; ways.forEach(function (set) { var told; try { set() } catch (e) { told = e instanceof TypeError } if (!told) __Log('examined set') }); if (Reflect.setPrototypeOf(globalThis, null) || !Reflect.setPrototypeOf(globalThis, Object.getPrototypeOf(globalThis)) || typeof leak !== 'undefined') __Log('examined reflect')`,
  },
  {
    name: 'vm2, prepareStackTrace',
    was: 'a formatter of the script got call sites, and with them functions of the host',
    text: `${steal} Error.prepareStackTrace = function (e, sites) { take(sites); return sites }; take(new Error().stack); globalThis.Error = { prepareStackTrace: function (e, sites) { sites.forEach(function (s) { steal(s.getThis()); steal(s.getFunction()) }) } }; try { null.x } catch (e) { take(e.stack) }`,
  },
  {
    name: 'vm2, call sites through a polluted iterator',
    was: 'the formatter of the sandbox itself went through the frames with a method that scripts had replaced',
    library: `var nativeIterator = Array.prototype[Symbol.iterator]; var nativePush = Array.prototype.push; Array.prototype[Symbol.iterator] = function () { if (this.length > 0 && typeof this[0] === 'object' && this[0] !== null && this[0].getFunction) { for (var i = 0; i < this.length; i++) { var f = this[i].getFunction() || this[i].getThis(); Array.prototype.frame = this[i]; if (f) Array.prototype.hostFunction = f } } return nativeIterator.call(this) }; new Error('x').stack;`,
    text: `take([].frame); take([].hostFunction); if ([].frame) __Log('examined frames')`,
  },
  {
    name: 'vm2, an accessor that changes its mind',
    was: 'the host checked a value and then read it again; the second answer was an object that met a method call',
    event: 'raw',
    text: `${steal} var n = 0, m = 0; throw { get stack() { return n++ ? { matchAll: function (r) { steal(r); return [] } } : '' }, get message() { return m++ ? { toString: function () { throw 1 } } : 'm' } }`,
  },
  {
    name: 'vm2, the same with the constructor',
    was: 'names of errors were read twice',
    event: 'raw',
    text: `${steal} var n = 0; function F() {} Object.defineProperty(F, 'name', { get: function () { return n++ < 2 ? 'F' : { toString: function () { throw { get stack() { return { matchAll: steal } } } } } } }); throw { constructor: F }`,
  },
  {
    name: 'vm2, a thrown proxy',
    was: 'the host asked a thrown value what it is',
    event: 'raw',
    text: `${steal} throw new Proxy({}, { getPrototypeOf: function () { take(arguments); throw { toString: steal, get stack() { steal(this); return '' } } }, get: function (t, key, r) { throw key } })`,
  },
  {
    name: 'vm2, inspect.custom',
    was: 'printing a value in the host called a method of it with host functions',
    event: 'raw',
    text: `${steal} var f = function (depth, options, inspect) { steal(options); steal(inspect); return '' }; var key = Symbol.for('nodejs.util.inspect.custom'); kept[key] = f; shown = { [key]: f }; _data.shown = shown; throw shown`,
  },
  {
    name: 'vm2, proxies in callbacks of the host',
    was: 'a trap was called by host code with host arguments',
    event: 'markup',
    text: `${steal} new Proxy({}, { getOwnPropertyDescriptor: function (t, key) { steal(key); for (var a of arguments) steal(a); return { value: key === 'nodeType' ? 9 : [1], configurable: true } }, get: function () { for (var a of arguments) steal(a) } })`,
  },
  {
    name: 'vm2, methods of a list that the host goes through',
    was: 'the host called "map" of an array that the script had made',
    event: 'markup',
    text: `${steal} var list = [{ nodeType: 1, tagName: 'a', childNodes: [] }]; list.map = function (f) { steal(f); return [] }; list.forEach = list.map; list[Symbol.iterator] = list.map; ({ nodeType: 9, childNodes: list })`,
  },
  {
    name: 'vm2, species of a list that the host maps',
    was: 'the constructor of a copy was chosen by the script',
    event: 'markup',
    text: `${steal} var list = [{ nodeType: 1, tagName: 'a', childNodes: [] }]; list.constructor = function () { for (var a of arguments) steal(a); return new Proxy([], { defineProperty: function (t, k, d) { steal(d); steal(d.value); return true } }) }; list.constructor[Symbol.species] = list.constructor; ({ nodeType: 9, childNodes: list })`,
  },
  {
    name: 'vm2, a list for a loop of the engine',
    was: 'the host iterated over what the script gave',
    event: 'each',
    text: `${steal} var turns = 0; ({ get length() { turns++; return 2 }, get 0() { steal(arguments.callee.caller); return { toString: steal } }, get 1() { throw { get stack() { return { matchAll: steal } } } } })`,
  },
  {
    name: 'vm2, coercion in elements',
    was: 'text was made of a value in the host',
    event: 'delay',
    text: `${steal} ({ toString: function () { steal(this); steal(arguments.callee.caller); return { valueOf: steal } }, [Symbol.toPrimitive]: function (hint) { steal(hint); steal(arguments.callee.caller); return '1s' } })`,
  },
  {
    name: 'vm2, coercion in names',
    was: 'as before, for names of events',
    event: 'name',
    text: `${steal} ({ [Symbol.toPrimitive]: function (hint) { steal(arguments.callee.caller); return 'x' }, toJSON: function () { steal(arguments.callee.caller) } })`,
  },
  {
    name: 'vm2, coercion in guards and logs',
    was: 'as before',
    event: 'log',
    text: `${steal} ({ toString: function () { steal(arguments.callee.caller); throw { get message() { return steal } } } })`,
  },
  {
    name: 'vm2, names of the code transformer',
    was: 'a script that wrote the names of the transformer differently got its internal objects',
    text: `if ((function () { 'use strict'; { function \\u0024s() {} } return typeof \\u0024s })() !== 'undefined') __Log('examined state'); if ((function () { 'use strict'; { function \\u{24}p() {} } return typeof \\u{0000024}p })() !== 'undefined') __Log('examined prelude')`,
  },
  {
    name: 'vm2, generated names as locals',
    was: 'locals with the names of the transformer took its place, and with it the counter of the fuel',
    event: 'raw',
    text: `(function (\\u0024s, \\u0024p) { while (true) {} })({ f: Infinity, v: {} }, { spent: function () {} })`,
  },
  {
    name: 'vm2, promise species',
    was: 'then() of a subclass was called with raw host values',
    text: `take(typeof Promise === 'undefined' ? 0 : Promise); take(Array.fromAsync); take(eval('(function* () {})').constructor)`,
  },
  {
    name: 'realms-shim, Reflect.construct with another target',
    was: 'a type error came from the outer realm',
    text: `for (var t of [Proxy, Date, Function, eval, __Log, In, _genesys, uneval]) for (var n of [Object, Function, Proxy, {}, 1]) { try { take(Reflect.construct(t, [{}, {}], n)) } catch (e) { take(e); take(e.constructor.constructor('return this')()) } }`,
  },
  {
    name: 'realms-shim, parameters that close the function',
    was: 'text given to Function ended the function and went on outside of it',
    text: `for (var given of [['a){},function(){return this}(', ''], ['/*', '*/){return this'], ['', '}, function () { return this }, function () {'], ['a = (function () { return this })()', 'return a'], ['...a', '}) ; (function () { return this'], ['\\u2028', '//'], ['', '-->']]) { try { take(Function.apply(null, given)()) } catch (e) { take(e) } }`,
  },
  {
    name: 'realms-shim, spread with a replaced iterator',
    was: 'the shim spread arguments with an iterator of the script',
    text: `Object.getPrototypeOf([][Symbol.iterator]()).next = function () { take(this); return { done: true } }; Array.prototype[Symbol.iterator] = function () { take(this); return { next: take } }; new Date(1, 2); new Function('a', 'return a'); _genesys.session; __GetCurrentStates()`,
  },
  {
    name: 'realms-shim, polluted options',
    was: 'the shim read options that scripts could inherit to it',
    text: `for (var key of ['get', 'set', 'value', 'writable', 'enumerable', 'configurable', 'ok', 'message', 'error', 'code', 'version', 'object', 'prototype']) try { Object.prototype[key] = take } catch (e) { take(e) } __Raise('x', {}); eval('var q = 1'); _genesys.session; new Function('return 1')`,
  },
  {
    name: 'realms-shim, setters of list items',
    was: 'lists of the shim met a setter of item 0 and gave away what was pushed',
    library: `Object.defineProperty(Array.prototype, '0', { get: function () { return undefined }, set: function (value) { try { Array.prototype.stolen = value } catch (e) {} }, configurable: true }); Object.defineProperty(Object.prototype, 'value', { get: function () { return 7 }, configurable: true }); Object.prototype.get = 1;`,
    text: `take([].stolen); take(Object.prototype.value); kept.list.push(1); deep = { list: [[1], [2]] }; deep.list[0].push({})`,
    isLoaded: true,
  },
  {
    name: 'SES, html comments and hidden import',
    was: 'the scanner for import was deceived by comments and spreads',
    text: `for (var given of ["[...import('fs')]", "import/**/('fs')", "import\\n('fs')", "x = <!-- import('fs')", "\\nimport\\u0028'fs')", 'import.meta', "new Function('return import(\\"fs\\")')()", 'export default 1', '#!x']) { try { take(eval(given)) } catch (e) { take(e) } }`,
  },
  {
    name: 'SES, line separators in comments',
    was: 'the checker and the engine did not agree on where a comment ends',
    text: `for (var given of ['1 //\\u2028 ), (function () { return this })(', '1 //\\r), this', '1 /* \\u2029 */ + this', '1 //\\u2029\\n, (function () { return this })()']) { try { take(eval(given)); take(new Function('return ' + given)) } catch (e) { take(e) } }`,
  },
  {
    name: 'static-eval, constructor of a method',
    was: 'members of primitives led to Function',
    text: `take(''.sub.constructor('return process')); take((1).toFixed.constructor('return this')()); take(/x/.test.constructor('return this')()); take([].filter.constructor('return this')()); take((function () {})['constr' + 'uctor']('return this')())`,
  },
  {
    name: 'static-eval, getters of __proto__',
    was: 'a getter was called with an object of the host',
    text: `take({}.__lookupGetter__('__proto__').call(__Log)); take({}.__lookupGetter__('__proto__').call(_genesys)); __Log.__proto__.leak = 1; ({}).__lookupSetter__('__proto__').call(_genesys.session, { leak: 1 })`,
  },
  {
    name: 'sandboxjs, writes to prototypes through locals',
    was: 'protection looked at names, not at objects',
    text: `var p = [].constructor.prototype; p.leak = 1; Object.assign(p, { leak: 1 }); Reflect.set(p, 'leak', 1); Reflect.defineProperty(p, 'leak', { value: 1 }); Object.entries({}).constructor.from = take; [p.leak] = [1]; ({ a: p.leak } = { a: 1 }); for (p.leak of [1]); p.__defineGetter__('leak', take)`,
  },
  {
    name: 'sandboxjs, Function through map',
    was: 'a native was given as a callback and called with chosen arguments',
    text: `take(['return this'].map(Function)[0]()); take(['this'].map(eval)); take(Array.from(['return this'], Function)); take('return this'.replace(/.+/, Function)); take(JSON.parse('["return this"]', Function)); take([1].map(Reflect.get, null)); take(['x'].reduce(Function, 'return this'))`,
  },
  {
    name: 'caller chains',
    was: 'sloppy functions show who called them',
    text: `(function f() { for (var c = f.caller, i = 0; c && i < 9; i++) { take(c); take(c.arguments); if (!Object.isFrozen(c)) __Log('examined caller ' + c); c.leak = 1; if (c.prototype) c.prototype.leak = 1; c = c.caller } })(); Object.defineProperty(globalThis, 'viaGetter', { get: function g() { take(g.caller); return 1 }, configurable: true, enumerable: true }); [1].sort(function s() { take(s.caller) }); eval('(function k() { take(k.caller); if (k.caller) { k.caller.leak = 1; if (k.caller.leak) __Log("examined evaluated") } })()')`,
  },
  {
    name: 'legacy statics',
    was: 'the last match of another session can be read',
    text: `for (var n of Object.getOwnPropertyNames(RegExp)) { var v = RegExp[n]; if (typeof v === 'string') __Log(n + '=' + v) } RegExp.input = 'x'; take(RegExp)`,
  },
  {
    name: 'tagged templates',
    was: 'the template object of a call site is shared by all who run it',
    text: `function tag(s) { return s } function site() { return tag\`a\` } var s = site(); take(s); s.leak = 1; s.raw.push('leak'); Object.defineProperty(s, 'leak', { value: 1 })`,
  },
  {
    name: 'own properties of engine functions',
    was: 'what is put on a shared function is seen by the next one',
    text: `for (var f of [Proxy, Proxy.prototype, Object.getOwnPropertyDescriptor(_genesys, 'session').get, Object.getOwnPropertyDescriptor(Object.getPrototypeOf(globalThis), 'JSON').get, Object.getOwnPropertyDescriptor(Object.getPrototypeOf(globalThis), 'JSON').set, Object.getPrototypeOf(_data.tree), _data.tree.constructor, Object.getPrototypeOf(Object.getPrototypeOf(_data.tree)), Object.getOwnPropertyDescriptor(Object.getPrototypeOf(_data.tree), 'documentElement').get]) { take(f); try { f.leak = 1 } catch (e) {} try { Object.defineProperty(f, 'leak2', { value: 1 }) } catch (e) {} try { f.getAttribute = take; f.prototype.leak = 1 } catch (e) {} } try { Object.preventExtensions(_genesys) } catch (e) {}`,
  },
  {
    name: 'shared memory and other machinery',
    was: 'clocks, threads and code that runs later',
    text: `for (var n of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'Promise', 'queueMicrotask', 'setTimeout', 'structuredClone', 'performance', 'console', 'process', 'require', 'module', 'global', 'Buffer', 'ArrayBuffer', 'Uint8Array', 'ShadowRealm', 'Iterator', 'AsyncFunction', 'gc', 'escapeHatch']) { if (eval('typeof ' + n) !== 'undefined') __Log('examined there is ' + n); if (n in globalThis) __Log('examined member ' + n) } for (var k in globalThis) take(globalThis[k])`,
  },
  {
    name: 'clock through Intl',
    was: 'a formatter without a date shows the time of the host',
    text: `var year = new Intl.DateTimeFormat('en', { year: 'numeric' }); for (var shown of [year.format(), year.format(undefined), year.formatToParts().map(function (p) { return p.value }).join(''), year.formatToParts(undefined)[0].value, '' + new Date().getFullYear(), new Date().toLocaleString('en', { year: 'numeric' }), ['x'].map(function () { return year.format() })[0]]) if (shown !== '1970') __Log('examined clock ' + shown); take(Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format').get)`,
  },
  {
    name: 'random numbers of another session',
    was: 'a shared generator can be foretold',
    text: `var first = Math.random(); take(Math.random); if (first === Math.random()) __Log('examined same')`,
  },
  {
    name: 'source text of the engine',
    was: 'toString of engine functions shows the source of the host',
    text: `var names = Object.getOwnPropertyNames(Object.getPrototypeOf(globalThis)); var list = [__Log, In, __Raise, eval, Function, Date, Proxy, uneval, Object.getOwnPropertyDescriptor(Object.getPrototypeOf(globalThis), 'JSON').get, Object.getOwnPropertyDescriptor(_genesys, 'session').get, Math.random, Date.now]; for (var n in _genesys.session) list.push(_genesys.session[n]); (function f() { list.push(f.caller) })(); for (var f of list) if (typeof f === 'function' && !/\\[native code\\]/.test(Function.prototype.toString.call(f))) __Log('examined text ' + f)`,
  },
  {
    name: 'what is thrown when fuel is gone',
    was: 'the object that ends a script could be caught and kept',
    event: 'raw',
    text: `kept.spent = []; function f() { try { f2() } catch ({ message = kept.spent.push(1) }) { kept.spent.push(2) } finally { kept.spent.push(3) } } function f2() { while (true) { try { while (true) {} } catch (e) { kept.spent.push(e) } } } f()`,
  },
]
