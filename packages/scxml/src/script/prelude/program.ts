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
const prelude = { global, sink: undefined, spent, readonly, missing, broken, stamp, close, own, memberOf, scope, unshare, guard, bag, direct,
  Date: SessionDate, Math: SessionMath, Function: SessionFunction, Proxy: SessionProxy, eval: indirectEval, uneval, ...functions }
defineProperty(prelude, 'sink', { get: () => undefined, set: () => {} })
defineProperty(prelude, 'constant', { get: () => undefined, set: () => { throw new TypeError('Assignment to constant variable.') } })
freeze(prelude)
state.g = genesysRoot

const variablesPrototype = create(objectPrototype)
const shareName = (name, value) => {
  defineProperty(variablesPrototype, name, {
    get: () => value,
    set: function (own) { if (this !== variablesPrototype) defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true }) },
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
  return { variables, data: settings.dialect === 'w3c' ? variables : {}, views: undefined, saved: undefined, hasOwnCode: false, holdsContainer: false }
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
  if (sharedToSource !== undefined) sharedToSource.by = ownSource
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

// Order of roots: one object for all sessions that have the same, so that a session keeps no list of its own.
const variableNames = new Map(), datumNames = new Map()
const rootName = (table, prefix, key) => {
  const known = table.get(key)
  if (known !== undefined) return known
  const name = prefix + key
  if (table.size < 10000) table.set(key, name)
  return name
}
let commonOrder = { names: [], places: new Map() }
const isOrder = (order, names) => {
  if (order === undefined || order.names.length !== names.length) return false
  for (let i = 0; i < names.length; i += 1) if (order.names[i] !== names[i]) return false
  return true
}
const currentOrder = (scope, last) => {
  const names = []
  for (const key of getOwnPropertyNames(scope.variables)) names.push(rootName(variableNames, '$.', key))
  if (scope.data !== scope.variables) for (const key of getOwnPropertyNames(scope.data)) names.push(rootName(datumNames, '_data.', key))
  if (isOrder(last, names)) return last
  if (isOrder(commonOrder, names)) return commonOrder
  const places = new Map()
  for (let i = 0; i < names.length; i += 1) places.set(names[i], i)
  return commonOrder = { names, places }
}
const rootValue = (scope, name) => name.startsWith('_data.') ? scope.data[name.slice(6)] : scope.variables[name.slice(2)]
const rootsOf = (scope, names) => names.map((name) => [name, rootValue(scope, name)])
const sharedOf = (groups) => {
  const shared = new Map()
  for (const names of groups) if (names.length > 1) for (const name of names) shared.set(name, names)
  return shared
}
// Runs with the session's variables in place: a root may be an accessor.
const whileSaving = (scope, work) => {
  const { v, d, f } = state
  state.v = scope.variables
  state.d = scope.data
  state.f = settings.fuelOfProbe
  scopeInHand = scope
  try { return work() } finally { scopeInHand = undefined; state.v = v; state.d = d; state.f = f }
}
// latest: groups that saveChanges has just given; they are not encoded again.
const save = (scope, latest) => whileSaving(scope, () => {
  const last = scope.saved
  const order = currentOrder(scope, last === undefined ? undefined : last.order)
  if (latest === undefined) {
    const groups = codec.encodeGroups(rootsOf(scope, order.names), noteUnsaved)
    scope.saved = { order, isOrderSaved: true, shared: sharedOf(groups.map(([names]) => names)) }
    return { groups: groups.map(([names, text]) => [names[0], text]), order: order.names }
  }
  const known = new Set()
  for (const key of latest) for (const name of last.shared.has(key) ? last.shared.get(key) : [key]) known.add(name)
  const others = codec.encodeGroups(rootsOf(scope, order.names.filter((name) => !known.has(name))), noteUnsaved)
  return { groups: others.map(([names, text]) => [names[0], text]), order: order.names }
})
// Written roots take their old groups with them: an object of one may have changed, or may stand in one root less.
// Groups that the written ones may share objects with now are encoded with them, to see whether they do.
const saveChanges = (scope, touched) => whileSaving(scope, () => {
  const last = scope.saved
  const isAll = last === undefined || scope.hasOwnCode || (touched.isDeep && (scope.holdsContainer || touched.reads === 'all'))
  const isPlain = !isAll && !touched.isDeep && touched.names.every((name) => last.order.places.has(name))
  const order = isPlain ? last.order : currentOrder(scope, last === undefined ? undefined : last.order)
  const shared = last === undefined ? new Map() : last.shared
  const dirty = new Set(), linked = new Set()
  const addGroup = (set, name) => { const names = shared.get(name); if (names === undefined) set.add(name); else for (const one of names) set.add(one) }
  if (isAll) {
    for (const name of order.names) dirty.add(name)
    if (last !== undefined) for (const name of last.order.names) dirty.add(name)
  } else {
    for (const name of touched.names) addGroup(dirty, name)
    if (touched.isDeep) for (const name of touched.reads) addGroup(dirty, name)
    const linksAll = touched.takesViews || touched.reads === 'all'
    if (linksAll || !touched.isDeep) {
      for (const name of dirty) {
        if (!order.places.has(name)) continue
        const value = rootValue(scope, name)
        if ((typeof value !== 'object' || value === null) && typeof value !== 'function') continue
        for (const one of linksAll ? order.names : touched.reads) addGroup(linked, one)
        break
      }
    }
  }
  const names = []
  if (dirty.size + linked.size < 8) {
    for (const set of [dirty, linked]) for (const name of set) if (order.places.has(name) && !(set === linked && dirty.has(name))) names.push(name)
    names.sort((a, b) => order.places.get(a) - order.places.get(b))
  } else for (const name of order.names) if (dirty.has(name) || linked.has(name)) names.push(name)
  const isKnown = (name) => last !== undefined && last.order.places.has(name)
  const groups = []
  const kept = new Set(), former = new Set()
  const found = []
  for (const [members, text] of codec.encodeGroups(rootsOf(scope, names), noteUnsaved)) {
    if (!members.some((name) => dirty.has(name))) continue
    groups.push([members[0], text])
    kept.add(members[0])
    if (members.length > 1) found.push(members)
    for (const name of members) dirty.add(name)
  }
  for (const name of dirty) if (isKnown(name)) former.add(shared.has(name) ? shared.get(name)[0] : name)
  for (const name of dirty) shared.delete(name)
  for (const members of found) for (const name of members) shared.set(name, members)
  const changes = { groups, gone: [], order: last !== undefined && last.isOrderSaved && order === last.order ? undefined : order.names }
  for (const key of former) if (!kept.has(key)) changes.gone.push(key)
  scope.saved = { order, isOrderSaved: true, shared }
  return changes
})
const load = (texts, savedOrder) => {
  const scope = createScope()
  scopeInHand = scope
  try {
    const { roots, groups } = codec.decodeGroups(texts, savedOrder)
    for (const [name, value] of roots) {
      const isDatum = name.startsWith('_data.')
      hold(isDatum ? scope.data : scope.variables, name.slice(isDatum ? 6 : 2), value)
    }
    const order = currentOrder(scope, undefined)
    const isOrderSaved = savedOrder !== undefined && savedOrder.length === order.names.length && order.names.every((name, i) => name === savedOrder[i])
    scope.saved = { order, isOrderSaved, shared: sharedOf(groups) }
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
  start, createScope, enter, leave, makeEvent, describe, save, saveChanges, load, itemsOf, readContent, encode,
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
