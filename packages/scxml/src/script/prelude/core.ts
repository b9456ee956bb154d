/**
 * First part of the prelude: state of the running session, fuel, clock, random numbers, names that are missing.
 * Parts of the prelude are text, because they are evaluated inside the realm, once per program.
 */
export const coreText = String.raw`
const global = globalThis
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf, freeze, isFrozen, isExtensible,
  preventExtensions, keys: ownKeysOf, create, getOwnPropertyNames } = Object
const { apply, construct, ownKeys } = Reflect
const { isArray } = Array
const { stringify, parse } = JSON
const objectPrototype = Object.prototype
const functionPrototype = Function.prototype
const hasOwn = (object, key) => getOwnPropertyDescriptor(object, key) !== undefined
const hide = (object, key, value) =>
  defineProperty(object, key, { value, writable: true, enumerable: false, configurable: true })

// Hot state, switched by enter: v variables, d data, e event, f fuel, sid, nm, io, g.
const state = { v: undefined, d: undefined, e: undefined, f: 0, sid: undefined, nm: undefined, g: undefined,
  get io() { return ioProcessors() } }
let engine = undefined
let moment = 0
let randomState = 1
let ioValue = undefined
let owner = undefined

const SPENT = freeze({ __proto__: null, spent: true })
const spent = () => { state.f = -1; throw SPENT }
// "instanceof" would ask a thrown proxy for its prototype.
class ReadonlyTarget extends Error {
  #mark = true
  static is(value) { return typeof value === 'object' && value !== null && #mark in value }
}
const readonly = (name) => { throw new ReadonlyTarget('"' + name + '" is read-only') }
const missing = (name) => { throw new ReferenceError(name + ' is not defined') }
const broken = (message) => () => { throw new SyntaxError(message) }

// Whatever comes from outside as an exception is built again inside (E13).
const outside = (work) => {
  let failure
  try { return work() } catch (error) {
    failure = 'the engine could not answer'
    try { if (typeof error === 'object' && error !== null) failure = '' + error.message } catch (_) { /* keep the text */ }
  }
  throw new Error(failure)
}

const ioProcessors = () => {
  if (ioValue === undefined) ioValue = deepFreeze(parse(outside(() => '' + engine.ioProcessors())))
  return ioValue
}
// For functions that many sessions can reach: nothing may be left on them or on what they would be the constructor of.
const ours = new WeakSet()
const seal = (fn) => {
  ours.add(fn)
  if (typeof fn.prototype === 'object' && fn.prototype !== null) freeze(fn.prototype)
  return freeze(fn)
}
// An exception of the host that comes through the engine's own frames (V8 calls the host to write a stack, and that may
// overflow) is replaced before a script can look at it: its constructors lead out (E13).
const inward = (thrown) => {
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) return thrown
  let last = thrown
  for (let at = thrown; at !== null; at = getPrototypeOf(at)) {
    if (at === objectPrototype || ProxyMark.has(at)) return thrown
    last = at
  }
  if (getOwnPropertyDescriptor(last, '__lookupGetter__') === undefined) return thrown
  const said = getOwnPropertyDescriptor(thrown, 'message')
  return new RangeError(said !== undefined && typeof said.value === 'string' ? said.value : 'the engine could not answer')
}
const deepFreeze = (value) => {
  if (typeof value !== 'object' || value === null || isFrozen(value)) return value
  freeze(value)
  for (const key of ownKeys(value)) {
    const descriptor = getOwnPropertyDescriptor(value, key)
    if ('value' in descriptor) deepFreeze(descriptor.value)
  }
  return value
}

// Clock and random numbers of the step (E12).
const NativeDate = Date
const SessionDate = function Date(...args) {
  if (new.target === undefined) return new NativeDate(moment).toString()
  return construct(NativeDate, args.length === 0 ? [moment] : args, new.target)
}
{
  // A realm shared with the host keeps its own Date.prototype untouched by customers.
  const prototype = settings.isContext ? NativeDate.prototype : create(NativeDate.prototype)
  defineProperty(SessionDate, 'prototype', { value: prototype, writable: false })
  defineProperty(SessionDate, 'length', { value: 7 })
  hide(prototype, 'constructor', SessionDate)
  hide(SessionDate, 'now', function now() { return moment })
  hide(SessionDate, 'parse', NativeDate.parse)
  hide(SessionDate, 'UTC', NativeDate.UTC)
}
const SessionMath = settings.isContext ? Math : create(objectPrototype, Object.getOwnPropertyDescriptors(Math))
hide(SessionMath, 'random', function random() {
  randomState = (randomState + 0x6d2b79f5) | 0
  let mixed = Math.imul(randomState ^ (randomState >>> 15), 1 | randomState)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
})

// In a shared realm existing members of intrinsics are not replaced; the write goes to an object nobody sees (E11).
const guard = (target, key) => {
  if (settings.isContext) return target
  if (key === undefined || target === undefined || target === null) return {}
  if (target === SessionDate || target === SessionDate.prototype || target === SessionMath) return target
  return key in target ? {} : target
}

// Functions of the application carry the number of their code, so that they can be saved (E8).
class Stamp extends function (target) { return target } {
  #code
  #locals
  constructor(target, code, locals) { super(target); this.#code = code; this.#locals = locals }
  static has(target) { return #code in target }
  static read(target) { return #code in target && target.#locals === undefined ? target.#code : undefined }
  static readClosure(target) { return #code in target && target.#locals !== undefined ? { code: target.#code, locals: target.#locals } : undefined }
}
const stamp = (fn, code) => { new Stamp(fn, code, undefined); return fn }
// locals: the object of the locals that it captures, null when there are none.
const close = (fn, code, locals) => { if (typeof fn === 'function' && !Stamp.has(fn)) new Stamp(fn, code, locals); return fn }
const own = (object, list) => {
  for (let i = 0; i < list.length; i += 4) {
    const descriptor = getOwnPropertyDescriptor(object, list[i])
    if (descriptor !== undefined) close(descriptor[list[i + 1]], list[i + 2], list[i + 3])
  }
  return object
}
const memberOf = (object, key, kind) => getOwnPropertyDescriptor(object, key)[kind]
// Objects for captured locals: accessors of them. "this" stands among them under its own name.
class LocalsMark extends function (target) { return target } {
  #mark = true
  static has(target) { return #mark in target }
}
const scope = (locals) => { new LocalsMark(locals); return locals }
const holdLocal = (locals, name, value) =>
  defineProperty(locals, name, { get: () => value, set: (next) => { value = next }, enumerable: true, configurable: true })

const textOf = (value) => {
  try {
    if (typeof value === 'symbol') return Symbol.prototype.toString.call(value)
    return String(value)
  } catch (error) {
    if (error === SPENT) return ''
    return typeof value === 'function' ? '[function]' : '[object]'
  }
}
`
