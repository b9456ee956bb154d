//# 8.1 undefined: a variable without a value
var a; assert.sameValue(a, undefined); assert.sameValue(void 0, undefined);
//# 8.4 strings count code units
assert.sameValue("\ud83d\ude00".length, 2); assert.sameValue("\ud83d\ude00".charCodeAt(1), 0xde00);
//# 8.5 numbers: doubles, signed zero, NaN
assert.sameValue(1 / -0, -Infinity); assert.sameValue(0.1 + 0.2 === 0.3, false); assert.sameValue(NaN === NaN, false);
//# 8.6 objects: members of a primitive are dropped without a word
var s = "abc"; s.x = 1; assert.sameValue(s.x, undefined); (5).y = 2; true.z = 3;
//# 8.6.2 objects: a setter in the prototype chain takes the write
var seen; var base = { set x(v) { seen = v } }; var o = Object.create(base); o.x = 4;
assert.sameValue(seen, 4); assert.sameValue(o.hasOwnProperty("x"), false);
//# 8.6.2 objects: a read-only member in the prototype chain stops the write silently
var base = Object.defineProperty({}, "x", { value: 1 }); var o = Object.create(base); o.x = 2;
assert.sameValue(o.x, 1); assert.sameValue(Object.keys(o).length, 0);
//# 8.6.2 objects: primitives reach the prototype as this
String.prototype.typeOfThis = function () { return typeof this };
String.prototype.strictTypeOfThis = function () { "use strict"; return typeof this };
assert.sameValue("a".typeOfThis() + "a".strictTypeOfThis(), "objectstring");
//# 8.7 references: reading a member of undefined or null is a TypeError
assert.throws(TypeError, function () { var u; return u.x });
assert.throws(TypeError, function () { return null["x"] });
//# 8.7 references: writing a member of undefined is a TypeError
assert.throws(TypeError, function () { var u; u.x = 1 });
//# 8.7.1 references: an undeclared name is a ReferenceError
assert.throws(ReferenceError, function () { return nothingDeclaresThis });
//# 8.7.1 references: an undeclared name is a ReferenceError in arithmetic, calls and arguments
assert.throws(ReferenceError, function () { return 1 + nothingA });
assert.throws(ReferenceError, function () { nothingB() });
assert.throws(ReferenceError, function () { String(nothingC) });
//# 8.7.1 references: a name that a caught failure should have assigned stays undeclared
var type; try { neverA = neverB } catch (e) { type = e.name } assert.sameValue(type, "ReferenceError"); assert.sameValue(typeof neverA, "undefined");
//# 8.7.1 references: a name that only unreached code assigns is a ReferenceError
if (false) { assignedNowhere = 1 }
assert.throws(ReferenceError, function () { return assignedNowhere });
//# 8.7.2 references: assignment to an undeclared name makes a member of the global object
implicitName = 3; assert.sameValue(this.implicitName, 3); assert.sameValue(typeof implicitName, "number");
//# 8.7.2 references: assignment inside a function makes a global too
function f() { madeInside = 4 } f(); assert.sameValue(madeInside, 4);
//# 8.12.8 default value: Date prefers text, others prefer numbers
var o = { valueOf: function () { return 1 }, toString: function () { return "t" } };
assert.sameValue(o + 1, 2); assert.sameValue("" + o, "1"); assert.sameValue(String(o), "t"); assert.sameValue(o * 2, 2);
assert.sameValue(typeof (new Date(0) + 1), "string"); assert.sameValue(new Date(5) - 0, 5);
//# 8.12.8 default value: neither method gives a primitive
assert.throws(TypeError, function () { return "" + { valueOf: function () { return {} }, toString: function () { return {} } } });
//# 9.2 to boolean
assert.list([!!0, !!-0, !!NaN, !!"", !!null, !!undefined, !!"0", !!{}, !![], !!new Boolean(false)], [false, false, false, false, false, false, true, true, true, true]);
//# 9.3 to number
assert.list([+"", +" 12 ", +"0x10", +"1e2", +null, +true, +[], +[7], +"Infinity", +"\n"], [0, 12, 16, 100, 0, 1, 0, 7, Infinity, 0]);
assert.sameValue(+undefined, NaN); assert.sameValue(+"1x", NaN); assert.sameValue(+{}, NaN); assert.sameValue(+"-0", -0);
//# 9.5 to int32 wraps
assert.sameValue(4294967296 | 0, 0); assert.sameValue(2147483648 | 0, -2147483648); assert.sameValue(-1 >>> 0, 4294967295); assert.sameValue(NaN | 0, 0);
//# 9.8.1 numbers as text
assert.list([String(-0), String(1e21), String(123456789012345680000), String(1e-7), String(0.000001), String(1 / 3)], ["0", "1e+21", "123456789012345680000", "1e-7", "0.000001", "0.3333333333333333"]);
//# 9.9 to object: undefined and null have none
assert.throws(TypeError, function () { Object.prototype.toString.x.y });
assert.sameValue(Object(5) instanceof Number, true); assert.sameValue(typeof Object("x"), "object");
