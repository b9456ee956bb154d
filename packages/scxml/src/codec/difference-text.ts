/**
 * Part of the codec (`codec-text.ts`): what changed inside an alias group, object by object. Of a group that is written
 * deeply the *shadow* keeps, for every object, what was saved of it last: the values themselves and no text, so that
 * finding a change is a walk over the group that encodes nothing.
 *
 * Form of a difference: the letter `D`, then JSON `[roots, gone, changes]`. `roots` are the `[name, slot]` that changed,
 * `gone` numbers of objects that are no more, as `first, count, …`. A change is `[n, node]` (a new object, or all of an
 * object again), `[n, "m", set, removed]` (members of an object: first those named in `removed` go, then those of `set`,
 * key and slot alternating, are set or added at the end) or `[n, "a", at, count, slots, …]` (from `at` on `count` items
 * of an array are replaced by `slots`, several times). An object keeps its number until the group is written whole.
 *
 * Spec: design P3, script-rules E14.
 */
export const differenceText = String.raw`
const DIFFERENCE_FORMAT = 'D'
const NEW = 0, SLOW = 1, PLAIN = 2, OF_PROTOTYPE = 3, ARRAY = 4, STILL = 5, OUTSIDE = 6
const { keys: enumerableKeys, values: enumerableValues, getOwnPropertyNames, getOwnPropertySymbols } = Object
// What was saved of one object. was: by form the values in the order of keys (with the prototype as the last one), the
// items, the objects it refers to, or its text. An object stands there as its entry.
class Entry {
  constructor(value, id, group, form) {
    this.value = value; this.id = id; this.group = group; this.form = form; this.mark = form === OUTSIDE ? Infinity : 0; this.keys = undefined; this.was = undefined
  }
}
const newShadow = () => ({ objects: new NativeMap(), groups: new NativeMap(), epoch: 0, sizeBytes: 0, countedBytes: 0 })
// About what an entry takes in memory.
const sizeOf = ({ form, was }) => 200 + (form === SLOW ? was.length : was === undefined ? 0 : was.length * 8)

// An object is looked at the quick way only while nothing can have given it an attribute, an accessor or another
// prototype unseen: that takes one of the functions that the realm watches, which call setOdd.
let isQuick = undefined
const canBeQuick = () => {
  if (isQuick !== undefined) return isQuick
  isQuick = known.isWatched === true
  for (const _ in {}) isQuick = false
  for (const prototype of [objectPrototype, arrayPrototype]) for (const key of ownKeys(prototype)) if (isIndex(key)) isQuick = false
  return isQuick
}
const isIndex = (key) => { if (typeof key !== 'string') return false; const index = key >>> 0; return '' + index === key && index !== 4294967295 }
const noteSymbols = () => { hasSymbols = true }
const setOdd = (shadow, value) => {
  const entry = shadow.objects.get(value)
  if (entry !== undefined && entry.form !== STILL) lookClosely(shadow, entry)
}
const lookClosely = (shadow, entry) => {
  shadow.sizeBytes -= sizeOf(entry)
  entry.form = SLOW
  entry.was = ''
  entry.keys = undefined
  shadow.sizeBytes += sizeOf(entry)
}
const isSame = (value, was) => value === was ? value !== 0 || 1 / value === 1 / was
  : typeof was === 'object' && was !== null ? was.value === value : value !== value && was !== was

// Objects of one form share the list of their keys.
let keyLists = new NativeMap()
const commonKeys = (keys) => {
  if (keys.length > 40) return keys
  const text = keys.join('\n')
  const found = keyLists.get(text)
  if (found !== undefined && found.length === keys.length && found.every((key, i) => key === keys[i])) return found
  if (keyLists.size > 2000) keyLists = new NativeMap()
  keyLists.set(text, keys)
  return keys
}
const wasOf = (shadow, value) => {
  if (!isObject(value)) return value
  const entry = shadow.objects.get(value)
  return entry === undefined ? new Entry(value, -1, undefined, OUTSIDE) : entry
}
const refersTo = (shadow, values) => {
  const entries = []
  for (const value of values) { const entry = isObject(value) ? shadow.objects.get(value) : undefined; if (entry !== undefined) entries.push(entry) }
  return entries
}
// Takes down what was just written of an object.
const settle = (shadow, entry, node) => {
  const { value } = entry
  const [letter, flags, proto, members] = node
  entry.keys = undefined
  let isBare = true
  for (let i = 0; i < members.length; i += 2) if (typeof members[i] !== 'string') { isBare = false; break }
  const isFree = flags === 0 && isBare && canBeQuick() && !known.isTarget(value)
  if (isBare && flags === 2 && (letter === 'o' || letter === 'a')) {
    // Nothing of it can ever change but the objects that it refers to.
    entry.form = STILL
    const values = getOwnPropertyNames(value).map((key) => value[key])
    entry.was = refersTo(shadow, proto === 0 ? values : [...values, getPrototypeOf(value)])
  } else if (letter === 'o' && isFree) {
    entry.form = proto === 0 ? PLAIN : OF_PROTOTYPE
    entry.keys = commonKeys(enumerableKeys(value))
    // Lists that are made by adding to them take up to four times the room.
    const was = proto === 0 ? enumerableValues(value) : [...enumerableValues(value), getPrototypeOf(value)]
    for (let i = 0; i < was.length; i += 1) was[i] = wasOf(shadow, was[i])
    entry.was = was
  } else if (letter === 'a' && isFree && proto === 0 && members.length === 0 && node[5].length === node[4] && node[5].every(isItem)) {
    entry.form = ARRAY
    const was = enumerableValues(value)
    for (let i = 0; i < was.length; i += 1) was[i] = wasOf(shadow, was[i])
    entry.was = was
  } else {
    entry.form = SLOW
    entry.was = stringify(node)
  }
}
const isItem = (slot) => !isArray(slot) || slot[0] !== 'h'

// From now on differences can be written to the group, as encodeGroups or decodeGroups gave it.
const track = (shadow, { names, rootValues, values, nodes, text }) => {
  const group = { names, roots: [], entries: [], free: [], count: 0, sizeChars: text.length }
  for (let id = 0; id < nodes.length; id += 1) {
    const value = values[id]
    if (value === undefined) { group.entries.push(undefined); group.free.push(id); continue }
    const entry = new Entry(value, id, group, NEW)
    shadow.objects.set(value, entry)
    group.entries.push(entry)
    group.count += 1
  }
  for (const entry of group.entries) if (entry !== undefined) { settle(shadow, entry, nodes[entry.id]); shadow.sizeBytes += sizeOf(entry) }
  for (const value of rootValues) group.roots.push(wasOf(shadow, value))
  shadow.groups.set(names[0], group)
}
const untrack = (shadow, group) => {
  if (shadow.groups.get(group.names[0]) !== group) return
  shadow.groups.delete(group.names[0])
  for (const entry of group.entries) {
    if (entry === undefined) continue
    if (shadow.objects.get(entry.value) === entry) shadow.objects.delete(entry.value)
    shadow.sizeBytes -= sizeOf(entry)
  }
}

const CLASH = { clash: true }
class Differ extends Encoder {
  constructor(shadow, group, rootValues, onUnsaved) {
    super(onUnsaved)
    this.shadow = shadow; this.group = group; this.rootValues = rootValues
    this.epoch = shadow.epoch += 1
    this.walk = []; this.changes = []; this.visited = 0; this.clash = undefined; this.hasNew = false; this.isQuiet = false; this.wasQuiet = false
  }
  object(value, parent, key) {
    let entry = this.shadow.objects.get(value)
    if (entry === undefined) {
      const name = known.nameOf(value)
      if (name !== undefined) return ['k', name]
      const kind = kindOf(value)
      if (kind === undefined) return this.unsaved(parent, key, typeof value === 'function' ? 'function' : known.isProxy(value) ? 'proxy' : tagOf(value) || 'object')
      const { entries, free } = this.group
      const id = free.length === 0 ? entries.length : free.pop()
      entry = new Entry(value, id, this.group, NEW)
      entries[id] = entry
      this.group.count += 1
      this.shadow.objects.set(value, entry)
      this.shadow.sizeBytes += sizeOf(entry)
      this.hasNew = true
    } else if (entry.group !== this.group) {
      this.clash = entry.group
      throw CLASH
    }
    if (entry.mark < this.epoch) this.visit(entry)
    return [entry.id]
  }
  visit(entry) { entry.mark = this.epoch; this.visited += 1; this.walk.push(entry) }
  unsaved(parent, key, what) {
    if (this.isQuiet) { this.wasQuiet = true; return ['u'] }
    return super.unsaved(parent === undefined ? undefined : this.placeOf(parent.value), key, what)
  }
  // A way to an object, for people: the walk does not remember how it came there.
  placeOf(wanted) {
    const open = this.group.names.map((key, i) => ({ value: this.rootValues[i], key, parent: undefined }))
    const seen = new NativeSet()
    for (let i = 0; i < open.length && i < 20000; i += 1) {
      const { value } = open[i]
      if (value === wanted) return open[i]
      if (!isObject(value) || seen.has(value) || known.isProxy(value)) continue
      seen.add(value)
      for (const key of ownKeys(value)) {
        const descriptor = getOwnPropertyDescriptor(value, key)
        if ('value' in descriptor && isObject(descriptor.value)) open.push({ value: descriptor.value, key: textKey(key), parent: open[i] })
      }
    }
    return { value: wanted, key: this.group.names[0], parent: undefined }
  }
  run() {
    const { group, rootValues, shadow, walk } = this
    const roots = []
    for (let i = 0; i < rootValues.length; i += 1) {
      const was = group.roots[i]
      if (isSame(rootValues[i], was)) { if (typeof was === 'object' && was !== null && was.mark < this.epoch) this.visit(was) } else {
        roots.push([group.names[i], this.slot(rootValues[i], undefined, group.names[i])])
        group.roots[i] = wasOf(shadow, rootValues[i])
      }
    }
    for (let entry = walk.pop(); entry !== undefined; entry = walk.pop()) {
      switch (entry.form) {
        case PLAIN:
          if (!isPlainSame(this, entry)) this.plain(entry)
          break
        case OF_PROTOTYPE:
          this.plain(entry)
          break
        case ARRAY:
          if (!isArraySame(this, entry)) this.array(entry)
          break
        case STILL:
          for (const one of entry.was) if (one.mark < this.epoch) this.visit(one)
          break
        case NEW:
          this.whole(entry)
          break
        default:
          this.slow(entry)
      }
    }
    const gone = this.visited === group.count ? [] : this.sweep()
    return roots.length + gone.length + this.changes.length === 0 ? undefined : DIFFERENCE_FORMAT + stringify([roots, gone, this.changes])
  }
  sweep() {
    const { epoch, group, shadow } = this
    const gone = []
    for (let id = 0; id < group.entries.length; id += 1) {
      const entry = group.entries[id]
      if (entry === undefined || entry.mark === epoch) continue
      shadow.objects.delete(entry.value)
      shadow.sizeBytes -= sizeOf(entry)
      group.entries[id] = undefined
      group.free.push(id)
      group.count -= 1
      if (gone.length > 0 && gone[gone.length - 2] + gone[gone.length - 1] === id) gone[gone.length - 1] += 1
      else gone.push(id, 1)
    }
    return gone
  }
  at(entry) { return { id: entry.id, value: entry.value, kind: kindOf(entry.value), parent: undefined, key: '' } }
  settle(entry, node) {
    this.shadow.sizeBytes -= sizeOf(entry)
    settle(this.shadow, entry, node)
    this.shadow.sizeBytes += sizeOf(entry)
  }
  whole(entry) {
    const node = this.node(this.at(entry))
    this.changes.push([entry.id, node])
    this.settle(entry, node)
  }
  slow(entry) {
    const at = this.at(entry)
    if (at.kind === undefined) { this.clash = this.group; throw CLASH }
    this.isQuiet = true
    this.wasQuiet = false
    const node = this.node(at)
    this.isQuiet = false
    if (stringify(node) === entry.was) return
    if (this.wasQuiet) { this.whole(entry); return }
    this.changes.push([entry.id, node])
    this.settle(entry, node)
  }
  plain(entry) {
    const { value, keys, was } = entry
    if (hasSymbols && getOwnPropertySymbols(value).length > 0) { this.odd(entry); return }
    const live = enumerableKeys(value)
    const { length } = live
    const at = { value }
    if (live.length === keys.length && live.every((key, i) => key === keys[i])) {
      const set = []
      for (let i = 0; i < length; i += 1) {
        const item = value[live[i]]
        if (isSame(item, was[i])) { this.again(was[i]); continue }
        set.push(live[i], this.slot(item, at, live[i]))
        this.replace(entry, i, item)
      }
      if (entry.form === OF_PROTOTYPE) this.again(was[length])
      if (set.length > 0) this.changes.push([entry.id, 'm', set])
      return
    }
    const places = new NativeMap()
    for (let i = 0; i < keys.length; i += 1) places.set(keys[i], i)
    const set = [], next = []
    let last = -1, isInOrder = true
    for (const key of live) {
      const item = value[key]
      const place = places.get(key)
      // Keys that are numbers stand first whatever happens; the others have to come out in this order.
      if (!isIndex(key)) { if (place === undefined ? false : place < last) isInOrder = false; last = place === undefined ? Infinity : place }
      if (place !== undefined) {
        places.delete(key)
        if (isSame(item, was[place])) { this.again(was[place]); next.push(was[place]); continue }
      }
      set.push(key, this.slot(item, at, key))
      next.push(wasOf(this.shadow, item))
    }
    if (entry.form === OF_PROTOTYPE) { this.again(was[keys.length]); next.push(was[keys.length]) }
    this.shadow.sizeBytes += (next.length - was.length) * 8
    entry.keys = commonKeys(live)
    entry.was = next
    if (!isInOrder || set.length >= live.length * 2) {
      this.changes.push([entry.id, this.node(this.at(entry))])
    } else this.changes.push(places.size === 0 ? [entry.id, 'm', set] : [entry.id, 'm', set, [...places.keys()]])
  }
  again(was) { if (typeof was === 'object' && was !== null && was.mark < this.epoch) this.visit(was) }
  replace(entry, place, item) { entry.was[place] = wasOf(this.shadow, item) }
  array(entry) {
    const { value } = entry
    const { length } = value
    let isDense = hasNoMore(value, length)
    for (let i = 0; isDense && i < length; i += 1) isDense = value[i] !== undefined || getOwnPropertyDescriptor(value, i) !== undefined
    if (!isDense) { this.odd(entry); return }
    let { was } = entry
    const change = [entry.id, 'a']
    // A list that lost its first items: those that come after are the same.
    if (length > 0 && was.length > 1 && !isSame(value[0], was[0])) {
      const end = was.length < 100 ? was.length : 100
      for (let lost = 1; lost < end; lost += 1) {
        if (!isSame(value[0], was[lost]) || (length > 1 && lost + 1 < was.length && !isSame(value[1], was[lost + 1]))) continue
        change.push(0, lost, [])
        was = was.slice(lost)
        break
      }
    }
    const least = length < was.length ? length : was.length
    let head = 0, tail = 0
    while (head < least && isSame(value[head], was[head])) { this.again(was[head]); head += 1 }
    while (tail < least - head && isSame(value[length - 1 - tail], was[was.length - 1 - tail])) { this.again(was[was.length - 1 - tail]); tail += 1 }
    const slots = [], added = []
    const at = { value }
    for (let i = head; i < length - tail; i += 1) { slots.push(this.slot(value[i], at, i)); added.push(wasOf(this.shadow, value[i])) }
    const count = was.length - tail - head
    if (count > 0 || slots.length > 0) change.push(head, count, slots)
    this.shadow.sizeBytes += (length - entry.was.length) * 8
    if (was === entry.was && count === 0 && tail === 0) for (const one of added) was.push(one)
    else entry.was = [...was.slice(0, head), ...added, ...was.slice(was.length - tail)]
    if (change.length > 2) this.changes.push(change)
  }
  odd(entry) { lookClosely(this.shadow, entry); this.slow(entry) }
}
// The usual case, kept apart so that it is quick: the same keys in the same order with the same values.
const isPlainSame = (differ, entry) => {
  if (hasSymbols) return false
  const { keys, value, was } = entry
  const { length } = keys
  const { epoch } = differ
  let i = 0
  for (const key in value) {
    if (i >= length || key !== keys[i]) return false
    const item = value[key], last = was[i]
    if (typeof last === 'object' && last !== null) {
      if (last.value !== item) return false
      if (last.mark < epoch) differ.visit(last)
    } else if (item !== last ? item === item || last === last : item === 0 && 1 / item !== 1 / last) return false
    i += 1
  }
  return i === length
}
const isArraySame = (differ, entry) => {
  const { value, was } = entry
  const { length } = was
  const { epoch } = differ
  if (value.length !== length) return false
  for (let i = 0; i < length; i += 1) {
    const item = value[i], last = was[i]
    if (typeof last === 'object' && last !== null) {
      if (last.value !== item) return false
      if (last.mark < epoch) differ.visit(last)
    } else if (item !== last ? item === item || last === last : item === 0 && 1 / item !== 1 / last) return false
    else if (item === undefined && getOwnPropertyDescriptor(value, i) === undefined) return false
  }
  return hasNoMore(value, length)
}
// Whether an array has no members but its items. Those that nobody sees are made in ways that are watched.
const hasNoMore = (value, length) => enumerableValues(value).length === length && (!hasSymbols || getOwnPropertySymbols(value).length === 0)
// What changed in the group, undefined when nothing did. Gives the group that it came to share an object with instead,
// when it did; then both have to be written whole. After anything that is thrown the group has to be untracked.
const difference = (shadow, group, rootValues, onUnsaved) => {
  const differ = new Differ(shadow, group, rootValues, onUnsaved)
  try {
    const text = differ.run()
    if (text !== undefined) group.sizeChars += text.length
    return { text, hasNew: differ.hasNew, clash: undefined }
  } catch (error) {
    if (error !== CLASH) throw error
    return { text: undefined, hasNew: true, clash: differ.clash }
  }
}

const fold = (roots, nodes, text) => {
  let parts
  try { parts = text[0] === DIFFERENCE_FORMAT ? parse(text.slice(1)) : undefined } catch (_) { parts = undefined }
  if (!isArray(parts) || parts.length !== 3 || !parts.every(isArray)) return broken('a difference is damaged')
  const [changedRoots, gone, changes] = parts
  for (const [name, slot] of changedRoots) {
    const root = roots.find(([other]) => other === name)
    if (root === undefined) return broken('a difference has no root "' + name + '"')
    root[root.length - 1] = slot
  }
  for (let i = 0; i < gone.length; i += 2) {
    if (!(gone[i] >= 0 && gone[i] + gone[i + 1] <= nodes.length)) return broken('a difference is damaged')
    nodes.fill(0, gone[i], gone[i] + gone[i + 1])
  }
  const most = nodes.length + changes.length
  for (const [id] of changes) {
    if (typeof id !== 'number' || !(id >= 0 && id < most)) return broken('a difference is damaged')
    while (nodes.length <= id) nodes.push(0)
  }
  for (const [id, form, ...rest] of changes) {
    const node = nodes[id]
    if (isArray(form)) nodes[id] = form
    else if (form === 'm' && isArray(node)) foldMembers(node[3], rest[0], rest[1] || [])
    else if (form === 'a' && isArray(node) && node[0] === 'a') {
      for (let i = 0; i < rest.length; i += 3) node[5] = [...node[5].slice(0, rest[i]), ...rest[i + 2], ...node[5].slice(rest[i] + rest[i + 1])]
      node[4] = node[5].length
    } else broken('a difference is damaged')
  }
}
const foldMembers = (members, set, removed) => {
  const without = removed.length === 0 ? undefined : new NativeSet(removed)
  if (without !== undefined) {
    let kept = 0
    for (let i = 0; i < members.length; i += 2) {
      if (without.has(members[i])) continue
      members[kept] = members[i]
      members[kept + 1] = members[i + 1]
      kept += 2
    }
    members.length = kept
  }
  const places = new NativeMap()
  for (let i = 0; i < members.length; i += 2) places.set(members[i], i)
  for (let i = 0; i < set.length; i += 2) {
    const place = places.get(set[i])
    if (place !== undefined) members[place + 1] = set[i + 1]
    else { places.set(set[i], members.length); members.push(set[i], set[i + 1]) }
  }
}
`
