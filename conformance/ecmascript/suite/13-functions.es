//# 13 functions: declaration, expression, named expression, immediately called
function a() { return 1 } var b = function () { return 2 }; var c = function d() { return 3 }; assert.sameValue(a() + b() + c() + (function () { return 4 })() + (function () { return 5 }()), 15); assert.sameValue(!function () { return 0 }(), true);
//# 13 functions: length counts parameters, name is the declared one
function f(a, b) {} assert.sameValue(f.length + f.name + (function () {}).length, "2f0");
//# 13 functions: members of functions
function f() { return ++f.count } f.count = 0; f(); f(); assert.sameValue(f.count, 2);
//# 13 functions: a parameter named twice, the last counts
function f(a, a) { return a } assert.sameValue(f(1, 2), 2);
//# 13 functions: missing and extra arguments
function f(a, b) { return [a, b, arguments.length].join() } assert.sameValue(f(1) + f(1, 2, 3), "1,,11,2,3");
//# 13 functions: recursion, also of two functions
function even(n) { return n === 0 ? true : odd(n - 1) } function odd(n) { return n === 0 ? false : even(n - 1) } assert.sameValue(even(10), true);
//# 13 functions: redefinition by assignment changes later calls
function f() { return 1 } function g() { return f() } f = function () { return 2 }; assert.sameValue(g(), 2);
//# 13 functions: passed on and called later
function apply(fn, x) { return fn(x) } function twice(x) { return x * 2 } assert.sameValue(apply(twice, 4) + [1, 2].map(twice).join(), "82,4");
//# 13.2 function objects: prototype, constructor, methods through the prototype
function Q() { this.items = [] } Q.prototype.add = function (x) { this.items.push(x); return this }; Q.prototype = Q.prototype; var q = new Q().add(1).add(2); assert.sameValue(q.items.length, 2); assert.sameValue(q.constructor, Q); assert.sameValue(Q.prototype.constructor, Q);
//# 13.2 function objects: a replaced prototype counts for later objects
function P() {} var old = new P(); P.prototype = { v: 1 }; assert.sameValue(old.v, undefined); assert.sameValue(new P().v, 1);
//# 13.2 function objects: inheritance by a prototype object
function A(n) { this.n = n } A.prototype.get = function () { return this.n }; function B(n) { A.call(this, n) } B.prototype = Object.create(A.prototype); B.prototype.constructor = B; assert.sameValue(new B(4).get(), 4); assert.sameValue(new B(1) instanceof A, true);
//# 13.2 function objects: a member of the prototype may be overridden by an own one
function T() {} T.prototype.toString = function () { return "T" }; var t = new T(); assert.sameValue("" + t, "T"); t.toString = function () { return "own" }; assert.sameValue("" + t, "own");
//# 13 functions: private state in an immediately called function
var counter = (function () { var n = 0; return { next: function () { return ++n } } })(); counter.next(); assert.sameValue(counter.next(), 2);
//# 13 functions: self-replacing initialisation
var once = function () { once = function () { return "again" }; return "first" }; assert.sameValue(once() + once(), "firstagain");
//# 13 functions: default values by ||
function f(a, b) { a = a || 1; b = b === undefined ? 2 : b; return a + b } assert.sameValue(f() + f(5, 0), 8);
//# 13 functions: the text of a function is its source
function f(a, b) { return a /* sum */ + b } assert.sameValue(String(f), "function f(a, b) { return a /* sum */ + b }");
//# 13 functions: the text of an expression and of a function made from text
var f = function (x) { while (x) { x-- } return this }; assert.sameValue("" + f, "function (x) { while (x) { x-- } return this }"); assert.sameValue(String(Math.max).indexOf("[native code]") > 0, true);
//# 13 functions: a nested declaration sees later variables
function f() { function g() { return late } var late = 3; return g() } assert.sameValue(f(), 3);
//# 13 functions: a declaration in a block is seen after it
{ function inBlock() { return 1 } } assert.sameValue(inBlock(), 1); if (true) { function inIf() { return 2 } } assert.sameValue(inIf(), 2);
//# 13 functions: a declaration in a block of a function
function f() { if (true) { function g() { return 1 } } return g() } assert.sameValue(f(), 1);
//# 13 functions: a declaration in a block is undefined before it
assert.sameValue(typeof unreached, "undefined"); if (false) { function unreached() {} }
//# 13 functions: caller-like members are not needed to run
function f() { return typeof f.prototype + typeof f.call } assert.sameValue(f(), "objectfunction");
//# 13.1 SyntaxError: eval as a parameter in strict code
function f(eval) { "use strict" }
//# 13.1 SyntaxError: a function statement without a name
function () {}
//# 14 programs: an empty one
//# 14 programs: functions are there before statements run
var seen = typeof f; function f() {} assert.sameValue(seen, "function");
//# 14 programs: text, comment and directive in front of a function
/* first */ "note"; // second
function f() { return 1 } assert.sameValue(f(), 1);
