/** Last part of the prelude: scopes, saving, and what the engine calls. */
export const programText = String.raw`
class ProxyMark extends function (target) { return target } {
  #mark = true
  static has(target) { return #mark in target }
}
const NativeProxy = Proxy
const SessionProxy = function Proxy(target, handler) {
  if (new.target === undefined) throw new TypeError("Constructor Proxy requires 'new'")
  const made = new NativeProxy(target, handler)
  new ProxyMark(made)
  return made
}

class BrokenData extends Error {}
let scopeInHand = undefined
const names = new Map()
const found = new Map()
const know = (value, name) => { if (!names.has(value)) { names.set(value, name); found.set(name, value) } }
const codec = outer.codec({
  Broken: BrokenData,
  date: SessionDate,
  nameOf(value) {
    if (scopeInHand !== undefined) {
      if (value === scopeInHand.variables) return '$'
      if (value === scopeInHand.data) return '_data'
    }
    return names.get(value)
  },
  find(name) {
    if (scopeInHand !== undefined) {
      if (name === '$') return scopeInHand.variables
      if (name === '_data') return scopeInHand.data
    }
    return found.get(name)
  },
  codeOf: (value) => { const code = Stamp.read(value); return code === undefined || typeof codes[code] !== 'function' ? undefined : code },
  makeFunction: (code) => { if (typeof codes[code] !== 'function') throw new BrokenData('function ' + code + ' is unknown'); return codes[code]() },
  isProxy: (value) => ProxyMark.has(value),
})
const unsaved = []
const noteUnsaved = (path, what) => { if (unsaved.length < 100) unsaved.push({ path, what }) }
const encode = (value) => {
  try { return codec.encode(value, noteUnsaved) } catch (error) { if (error === SPENT) throw error; noteUnsaved('', 'value'); return 'A[["u"],[]]' }
}

// What generated text uses.
const prelude = { global, sink: undefined, spent, readonly, missing, broken, stamp, guard, bag, direct,
  Date: SessionDate, Math: SessionMath, Function: SessionFunction, Proxy: SessionProxy, eval: indirectEval, uneval, ...functions }
defineProperty(prelude, 'sink', { get: () => undefined, set: () => {} })
freeze(prelude)
state.g = genesysRoot

const variablesPrototype = create(objectPrototype)
const shareName = (name, value) => {
  defineProperty(variablesPrototype, name, {
    get: () => value,
    set: function (own) { if (this !== variablesPrototype) defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true }) },
    enumerable: false, configurable: false,
  })
}
const knowIntrinsics = () => {
  for (const [object, path] of reachable()) if (object !== global) know(object, path)
}
let codes = []
let pieces = []
const start = (program) => {
  const made = program(state, prelude)
  pieces = made.pieces
  codes = made.codes
  const replaced = { Date: SessionDate, Math: SessionMath, Function: SessionFunction, Proxy: SessionProxy, eval: indirectEval, uneval }
  for (const name of settings.ownIntrinsics) shareName(name, hasOwn(replaced, name) ? replaced[name] : global[name])
  for (const name of ownKeysOf(made.shared)) {
    const fn = codes[made.shared[name]]()
    if (typeof fn.prototype === 'object' && fn.prototype !== null) {
      freeze(fn.prototype)
      know(fn.prototype, '@' + name + '.prototype')
    }
    freeze(fn)
    know(fn, '@' + name)
    shareName(name, fn)
  }
  freeze(variablesPrototype)
  know(variablesPrototype, '@variables')
  know(genesysRoot, '@_genesys')
  for (const name of ownKeysOf(functions)) know(functions[name], '@' + name)
  for (const name of ownKeysOf(domClasses)) know(domClasses[name].prototype, '@dom.' + name)
  if (settings.isContext) {
    prepareRealm()
    const shapes = remember()
    probe()
    putBack(shapes)
    knowIntrinsics()
    freezeRealm()
  } else knowIntrinsics()
  return { pieces, writers: made.writers }
}

const createScope = () => {
  const variables = create(variablesPrototype)
  return { variables, data: settings.dialect === 'w3c' ? variables : {}, views: undefined }
}
const clearStatics = /(?:)/
const enter = (scope, sessionId, name, io, nowMs, seed, host, fuel) => {
  state.v = scope.variables
  state.d = scope.data
  state.e = undefined
  state.f = fuel
  state.sid = sessionId
  state.nm = name
  if (io !== ioText) { ioText = io; ioValue = undefined }
  moment = nowMs
  randomState = (seed ^ (seed / 4294967296)) | 0
  engine = host
  owner = scope
  if (!isKnown(host.modules)) useSurfaces(host.modules)
  clearStatics.test('')
}
const leave = () => { state.v = state.d = state.e = engine = owner = undefined }

// Document-level scripts run once without effects, so that their polyfills are there before the realm is frozen (E11).
const probe = () => {
  const scope = createScope()
  const refuse = () => { throw new Error('not yet') }
  const nobody = { modules: [], documentUrl: 'about:blank', isActive: () => false, activeStates: () => [], log: () => {}, raise: () => {},
    view: refuse, viewVersion: refuse, call: refuse }
  enter(scope, '', '', '{}', 0, 1, nobody, settings.fuelOfProbe)
  for (const piece of settings.documentScripts) {
    try { pieces[piece]() } catch (_) { /* the session will say so */ }
  }
  leave()
}

const describe = (error) => {
  if (error === SPENT) return { cause: 'fuel', type: 'RangeError', message: 'the script ran for too long', stack: '' }
  let type = error === null ? 'object' : typeof error, message = '', stack = ''
  try {
    if (typeof error === 'object' && error !== null) {
      const maker = error.constructor
      type = typeof maker === 'function' && typeof maker.name === 'string' && maker.name !== '' ? maker.name : 'Object'
      message = typeof error.message === 'string' ? error.message : textOf(error)
      stack = typeof error.stack === 'string' ? error.stack : ''
    } else message = textOf(error)
  } catch (_) { /* what is known so far counts */ }
  if (error instanceof ReadonlyTarget) return { cause: 'readonly', type: 'TypeError', message, stack }
  return { cause: 'thrown', type: '' + type, message: '' + message, stack }
}

const save = (scope) => {
  scopeInHand = scope
  try {
    const roots = []
    for (const key of getOwnPropertyNames(scope.variables)) roots.push(['$.' + key, scope.variables[key]])
    if (scope.data !== scope.variables) for (const key of getOwnPropertyNames(scope.data)) roots.push(['_data.' + key, scope.data[key]])
    return codec.encodeGroups(roots, noteUnsaved)
  } finally { scopeInHand = undefined }
}
const load = (texts) => {
  const scope = createScope()
  scopeInHand = scope
  try {
    for (const [name, value] of codec.decodeGroups(texts)) {
      const isDatum = name.startsWith('_data.')
      hold(isDatum ? scope.data : scope.variables, name.slice(isDatum ? 6 : 2), value)
    }
  } finally { scopeInHand = undefined }
  return scope
}
const hold = (object, key, value) => defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })

const itemsOf = (value) => {
  if (!isArray(value)) {
    if (typeof value !== 'object' || value === null) return undefined
    const { length } = value
    if (typeof length !== 'number' || !(length >= 0) || length > 1e6 || length % 1 !== 0) return undefined
  }
  const items = []
  for (let i = 0; i < value.length; i += 1) items.push(value[i])
  return items
}
return {
  start, createScope, enter, leave, makeEvent, describe, save, load, itemsOf, readContent, encode,
  BrokenData,
  setEvent: (event) => { state.e = event },
  hasDatum: (id) => hasOwn(state.d, id),
  setDatum: (id, value) => { hold(state.d, id, value) },
  textOf,
  decode: (text) => codec.decode(text),
  makeObject: (members) => {
    const object = {}
    for (const [name, value] of members) hold(object, name, value)
    return object
  },
  takeUnsaved: () => stringify(unsaved.splice(0, unsaved.length)),
}
`
