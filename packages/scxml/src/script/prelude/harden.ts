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
    const members = new Map()
    for (const key of ownKeys(object)) members.set(key, getOwnPropertyDescriptor(object, key))
    shapes.push([object, members])
  }
  return shapes
}
// New members stay, changed and deleted ones are put back.
const putBack = (shapes) => {
  for (const [object, members] of shapes) {
    for (const [key, before] of members) {
      const now = getOwnPropertyDescriptor(object, key)
      const isSame = now !== undefined && now.value === before.value && now.get === before.get && now.set === before.set
      if (!isSame && (now === undefined || now.configurable || now.writable)) defineProperty(object, key, before)
    }
  }
}
// An inherited frozen member must not stop an own one from being made.
const allowOverride = (prototype, key) => {
  const descriptor = getOwnPropertyDescriptor(prototype, key)
  if (descriptor === undefined || !('value' in descriptor) || !descriptor.configurable) return
  const { value } = descriptor
  defineProperty(prototype, key, {
    get: function () { return value },
    set: function (own) {
      if (this === prototype || this === null || (typeof this !== 'object' && typeof this !== 'function')) return
      if (hasOwn(this, key)) { this[key] = own; return }
      if (isExtensible(this)) defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true })
    },
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
const prepareRealm = () => {
  hide(global, 'Date', SessionDate)
  hide(global, 'Function', SessionFunction)
  hide(global, 'eval', indirectEval)
  hide(global, 'uneval', uneval)
  hide(functionPrototype, 'constructor', SessionFunction)
  // Functions of the application show what was written, ours show nothing of us.
  const ours = new Set([SessionDate, SessionFunction, SessionProxy, indirectEval, uneval, ...ownKeysOf(functions).map((name) => functions[name])])
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
    for (const frame of frames) {
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
