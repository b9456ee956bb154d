/**
 * Library of the attacked document: it runs inside the realm, in every session. `examine` looks at all that an attack
 * got hold of; `fingerprint` is what an honest session sees of everything it shares with others.
 */
export const insideText = String.raw`
var out = [];
var kept = { list: [1, { deep: true }], when: new Date(0), match: /(a)(b)?/.exec('ab'), map: new Map([['k', {}]]), call: function () { return this },
  get got() { return out }, error: new TypeError('kept') };
function take(value) { out.push(value); return value }
function caught(work) { try { return work() } catch (e) { return e } }
function isThing(value) { return (typeof value === 'object' && value !== null) || typeof value === 'function' }
function rootOf(value) {
  var last = value;
  for (var at = value, steps = 0; at !== null && steps < 100; at = Object.getPrototypeOf(at), steps++) last = at;
  return last;
}
function isForeign(value) {
  var why = '', root = rootOf(value);
  // A proxy of the realm's own Object.prototype is no other one.
  if (root !== Object.prototype && Object.prototype.hasOwnProperty.call(root, '__lookupGetter__') && root.__lookupGetter__ !== Object.prototype.__lookupGetter__) why = 'prototype';
  if (typeof value === 'function' && value.constructor !== Function && typeof value.constructor === 'function') {
    var escaped = '' + value.constructor('return typeof process + (globalThis.segueCanary ? segueCanary.secret : "")')();
    if (escaped.startsWith('object')) why += ' constructor ' + escaped;
  }
  return why;
}
function examine(limit) {
  var seen = new Set(), open = out.slice(), bad = [];
  while (open.length > 0 && seen.size < limit && bad.length < 5) {
    var value = open.shift();
    if (!isThing(value) || seen.has(value)) continue;
    seen.add(value);
    try { var why = isForeign(value); if (why !== '') bad.push(why) } catch (e) { open.push(e) }
    try {
      open.push(Object.getPrototypeOf(value));
      var keys = Reflect.ownKeys(value);
      for (var i = 0; i < keys.length && i < 200; i++) {
        var descriptor = Object.getOwnPropertyDescriptor(value, keys[i]);
        if (descriptor === undefined) continue;
        if ('value' in descriptor) open.push(descriptor.value);
        else { open.push(descriptor.get); open.push(descriptor.set) }
        try { open.push(value[keys[i]]) } catch (e) { open.push(e) }
      }
    } catch (e) { open.push(e) }
  }
  return bad.join(';');
}
function fingerprint() {
  var ids = new Map(), open = [], hash = 17, count = 0;
  function add(text) { for (var i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619) }
  function see(value) {
    if (!isThing(value)) return add(typeof value + String(value));
    if (!ids.has(value)) { ids.set(value, ids.size); open.push(value) }
    add('#' + ids.get(value));
  }
  var roots = [Object.getPrototypeOf(globalThis), _genesys, __Log, __Raise, In, __GetCurrentStates, __GetDocumentURL, Proxy, eval, uneval, Function, Date,
    Object.getPrototypeOf(function* () {}), [].values(), new Map().entries(), Object.getPrototypeOf(_data.tree), Object.getPrototypeOf(_data.tree.documentElement)];
  roots.push(typeof shared === 'function' ? Object.getPrototypeOf(globalThis).shared : 0);
  for (var one of Object.getOwnPropertyNames(_genesys)) roots.push(Object.getPrototypeOf(_genesys[one]));
  for (var root of roots) see(root);
  for (var at = 0; at < open.length; at++) {
    var value = open[at];
    if (value === globalThis || value === _data || value === out) continue;
    count++;
    add(Object.isExtensible(value) ? 'e' : 'x');
    see(Object.getPrototypeOf(value));
    for (var key of Reflect.ownKeys(value)) {
      if (key === 'lastIndex' || key === 'arguments' || key === 'caller' || (value === RegExp && typeof key === 'string' && key !== 'prototype')) continue;
      var descriptor = Object.getOwnPropertyDescriptor(value, key);
      add(String(key) + (descriptor.writable ? 'w' : '') + (descriptor.enumerable ? 'e' : '') + (descriptor.configurable ? 'c' : ''));
      if ('value' in descriptor) { if (at !== 1) see(descriptor.value) } else { see(descriptor.get); see(descriptor.set) }
    }
  }
  return hash + '/' + count;
}
function shared(list) { return list.length }
var sharedIsCalled = shared([]);
`
