import { library, script } from '../../../scxml/test/script/script-world.ts'
import type { PieceText } from '../../../scxml/test/script/script-world.ts'

/**
 * Scripts that change a graph of objects at random: `_event.data.p` is the list of numbers that they choose by. Each of
 * them names other roots, so that what it may have changed differs.
 */
export const randomChanges: readonly PieceText[] = [
  library(`
    function Item(n) { this.n = n; this.parts = [] }
    Item.prototype.grow = function (x) { this.parts.push(x) };
    function Sub(n) { Item.call(this, n) }
    Sub.prototype = Object.create(Item.prototype);
    function counter(o) { var n = 0, kept = o; return function (x) { n++; if (x) kept = x; return n } }
    function collect(roots) {
      var list = roots.filter(function (one) { return one !== null && typeof one === 'object' });
      for (var i = 0; i < list.length && list.length < 60; i++) {
        var at = list[i], next = [];
        try {
          if (at instanceof Map) at.forEach(function (v, k) { next.push(k, v) });
          else if (at instanceof Set) at.forEach(function (v) { next.push(v) });
        } catch (error) { /* it only inherits from one */ }
        Object.keys(at).forEach(function (key) {
          var member = Object.getOwnPropertyDescriptor(at, key);
          if ('value' in member) next.push(member.value);
        });
        next.forEach(function (one) { if (one !== null && typeof one === 'object' && list.indexOf(one) < 0) list.push(one) });
      }
      return list;
    }
    function fresh(k, o) {
      switch (k % 16) {
        case 0: return {};
        case 1: return [];
        case 2: return { a: 1, b: [1, 2], c: o };
        case 3: return [o, 1, 'x', o];
        case 4: return new Item(o);
        case 5: return new Sub([o]);
        case 6: return new Map([[o, 1], ['k', {}]]);
        case 7: return new Set([o]);
        case 8: return new Date(k);
        case 9: return 'banana'.match(/(a)n/);
        case 10: return new TypeError('t' + k);
        case 11: return Object.create(null);
        case 12: return Object.create(o);
        case 13: return counter(o);
        case 14: { var r = /a/g; r.test('banana'); return r }
        default: return { get both() { return this.x }, x: o };
      }
    }
    var plainValues = [undefined, null, true, 0, -0, NaN, Infinity, 1.5, 'text', '', 'long text with "quotes"', 10n, Symbol.for('s'), Math];
    function valueOf(k, list) { return k % 3 === 0 ? plainValues[k % 14] : k % 3 === 1 ? list[k % list.length] : fresh(k >> 2, list[k % list.length]) }
    function change(roots, p) {
      for (var i = 0; i + 3 < p.length; i += 4) {
        var list = collect(roots);
        if (list.length === 0) return;
        var at = list[p[i] % list.length], k = p[i + 2], v = valueOf(p[i + 3], list);
        try { changeOne(at, p[i + 1], k, v, list) } catch (error) { /* frozen things refuse, what came before counts */ }
      }
    }
    function changeOne(at, op, k, v, list) {
      var key = ['a', 'b', 'c', 'k1', '7', '12', 'toString', 'x y'][k % 8];
      if (Array.isArray(at) && op % 4 !== 0) switch (k % 18) {
        case 0: case 1: case 2: at.push(v); return;
        case 3: at.push(v, 1, 2, { n: k }); return;
        case 4: at.pop(); return;
        case 5: at.shift(); return;
        case 6: at.shift(); at.push(v); return;
        case 7: at.unshift(v); return;
        case 8: at.splice(k % (at.length + 1), 1); return;
        case 9: at.splice(k % (at.length + 1), 2, v, k, v); return;
        case 10: at.reverse(); return;
        case 11: at.length = at.length >> 1; return;
        case 12: delete at[k % (at.length + 1)]; return;
        case 13: at.extra = v; return;
        case 14: delete at.extra; return;
        case 15: at[at.length + 2] = v; return;
        case 16: at.sort(function () { return 0 }); return;
        default: at[k % (at.length + 1)] = v; return;
      }
      if (at instanceof Map) { if (k % 3) at.set(v, key); else at.delete(key); if (k % 11 === 0) at.clear(); return }
      if (at instanceof Set) { at.add(v); if (k % 5 === 0) at.clear(); return }
      if (at instanceof Date && k % 2) { at.setTime(k); return }
      switch (op % 24) {
        case 0: case 1: case 2: case 3: case 4: at[key] = v; return;
        case 5: case 6: delete at[key]; return;
        case 7: { var old = at[key]; delete at[key]; at[key] = old; return }
        case 8: { var first = Object.keys(at)[0]; delete at[first]; at['m' + k % 40] = v; return }
        case 9: at['m' + k % 40] = v; return;
        case 10: Object.defineProperty(at, key, { value: v, enumerable: k % 2 === 0, writable: k % 3 !== 0, configurable: true }); return;
        case 11: Object.defineProperty(at, key, { get: function () { return 1 }, enumerable: true, configurable: true }); return;
        case 12: at.__defineGetter__(key, function () { return 2 }); return;
        case 13: if (k % 4 === 0) Object.freeze(at); return;
        case 14: if (k % 4 === 0) Object.preventExtensions(at); return;
        case 15: Object.setPrototypeOf(at, k % 2 ? Item.prototype : Object.prototype); return;
        case 16: at.__proto__ = k % 2 ? null : Object.prototype; return;
        case 17: at[Symbol.for('member')] = v; return;
        case 18: at.count = counter(v); return;
        case 19: if (typeof at.count === 'function') at.count(v); return;
        case 20: Object.defineProperties(at, { hidden: { value: v, configurable: true, writable: true } }); return;
        case 21: Reflect.defineProperty(at, key, { value: v, writable: true, enumerable: true, configurable: true }); return;
        case 22: { var p = new Proxy(at, {}); Object.defineProperty(p, key, { value: v, enumerable: false, configurable: true }); return }
        default: at[key] = [v, v]; return;
      }
    }
  `),
  script(`
    var filler = new Array(200).join('0123456789');
    var a = { filler: filler, list: [] }, b = { filler: filler, list: [{ n: 1 }] }, c = [filler, 1, { n: 2 }], free = 1;
    for (var i = 0; i < 30; i++) { a.list.push({ n: i, tags: ['x'] }); b['m' + i] = { n: i } }
    _data.x = { filler: filler, of: a }; _data.y = { filler: filler }; _data.z = 5`),
  script('change([a], _event.data.p)'),
  script('change([b], _event.data.p)'),
  script('change([c], _event.data.p)'),
  script('change([_data.y], _event.data.p)'),
  script('change([a, _data.x], _event.data.p)'),
  script('change([a, b], _event.data.p)'),
  script('change([b, c, _data.y], _event.data.p)'),
  script('a.list.push(_event)'),
  script('a.list.shift(); a.list.push(_event)'),
  script('b.list[0].n = _event.data.p[0]'),
  script('_data.y.seen = _event.data'),
  script('free = a.list'),
  script('free = { n: _event.data.p[0] }'),
  script('free = 5'),
  script('_data.z = c'),
  script('_data.z = _event.data.p[1]'),
  script('var t = _data.x; _data.x = _data.y; _data.y = t'),
  script('_data.x = { filler: filler }'),
  script('b = { filler: filler, list: [{ n: 1 }, a] }'),
  script('b = { filler: filler, list: [{ n: 1 }] }'),
  script('a.list = a.list.filter(function (one, i) { return i % 2 })'),
  script('a.list.length = 0; for (var i = 0; i < 20; i++) a.list.push({ n: i })'),
  script('delete _data.z'),
  script('a.list.splice(0, 5); a.list.push(1, 2, 3)'),
  script('c.reverse()'),
  script('a.kept = b.list; b.list = [{ n: 3 }]'),
  script('a.kept = undefined'),
  // Another order, nothing else; a hole and a member in place of an item.
  script('var key = "m" + _event.data.p[0] % 30, moved = b[key]; delete b[key]; b[key] = moved'),
  script('var first = Object.keys(a)[0], held = a[first]; delete a[first]; a[first] = held'),
  script('a.list.push(undefined)'),
  script('if (a.list.pop() === undefined) { a.list.length++; a.list.more = 1 }'),
  script('if (a.list.indexOf(undefined) >= 0) { delete a.list[a.list.indexOf(undefined)]; a.list.other = 2 }'),
  script('a.list = [1, undefined, 3]'),
]
