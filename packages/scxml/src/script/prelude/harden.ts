/** Freezing of a realm that belongs to one application version. Spec: script-rules E9, E11. */
export const hardenText = String.raw`
// Every object that can be reached from the intrinsics without running anything of the application, with its path.
const reachable = () => {
  const found = new Map()
  const open = []
  const see = (value, path) => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || found.has(value)) return
    open.push([value, path])
    found.set(value, path)
  }
  // The global object of a shared realm is the host's: only the intrinsics below it count.
  if (settings.isContext) see(global, 'globalThis')
  else for (const name of settings.intrinsics) if (name !== 'globalThis') see(global[name], 'globalThis.' + name)
  see(SessionDate, 'Date')
  see(SessionMath, 'Math')
  see(getPrototypeOf(function* () {}), 'Generator')
  see(getPrototypeOf([][Symbol.iterator]()), 'ArrayIterator')
  see(getPrototypeOf(''[Symbol.iterator]()), 'StringIterator')
  see(getPrototypeOf(new Map().entries()), 'MapIterator')
  see(getPrototypeOf(new Set().values()), 'SetIterator')
  see(getPrototypeOf('x'.matchAll(/x/g)), 'RegExpStringIterator')
  // Trees of inline data inherit from these, in every session.
  for (const name of ownKeysOf(domClasses)) see(domClasses[name], 'dom.' + name)
  for (let i = 0; i < open.length; i += 1) {
    const [object, path] = open[i]
    for (const key of ownKeys(object)) {
      const name = path + '.' + textOf(key)
      const descriptor = getOwnPropertyDescriptor(object, key)
      if ('value' in descriptor) see(descriptor.value, name)
      else { see(descriptor.get, name + '.get'); see(descriptor.set, name + '.set') }
    }
    see(getPrototypeOf(object), path + '.__proto__')
  }
  return found
}
const remember = () => {
  const shapes = []
  for (const object of reachable().keys()) {
    const keys = ownKeys(object)
    shapes.push({ object, keys, members: keys.map((key) => getOwnPropertyDescriptor(object, key)) })
  }
  return shapes
}
// Lists and descriptors of the prelude would meet some of them: a setter of item 0 would be given whatever is pushed.
const descriptorMembers = ['get', 'set', 'value', 'writable', 'enumerable', 'configurable']
// New members stay, changed and deleted ones are put back. Iterators and methods may be the application's until then.
const putBack = (shapes) => {
  for (let i = 0; i < descriptorMembers.length; i += 1) delete objectPrototype[descriptorMembers[i]]
  for (let i = 0; i < shapes.length; i += 1) {
    const { object, keys, members } = shapes[i]
    for (let k = 0; k < keys.length; k += 1) {
      const key = keys[k], before = members[k]
      const now = getOwnPropertyDescriptor(object, key)
      const isSame = now !== undefined && now.value === before.value && now.get === before.get && now.set === before.set
      if (!isSame && (now === undefined || now.configurable || now.writable)) defineProperty(object, key, before)
    }
  }
  for (const prototype of [objectPrototype, Array.prototype]) {
    for (const key of getOwnPropertyNames(prototype)) if (/^\d+$/.test(key)) delete prototype[key]
  }
}
// An inherited frozen member must not stop an own one from being made.
const allowOverride = (prototype, key) => {
  const descriptor = getOwnPropertyDescriptor(prototype, key)
  if (descriptor === undefined || !('value' in descriptor) || !descriptor.configurable) return
  const { value } = descriptor
  defineProperty(prototype, key, {
    get: seal(function () { return value }),
    set: seal(function (own) {
      if (this === prototype || this === null || (typeof this !== 'object' && typeof this !== 'function')) return
      if (hasOwn(this, key)) { this[key] = own; return }
      if (isExtensible(this)) defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true })
    }),
    enumerable: descriptor.enumerable,
    configurable: false,
  })
}
const overridable = () => {
  const full = [Object, Function, Array, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError]
  for (const { prototype } of full) {
    for (const key of getOwnPropertyNames(prototype)) allowOverride(prototype, key)
  }
  for (const { prototype } of [SessionDate, String, Number, Boolean, RegExp, Map, Set]) {
    for (const key of ['constructor', 'toString', 'valueOf', 'toLocaleString', 'toJSON']) allowOverride(prototype, key)
  }
}
// As in browsers: without its prototype a session would have neither built-ins nor shared functions.
const immutable = () => new TypeError('the prototype of the global object cannot be set')
// What can give an object an attribute, an accessor or another prototype tells so: all else is seen in keys and values.
const watchRealm = () => {
  const watch = (holder, name) => {
    const native = holder[name]
    const isFixed = name === 'setPrototypeOf', isAsked = holder === Reflect
    const watching = { [name](target, ...rest) {
      noteOdd(target)
      if (isFixed && target === state.v && rest[0] !== variablesPrototype) {
        if (isAsked) return false
        throw immutable()
      }
      return apply(native, this, [target, ...rest])
    } }[name]
    defineProperty(watching, 'length', { value: native.length })
    hide(holder, name, watching)
    return watching
  }
  const made = []
  for (const name of ['defineProperty', 'defineProperties', 'freeze', 'seal', 'preventExtensions', 'setPrototypeOf']) made.push(watch(Object, name))
  for (const name of ['defineProperty', 'preventExtensions', 'setPrototypeOf']) made.push(watch(Reflect, name))
  for (const name of ['__defineGetter__', '__defineSetter__']) {
    const native = objectPrototype[name]
    const watching = { [name](key, accessor) { noteOdd(this); return apply(native, this, [key, accessor]) } }[name]
    hide(objectPrototype, name, watching)
    made.push(watching)
  }
  const { get, set } = getOwnPropertyDescriptor(objectPrototype, '__proto__')
  const watching = function (prototype) {
    noteOdd(this)
    if (this === state.v && prototype !== variablesPrototype) throw immutable()
    apply(set, this, [prototype])
  }
  defineProperty(watching, 'name', { value: 'set __proto__' })
  defineProperty(objectPrototype, '__proto__', { get, set: watching, enumerable: false, configurable: true })
  const symbolFor = { for(key) { codec.noteSymbols(); return apply(nativeSymbolFor, Symbol, [key]) } }.for
  hide(Symbol, 'for', symbolFor)
  return [...made, watching, symbolFor]
}
const nativeSymbolFor = Symbol.for
// A formatter that is given no date would show the time of the host (E12).
const stopIntlClock = () => {
  const { prototype } = Intl.DateTimeFormat
  const nativeParts = prototype.formatToParts, nativeFormat = getOwnPropertyDescriptor(prototype, 'format').get
  const ofStep = {
    formatToParts(date) { return apply(nativeParts, this, [date === undefined ? moment : date]) },
    get format() {
      const format = apply(nativeFormat, this, [])
      return seal((date) => format(date === undefined ? moment : date))
    },
  }
  hide(prototype, 'formatToParts', seal(ofStep.formatToParts))
  defineProperty(prototype, 'format', { get: seal(getOwnPropertyDescriptor(ofStep, 'format').get) })
}
const prepareRealm = () => {
  stopIntlClock()
  hide(global, 'Date', SessionDate)
  hide(global, 'Function', SessionFunction)
  hide(global, 'Proxy', SessionProxy)
  hide(global, 'eval', indirectEval)
  hide(global, 'uneval', uneval)
  hide(functionPrototype, 'constructor', SessionFunction)
  // Functions of the application show what was written, ours show nothing of us.
  for (const one of [...watchRealm(), SessionDate, SessionFunction, SessionProxy, indirectEval, uneval, ...ownKeysOf(functions).map((name) => functions[name])]) ours.add(one)
  for (const one of reachable().keys()) if (typeof one === 'function') ours.add(one)
  hide(functionPrototype, 'toString', { toString() {
    const written = writtenText(this)
    if (written !== undefined) return written
    return ours.has(this) ? 'function ' + this.name + '() { [native code] }' : apply(nativeFunctionText, this, [])
  } }.toString)
  const refuse = function () { throw new TypeError('this kind of function cannot be made from text') }
  const generatorPrototype = getPrototypeOf(function* () {})
  defineProperty(generatorPrototype, 'constructor', { value: refuse })
  defineProperty(refuse, 'prototype', { value: generatorPrototype })
  delete Error.captureStackTrace
  // Frames of the application only (E13). Fixed before the probe: frames lead to functions of the host.
  defineProperty(Error, 'prepareStackTrace', { writable: false, enumerable: false, configurable: false, value: function (error, frames) {
    const lines = []
    // By number: an iterator of the application would be given the frames.
    for (let i = 0; i < frames.length; i += 1) {
      const frame = frames[i]
      const file = frame.getFileName()
      if (file === settings.programName || (typeof file === 'string' && file.startsWith(settings.programName + '-eval'))) {
        lines.push('    at ' + (frame.getFunctionName() || 'script') + ' (' + file + ':' + frame.getLineNumber() + ':' + frame.getColumnNumber() + ')')
      }
    }
    return textOf(error) + (lines.length === 0 ? '' : '\n' + lines.join('\n'))
  } })
}
const freezeRealm = () => {
  overridable()
  for (const object of reachable().keys()) freeze(object)
}
`
