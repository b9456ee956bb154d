//# 15.4.2 Array: length or items
assert.sameValue(new Array(3).length, 3); assert.list(new Array(1, 2), [1, 2]); assert.list(Array(5, 6), [5, 6]); assert.sameValue(Array("3")[0], "3"); assert.throws(RangeError, function () { new Array(-1) });
//# 15.4.3.2 isArray
assert.list([Array.isArray([]), Array.isArray({ length: 0 }), Array.isArray(new Array(2)), Array.isArray("a"), Array.isArray(Array.prototype)], [true, false, true, false, true]);
//# 15.4.5 length grows with elements and cuts them off
var a = []; a[3] = 1; assert.sameValue(a.length, 4); a.length = 1; assert.sameValue(3 in a, false); a["7"] = 1; a["x"] = 1; assert.sameValue(a.length, 8); assert.throws(RangeError, function () { a.length = -1 });
//# 15.4.4.4 concat
assert.list([1].concat([2, [3]], 4).length === 4 ? [1].concat([2], 3) : [], [1, 2, 3]); assert.sameValue([1].concat([2, [3]])[2][0], 3);
//# 15.4.4.5 join: undefined and null are empty
assert.sameValue([1, null, undefined, [2, 3], "a"].join("-"), "1---2,3-a"); assert.sameValue([1, 2].join(), "1,2"); assert.sameValue(String([1, [2, [3]]]), "1,2,3");
//# 15.4.4.6 push, pop, shift, unshift
var a = [1]; assert.list([a.push(2, 3), a.pop(), a.shift(), a.unshift(8, 9), a.join()], [3, 3, 1, 3, "8,9,2"]); assert.sameValue([].pop(), undefined);
//# 15.4.4.8 reverse
var a = [1, 2, 3]; assert.sameValue(a.reverse(), a); assert.list(a, [3, 2, 1]);
//# 15.4.4.10 slice
assert.list([[1, 2, 3].slice(1).join(), [1, 2, 3].slice(-2, -1).join(), [1, 2, 3].slice().length, [1].slice(5).length], ["2,3", "2", 3, 0]);
//# 15.4.4.11 sort: as text, undefined last, by a function
assert.list([10, 9, 1].sort(), [1, 10, 9]); assert.list([3, undefined, 1].sort(), [1, 3, undefined]); assert.list([3, 1, 2].sort(function (a, b) { return b - a }), [3, 2, 1]);
//# 15.4.4.11 sort: is stable and takes the error of its function
var a = [{ k: 1, v: "a" }, { k: 0, v: "b" }, { k: 1, v: "c" }, { k: 0, v: "d" }].sort(function (x, y) { return x.k - y.k }); assert.sameValue(a.map(function (x) { return x.v }).join(""), "bdac"); assert.throws(EvalError, function () { [2, 1].sort(function () { throw new EvalError() }) });
//# 15.4.4.12 splice
var a = [1, 2, 3, 4]; assert.list(a.splice(1, 2, "x", "y", "z"), [2, 3]); assert.list(a, [1, "x", "y", "z", 4]); assert.list(a.splice(-1), [4]);
//# 15.4.4.14 indexOf and lastIndexOf
var o = {}; assert.list([[1, 2, 1].indexOf(1, 1), [1, 2].indexOf("1"), [o].indexOf(o), [NaN].indexOf(NaN), [1, 2, 1].lastIndexOf(1), [].indexOf(1)], [2, -1, 0, -1, 2, -1]);
//# 15.4.4.16 every and some stop early, skip holes
var n = 0; assert.sameValue([1, 2, 3].every(function (x) { n++; return x < 2 }), false); assert.sameValue(n, 2); assert.sameValue([, 1].some(function (x) { n++; return x === undefined }), false); assert.sameValue(n, 3); assert.sameValue([].every(function () { return false }), true);
//# 15.4.4.18 forEach: value, index, array, this
var s = ""; ["a", "b"].forEach(function (v, i, all) { s += v + i + all.length + this.t }, { t: "!" }); assert.sameValue(s, "a02!b12!");
//# 15.4.4.19 map and filter
assert.list([1, 2, 3].map(function (x) { return x * x }), [1, 4, 9]); assert.list([1, 2, 3].filter(function (x) { return x % 2 }), [1, 3]); assert.sameValue(1 in [1, , 3].map(String), false);
//# 15.4.4.19 this in a callback is the global object
var me = this; assert.sameValue([1].map(function () { return this })[0], me);
//# 15.4.4.21 reduce and reduceRight
assert.sameValue([1, 2, 3].reduce(function (a, b) { return a + b }), 6); assert.sameValue(["a", "b"].reduceRight(function (a, b) { return a + b }, ""), "ba"); assert.throws(TypeError, function () { [].reduce(function () {}) });
//# 15.4.4 methods are generic
assert.sameValue(Array.prototype.map.call("abc", function (c) { return c + c }).join(), "aa,bb,cc"); var o = { length: 1, 0: "a" }; Array.prototype.push.call(o, "b"); assert.sameValue(o[1] + o.length, "b2");
//# 15.4.4 a new method of Array.prototype is seen by arrays
Array.prototype.last = function () { return this[this.length - 1] }; assert.sameValue([1, 2].last(), 2); assert.sameValue("last" in [], true);
//# 15.4.4 an array may have own members
var a = [1]; a.name = "x"; a.push = function () { return "own" }; assert.sameValue(a.name + a.push() + a.length, "xown1");
//# 15.4 holes read as undefined and stay holes
var a = [1, , 3]; assert.sameValue(a[1], undefined); assert.sameValue(a.hasOwnProperty(1), false); assert.sameValue(a.length, 3);
