import { differenceText } from './difference-text.ts'

/**
 * The one codec for values of scripts, as text, because it runs where the values live: in the realm, and in the host
 * for values that modules read. `(known) => codec`; `known` gives and finds names of objects that are not data:
 * functions of the application, intrinsics, the containers of the session.
 *
 * Form of a value: the letter `A` (format version), then JSON `[slot, nodes]`. Form of a group: the letter `B`, then
 * JSON `[[[name, slot], …], nodes]`; the order of all roots stands elsewhere, so that a new one does not change the
 * text of others. In the first format of groups (`A`, still read) a root was `[name, place among all, slot]`. The letter
 * `C` instead of `B` says that the group is written deeply: differences follow it, one a line, and whoever reads it
 * keeps what he needs to write more of them (`difference-text.ts`). A slot is a JSON primitive or an array:
 * `[n]` node n, `["u"]` undefined, `["n"]` NaN, `["z"]` -0, `["i"]` and `["j"]` infinities, `["b", text]` BigInt,
 * `["s", key]` registered symbol, `["k", name]` known object, `["h"]` hole. A node is `[kind, flags, proto, members, …]`;
 * members alternate key and slot, a key with attributes is `[key, bits]`. Kind `l` are locals that closures capture, by
 * name, with those around them as prototype; kind `c` is a closure, with the number of its code and the slot of its
 * locals. Formats only grow.
 *
 * Spec: script-rules E14, design P1, P4.
 */
export const codecText = String.raw`(function (known) {
'use strict'
const FORMAT = 'A'
const GROUP_FORMAT = 'B', TRACKED_FORMAT = 'C'
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf, freeze, isFrozen, isExtensible, preventExtensions } = Object
const { ownKeys, apply } = Reflect
const { isArray } = Array
const { stringify, parse } = JSON
const objectPrototype = Object.prototype
const arrayPrototype = Array.prototype
const NativeMap = Map, NativeSet = Set
const mapPrototype = NativeMap.prototype, setPrototype = NativeSet.prototype
const dateOf = known.date === undefined ? Date : known.date
const datePrototype = dateOf.prototype
const regexpPrototype = RegExp.prototype
const errors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError }
const getTime = Date.prototype.getTime, mapForEach = mapPrototype.forEach, setForEach = setPrototype.forEach
const sizeOfMap = getOwnPropertyDescriptor(mapPrototype, 'size').get, sizeOfSet = getOwnPropertyDescriptor(setPrototype, 'size').get
const regexpSource = getOwnPropertyDescriptor(regexpPrototype, 'source').get
// The getter of all flags would ask the members of the expression, which may be the application's.
const flagGetters = [['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'], ['s', 'dotAll'], ['u', 'unicode'], ['v', 'unicodeSets'], ['y', 'sticky']]
  .map(([letter, name]) => [letter, getOwnPropertyDescriptor(regexpPrototype, name)]).filter(([, found]) => found !== undefined)
const flagsOf = (value) => { let flags = ''; for (const [letter, { get }] of flagGetters) if (apply(get, value, [])) flags += letter; return flags }
const boxes = [['String', String], ['Number', Number], ['Boolean', Boolean], ['BigInt', BigInt], ['Symbol', Symbol]]
const holds = (method, value, args) => { try { return [apply(method, value, args || [])] } catch (_) { return undefined } }
const tagOf = (value) => { try { return apply(objectPrototype.toString, value, []).slice(8, -1) } catch (_) { return '' } }
const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'
const broken = (reason) => { throw new known.Broken(reason) }

// Kind of an object that can be saved, with its default prototype; undefined for what cannot.
const kindOf = (value) => {
  if (typeof value === 'function') {
    const code = known.codeOf(value)
    if (code !== undefined) return ['f', Function.prototype, code]
    const closure = known.closureOf(value)
    return closure === undefined ? undefined : ['c', Function.prototype, closure]
  }
  if (known.isLocals(value)) return localsKind
  if (known.isProxy(value)) return undefined
  if (isArray(value)) return arrayKind
  const tag = tagOf(value)
  if (tag === 'Object') return plainKind
  switch (tag) {
    case 'Date': {
      const time = holds(getTime, value)
      if (time !== undefined) return ['d', datePrototype, time[0]]
      break
    }
    case 'Map':
      if (holds(sizeOfMap, value) !== undefined) return ['m', mapPrototype]
      break
    case 'Set':
      if (holds(sizeOfSet, value) !== undefined) return ['t', setPrototype]
      break
    case 'RegExp': {
      const source = holds(regexpSource, value)
      if (source !== undefined && value !== regexpPrototype) return ['r', regexpPrototype, source[0], flagsOf(value)]
      break
    }
    case 'Error': {
      for (let proto = getPrototypeOf(value); proto !== null; proto = getPrototypeOf(proto)) {
        for (const name of Object.keys(errors)) if (errors[name].prototype === proto) return ['e', proto, name]
      }
      return ['e', Error.prototype, 'Error']
    }
    case 'String': case 'Number': case 'Boolean': case 'BigInt': case 'Symbol':
      for (const [name, wrapper] of boxes) {
        const inner = holds(wrapper.prototype.valueOf, value)
        if (inner !== undefined) return ['x', wrapper.prototype, inner[0]]
      }
      break
    case 'Generator': case 'Array Iterator': case 'Map Iterator': case 'Set Iterator': case 'String Iterator':
    case 'RegExp String Iterator': case 'WeakMap': case 'WeakSet': case 'Promise': case 'WeakRef':
      return undefined
  }
  return plainKind
}
const arrayKind = ['a', arrayPrototype], plainKind = ['o', objectPrototype], localsKind = ['l', null]

class Encoder {
  constructor(onUnsaved) {
    this.ids = new NativeMap(); this.nodes = []; this.values = []; this.open = []; this.onUnsaved = onUnsaved; this.meet = undefined
    // Of groups: the root under which each object was met first, roots that share objects, slots that refer to objects.
    this.owners = undefined; this.links = undefined; this.references = undefined; this.root = 0
  }
  find(root) { const { links } = this; while (links[root] !== root) { links[root] = links[links[root]]; root = links[root] } return root }
  refer(id, parent) {
    const slot = [id]
    if (this.owners === undefined) return slot
    this.references.push(slot)
    const from = this.find(parent === undefined ? this.root : this.owners[parent.id])
    const to = this.find(this.owners[id])
    if (from !== to) this.links[from < to ? to : from] = from < to ? from : to
    return slot
  }
  // Slot of a value; objects are queued and written later, so that depth costs no stack.
  slot(value, parent, key) {
    switch (typeof value) {
      case 'undefined': return ['u']
      case 'string': case 'boolean': return value
      case 'number':
        if (value !== value) return ['n']
        if (value === 0 && 1 / value < 0) return ['z']
        return value === Infinity ? ['i'] : value === -Infinity ? ['j'] : value
      case 'bigint': return ['b', '' + value]
      case 'symbol': {
        const name = Symbol.keyFor(value)
        if (name !== undefined) return ['s', name]
        return this.unsaved(parent, key, 'symbol')
      }
    }
    return value === null ? null : this.object(value, parent, key)
  }
  object(value, parent, key) {
    const id = this.ids.get(value)
    if (id !== undefined) return this.refer(id, parent)
    const name = known.nameOf(value)
    if (name !== undefined) return ['k', name]
    const kind = kindOf(value)
    if (kind === undefined) return this.unsaved(parent, key, typeof value === 'function' ? 'function' : known.isProxy(value) ? 'Object' : tagOf(value) || 'object')
    if (this.meet !== undefined) this.meet(value)
    const next = this.nodes.length
    this.ids.set(value, next)
    this.nodes.push(undefined)
    this.values.push(value)
    if (this.owners !== undefined) this.owners.push(parent === undefined ? this.root : this.owners[parent.id])
    this.open.push({ id: next, value, kind, parent, key })
    return this.refer(next, parent)
  }
  unsaved(parent, key, what) {
    const parts = []
    let part = key
    for (let at = parent; at !== undefined && parts.length < 40; at = at.parent) { parts.push(part); part = at.key }
    let path = part === undefined ? '' : '' + part
    for (const one of parts.reverse()) path += /^[A-Za-z_$][\w$]*$/.test(one) ? '.' + one : '[' + one + ']'
    this.onUnsaved(path, what)
    return ['u']
  }
  drain() {
    for (let i = 0; i < this.open.length; i += 1) this.nodes[this.open[i].id] = this.node(this.open[i])
    this.open = []
  }
  // Most objects: the same form as below, without asking what only others have.
  plainNode(at, value) {
    const members = []
    const keys = ownKeys(value)
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i]
      const descriptor = typeof key === 'string' ? getOwnPropertyDescriptor(value, key) : undefined
      if (descriptor !== undefined && isPlain(descriptor, false)) members.push(key, this.slot(descriptor.value, at, key))
      else this.member(at, value, key, members, 'o', false)
    }
    return ['o', 0, 0, members]
  }
  member(at, value, key, members, letter, isWhole) {
    if (typeof key === 'symbol' && Symbol.keyFor(key) === undefined) { this.unsaved(at, 'symbol', 'member named by a symbol'); return }
    const descriptor = getOwnPropertyDescriptor(value, key)
    const keySlot = typeof key === 'symbol' ? ['s', Symbol.keyFor(key)] : key
    if ('value' in descriptor) {
      if (letter === 'e' && key === 'stack') { members.push(['stack', 2], typeof descriptor.value === 'string' ? descriptor.value : ['u']); return }
      const bits = (descriptor.writable ? 0 : 1) | (descriptor.enumerable ? 0 : 2) | (descriptor.configurable ? 0 : 4)
      const usual = isWhole ? 5 : 0
      members.push(bits === usual && typeof key === 'string' ? key : [keySlot, isWhole ? bits & 2 : bits], this.slot(descriptor.value, at, textKey(key)))
    } else {
      const bits = 8 | (descriptor.enumerable ? 0 : 2) | (descriptor.configurable ? 0 : 4)
      const get = this.slot(descriptor.get, at, textKey(key)), set = this.slot(descriptor.set, at, textKey(key))
      members.push([keySlot, bits], [get, set])
    }
  }
  localsNode(at) {
    const { value } = at
    const members = []
    for (const name of ownKeys(value)) {
      let local
      // A local that has no value yet will never have one: what would give it has ended.
      try { local = value[name] } catch (_) { local = undefined }
      members.push(name, this.slot(local, at, name))
    }
    const around = getPrototypeOf(value)
    return ['l', 0, around === null ? 0 : this.slot(around, at, '__proto__'), members]
  }
  node(at) {
    const { value, kind } = at
    if (kind === localsKind) return this.localsNode(at)
    if (kind === plainKind && isExtensible(value) && getPrototypeOf(value) === objectPrototype) return this.plainNode(at, value)
    const [letter, defaultProto] = kind
    const isWhole = !isExtensible(value) && isFrozen(value)
    const flags = isWhole ? 2 : isExtensible(value) ? 0 : 1
    const proto = getPrototypeOf(value)
    const protoSlot = proto === defaultProto ? 0 : this.slot(proto, at, '__proto__')
    const members = []
    const node = [letter, flags, protoSlot, members]
    let skip
    if (letter === 'a') {
      const { length } = value
      const items = []
      // A long sparse array is written by its members.
      const isDense = length <= 1000 || length <= ownKeys(value).length * 4
      let others = length
      if (isDense) for (let i = 0; i < length; i += 1) {
        const descriptor = getOwnPropertyDescriptor(value, i)
        if (descriptor === undefined || !isPlain(descriptor, isWhole)) { items.push(['h']); continue }
        others -= 1
        items.push(this.slot(descriptor.value, at, i))
      }
      node.push(length, items)
      if (others === 0 && ownKeys(value).length === length + 1) return node
      const isArrayItem = (key) => {
        if (key === 'length') return true
        if (!isDense || typeof key !== 'string') return false
        const index = +key
        return '' + (index >>> 0) === key && index < length && isPlain(getOwnPropertyDescriptor(value, key), isWhole)
      }
      skip = isArrayItem
    } else if (letter === 'd') node.push(this.slot(kind[2]))
    else if (letter === 'r') { node.push(kind[2], kind[3], this.slot(value.lastIndex)); skip = (key) => key === 'lastIndex' }
    else if (letter === 'e') node.push(kind[2])
    else if (letter === 'x') { node.push(this.slot(kind[2], at, 'value')); skip = (key) => key === 'length' || (typeof kind[2] === 'string' && /^\d+$/.test(textKey(key))) }
    else if (letter === 'm') { const entries = []; apply(mapForEach, value, [(item, key) => { entries.push(this.slot(key, at, 'key'), this.slot(item, at, textKey(key))) }]); node.push(entries) }
    else if (letter === 't') { const entries = []; apply(setForEach, value, [(item) => { entries.push(this.slot(item, at, 'item')) }]); node.push(entries) }
    else if (letter === 'f' || letter === 'c') {
      if (letter === 'f') node.push(kind[2])
      else node.push(kind[2].code, this.slot(kind[2].locals, at, 'locals'))
      skip = (key) => key === 'length' || key === 'name' || key === 'arguments' || key === 'caller'
    }
    for (const key of ownKeys(value)) {
      if (skip !== undefined && skip(key)) continue
      this.member(at, value, key, members, letter, isWhole)
    }
    return node
  }
}
const textKey = (key) => typeof key === 'symbol' ? Symbol.keyFor(key) || 'symbol' : isObject(key) ? 'key' : '' + key
const isPlain = (descriptor, isWhole) => 'value' in descriptor && descriptor.enumerable &&
  (isWhole || (descriptor.writable && descriptor.configurable))

const isTree = (value, seen, depth) => {
  switch (typeof value) {
    case 'string': case 'boolean': return true
    case 'number': return value - value === 0 && (value !== 0 || 1 / value > 0)
    case 'object': break
    default: return false
  }
  if (value === null) return true
  if (depth > 200 || seen.has(value) || known.isProxy(value) || known.nameOf(value) !== undefined) return false
  seen.add(value)
  const proto = getPrototypeOf(value)
  if (!isExtensible(value)) return false
  if (isArray(value)) {
    if (proto !== arrayPrototype) return false
    const keys = ownKeys(value)
    if (keys.length !== value.length + 1) return false
    for (let i = 0; i < value.length; i += 1) {
      const descriptor = getOwnPropertyDescriptor(value, i)
      if (descriptor === undefined || !isPlain(descriptor, false) || !isTree(descriptor.value, seen, depth + 1)) return false
    }
    return true
  }
  if (proto !== objectPrototype || tagOf(value) !== 'Object') return false
  for (const key of ownKeys(value)) {
    if (typeof key === 'symbol' || key === 'toJSON' || key === '__proto__') return false
    const descriptor = getOwnPropertyDescriptor(value, key)
    if (!isPlain(descriptor, false) || !isTree(descriptor.value, seen, depth + 1)) return false
  }
  return true
}

const encode = (value, onUnsaved) => {
  if (isTree(value, new NativeSet(), 0) && !('toJSON' in objectPrototype)) return stringify(value)
  const encoder = new Encoder(onUnsaved)
  const root = encoder.slot(value, undefined, '')
  encoder.drain()
  return FORMAT + stringify([root, encoder.nodes])
}

// Members named by symbols are looked for only when symbols can be among them.
let hasSymbols = false
const primitiveOf = (slot, objects) => {
  if (!isArray(slot)) return slot
  const [first, second] = slot
  if (typeof first === 'number') { if (!(first in objects)) broken('missing object ' + first); return objects[first] }
  switch (first) {
    case 'u': case 'h': return undefined
    case 'n': return NaN
    case 'z': return -0
    case 'i': return Infinity
    case 'j': return -Infinity
    case 'b': return BigInt(second)
    case 's': hasSymbols = true; return Symbol.for(second)
    case 'k': return known.find(second)
    default: return broken('slot of kind "' + first + '"')
  }
}
const shellOf = (node) => {
  switch (node[0]) {
    case 'o': return {}
    case 'a': return []
    case 'd': return new dateOf(0)
    case 'r': return new RegExp(node[4], node[5])
    case 'm': return new NativeMap()
    case 't': return new NativeSet()
    case 'e': { const error = new (errors[node[4]] || Error)(); delete error.message; return error }
    case 'x': return Object(isArray(node[4]) ? primitiveOf(node[4], []) : node[4])
    case 'f': return known.makeFunction(node[4])
    case 'l': return known.makeLocals()
    default: return broken('object of kind "' + node[0] + '"')
  }
}
const fill = (object, node, objects) => {
  const [letter, flags, proto, members] = node
  const value = (slot) => primitiveOf(slot, objects)
  // Functions are made only where their program is.
  if (!isObject(object)) return 0
  if (proto !== 0) {
    // A prototype that could not be saved is undefined.
    const from = value(proto)
    if (from === null || isObject(from)) setPrototypeOf(object, from)
  }
  if (letter === 'l') {
    for (let i = 0; i < members.length; i += 2) known.holdLocal(object, members[i], value(members[i + 1]))
    return flags
  }
  if (letter === 'a') {
    object.length = node[4]
    node[5].forEach((slot, i) => {
      if (isArray(slot) && slot[0] === 'h') return
      defineProperty(object, i, { value: value(slot), writable: true, enumerable: true, configurable: true })
    })
  } else if (letter === 'd') apply(Date.prototype.setTime, object, [value(node[4])])
  else if (letter === 'm') for (let i = 0; i < node[4].length; i += 2) apply(mapPrototype.set, object, [value(node[4][i]), value(node[4][i + 1])])
  else if (letter === 't') for (const slot of node[4]) apply(setPrototype.add, object, [value(slot)])
  else if (letter === 'r') object.lastIndex = value(node[6])
  else if (letter === 'e') { delete object.message; delete object.stack }
  for (let i = 0; i < members.length; i += 2) {
    const isBare = typeof members[i] === 'string'
    const bits = isBare ? 0 : members[i][1]
    const key = isBare ? members[i] : primitiveOf(members[i][0], objects)
    const common = { enumerable: (bits & 2) === 0, configurable: (bits & 4) === 0 }
    const slot = members[i + 1]
    if ((bits & 8) !== 0) defineProperty(object, key, { get: value(slot[0]), set: value(slot[1]), ...common })
    else if ((letter === 'f' || letter === 'c') && key === 'prototype') object.prototype = value(slot)
    else defineProperty(object, key, { value: value(slot), writable: (bits & 1) === 0, ...common })
  }
  return flags
}
const readGraph = (nodes) => {
  if (!isArray(nodes)) broken('no list of objects')
  // A closure is made from the object of its locals, which may be filled later. 0: a number that is free.
  const objects = nodes.map((node) => node === 0 || node[0] === 'c' ? undefined : shellOf(node))
  for (let i = 0; i < nodes.length; i += 1) if (nodes[i] !== 0 && nodes[i][0] === 'c') objects[i] = known.makeClosure(nodes[i][4], primitiveOf(nodes[i][5], objects))
  const flags = objects.map((object, i) => object === undefined ? 0 : fill(object, nodes[i], objects))
  objects.forEach((object, i) => { if (flags[i] === 1) preventExtensions(object); else if (flags[i] === 2) freeze(object) })
  return objects
}
const graphOf = (text, formats) => {
  if (text === '' || !formats.includes(text[0])) broken('format "' + text.slice(0, 1) + '" is unknown')
  let graph
  try { graph = parse(text.slice(1)) } catch (_) { return broken('the text is damaged') }
  if (!isArray(graph) || graph.length !== 2) broken('the text is damaged')
  return graph
}
const guarded = (work) => {
  try { return work() } catch (error) { if (error instanceof known.Broken) throw error; return broken('' + error.message) }
}
const decode = (text) => {
  if (!/^[A-Z]/.test(text)) return parse(text)
  return guarded(() => { const [root, nodes] = graphOf(text, FORMAT); return primitiveOf(root, readGraph(nodes)) })
}

${differenceText}
// Roots that share an object stand in one group (P1). roots: [name, value] in order. Gives of each group the names of
// its roots, its text, and what tracking it takes. Objects are met in the same order whether or not other groups are
// encoded with them. meet: told of every object; isTracked: whether differences will be written to a group.
const encodeGroups = (roots, onUnsaved, meet, isTracked) => {
  const encoder = new Encoder(onUnsaved)
  encoder.meet = meet
  encoder.owners = []
  encoder.references = []
  encoder.links = roots.map((_, i) => i)
  const slots = roots.map(([, value], i) => { encoder.root = i; return encoder.slot(value, undefined, roots[i][0]) })
  encoder.drain()
  const groups = []
  const groupOf = []
  roots.forEach(([name, value], i) => {
    const first = encoder.find(i)
    const group = groupOf[first] || (groupOf[first] = { names: [], rootValues: [], roots: [], nodes: [], values: [], text: '', isTracked: false })
    if (group.names.length === 0) groups.push(group)
    group.names.push(name)
    group.rootValues.push(value)
    group.roots.push([name, slots[i]])
  })
  const numbers = encoder.nodes.map((node, id) => {
    const { nodes, values } = groupOf[encoder.find(encoder.owners[id])]
    values.push(encoder.values[id])
    return nodes.push(node) - 1
  })
  if (groups.length > 1) for (const slot of encoder.references) slot[0] = numbers[slot[0]]
  for (const group of groups) {
    const text = stringify([group.roots, group.nodes])
    group.isTracked = isTracked !== undefined && group.nodes.length > 0 && isTracked(group.names, text.length)
    group.text = (group.isTracked ? TRACKED_FORMAT : GROUP_FORMAT) + text
  }
  return groups
}
// Gives [name, value] of all groups in order, and the groups as encodeGroups does. order: undefined in the first format.
const decodeGroups = (texts, order) => guarded(() => {
  const all = []
  const groups = []
  const places = order === undefined ? undefined : new NativeMap(order.map((name, i) => [name, i]))
  for (const text of texts) {
    const lines = text.split('\n')
    const [slots, nodes] = graphOf(lines[0], FORMAT + GROUP_FORMAT + TRACKED_FORMAT)
    if (!isArray(slots) || !isArray(nodes)) broken('no list of roots')
    for (let i = 1; i < lines.length; i += 1) fold(slots, nodes, lines[i])
    const values = readGraph(nodes)
    const names = [], rootValues = []
    for (const root of slots) {
      if (!isArray(root) || typeof root[0] !== 'string' || root.length < 2) broken('a root is damaged')
      const name = root[0]
      const place = places === undefined ? (root.length > 2 ? root[1] : undefined) : places.get(name)
      const value = primitiveOf(root[root.length - 1], values)
      names.push(name)
      rootValues.push(value)
      all.push([typeof place === 'number' ? place : Infinity, name, value])
    }
    groups.push({ names, rootValues, nodes, values, text, isTracked: lines[0][0] === TRACKED_FORMAT })
  }
  return { roots: all.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0).map(([, name, value]) => [name, value]), groups }
})
return { encode, decode, encodeGroups, decodeGroups, newShadow, track, untrack, difference, setOdd, noteSymbols }
})`
