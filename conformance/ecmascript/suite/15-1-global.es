//# 15.1.1 global values
assert.sameValue(NaN, 0 / 0); assert.sameValue(Infinity, 1 / 0); NaN = 1; Infinity = 2; assert.sameValue(isNaN(NaN) && Infinity > 1, true);
//# 15.1.2.2 parseInt
assert.list([parseInt("12px"), parseInt(" 7 "), parseInt("0x1f"), parseInt("101", 2), parseInt("z", 36), parseInt("-5.9"), parseInt("08"), parseInt(1e21)], [12, 7, 31, 5, 35, -5, 8, 1]); assert.sameValue(parseInt(""), NaN); assert.sameValue(parseInt("9", 8), NaN);
//# 15.1.2.3 parseFloat
assert.list([parseFloat("3.14abc"), parseFloat(".5."), parseFloat("-1e3"), parseFloat("Infinityx")], [3.14, 0.5, -1000, Infinity]); assert.sameValue(parseFloat("x"), NaN);
//# 15.1.2.4 isNaN and isFinite convert
assert.list([isNaN("x"), isNaN(""), isNaN(undefined), isNaN(null), isFinite("5"), isFinite(Infinity)], [true, false, true, false, true, false]);
//# 15.1.3 URI functions
assert.list([encodeURI("a b?x=ä&y=1#z"), encodeURIComponent("a b&c=/"), decodeURIComponent("%C3%A4%20b"), decodeURI("%20%26")], ["a%20b?x=%C3%A4&y=1#z", "a%20b%26c%3D%2F", "ä b", " %26"]);
//# 15.1.3 URI functions: broken text is a URIError
assert.throws(URIError, function () { decodeURIComponent("%") }); assert.throws(URIError, function () { encodeURIComponent("\ud800") });
//# 15.1.4 constructors are there
assert.sameValue([Object, Function, Array, String, Boolean, Number, Date, RegExp, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].every(function (f) { return typeof f === "function" }), true);
//# B.2 escape and unescape
assert.sameValue(escape("ä b+%u"), "%E4%20b+%25u"); assert.sameValue(unescape("%u0041%42"), "AB");
