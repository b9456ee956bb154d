//# 12.1 blocks have no scope of their own for var
{ var a = 1; { var a = 2 } } assert.sameValue(a, 2);
//# 12.2 variables: several in one statement, later ones see earlier ones
var a = 1, b = a + 1, c, d = b; assert.list([a, b, c, d], [1, 2, undefined, 2]);
//# 12.2 variables: redeclaration without a value keeps it
var a = 1; var a; assert.sameValue(a, 1);
//# 12.2.1 variables: in a function without a value
function f() { var a, b = 2; return typeof a + b } assert.sameValue(f(), "undefined2");
//# 12.3 the empty statement
;;; if (true); else throw 1; for (var i = 0; i < 2; i++); assert.sameValue(i, 2);
//# 12.4 expression statements: a text in front of another directive
"anything"; var a = 1; assert.sameValue(a, 1);
//# 12.5 if: else belongs to the nearest if
var r = 0; if (true) if (false) r = 1; else r = 2; assert.sameValue(r, 2);
//# 12.5 if: each kind of body
var r = ""; if (1) r += "a"; else r += "b"; if (0) { r += "c" } else if (1) { r += "d" } else { r += "e" } assert.sameValue(r, "ad");
//# 12.6.1 do-while runs at least once
var n = 0; do { n++ } while (false); do n++; while (n < 5); assert.sameValue(n, 5);
//# 12.6.2 while with an empty body, break and continue
var i = 0; while (i++ < 4); var s = ""; var j = 0; while (true) { if (++j > 5) break; if (j % 2) continue; s += j } assert.sameValue(i + s, "524");
//# 12.6.3 for: parts left out
var i = 0; for (;;) { if (i++ > 3) break } for (; i < 10;) i++; assert.sameValue(i, 10);
//# 12.6.3 for: var is seen after the loop, several variables
for (var i = 0, n = 3, s = ""; i < n; i++) s += i; assert.sameValue(s + i + n, "01233");
//# 12.6.3 for: an expression in front, the "in" operator in parentheses
var i; for (i = ("a" in { a: 1 }) ? 1 : 5; i < 3; i += 1); assert.sameValue(i, 3);
//# 12.6.3 for: a body that is one statement, a function or a nested loop
var n = 0; for (var i = 0; i < 2; i++) for (var j = 0; j < 3; j++) n += 1; for (var k = 0; k < 2; k++) if (k) n += 10; else n += 100; assert.sameValue(n, 116);
//# 12.6.4 for-in: own members in order, then inherited ones, hidden ones not
var base = { c: 1 }; var o = Object.create(base); o.a = 1; o.b = 2; Object.defineProperty(o, "hidden", { value: 1, enumerable: false }); var s = ""; for (var k in o) s += k; assert.sameValue(s, "abc");
//# 12.6.4 for-in: elements of arrays are text
var s = ""; for (var k in ["x", "y"]) s += typeof k + k; assert.sameValue(s, "string0string1");
//# 12.6.4 for-in: null and undefined have nothing
var n = 0; for (var k in null) n++; for (k in undefined) n++; assert.sameValue(n, 0);
//# 12.6.4 for-in: a member as the target, a member deleted on the way
var t = {}; var s = ""; for (t.k in { a: 1, b: 2 }) s += t.k; var o = { a: 1, b: 2, c: 3 }; for (var k in o) { delete o.b; s += k } assert.sameValue(s, "abac");
//# 12.6.4 for-in: a global, a local and an undeclared target
var g; function f() { var l = ""; for (var x in { a: 1 }) l += x; for (g in { b: 1 }) l += g; for (fresh in { c: 1 }) l += fresh; return l } assert.sameValue(f() + g + fresh, "abcbc");
//# 12.6.4 for-in: nothing added to Object.prototype by the engine shows
var s = ""; for (var k in {}) s += k; for (k in []) s += k; for (k in function () {}) s += k; for (k in "") s += k; assert.sameValue(s, "");
//# 12.7 continue: with a label
var s = ""; outer: for (var i = 0; i < 3; i++) { for (var j = 0; j < 3; j++) { if (j == 1) continue outer; s += i + "" + j + " " } } assert.sameValue(s, "00 10 20 ");
//# 12.8 break: with a label, out of a block
var s = ""; a: { s += 1; b: { s += 2; break a } s += 3 } outer: while (true) { do { break outer } while (true) } assert.sameValue(s, "12");
//# 12.8 SyntaxError: break outside of a loop
break;
//# 12.8 SyntaxError: an unknown label
while (true) { break nowhere }
//# 12.9 return: out of loops, switch and try
function f(x) { for (;;) { switch (x) { case 1: return "one"; default: try { return "other" } finally { x = 2 } } } } assert.sameValue(f(1) + f(5), "oneother");
//# 12.11 switch: strict comparison, falling through, default in the middle
function f(x) { var s = ""; switch (x) { case 1: s += "1"; default: s += "d"; case 2: s += "2"; break; case "1": s += "t" } return s } assert.list([f(1), f(2), f(3), f("1")], ["1d2", "2", "d2", "t"]);
//# 12.11 switch: cases are evaluated in order until one fits
var n = 0; function c(x) { n++; return x } switch (2) { case c(1): case c(2): case c(3): } assert.sameValue(n, 2);
//# 12.11 switch: continue of the loop around, var inside
var s = ""; for (var i = 0; i < 3; i++) { switch (i) { case 1: continue; default: var inside = i } s += inside } assert.sameValue(s, "02");
//# 12.11 switch: without cases, with default alone
var n = 0; switch (n++) {} switch (1) { default: n++ } assert.sameValue(n, 2);
//# 12.12 labels: a name may be a label and a variable
var a = 5; a: for (;;) { a = 6; break a } assert.sameValue(a, 6);
//# 12.12 labels: two on one statement
x: y: for (;;) { for (;;) { break x } } z: { break z } assert.sameValue(1, 1);
//# 12.12 labels: on a block and on an expression
l: 5; m: { n: { break m } } assert.sameValue(eval("room: 12"), 12);
//# 12.12 SyntaxError: a label twice
a: { a: 1 }
//# 12.13 throw: any value
var caught = []; [1, "a", null, undefined, { k: 1 }].forEach(function (v) { try { throw v } catch (e) { caught.push(e === v) } }); assert.sameValue(caught.join(), "true,true,true,true,true");
//# 12.14 try: finally always runs and may replace the result
var s = ""; function f() { try { s += "t"; return 1 } finally { s += "f" } } function g() { try { throw 1 } catch (e) { return "c" } finally { return "f" } } assert.sameValue(f() + s + g(), "1tff");
//# 12.14 try: an error in catch passes through finally
var s = ""; try { try { throw "a" } catch (e) { throw e + "b" } finally { s += "f" } } catch (e) { s += e } assert.sameValue(s, "fab");
//# 12.14 try: break and continue run finally
var s = ""; for (var i = 0; i < 3; i++) { try { if (i == 0) continue; if (i == 1) break } finally { s += i } } assert.sameValue(s, "01");
//# 12.14 try: nested catch parameters of one name
try { throw 1 } catch (e) { try { throw 2 } catch (e) { assert.sameValue(e, 2) } assert.sameValue(e, 1) } assert.sameValue(typeof e, "undefined");
//# 12.14 try: a closure keeps the catch parameter
var f; try { throw "kept" } catch (e) { f = function () { return e } } assert.sameValue(f(), "kept");
//# 12.14 try: var of the parameter's name writes the parameter
try { throw 1 } catch (e) { var e = 2; assert.sameValue(e, 2) } assert.sameValue(e, undefined);
//# 12.14 try: what the engine throws has name, message and constructor
var e; try { null.x } catch (x) { e = x } assert.sameValue(e instanceof TypeError && e.name === "TypeError" && typeof e.message === "string" && e.constructor === TypeError, true);
//# 12.15 debugger does nothing
debugger; if (true) debugger; assert.sameValue(1, 1);
//# 12 SyntaxError: a statement that is not closed
if (true { }
//# 12 SyntaxError: else without if
else { }
