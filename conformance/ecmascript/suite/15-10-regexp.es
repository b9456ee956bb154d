//# 15.10.2 patterns: greedy, lazy, alternatives, back references
assert.list([/a+/.exec("caaat")[0], /a+?/.exec("aaa")[0], /a|ab/.exec("abc")[0], /(.)\1/.exec("abccd")[1], /^(?:\+|00)(\d{2})/.exec("0049")[1]], ["aaa", "a", "a", "c", "49"]);
//# 15.10.2 patterns: lookahead, classes, multi-line
assert.list([/\d+(?=%)/.exec("10 20%")[0], /[^a-c]/.exec("abcd")[0], /^b$/m.test("a\nb\nc"), /\bfoo\b/.test("a foo."), /[\d\s]+/.exec("x1 2")[0], /(?!a)./.exec("ab")[0]], ["20", "d", true, true, "1 2", "b"]);
//# 15.10.2 patterns: groups that take no part are undefined
var m = /(a)|(b)/.exec("b"); assert.list([m[0], m[1], m[2], m.length], ["b", undefined, "b", 3]);
//# 15.10.4 RegExp: of text, of a pattern, flags
assert.list([new RegExp("a/b", "gi").source, new RegExp("\\d").test("5"), RegExp(/x/g).flags, new RegExp(/x/, "i").ignoreCase, new RegExp("").source], ["a\\/b", true, "g", true, "(?:)"]);
//# 15.10.4 RegExp: broken text is a SyntaxError
assert.throws(SyntaxError, function () { new RegExp("(") }); assert.throws(SyntaxError, function () { new RegExp("a", "q") });
//# 15.10.6.2 exec: lastIndex with g
var r = /a/g; assert.list([r.exec("aba").index, r.lastIndex, r.exec("aba").index, r.exec("aba"), r.lastIndex], [0, 1, 2, null, 0]);
//# 15.10.6.2 exec: all matches in a loop
var r = /(\w)=(\d)/g, m, s = ""; while ((m = r.exec("a=1,b=2")) !== null) s += m[1] + m[2]; assert.sameValue(s, "a1b2");
//# 15.10.6.3 test
assert.list([/^\d+$/.test("123"), /^\d+$/.test("12a"), /a/i.test("A"), /undefined/.test()], [true, false, true, true]);
//# 15.10.6.4 toString
assert.sameValue(String(/a\/b/gi), "/a\\/b/gi");
//# 15.10.7 members of an instance
var r = /a/gim; assert.list([r.global, r.ignoreCase, r.multiline, r.source], [true, true, true, "a"]); r.global = false; assert.sameValue(r.global, true); r.note = 1; assert.sameValue(r.note, 1);
//# 15.10 legacy statics of the last match
/(b)(c)/.exec("abcd"); assert.list([RegExp.$1, RegExp.$2, RegExp.lastMatch, RegExp["$`"], RegExp.rightContext], ["b", "c", "bc", "a", "d"]);
//# 15.11 Error: message, name, text
var e = new Error("m"); assert.list([e.message, e.name, String(e), e instanceof Error, Object.keys(e).length], ["m", "Error", "Error: m", true, 0]); assert.sameValue(Error("x") instanceof Error, true); assert.sameValue(String(new Error()), "Error"); assert.sameValue("message" in new Error(), true);
//# 15.11 Error: name and message may be written
var e = new Error("m"); e.name = "Mine"; e.message = "other"; e.code = 5; assert.sameValue(e + e.code, "Mine: other5");
//# 15.11.6 native errors
[EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].forEach(function (E) { var e = new E("m"); assert.sameValue(e instanceof E && e instanceof Error && e.name === E.name && e.constructor === E, true) });
//# 15.11 Error: own kinds through a prototype
function Own(m) { this.message = m } Own.prototype = new Error(); Own.prototype.name = "Own"; Own.prototype.constructor = Own; var caught; try { throw new Own("x") } catch (e) { caught = e } assert.list([caught instanceof Own, caught instanceof Error, String(caught)], [true, true, "Own: x"]);
//# 15.11 Error: stack is text when it is there
var e = new Error("m"); assert.sameValue(e.stack === undefined || typeof e.stack === "string", true);
//# 15.12.2 JSON.parse: values, order, white space
var v = JSON.parse(' {"b": [1, -2.5e3, true, null, "\\u0041\\n"], "a": {}} '); assert.list(Object.keys(v), ["b", "a"]); assert.list(v.b, [1, -2500, true, null, "A\n"]);
//# 15.12.2 JSON.parse: a function goes through all values
assert.sameValue(JSON.stringify(JSON.parse('{"a":1,"b":{"c":2}}', function (k, v) { return typeof v === "number" ? v * 2 : v })), '{"a":2,"b":{"c":4}}');
//# 15.12.2 JSON.parse: what is no JSON is a SyntaxError
["{a:1}", "'x'", "01", "[1,]", "", "undefined", "{\"a\":1,}", "\t\u00a0"].forEach(function (t) { assert.throws(SyntaxError, function () { JSON.parse(t) }) });
//# 15.12.3 JSON.stringify: kinds of values
assert.list([JSON.stringify({ a: undefined, b: function () {}, c: null, d: NaN, e: [undefined, function () {}] }), JSON.stringify("\u0007\""), JSON.stringify(undefined), JSON.stringify(new String("x")), JSON.stringify([new Number(1), new Boolean(false)])], ['{"c":null,"d":null,"e":[null,null]}', '"\\u0007\\""', undefined, '"x"', "[1,false]"]);
//# 15.12.3 JSON.stringify: toJSON, list of keys, function, indent
assert.list([JSON.stringify({ toJSON: function () { return "j" } }), JSON.stringify({ a: 1, b: 2, c: 3 }, ["c", "a"]), JSON.stringify({ a: 1, b: "x" }, function (k, v) { return k === "a" ? undefined : v }), JSON.stringify([1, { a: 2 }], null, 1)], ['"j"', '{"c":3,"a":1}', '{"b":"x"}', '[\n 1,\n {\n  "a": 2\n }\n]']);
//# 15.12.3 JSON.stringify: a cycle is a TypeError
var o = {}; o.o = o; assert.throws(TypeError, function () { JSON.stringify(o) });
//# 15.12 JSON: hidden and inherited members are left out
function F() { this.own = 1 } F.prototype.inherited = 2; var o = new F(); Object.defineProperty(o, "hidden", { value: 3 }); assert.sameValue(JSON.stringify(o), '{"own":1}');
//# 15 intrinsics can be replaced as a name by the script
var saved = JSON; JSON = { stringify: function () { return "mine" } }; assert.sameValue(JSON.stringify({}), "mine"); JSON = saved; assert.sameValue(JSON.stringify({}), "{}");
//# 15 an intrinsic function can be declared by the script
function escape(x) { return "own " + x } assert.sameValue(escape("a b"), "own a b");
//# 15 replacing a method of a prototype counts for all objects
var old = Array.prototype.join; Array.prototype.join = function () { return "replaced" }; var r = [1].join(); Array.prototype.join = old; assert.sameValue(r, "replaced");
//# 15 replacing a function of an intrinsic counts
var old = Math.floor; Math.floor = function () { return "replaced" }; var r = Math.floor(1.5); Math.floor = old; assert.sameValue(r, "replaced");
