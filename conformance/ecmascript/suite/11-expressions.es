//# 11.1.1 this: at script level the global object
assert.sameValue(typeof this, "object"); this.viaThis = 1; assert.sameValue(viaThis, 1);
//# 11.1.4 array literals: holes and a trailing comma
var a = [1, , 3, ]; assert.sameValue(a.length, 3); assert.sameValue(1 in a, false); assert.sameValue([,].length, 1);
//# 11.1.5 object literals: names, text and numbers as keys
var o = { a: 1, "b c": 2, 3: 4, 0x10: 5, 1.5: 6 }; assert.list(Object.keys(o), ["3", "16", "a", "b c", "1.5"]);
//# 11.1.5 object literals: getters and setters
var o = { n: 1, get x() { return this.n }, set x(v) { this.n = v * 2 } }; o.x = 4; assert.sameValue(o.x, 8);
//# 11.1.5 object literals: get and set as plain keys
var o = { get: 1, set: 2, get get() { return 3 } }; assert.sameValue(o.get + o.set, 5);
//# 11.1.5 object literals: a key given twice, the last counts
assert.sameValue({ a: 1, a: 2 }.a, 2);
//# 11.1.5 object literals: values read variables of the same name
var a = 1, b = 2; var o = { a: a, b: b, c: { a: a } }; assert.sameValue(o.a + o.b + o.c.a, 4);
//# 11.2.1 members: dot and bracket mean the same
var o = { abc: 1 }; var k = "b"; assert.sameValue(o.abc + o["abc"] + o["a" + k + "c"], 3);
//# 11.2.1 members: keys become text
var o = {}; o[1] = "a"; o[null] = "b"; o[undefined] = "c"; o[{}] = "d"; assert.list(Object.keys(o), ["1", "null", "undefined", "[object Object]"]);
//# 11.2.1 members: the object is evaluated before the key
var log = ""; function ob() { log += "o"; return {} } function ke() { log += "k"; return "x" } ob()[ke()] = (log += "v"); assert.sameValue(log, "okv");
//# 11.2.2 new: without parentheses, with members, nested
function F(x) { this.x = x } F.G = function () { this.g = 1 }; assert.sameValue(new F().x, undefined); assert.sameValue((new F).x, undefined); assert.sameValue(new F.G().g, 1); assert.sameValue(new (function () { return F })()(1), undefined);
//# 11.2.2 new: an object that is returned replaces this, a primitive does not
function A() { this.v = 1; return { v: 2 } } function B() { this.v = 1; return 2 } assert.sameValue(new A().v + new B().v, 3);
//# 11.2.2 new: of what is no constructor
assert.throws(TypeError, function () { new (1) }); assert.throws(TypeError, function () { new Math.max() }); assert.throws(TypeError, function () { new ({}) });
//# 11.2.3 calls: this is the object in front
var o = { v: 1, f: function () { return this && this.v } }; assert.sameValue(o.f() + o["f"]() + (o.f)(), 3); var f = o.f; assert.sameValue(f(), undefined); assert.sameValue((0, o.f)(), undefined);
//# 11.2.3 calls: arguments are evaluated from left to right before the callee is checked
var log = ""; var u; try { u(log += "a", log += "b") } catch (e) { log += e.name } assert.sameValue(log, "abTypeError");
//# 11.2.3 calls: a function that is stored in a variable gets the global object
var v = "global"; var f = function () { return this.v }; var h = { f: f, v: "member" }; assert.sameValue(f() + h.f(), "globalmember");
//# 11.2.3 calls: strict functions called by name have no this
function f() { "use strict"; return typeof this } var g = f; function h(c) { return c() } assert.list([f(), g(), h(f), (function () { return eval("f()") })(), (f)()], ["undefined", "undefined", "undefined", "undefined", "undefined"]);
//# 11.2.3 calls: a local function called in evaluated text gets the global object
function f() { function inner() { return this } return eval("inner()") } assert.sameValue(f(), this);
//# 11.2.3 calls: a function made by eval is called without an object
var me = this; function f() { eval("function made() { return this }"); return made() } assert.sameValue(f(), me);
//# 11.2.3 calls: of what is no function
assert.throws(TypeError, function () { ({}).missing() }); assert.throws(TypeError, function () { var x = 1; x() });
//# 11.3 postfix: the old value comes back, the number is kept
var s = "5"; assert.sameValue(s++, 5); assert.sameValue(s, 6); var o = { n: 1 }; o.n--; o["n"]--; assert.sameValue(o.n, -1);
//# 11.3 postfix: on globals, locals, members and elements
n = 1; n++; function f(a) { a++; n++; return a } assert.sameValue(f(5) + n, 9); var a = [1]; a[0]++; assert.sameValue(a[0], 2);
//# 11.3 postfix: of an undeclared name is a ReferenceError
assert.throws(ReferenceError, function () { nothingToCount++ });
//# 11.4.1 delete: members, elements, missing ones
var o = { a: 1, b: { c: 2 } }; assert.sameValue(delete o.a && delete o.b.c && delete o.nothing, true); assert.list(Object.keys(o), ["b"]); var a = [1, 2]; delete a[0]; assert.sameValue(a.length + "" + (0 in a), "2false");
//# 11.4.1 delete: what cannot be deleted gives false
assert.sameValue(delete Object.freeze({ a: 1 }).a, false); assert.sameValue(delete [].length, false); function f(a) { return delete a } assert.sameValue(f(1), false); assert.sameValue(delete Math.PI, false);
//# 11.4.1 delete: of a value is true
assert.sameValue(delete 5, true); assert.sameValue(delete (function () { return 1 })(), true); assert.sameValue(delete nothingAtAll, true);
//# 11.4.2 void
assert.sameValue(void "x", undefined); var n = 0; void (n = 1); assert.sameValue(n, 1);
//# 11.4.3 typeof: of an undeclared name does not throw
assert.sameValue(typeof neverDeclared, "undefined"); assert.sameValue(typeof (neverDeclaredEither), "undefined"); function f() { return typeof neverDeclaredInside } assert.sameValue(f(), "undefined");
//# 11.4.3 typeof: of an undeclared name's member throws
assert.throws(ReferenceError, function () { return typeof neverDeclared.x });
//# 11.4.3 typeof: each type
assert.list([typeof undefined, typeof null, typeof true, typeof 1, typeof "", typeof {}, typeof [], typeof function () {}, typeof /a/, typeof new Date(), typeof new String("")], ["undefined", "object", "boolean", "number", "string", "object", "object", "function", "object", "object", "object"]);
//# 11.4.4 prefix: on globals, locals and members
g = 1; ++g; --g; ++g; function f(x) { ++x; return --x + ++x } var o = { m: 1 }; assert.sameValue(g + f(1) + ++o.m, 7);
//# 11.4.6 unary plus, minus, bitwise and logical not
assert.list([+"3", -"3", ~5, !0, - -1, +-+1, ~~"7.9"], [3, -3, -6, true, 1, -1, 7]); assert.sameValue(-0, -0);
//# 11.5 multiplication, division, remainder
assert.list([6 * "7", 7 / 2, -7 % 3, 5.5 % 2, 1 / 0], [42, 3.5, -1, 1.5, Infinity]); assert.sameValue(0 / 0, NaN); assert.sameValue(-4 % 2, -0);
//# 11.6 addition: numbers, text and objects
assert.list([1 + "2", 1 + 2 + "3", "1" + 2 + 3, [] + [], [] + {}, true + 1, null + 1, "a" + null + undefined], ["12", "33", "123", "", "[object Object]", 2, 1, "anullundefined"]);
//# 11.6 subtraction turns text into numbers
assert.sameValue("5" - "2", 3); assert.sameValue("a" - 1, NaN);
//# 11.7 shifts
assert.list([1 << 31, -8 >> 1, -8 >>> 28, 1 << 33, "4" >> 1], [-2147483648, -4, 15, 2, 2]);
//# 11.8 comparison: text by code units, otherwise numbers
assert.list(["10" < "9", "10" < 9, "a" < "b", "B" < "a", null >= 0, undefined >= 0, NaN < NaN, "" <= 0, [2] > 1], [true, false, true, true, true, false, false, true, true]);
//# 11.8 comparison: '09:00:00' style times compare as text
assert.sameValue("08:59:59" < "09:00:00" && "17:00:00" >= "09:00:00", true);
//# 11.8.6 instanceof: the chain of prototypes
function A() {} function B() {} B.prototype = new A(); var b = new B(); assert.sameValue(b instanceof A && b instanceof B && b instanceof Object, true); A.prototype = {}; assert.sameValue(b instanceof A, false);
//# 11.8.6 instanceof: needs a function
assert.throws(TypeError, function () { return {} instanceof {} }); assert.sameValue(5 instanceof Number, false);
//# 11.8.7 in: own and inherited, elements
assert.list(["a" in { a: 1 }, "toString" in {}, 0 in [1], 1 in [1], "length" in []], [true, true, true, false, true]); assert.throws(TypeError, function () { return "a" in "abc" });
//# 11.9 equality with conversion
assert.list([null == undefined, 0 == "", "1" == 1, true == "1", null == 0, NaN == NaN, [1] == 1, "a" == new String("a"), {} == "[object Object]"], [true, true, true, true, false, false, true, true, true]);
//# 11.9 strict equality
assert.list([1 === "1", null === undefined, NaN === NaN, 0 === -0, "a" === "a", {} === {}], [false, false, false, true, true, false]);
//# 11.10 bitwise and, or, xor
assert.list([6 & 3, 6 | 3, 6 ^ 3, "6" & "3", null | 1], [2, 7, 5, 2, 1]);
//# 11.11 logical operators give an operand and stop early
var n = 0; assert.list([0 || "b", "a" && "b", null && n++, 1 || n++, "" || 0], ["b", "b", null, 1, 0]); assert.sameValue(n, 0);
//# 11.12 conditional: nested and right-associative
function f(x) { return x < 0 ? "neg" : x ? "pos" : "zero" } assert.list([f(-1), f(0), f(1)], ["neg", "zero", "pos"]);
//# 11.13 assignment: chains, compound forms, value
var a, b; a = b = 3; a += 2; b *= a; a -= 1; b /= 3; a %= 3; b <<= 2; a |= 6; assert.list([a, b], [7, 20]); var s = "a"; s += 1; assert.sameValue(s, "a1");
//# 11.13 assignment: compound on globals, members and elements
g = 1; g += 4; var o = { a: [1] }; o.a[0] += 5; o["a"][0] *= 2; assert.sameValue(g + o.a[0], 17);
//# 11.13 assignment: the target is fixed before the value is evaluated
var a = [1, 2, 3], i = 0; a[i++] = i; assert.list(a, [1, 2, 3]); var x = 1; x += (x = 5); assert.sameValue(x, 6);
//# 11.13 assignment: compound on an undeclared name is a ReferenceError
assert.throws(ReferenceError, function () { nothingToAdd += 1 });
//# 11.13 SyntaxError: assignment to a value
1 = 2;
//# 11.13 SyntaxError: assignment to this
this = {};
//# 11.14 comma
var a = (1, 2, 3); for (var i = 0, j = 5; i < j; i++, j--); assert.sameValue(a + i + j, 8);
//# 11 precedence
assert.list([2 + 3 * 4, -2 * 3, !0 + 1, 1 < 2 == true, 1 | 2 && 3, typeof 1 + 1, 2 - 1 - 1, 1 + +"1"], [14, -6, 2, true, 3, "number1", 0, 2]);
