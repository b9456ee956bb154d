/** Part of the prelude that saves and loads sessions: alias groups, their differences, the order of roots (P1–P3). */
export const savingText = String.raw`
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
// A root may be an accessor of the application. One that throws costs its value, not the step.
const rootValue = (scope, name) => {
  try { return name.startsWith('_data.') ? scope.data[name.slice(6)] : scope.variables[name.slice(2)] } catch (_) {
    noteUnsaved(name, 'accessor')
    return undefined
  }
}
const rootsOf = (scope, names) => names.map((name) => [name, rootValue(scope, name)])
const sharedOf = (groups) => {
  const shared = new Map()
  for (const { names } of groups) if (names.length > 1) for (const name of names) shared.set(name, names)
  return shared
}
// Runs with the session's variables in place: a root may be an accessor.
const whileSaving = (scope, work) => {
  const { v, d, f } = state
  state.v = scope.variables
  state.d = scope.data
  state.f = settings.fuelOfProbe
  scopeInHand = scope
  // What the session that ran last matched is not for the accessors of this one (E12).
  clearStatics.test('')
  try { return work() } finally { scopeInHand = undefined; state.v = v; state.d = d; state.f = f }
}
// Groups whose differences can be written. The oldest sessions of a program give theirs up when all take too much.
let shadows = [], shadowBytes = 0
const shadowOf = (scope) => {
  if (scope.shadow === undefined) {
    scope.shadow = codec.newShadow()
    shadows.push(outer.weakly(scope))
  }
  return scope.shadow
}
const trackGroups = (scope, groups) => {
  for (const group of groups) {
    if (!group.isTracked) continue
    codec.track(shadowOf(scope), group)
  }
  if (scope.shadow === undefined) return
  const { countedBytes, sizeBytes } = scope.shadow
  shadowBytes += sizeBytes - countedBytes
  scope.shadow.countedBytes = sizeBytes
  if (shadowBytes > settings.maxShadowBytes) giveUpShadows(scope)
}
const giveUpShadows = (inHand) => {
  const alive = shadows.map((held) => held()).filter((scope) => scope !== undefined && scope.shadow !== undefined)
  shadowBytes = 0
  for (const { shadow } of alive) shadowBytes += shadow.countedBytes
  for (const scope of alive) {
    if (shadowBytes <= settings.maxShadowBytes * 0.75) break
    if (scope === inHand) continue
    shadowBytes -= scope.shadow.countedBytes
    scope.shadow = undefined
  }
  shadows = alive.filter((scope) => scope.shadow !== undefined).map((scope) => outer.weakly(scope))
}
const noteOdd = (value) => {
  const scope = scopeInHand === undefined ? owner : scopeInHand
  if (scope !== undefined && scope.shadow !== undefined) codec.setOdd(scope.shadow, value)
}
const isWorthTracking = (sizeChars) => sizeChars >= settings.minTrackedChars && sizeChars <= settings.maxTrackedChars
const textsOf = (groups) => groups.map(({ names, text }) => [names[0], text])
// latest: groups that saveChanges has just given; they are not encoded again.
const save = (scope, latest) => whileSaving(scope, () => {
  const last = scope.saved
  const order = currentOrder(scope, last === undefined ? undefined : last.order)
  const known = new Set(), tracked = new Set()
  if (latest !== undefined) for (const key of latest) for (const name of last.shared.has(key) ? last.shared.get(key) : [key]) known.add(name)
  // All that is written now is numbered anew.
  if (scope.shadow !== undefined) for (const group of [...scope.shadow.groups.values()]) {
    if (known.has(group.names[0])) continue
    for (const name of group.names) tracked.add(name)
    codec.untrack(scope.shadow, group)
  }
  const isTracked = (names, sizeChars) => isWorthTracking(sizeChars) && names.some((name) => tracked.has(name))
  const others = known.size === 0 ? order.names : order.names.filter((name) => !known.has(name))
  const groups = codec.encodeGroups(rootsOf(scope, others), noteUnsaved, undefined, isTracked)
  const shared = sharedOf(groups)
  for (const name of known) if (last.shared.has(name)) shared.set(name, last.shared.get(name))
  scope.saved = { order, isOrderSaved: true, shared }
  trackGroups(scope, groups)
  return { groups: textsOf(groups), order: order.names }
})
// What save would give, for people: nothing counts as saved.
const show = (scope) => whileSaving(scope, () => {
  const { names } = currentOrder(scope, undefined)
  return { groups: textsOf(codec.encodeGroups(rootsOf(scope, names), noteUnsaved, undefined, undefined)), order: names }
})
// Differences of the groups in dirty that are tracked. A group that cannot go on as it was leaves its names in dirty,
// with those of the group that it now shares an object with.
const trackedDifferences = (scope, order, dirty) => {
  const { shadow } = scope
  const found = new Map()
  const giveUp = (group) => {
    codec.untrack(shadow, group)
    found.delete(group)
    for (const name of group.names) dirty.add(name)
  }
  let hasNew = false
  for (const group of shadow.groups.values()) {
    if (!dirty.has(group.names[0])) continue
    if (!group.names.every((name) => order.places.has(name))) { giveUp(group); continue }
    const wholeChars = group.sizeChars
    let answer
    try { answer = codec.difference(shadow, group, group.names.map((name) => rootValue(scope, name)), noteUnsaved) } catch (error) {
      scope.shadow = scope.saved = undefined
      throw error
    }
    if (answer.hasNew) hasNew = true
    if (answer.clash !== undefined) { giveUp(group); giveUp(answer.clash) }
    else if (answer.text !== undefined && answer.text.length * 2 > wholeChars) giveUp(group)
    else found.set(group, answer.text)
  }
  return { found, giveUp, hasNew }
}
// Written roots take their old groups with them: an object of one may have changed, or may stand in one root less.
// Groups that the written ones may share objects with now are encoded with them, to see whether they do. Of groups that
// are tracked the differences are written, as long as they share no object with another one.
const saveChanges = (scope, touched) => whileSaving(scope, () => {
  const last = scope.saved
  const isAll = last === undefined || scope.hasOwnCode || (touched.isDeep && (scope.holdsContainer || touched.reads === 'all'))
  const isPlain = !isAll && !touched.isDeep && touched.names.every((name) => last.order.places.has(name))
  const order = isPlain ? last.order : currentOrder(scope, last === undefined ? undefined : last.order)
  const shared = last === undefined ? new Map() : last.shared
  const dirty = new Set(), linked = new Set()
  const addGroup = (set, name) => { const names = shared.get(name); if (names === undefined) set.add(name); else for (const one of names) set.add(one) }
  const holdsObject = (name) => {
    if (!order.places.has(name)) return false
    const value = rootValue(scope, name)
    return (typeof value === 'object' && value !== null) || typeof value === 'function'
  }
  if (isAll) {
    for (const name of order.names) dirty.add(name)
    if (last !== undefined) for (const name of last.order.names) dirty.add(name)
  } else {
    for (const name of touched.names) addGroup(dirty, name)
    if (touched.isDeep) for (const name of touched.reads) addGroup(dirty, name)
    const linksAll = touched.takesViews || touched.reads === 'all'
    if (linksAll || !touched.isDeep) {
      for (const name of dirty) {
        if (!holdsObject(name)) continue
        for (const one of linksAll ? order.names : touched.reads) addGroup(linked, one)
        break
      }
    }
  }
  const { shadow } = scope
  const tracked = shadow === undefined ? undefined : trackedDifferences(scope, order, dirty)
  if (tracked !== undefined) {
    for (const { names } of tracked.found.keys()) for (const name of names) dirty.delete(name)
    for (const { names } of shadow.groups.values()) for (const name of names) linked.delete(name)
    // Only an object that is new to its group can be one of another group.
    if (linked.size > 0 && !tracked.hasNew && ![...dirty].some(holdsObject)) linked.clear()
  }
  const clashes = new Set()
  const meet = tracked === undefined ? undefined : (value) => { const entry = shadow.objects.get(value); if (entry !== undefined) clashes.add(entry.group) }
  const isTracked = (names, sizeChars) => (isAll || touched.isDeep) && isWorthTracking(sizeChars) && names.some((name) => dirty.has(name))
  let encoded
  for (;;) {
    const names = []
    if (dirty.size + linked.size < 8) {
      for (const set of [dirty, linked]) for (const name of set) if (order.places.has(name) && !(set === linked && dirty.has(name))) names.push(name)
      names.sort((a, b) => order.places.get(a) - order.places.get(b))
    } else for (const name of order.names) if (dirty.has(name) || linked.has(name)) names.push(name)
    encoded = codec.encodeGroups(rootsOf(scope, names), noteUnsaved, meet, isTracked)
    if (clashes.size === 0) break
    for (const group of clashes) tracked.giveUp(group)
    clashes.clear()
  }
  const isKnown = (name) => last !== undefined && last.order.places.has(name)
  const written = []
  const kept = new Set(), former = new Set()
  for (const group of encoded) {
    const { names } = group
    if (!names.some((name) => dirty.has(name))) continue
    written.push(group)
    kept.add(names[0])
    for (const name of names) dirty.add(name)
  }
  for (const name of dirty) if (isKnown(name)) former.add(shared.has(name) ? shared.get(name)[0] : name)
  for (const name of dirty) shared.delete(name)
  for (const { names } of written) if (names.length > 1) for (const name of names) shared.set(name, names)
  const differences = []
  if (tracked !== undefined) for (const [group, text] of tracked.found) if (text !== undefined) differences.push([group.names[0], text])
  const gone = []
  for (const key of former) if (!kept.has(key)) gone.push(key)
  const isOrderKnown = last !== undefined && last.isOrderSaved && order === last.order
  scope.saved = { order, isOrderSaved: true, shared }
  trackGroups(scope, written)
  return { groups: textsOf(written), differences, gone, order: isOrderKnown ? undefined : order.names }
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
    trackGroups(scope, groups.filter(({ text }) => isWorthTracking(text.length)))
  } finally { scopeInHand = undefined }
  return scope
}
const hold = (object, key, value) => defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })

`
