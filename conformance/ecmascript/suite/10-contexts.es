//# 10.1.1 strict code: an undeclared name cannot be assigned
"use strict";
assert.throws(ReferenceError, function () { strictNothing = 1 });
//# 10.1.1 strict code: a directive of the script
"use strict";
assert.sameValue((function () { return this })(), undefined);
//# 10.1.1 strict code: a directive of one function
function f() { "use strict"; return this }
function g() { return this }
assert.sameValue(f(), undefined); assert.sameValue(typeof g(), "object");
//# 10.1.1 strict code: writing what cannot be written throws
function f() { "use strict"; Object.freeze({ a: 1 }).a = 2 }
function g() { var o = Object.freeze({ a: 1 }); o.a = 2; delete o.a; o.b = 3; return o.a }
assert.throws(TypeError, f); assert.sameValue(g(), 1);
//# 10.1.1 SyntaxError: octal literals in strict code
"use strict"; var a = 010;
//# 10.1.1 SyntaxError: delete of a name in strict code
function f() { "use strict"; var a; delete a }
//# 10.2.1 environments: an inner name hides an outer one
var a = 1; function f() { var a = 2; function g() { var a = 3; return a } return g() + a } assert.sameValue(f() + a, 6);
//# 10.2.1 environments: a parameter hides a global, also when it is not given
var a = 1; function f(a) { return a } assert.sameValue(f(), undefined); assert.sameValue(a, 1);
//# 10.2.1 environments: the name of a function expression is seen inside only and cannot be written
var f = function inner(n) { inner = 5; return n ? typeof inner : "" }; assert.sameValue(f(1), "function"); assert.sameValue(typeof inner, "undefined");
//# 10.2.1 environments: a catch parameter is seen in its block only
var e = "outer"; try { throw "inner" } catch (e) { assert.sameValue(e, "inner"); e = "changed"; var e2 = e } assert.sameValue(e, "outer"); assert.sameValue(e2, "changed");
//# 10.2.1 environments: closures share the variables of one call
function make() { var n = 0; return { up: function () { return ++n }, get: function () { return n } } }
var a = make(), b = make(); a.up(); a.up(); b.up(); assert.sameValue(a.get() * 10 + b.get(), 21);
//# 10.2.1 environments: closures in a loop share one var
var fs = []; for (var i = 0; i < 3; i++) fs.push(function () { return i }); assert.sameValue(fs[0](), 3);
//# 10.2.1 environments: a function called with the loop value keeps it
var fs = []; for (var i = 0; i < 3; i++) (function (i) { fs.push(function () { return i }) })(i); assert.sameValue(fs[1](), 1);
//# 10.2.3 the global environment: var makes a member of the global object
var made = 1; assert.sameValue(this.made, 1); this.made = 2; assert.sameValue(made, 2);
//# 10.2.3 the global environment: functions are members of the global object
function fn() { return 1 } assert.sameValue(this.fn, fn); assert.sameValue(typeof this["fn"], "function");
//# 10.2.3 the global environment: members are enumerable
var listed = 1; var found = false; for (var k in this) if (k === "listed") found = true; assert.sameValue(found, true);
//# 10.2.3 the global environment: var cannot be deleted
var fixed = 1; assert.sameValue(delete fixed, false); assert.sameValue(typeof fixed, "number");
//# 10.2.3 the global environment: an implicit global can be deleted
loose = 1; assert.sameValue(delete loose, true); assert.sameValue(typeof loose, "undefined");
//# 10.2.3 the global environment: functions cannot be deleted, members of objects can
function fixed() {} var o = { fixed: 1 }; assert.sameValue(delete fixed, false); assert.sameValue(typeof fixed, "function"); assert.sameValue(delete o.fixed, true);
//# 10.2.3 the global environment: has the intrinsics as members
assert.sameValue(this.Array, Array); assert.sameValue("JSON" in this, true);
//# 10.4.1 eval code: a call by another name is global
var x = "global"; function f() { var x = "local"; var e = eval; return e("x") } assert.sameValue(f(), "global");
//# 10.4.2 eval code: a direct call sees and writes the locals
function f(p) { var l = 1; eval("l = p + l; p = 10"); return l + p } assert.sameValue(f(2), 13);
//# 10.4.2 eval code: var becomes a local of the function
function f() { eval("var made = 5"); return made } assert.sameValue(f(), 5); assert.sameValue(typeof made, "undefined");
//# 10.4.2 eval code: functions become locals of the function
function f() { eval("function inner() { return 6 }"); return inner() } assert.sameValue(f(), 6); assert.sameValue(typeof inner, "undefined");
//# 10.4.2 eval code: at script level var becomes global
eval("var fromEval = 7"); assert.sameValue(fromEval, 7); assert.sameValue(this.fromEval, 7);
//# 10.4.2 eval code: an evaluated var hides an outer one afterwards
var h = 1; function f() { var before = h; eval("var h = 2"); return before * 10 + h } assert.sameValue(f(), 12); assert.sameValue(h, 1);
//# 10.4.2 eval code: inner functions see what eval declared
function f() { eval("var dyn = 3"); return function () { return dyn + (function () { return dyn })() } } assert.sameValue(f()(), 6);
//# 10.4.2 eval code: this is that of the caller
var o = { m: function () { return eval("this") } }; assert.sameValue(o.m(), o); assert.sameValue(eval("this"), this);
//# 10.4.2 eval code: arguments of the caller are seen
function f() { return eval("arguments.length + arguments[0]") } assert.sameValue(f(5, 6), 7);
//# 10.4.2 eval code: nested evaluation
function f(a) { return eval("var b = 2; eval('a + b')") } assert.sameValue(f(1), 3);
//# 10.4.2 eval code: an inner function made by eval keeps the locals
function f(a) { return eval("(function (x) { a += x; return a })") } var g = f(1); g(1); assert.sameValue(g(1), 3);
//# 10.4.2 eval code: its value is the completion value
assert.list([eval("1; 2"), eval("var a = 1"), eval("if (true) { 3 } else { 4 }"), eval("{}"), eval("({}).x"), eval("4;;;"), eval("5; var b = 6"), eval("do { 7; break } while (1)")], [2, undefined, 3, undefined, undefined, 4, 5, 7]);
//# 10.4.2 eval code: completion of loops, switch, try and labels
assert.list([eval("for (var i = 0; i < 3; i++) i * 2"), eval("switch (1) { case 1: 'one'; break; default: 'x' }"), eval("try { 8 } finally { 9 }"), eval("l: { 10; break l; }")], [4, "one", 8, 10]);
//# 10.4.2 eval code: an expression in braces is a block, in parentheses an object
assert.sameValue(eval("{ a: 1 }"), 1); assert.sameValue(eval("({ a: 1 })").a, 1);
//# 10.4.2 eval code: a value that is no text comes back
var o = {}; assert.sameValue(eval(o), o); assert.sameValue(eval(5), 5); assert.sameValue(eval(), undefined);
//# 10.4.2 eval code: a syntax error is a SyntaxError
assert.throws(SyntaxError, function () { eval("1 +") }); assert.throws(SyntaxError, function () { eval("return 1") });
//# 10.4.2 eval code: an error inside passes out
assert.throws(RangeError, function () { eval("throw new RangeError('x')") });
//# 10.4.2 eval code: var cannot be made where strict
function f() { "use strict"; eval("var inside = 1"); return typeof inside } assert.sameValue(f(), "undefined");
//# 10.4.2 eval code: strict text keeps its variables
eval("'use strict'; var hidden = 1"); assert.sameValue(typeof hidden, "undefined");
//# 10.4.2 eval code: variables made by eval can be deleted
eval("var temporary = 1"); assert.sameValue(delete temporary, true); assert.sameValue(typeof temporary, "undefined");
//# 10.4.2 eval code: the function that holds it may be called again
var r = []; function f(t) { eval(t); return typeof v } assert.sameValue(f("var v = 1") + f(""), "numberundefined");
//# 10.4.3 function code: this of a plain call is the global object
function f() { return this } assert.sameValue(f(), this);
//# 10.4.3 function code: null and undefined as this become the global object, primitives objects
function f() { return this } assert.sameValue(f.call(null), this); assert.sameValue(f.apply(undefined), this); assert.sameValue(typeof f.call(5), "object");
//# 10.4.3 function code: this is not inherited by inner functions
var o = { m: function () { var self = this; return (function () { return this !== self })() } }; assert.sameValue(o.m(), true);
//# 10.5 declarations: a function can be called before its declaration
assert.sameValue(later(), 1); function later() { return 1 }
//# 10.5 declarations: the last of several functions wins from the start
assert.sameValue(twice(), 2); function twice() { return 1 } function twice() { return 2 }
//# 10.5 declarations: var is undefined before its line
assert.sameValue(afterwards, undefined); var afterwards = 1; assert.sameValue(afterwards, 1);
//# 10.5 declarations: var of a function's name keeps the function
function kept() {} var kept; assert.sameValue(typeof kept, "function"); var kept = 1; assert.sameValue(typeof kept, "number");
//# 10.5 declarations: var of a parameter keeps its value
function f(a) { var a; return a } assert.sameValue(f(3), 3);
//# 10.5 declarations: a function of a parameter's name wins
function f(a) { return typeof a; function a() {} } assert.sameValue(f(3), "function");
//# 10.5 declarations: var in a block, a loop and a catch belongs to the function
function f() { if (false) { var a = 1 } for (var b = 2; false;) {} try { } catch (e) { var c = 1 } return [typeof a, b, typeof c].join() } assert.sameValue(f(), "undefined,2,undefined");
//# 10.5 declarations: arguments can be hidden
function f(arguments) { return arguments } assert.sameValue(f(4), 4); function g() { var arguments = 5; return arguments } assert.sameValue(g(), 5);
//# 10.5 declarations: a function named arguments hides it
function f() { return typeof arguments; function arguments() {} } assert.sameValue(f(), "function");
//# 10.6 arguments: length and members
function f() { return [arguments.length, arguments[1], arguments[2]].join() } assert.sameValue(f("a", "b"), "2,b,");
//# 10.6 arguments: parameters and members are one in sloppy code
function f(a) { a = 2; var first = arguments[0]; arguments[0] = 3; return [first, a].join() } assert.sameValue(f(1), "2,3");
//# 10.6 arguments: they are apart in strict code
function f(a) { "use strict"; a = 2; return arguments[0] } assert.sameValue(f(1), 1);
//# 10.6 arguments: callee is the function
function f(n) { return n < 2 ? 1 : n * arguments.callee(n - 1) } assert.sameValue(f(4), 24);
//# 10.6 arguments: callee is refused in strict code
function f() { "use strict"; return arguments.callee } assert.throws(TypeError, f);
//# 10.6 arguments: array methods take it
function f() { return Array.prototype.slice.call(arguments, 1).join("-") + Array.prototype.join.call(arguments, "+") } assert.sameValue(f(1, 2, 3), "2-31+2+3");
//# 10.6 arguments: its class is Arguments
function f() { return Object.prototype.toString.call(arguments) } assert.sameValue(f(), "[object Arguments]");
