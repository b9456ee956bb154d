/** Last part of the prelude: scopes, saving, and what the engine calls. */
export const programText = String.raw`
class ProxyMark extends function (target) { return target } {
  #mark = true
  static has(target) { return #mark in target }
}
const NativeProxy = Proxy
const proxyTargets = new WeakSet()
const SessionProxy = function Proxy(target, handler) {
  if (new.target === undefined) throw new TypeError("Constructor Proxy requires 'new'")
  const made = new NativeProxy(target, handler)
  // What is done to the proxy is done to the target, and nobody sees it.
  proxyTargets.add(target)
  noteOdd(target)
  new ProxyMark(made)
  return made
}

class BrokenData extends Error {}
let scopeInHand = undefined
const isLocals = (value) => typeof value === 'object' && value !== null && LocalsMark.has(value)
const names = new Map()
const found = new Map()
const know = (value, name) => { if (!names.has(value)) { names.set(value, name); found.set(name, value) } }
const codec = outer.codec({
  Broken: BrokenData,
  date: SessionDate,
  nameOf(value) {
    if (scopeInHand !== undefined && (value === scopeInHand.variables || value === scopeInHand.data)) {
      // From now on a deep write may reach every root.
      scopeInHand.holdsContainer = true
      return value === scopeInHand.variables ? '$' : '_data'
    }
    return names.get(value)
  },
  find(name) {
    if (scopeInHand !== undefined) {
      if (name === '$' || name === '_data') scopeInHand.holdsContainer = true
      if (name === '$') return scopeInHand.variables
      if (name === '_data') return scopeInHand.data
    }
    return found.get(name)
  },
  codeOf: (value) => { const code = Stamp.read(value); return code === undefined || typeof codes[code] !== 'function' ? undefined : code },
  makeFunction: (code) => { if (typeof codes[code] !== 'function') throw new BrokenData('function ' + code + ' is unknown'); return codes[code]() },
  closureOf: (value) => { const closure = Stamp.readClosure(value); return closure === undefined || typeof closures[closure.code] !== 'function' ? undefined : closure },
  makeClosure(code, locals) {
    if (typeof closures[code] !== 'function' || (locals !== null && !isLocals(locals))) throw new BrokenData('closure ' + code + ' is unknown')
    return apply(closures[code], undefined, [locals])
  },
  isLocals,
  makeLocals: () => scope({ __proto__: null }),
  holdLocal,
  isProxy: (value) => ProxyMark.has(value),
  // Only a realm of one's own tells when an object gets an attribute, an accessor or another prototype.
  isWatched: settings.isContext,
  isTarget: (value) => proxyTargets.has(value),
})
const unsaved = []
const noteUnsaved = (path, what) => { if (unsaved.length < 100) unsaved.push({ path, what }) }
const encode = (value) => {
  try { return codec.encode(value, noteUnsaved) } catch (error) { if (error === SPENT) throw error; noteUnsaved('', 'value'); return 'A[["u"],[]]' }
}

// A session whose evaluated text uses a shared function as an object gets an own copy of it (E7).
const unshare = (name) => {
  if (hasOwn(sharedCodes, name) && !hasOwn(state.v, name)) hold(state.v, name, codes[sharedCodes[name]]())
}

// What generated text uses.
const prelude = { global, sink: undefined, spent, readonly, missing, broken, stamp, close, own, memberOf, scope, unshare, guard, inward, bag, direct,
  Date: SessionDate, Math: SessionMath, Function: SessionFunction, Proxy: SessionProxy, eval: indirectEval, uneval, ...functions }
defineProperty(prelude, 'sink', { get: () => undefined, set: () => {} })
defineProperty(prelude, 'constant', { get: () => undefined, set: () => { throw new TypeError('Assignment to constant variable.') } })
freeze(prelude)
state.g = genesysRoot

const variablesPrototype = create(objectPrototype)
const shareName = (name, value) => {
  defineProperty(variablesPrototype, name, {
    get: seal(() => value),
    set: seal(function (own) { if (this !== variablesPrototype) defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true }) }),
    enumerable: false, configurable: true,
  })
}
const knowIntrinsics = () => {
  for (const [object, path] of reachable()) if (object !== global) know(object, path)
}
let codes = []
let closures = []
let sharedCodes = {}
let pieces = []
const start = (program) => {
  const made = program(state, prelude)
  pieces = made.pieces
  for (const writer of ownKeysOf(made.writers)) seal(made.writers[writer])
  for (const piece of pieces) seal(piece)
  codes = made.codes
  closures = made.closures
  sharedCodes = made.shared
  const replaced = { Date: SessionDate, Math: SessionMath, Function: SessionFunction, Proxy: SessionProxy, eval: indirectEval, uneval }
  // "this.JSON" finds what the name finds; shared functions of the application come after and hide them.
  for (const name of settings.intrinsics) if (name !== 'globalThis') shareName(name, hasOwn(replaced, name) ? replaced[name] : global[name])
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
  return { variables, data: settings.dialect === 'w3c' ? variables : {}, views: undefined, saved: undefined, shadow: undefined, hasOwnCode: false, holdsContainer: false }
}
const clearStatics = /(?:)/
const enter = (scope, sessionId, name, nowMs, seed, host, fuel) => {
  state.v = scope.variables
  state.d = scope.data
  state.e = undefined
  state.f = fuel
  state.sid = sessionId
  state.nm = name
  ioValue = undefined
  moment = nowMs
  randomState = (seed ^ (seed / 4294967296)) | 0
  engine = host
  owner = scope
  if (!isKnown(host.modules)) useSurfaces(host.modules)
  if (sharedToSource !== undefined) sharedToSource.by = ownSource
  clearStatics.test('')
}
const leave = () => { state.v = state.d = state.e = state.sid = state.nm = engine = owner = undefined }

// Document-level scripts run once without effects, so that their polyfills are there before the realm is frozen (E11).
const probe = () => {
  const scope = createScope()
  const refuse = () => { throw new Error('not yet') }
  const nobody = { modules: [], documentUrl: 'about:blank', isActive: () => false, activeStates: () => [], log: () => {}, raise: () => {},
    ioProcessors: () => '{}', view: refuse, viewVersion: refuse, call: refuse }
  enter(scope, '', '', 0, 1, nobody, settings.fuelOfProbe)
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
      type = 'Object'
      // Each member is read once: an accessor may give a text first and an object afterwards, and that would meet the host.
      const maker = error.constructor
      const name = typeof maker === 'function' ? maker.name : undefined
      if (typeof name === 'string' && name !== '') type = name
      const said = error.message
      message = typeof said === 'string' ? said : textOf(error)
      const trace = error.stack
      if (typeof trace === 'string') stack = trace
    } else message = textOf(error)
  } catch (_) { /* what is known so far counts */ }
  return ReadonlyTarget.is(error) ? { cause: 'readonly', type: 'TypeError', message, stack } : { cause: 'thrown', type, message, stack }
}

const itemsOf = (value) => {
  if (!isArray(value)) {
    if (typeof value !== 'object' || value === null) return undefined
    const { length } = value
    if (typeof length !== 'number' || !(length >= 0) || length > 1e6 || length % 1 !== 0) return undefined
  }
  const items = []
  const { length } = value
  for (let i = 0; i < length; i += 1) {
    if (--state.f < 0) spent()
    items.push(value[i])
  }
  return items
}
return {
  start, createScope, enter, leave, makeEvent, describe, save, saveChanges, show, load, itemsOf, readContent, encode,
  BrokenData,
  hasOwnCode: (scope) => scope.hasOwnCode,
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
