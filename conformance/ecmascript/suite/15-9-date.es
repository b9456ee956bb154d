//# 15.9.2 Date called as a function gives text
assert.sameValue(typeof Date(), "string"); assert.sameValue(typeof Date(0), "string");
//# 15.9.3.1 Date: parts in local time, years below 100
var d = new Date(2020, 1, 29, 13, 5, 6, 7); assert.list([d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds(), d.getMilliseconds(), d.getDay()], [2020, 1, 29, 13, 5, 6, 7, 6]); assert.sameValue(new Date(99, 0).getFullYear(), 1999);
//# 15.9.3.1 Date: parts roll over
assert.list([new Date(2020, 12, 1).getMonth(), new Date(2020, 0, 0).getDate(), new Date(2019, 1, 29).getMonth()], [0, 31, 2]);
//# 15.9.3.2 Date: of a number, a text, nothing sensible
assert.sameValue(new Date(5).getTime(), 5); assert.sameValue(new Date("2020-01-02T03:04:05Z").getTime(), 1577934245000); assert.sameValue(new Date("nonsense").getTime(), NaN); assert.sameValue(new Date(undefined).getTime(), NaN); assert.sameValue(new Date(NaN).getTime(), NaN);
//# 15.9.3.2 Date: of a Date keeps its time
var d = new Date(123); assert.sameValue(new Date(d).getTime(), 123);
//# 15.9.3.3 Date: of nothing is now
var d = new Date(); assert.sameValue(d.getTime() > 0, true); assert.sameValue(Date.now() - d.getTime() < 1000, true);
//# 15.9.4.2 Date.parse
assert.sameValue(Date.parse("2020-01-01T00:00:00.000Z"), 1577836800000); assert.sameValue(Date.parse("2020-01-01T00:00:00+01:00"), 1577833200000); assert.sameValue(Date.parse("x"), NaN); assert.sameValue(Date.parse("2020-01-01"), 1577836800000);
//# 15.9.4.2 Date.parse reads what toString and toUTCString write
var d = new Date(1577934245000); assert.sameValue(Date.parse(d.toString()), 1577934245000); assert.sameValue(Date.parse(d.toUTCString()), 1577934245000);
//# 15.9.4.3 Date.UTC
assert.sameValue(Date.UTC(2020, 0, 1), 1577836800000); assert.sameValue(new Date(Date.UTC(2020, 5, 1, 12)).toISOString(), "2020-06-01T12:00:00.000Z");
//# 15.9.5 getters in UTC and the offset
var d = new Date(1577934245007); assert.list([d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds(), d.getUTCDay()], [2020, 0, 2, 3, 4, 5, 7, 4]); assert.sameValue(d.getTimezoneOffset(), (Date.UTC(d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes()) - Date.UTC(2020, 0, 2, 3, 4)) / -60000 + 0);
//# 15.9.5 setters give the time and roll over
var d = new Date(2020, 0, 31); assert.sameValue(d.setMonth(1), d.getTime()); assert.sameValue(d.getMonth(), 2); d.setHours(25); assert.sameValue(d.getHours(), 1); d.setFullYear(2021, 5, 6); assert.list([d.getFullYear(), d.getMonth(), d.getDate()], [2021, 5, 6]); d.setTime(9); assert.sameValue(d.valueOf(), 9);
//# 15.9.5 setters: days and minutes of shifts
var d = new Date(2020, 1, 28); d.setDate(d.getDate() + 2); assert.list([d.getMonth(), d.getDate()], [2, 1]); d.setMinutes(90); assert.list([d.getHours(), d.getMinutes()], [1, 30]);
//# 15.9.5.43 toISOString and toJSON
assert.sameValue(new Date(0).toISOString(), "1970-01-01T00:00:00.000Z"); assert.throws(RangeError, function () { new Date(NaN).toISOString() }); assert.sameValue(JSON.stringify({ d: new Date(0), e: new Date(NaN) }), '{"d":"1970-01-01T00:00:00.000Z","e":null}');
//# 15.9.5 text forms
var d = new Date(2020, 0, 2, 3, 4, 5); assert.sameValue(d.toString().indexOf("Thu Jan 02 2020 03:04:05"), 0); assert.sameValue(d.toDateString(), "Thu Jan 02 2020"); assert.sameValue(typeof d.toLocaleString() + typeof d.toLocaleDateString(), "stringstring"); assert.sameValue(String(new Date(NaN)), "Invalid Date");
//# 15.9.5 methods need a Date
assert.throws(TypeError, function () { Date.prototype.getTime.call({}) });
//# 15.9 dates compare and subtract as numbers
var a = new Date(1), b = new Date(2); assert.list([a < b, b - a, a == new Date(1), +a, a <= new Date(1)], [true, 1, false, 1, true]);
//# 15.9 a method added to Date.prototype is used by dates
if (!Date.prototype.stamp) Date.prototype.stamp = function () { return this.getTime() + "!" }; assert.sameValue(new Date(4).stamp(), "4!");
//# 15.9 a function added to Date is used
if (!Date.fromText) Date.fromText = function (t) { return new Date(Date.parse(t)) }; assert.sameValue(Date.fromText("2020-01-01T00:00:00Z").getTime(), 1577836800000);
//# 15.9 instanceof and constructor
var d = new Date(); assert.sameValue(d instanceof Date && d.constructor === Date && Object.getPrototypeOf(d) === Date.prototype, true);
