//# 7.2 white space: no-break space and byte order mark separate tokens
var a = 1; assert.sameValue(a, 1);
//# 7.3 line terminators: U+2028 and U+2029 end a line
eval("var first = 1\u2028var second = 2\u2029var third = 3");
assert.sameValue(first + second + third, 6);
//# 7.3 line terminators: carriage return alone ends a line
eval("var one = 1\rvar two = 2");
assert.sameValue(one + two, 3);
//# 7.4 comments: a multi-line comment that holds a line terminator counts as one
function f() { return /*
*/ 5 }
assert.sameValue(f(), undefined);
//# 7.4 comments: a single-line comment ends with its line
var a = 1 // + 1
+ 2;
assert.sameValue(a, 3);
//# 7.6 identifiers: escapes and plain characters spell the same name
var \u0061b = 5;
assert.sameValue(ab, 5);
a\u0062 = 6;
assert.sameValue(ab, 6);
//# 7.6 identifiers: escapes in names of functions, parameters and members
function \u0066n(\u0061) { return a + \u0061 }
assert.sameValue(fn(2), 4);
assert.sameValue({ \u0061: 7 }.a, 7);
//# 7.6 identifiers: letters beyond ASCII
var größe = 2, имя = 3, 名 = 4;
assert.sameValue(größe + имя + 名, 9);
//# 7.6 identifiers: $ and _ alone are names
var $ = 1, _ = 2, $$ = 3, __ = 4;
assert.sameValue($ + _ + $$ + __, 10);
//# 7.6.1 reserved words may be member names
var o = { if: 1, class: 2, default: 3, null: 4, typeof: 5, function: 6, var: 7, this: 8 };
assert.sameValue(o.if + o.class + o.default + o.null + o.typeof + o.function + o.var + o.this, 36);
o.new = 9; o.delete = 1;
assert.sameValue(o.new + o["delete"], 10);
//# 7.6.1 words that only strict code reserves are names
var implements = 1, interface = 2, package = 3, private = 4, protected = 5, public = 6, static = 7, let = 8, yield = 9;
assert.sameValue(implements + interface + package + private + protected + public + static + let + yield, 45);
//# 7.6.1 get, set, of, async and eval-like words are names
var get = 1, set = 2, of = 3, async = 4, as = 5, from = 6;
assert.sameValue(get + set + of + async + as + from, 21);
//# 7.6.1 undefined is not reserved, its binding cannot be changed
undefined = 5;
assert.sameValue(undefined, void 0);
//# 7.6.1.1 SyntaxError: a keyword is no variable
var if = 1;
//# 7.6.1.1 SyntaxError: an escaped keyword is still a keyword
var v\u0061r = 1;
//# 7.8.3 numeric literals: hexadecimal, exponent, missing parts
assert.sameValue(0xFf, 255); assert.sameValue(1e3, 1000); assert.sameValue(.5, 0.5); assert.sameValue(5., 5); assert.sameValue(1E-2, 0.01);
//# 7.8.3 numeric literals: legacy octal and decimal with a leading zero
assert.sameValue(010, 8); assert.sameValue(08, 8); assert.sameValue(019, 19); assert.sameValue(00, 0);
//# 7.8.3 numeric literals: member access needs a second dot or a space
assert.sameValue(5..toString() + 5 .toString() + 5.5.toString() + 0x1.toString(), "555.51");
//# 7.8.3 SyntaxError: a name directly after a number
3in [];
//# 7.8.4 string literals: escapes
assert.sameValue("\b\t\n\v\f\r\"\'\\\x41\u0041\q", "\u0008\u0009\u000a\u000b\u000c\u000d\u0022\u0027\u005c\u0041Aq");
//# 7.8.4 string literals: line continuation
assert.sameValue("a\
b", "ab");
//# 7.8.4 string literals: legacy octal escapes
assert.sameValue("\101\0\7", "A\u0000\u0007");
//# 7.8.4 string literals: U+2028 may stand in a string
assert.sameValue(eval("'\u2028'").length, 1);
//# 7.8.4 SyntaxError: a line terminator in a string
var s = "a
b";
//# 7.8.5 regular expression literals: a slash in a class, division after a parenthesis
assert.sameValue(/[/]/.test("/"), true);
var a = 8, g = 2; assert.sameValue((a) / 2 / g, 2);
//# 7.8.5 regular expression literals: after return, typeof and a block
function f() { return /a/.source }
assert.sameValue(f() + typeof /b/, "aobject");
{} /c/.test("c");
//# 7.8.5 regular expression literals: each evaluation gives a new object
function f() { return /a/ }
assert.sameValue(f() === f(), false);
//# 7.8.5 SyntaxError: flags twice
/a/gg;
//# 7.9 semicolons: a restricted production ends at the line
function f() { return
1 }
assert.sameValue(f(), undefined);
//# 7.9 semicolons: no insertion before an opening parenthesis or bracket
var a = function (x) { return x }
(3)
assert.sameValue(a, 3);
var b = [1, 2, 3]
[1]
assert.sameValue(b, 2);
//# 7.9 semicolons: postfix operators stay with their line
var a = 1, b = 1
a
++
b
assert.sameValue(a, 1); assert.sameValue(b, 2);
//# 7.9 semicolons: variables and functions without any
var a = 1
var b
var c = a
function f() { return a }
b = f()
assert.sameValue(a + b + c, 3)
//# 7.9 semicolons: a line that begins with this
function F(x) {
  var a = x
  this.x = a
  var b = this.x
  this.y = b
}
assert.sameValue(new F(3).x + new F(4).y, 7)
//# 7.9 semicolons: a line that begins with a call
var n = 0
function f() { n++ }
var a = 1
f()
a = n
f()
if (a) a = 5
f()
assert.sameValue(a + n, 8)
//# 7.9 semicolons: a line that begins with a name known only at run time
this["made" + "Here"] = { m: function () { return 1 } }
var a = 1
madeHere.m()
a = madeHere
madeHere.m()
function f() {
  var b = a
  madeHere.v = b
  return b
}
assert.sameValue(f().v === a, true)
//# 7.9 semicolons: in blocks, cases and after labels
var s = "", n = 2
function add(x) { s += x }
switch (n) {
  case 2:
    var t = s
    add(1)
    t = s
    add(t)
}
{
  t = s
  add(2)
}
l: add(3)
do add(4)
while (false)
if (n) add(5)
else add(6)
assert.sameValue(s, "112345")
//# 7.9 semicolons: after do-while and before a closing brace
var i = 0; do i++; while (i < 3) if (true) { i += 10 } 
assert.sameValue(i, 13)
//# 7.9 semicolons: break and continue with the label on the next line
var n = 0
outer: for (var i = 0; i < 2; i++) { for (;;) { n++; break
outer } }
assert.sameValue(n, 2)
//# 7.9 SyntaxError: throw needs its expression on the same line
throw
1;
//# 7.9 SyntaxError: two statements on a line
{ 1 2 } 3
