//# 15.2.1 Object as a function and a constructor
var o = {}; assert.sameValue(Object(o), o); assert.sameValue(new Object(o), o); assert.sameValue(typeof Object(null), "object"); assert.sameValue(new Object("a") instanceof String, true);
//# 15.2.3.2 getPrototypeOf
function F() {} assert.sameValue(Object.getPrototypeOf(new F()), F.prototype); assert.sameValue(Object.getPrototypeOf({}), Object.prototype);
//# 15.2.3.3 getOwnPropertyDescriptor
var d = Object.getOwnPropertyDescriptor({ a: 1 }, "a"); assert.list([d.value, d.writable, d.enumerable, d.configurable], [1, true, true, true]); assert.sameValue(Object.getOwnPropertyDescriptor({}, "x"), undefined);
//# 15.2.3.4 getOwnPropertyNames has hidden ones too
var o = { a: 1 }; Object.defineProperty(o, "b", { value: 2 }); assert.list(Object.getOwnPropertyNames(o), ["a", "b"]);
//# 15.2.3.5 create with a prototype and members
var o = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }); assert.sameValue(o.inherited + o.own, 3); assert.sameValue(Object.create(null).toString, undefined);
//# 15.2.3.6 defineProperty: attributes default to false
var o = Object.defineProperty({}, "x", { value: 1 }); o.x = 2; delete o.x; assert.sameValue(o.x, 1); assert.list(Object.keys(o), []);
//# 15.2.3.6 defineProperty: accessors
var n = 1; var o = Object.defineProperty({}, "x", { get: function () { return n }, set: function (v) { n = v }, enumerable: true, configurable: true }); o.x = 5; assert.sameValue(o.x + n, 10);
//# 15.2.3.6 defineProperty: what cannot be redefined is a TypeError
var o = Object.defineProperty({}, "x", { value: 1 }); assert.throws(TypeError, function () { Object.defineProperty(o, "x", { value: 2 }) });
//# 15.2.3.7 defineProperties
var o = Object.defineProperties({}, { a: { value: 1, enumerable: true }, b: { get: function () { return 2 } } }); assert.sameValue(o.a + o.b, 3);
//# 15.2.3.8 seal, freeze, preventExtensions
var s = Object.seal({ a: 1 }), f = Object.freeze({ a: 1 }), p = Object.preventExtensions({ a: 1 }); s.a = 2; s.b = 1; delete s.a; f.a = 2; p.b = 1; delete p.a; assert.list([s.a, s.b, f.a, p.b, p.a], [2, undefined, 1, undefined, undefined]); assert.sameValue(Object.isSealed(s) && Object.isFrozen(f) && !Object.isExtensible(p), true);
//# 15.2.3.14 keys in order: indices first
assert.list(Object.keys({ b: 1, 2: 1, a: 1, 1: 1 }), ["1", "2", "b", "a"]); assert.list(Object.keys([4, , 5]), ["0", "2"]);
//# 15.2.4.2 toString gives the class
var t = Object.prototype.toString; assert.list([t.call([]), t.call(null), t.call(undefined), t.call(1), t.call("a"), t.call(new Date()), t.call(/a/), t.call(function () {}), t.call(Math), t.call(JSON), t.call(new Error())].map(function (x) { return x.slice(8, -1) }), ["Array", "Null", "Undefined", "Number", "String", "Date", "RegExp", "Function", "Math", "JSON", "Error"]);
//# 15.2.4.5 hasOwnProperty, isPrototypeOf, propertyIsEnumerable, valueOf
var b = { x: 1 }, o = Object.create(b); o.y = 1; assert.list([o.hasOwnProperty("x"), o.hasOwnProperty("y"), b.isPrototypeOf(o), o.propertyIsEnumerable("y"), o.propertyIsEnumerable("x"), o.valueOf() === o], [false, true, true, true, false, true]);
//# 15.2.4 members of an object may be named like inherited ones
var o = {}; o.toString = function () { return "mine" }; o.valueOf = function () { return 7 }; o.hasOwnProperty = 1; o.constructor = 2; assert.list([String(o), o + 1, o.hasOwnProperty, o.constructor], ["mine", 8, 1, 2]); assert.list(Object.keys(o), ["toString", "valueOf", "hasOwnProperty", "constructor"]);
//# 15.2.4 a literal may have members named like inherited ones
var o = { toString: function () { return "lit" }, constructor: 1 }; assert.sameValue("" + o + o.constructor, "lit1");
//# 15.2.4 a new member of Object.prototype is seen by every object
Object.prototype.added = 1; assert.sameValue(({}).added, 1); assert.sameValue([].added, 1);
//# 15.2.4 an existing member of Object.prototype can be replaced
var old = Object.prototype.toLocaleString; Object.prototype.toLocaleString = function () { return "replaced" }; var r = ({}).toLocaleString(); Object.prototype.toLocaleString = old; assert.sameValue(r, "replaced");
//# 15.3.2 Function: parameters and body as text
var f = new Function("a", "b", "return a + b"); assert.sameValue(f(1, 2), 3); assert.sameValue(Function("a, b", "return a * b")(3, 4), 12); assert.sameValue(new Function()(), undefined);
//# 15.3.2 Function: sees globals only
var g = "global"; function f() { var g = "local"; return new Function("return g")() } assert.sameValue(f(), "global");
//# 15.3.2 Function: this is the global object, arguments are there
assert.sameValue(new Function("return this")(), this); assert.sameValue(Function("return arguments.length")(1, 2), 2);
//# 15.3.2 Function: broken text is a SyntaxError
assert.throws(SyntaxError, function () { new Function("return +") }); assert.throws(SyntaxError, function () { Function("a b", "") });
//# 15.3.2 Function: the body cannot close the function
assert.throws(SyntaxError, function () { new Function("}); (function () {") }); assert.throws(SyntaxError, function () { new Function("/*", "*/){") });
//# 15.3.2 Function: name and constructor
assert.sameValue(new Function().name, "anonymous"); assert.sameValue(new Function() instanceof Function, true); assert.sameValue((function () {}).constructor, Function);
//# 15.3.4.3 apply and call
function f(a, b) { return this.x + a + b } assert.sameValue(f.apply({ x: 1 }, [2, 3]) + f.call({ x: 10 }, 20, 30), 66); assert.sameValue(Math.max.apply(null, [1, 5, 3]), 5);
//# 15.3.4.5 bind: this, first arguments, new
function F(a, b) { this.s = a + b } var B = F.bind({}, 1); assert.sameValue(new B(2).s, 3); assert.sameValue((function () { return this.v }).bind({ v: 4 })(), 4); assert.sameValue(new B(1) instanceof F, true);
