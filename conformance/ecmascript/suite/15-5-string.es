//# 15.5.1 String as a function and a constructor
assert.sameValue(String(null) + String([1]) + String(), "null1"); assert.sameValue(typeof new String("a"), "object"); assert.sameValue(new String("ab").length, 2); assert.sameValue(new String("ab")[1], "b");
//# 15.5.3.2 fromCharCode
assert.sameValue(String.fromCharCode(65, 0x263a, 65601), "A\u263aA");
//# 15.5.4.4 charAt, charCodeAt, index
assert.list(["abc".charAt(1), "abc".charAt(9), "abc".charCodeAt(0), "abc"[2], "abc"[5]], ["b", "", 97, "c", undefined]); assert.sameValue("a".charCodeAt(5), NaN);
//# 15.5.4.6 concat, indexOf, lastIndexOf
assert.list(["a".concat(1, null), "abcabc".indexOf("c", 3), "abc".indexOf("x"), "abcabc".lastIndexOf("b"), "abc".indexOf("")], ["a1null", 5, -1, 4, 0]);
//# 15.5.4.9 localeCompare
assert.sameValue("a".localeCompare("a"), 0); assert.sameValue("a".localeCompare("b") < 0, true);
//# 15.5.4.10 match: groups, all, none, text as pattern
var m = "2020-01-02".match(/(\d+)-(\d+)/); assert.list([m[0], m[1], m[2], m.index, m.input], ["2020-01", "2020", "01", 0, "2020-01-02"]); assert.list("a1b2".match(/\d/g), ["1", "2"]); assert.sameValue("a".match(/b/), null); assert.sameValue("a.c abc".match("a.c")[0], "a.c");
//# 15.5.4.11 replace: text, pattern, groups, function
assert.list(["aaa".replace("a", "b"), "aaa".replace(/a/g, "b"), "ab".replace(/(a)(b)/, "$2$1$&$$"), "abc".replace(/b/, "[$`|$']"), "x1y2".replace(/\d/g, function (d, i) { return d * 2 + "@" + i })], ["baa", "bbb", "baab$", "a[a|c]c", "x2@1y4@3"]);
//# 15.5.4.12 search
assert.list(["abc".search(/c/), "abc".search("x")], [2, -1]);
//# 15.5.4.13 slice, substring, substr
assert.list(["abcdef".slice(1, -1), "abcdef".slice(-2), "abcdef".substring(4, 1), "abcdef".substring(-1, 2), "abcdef".substr(-3, 2), "abcdef".substr(1)], ["bcde", "ef", "bcd", "ab", "de", "bcdef"]);
//# 15.5.4.14 split: text, pattern, limit, groups
assert.list(["a,b,,c".split(",").length, "abc".split("").join("-"), "a1b2c".split(/\d/).join(), "a,b,c".split(",", 2).join(), "a1b".split(/(\d)/).join(), "".split(",").length, "abc".split().length], [4, "a-b-c", "a,b,c", "a,b", "a,1,b", 1, 1]);
//# 15.5.4.16 case
assert.list(["aÄß".toUpperCase(), "AÄ".toLowerCase(), "i".toLocaleUpperCase()], ["AÄSS", "aä", "I"]);
//# 15.5.4.20 trim
assert.sameValue(" \t\n\u00a0\ufeffa b\u2028 ".trim(), "a b");
//# 15.5.5 elements cannot be written
var s = "abc"; s[0] = "x"; s.length = 1; assert.sameValue(s + s.length, "abc3"); delete s[0]; assert.sameValue(s[0], "a");
//# 15.5 methods on numbers by conversion
assert.sameValue(String.prototype.slice.call(12345, 1, 3), "23"); assert.throws(TypeError, function () { String.prototype.trim.call(null) });
//# 15.6 Boolean
assert.list([Boolean(""), Boolean("false"), new Boolean(false) ? 1 : 2, new Boolean(true).valueOf(), true.toString(), !new Boolean(false)], [false, true, 1, true, "true", false]);
//# 15.7.1 Number as a function and a constructor
assert.list([Number("12"), Number(""), Number(true), typeof new Number(1), Number([5]), Number(new Date(7))], [12, 0, 1, "object", 5, 7]); assert.sameValue(Number("1,5"), NaN);
//# 15.7.3 constants
assert.sameValue(Number.MAX_VALUE > 1e308 && Number.MIN_VALUE > 0 && Number.POSITIVE_INFINITY === Infinity, true); Number.MAX_VALUE = 1; assert.sameValue(Number.MAX_VALUE > 1, true);
//# 15.7.4.2 toString with a base
assert.list([(255).toString(16), (5).toString(2), (-255).toString(36), (0.5).toString(2)], ["ff", "101", "-73", "0.1"]); assert.throws(RangeError, function () { (1).toString(1) });
//# 15.7.4.5 toFixed, toExponential, toPrecision
assert.list([(1.005).toFixed(2), (0).toFixed(2), (1234.5678).toFixed(), (123).toExponential(1), (123.456).toPrecision(4), (1e21).toFixed(2)], ["1.00", "0.00", "1235", "1.2e+2", "123.5", "1e+21"]); assert.throws(RangeError, function () { (1).toFixed(101) });
//# 15.8 Math: rounding
assert.list([Math.round(2.5), Math.round(-2.5), Math.floor(-1.5), Math.ceil(1.2), Math.abs(-3), Math.round(0.49999999999999994)], [3, -2, -2, 2, 3, 0]);
//# 15.8 Math: functions and constants
assert.list([Math.max(), Math.min(), Math.max(1, "3", 2), Math.pow(2, 10), Math.sqrt(9), Math.atan2(0, 1)], [-Infinity, Infinity, 3, 1024, 3, 0]); assert.sameValue(Math.max(1, NaN), NaN); assert.sameValue(Math.PI > 3.14 && Math.E > 2.71, true);
//# 15.8.2.14 random lies below one
for (var i = 0; i < 100; i++) { var r = Math.random(); assert.sameValue(r >= 0 && r < 1, true) }
//# 15.8 Math is no function
assert.throws(TypeError, function () { Math() }); assert.throws(TypeError, function () { new Math() });
