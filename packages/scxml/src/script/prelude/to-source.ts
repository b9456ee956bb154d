/** `toSource()` and `uneval` in the form of SpiderMonkey. Spec: script-rules E17. */
export const toSourceText = String.raw`
const classOf = (value) => {
  const tag = apply(objectPrototype.toString, value, [])
  return tag.slice(8, -1)
}
const attempt = (method, value) => { try { return apply(method, value, []) } catch (_) { return undefined } }
const numberSource = (value) => value === 0 && 1 / value < 0 ? '-0' : '' + value
const quoteWith = (text, quote) => {
  let out = quote
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    const char = text[i]
    if (char === quote || char === '\\') out += '\\' + char
    else if (code === 10) out += '\\n'
    else if (code === 13) out += '\\r'
    else if (code === 9) out += '\\t'
    else if (code === 8) out += '\\b'
    else if (code === 12) out += '\\f'
    else if (code === 11) out += '\\v'
    else if (code >= 32 && code < 127) out += char
    else if (code < 256) out += '\\x' + (code + 256).toString(16).slice(1).toUpperCase()
    else out += '\\u' + (code + 65536).toString(16).slice(1).toUpperCase()
  }
  return out + quote
}
const keySource = (key) => /^(?:[A-Za-z_$][\w$]*|0|[1-9]\d*)$/.test(key) ? key : quoteWith(key, "'")
const nativeFunctionText = functionPrototype.toString
const writtenText = (fn) => {
  if (typeof fn !== 'function') return undefined
  const code = Stamp.read(fn), closure = Stamp.readClosure(fn)
  if (closure !== undefined) return outside(() => outer.sourceOf(closure.code, true))
  return code === undefined ? undefined : outside(() => outer.sourceOf(code, false))
}
const functionSource = (fn) => {
  const written = writtenText(fn)
  return '(' + (written === undefined ? apply(nativeFunctionText, fn, []) : written) + ')'
}
const sourceOf = (root, isMethod) => {
  const open = new Set()
  let room = settings.maxToSourceChars
  const take = (text) => { room -= text.length; return text }
  const boxed = (name, text) => take('(new ' + name + '(' + text + '))')
  const primitive = (value, isBoxed) => {
    switch (typeof value) {
      case 'undefined': return take('(void 0)')
      case 'string': { const text = quoteWith(value.length > room ? value.slice(0, room) : value, '"'); return isBoxed ? boxed('String', text) : take(text) }
      case 'number': return isBoxed ? boxed('Number', numberSource(value)) : take(numberSource(value))
      case 'boolean': return isBoxed ? boxed('Boolean', '' + value) : take('' + value)
      case 'bigint': return take(value + 'n')
      case 'symbol': return take(textOf(value))
      default: return take('null')
    }
  }
  const items = (value) => {
    const parts = []
    const length = Math.min(value.length, 1e6)
    for (let i = 0; i < length && room > 0; i += 1) parts.push(i in value ? source(value[i], false) : '')
    if (length > 0 && !(length - 1 in value)) parts.push('')
    room -= parts.length * 2
    return '[' + parts.join(', ') + ']'
  }
  const members = (value) => {
    const parts = []
    for (const key of ownKeysOf(value)) {
      if (room <= 0) break
      parts.push(take(keySource(key)) + ':' + source(value[key], false))
      room -= 2
    }
    return '{' + parts.join(', ') + '}'
  }
  const source = (value, isTop) => {
    if (room <= 0) return ''
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return primitive(value, isTop && isMethod)
    if (typeof value === 'function') return take(functionSource(value))
    if (open.has(value) || open.size > 200) return isArray(value) ? '[]' : '{}'
    open.add(value)
    try {
      if (isArray(value)) return items(value)
      switch (classOf(value)) {
        case 'Date': { const time = attempt(NativeDate.prototype.getTime, value); if (time !== undefined) return boxed('Date', numberSource(time)); break }
        case 'RegExp': return take(attempt(RegExp.prototype.toString, value) || '({})')
        case 'String': { const text = attempt(String.prototype.valueOf, value); if (text !== undefined) return primitive(text, true); break }
        case 'Number': { const number = attempt(Number.prototype.valueOf, value); if (number !== undefined) return primitive(number, true); break }
        case 'Boolean': { const flag = attempt(Boolean.prototype.valueOf, value); if (flag !== undefined) return primitive(flag, true); break }
        case 'Error': return boxed(/^\w+$/.test(textOf(value.name)) ? textOf(value.name) : 'Error', quoteWith(textOf(value.message), '"'))
      }
      const text = members(value)
      return isTop ? '(' + text + ')' : text
    } finally {
      open.delete(value)
    }
  }
  return source(root, true)
}
const uneval = function uneval(value) { return sourceOf(value, false) }
const ownSource = (value) => sourceOf(value, true)
// Programs of a shared realm share the method as well: it asks the program that was entered last.
let sharedToSource = undefined
if (settings.isContext) hide(objectPrototype, 'toSource', function toSource() { return sourceOf(this, true) })
else {
  if (!hasOwn(objectPrototype, 'toSource')) {
    const method = function toSource() { return method.by(this) }
    hide(objectPrototype, 'toSource', method)
  }
  sharedToSource = objectPrototype.toSource
  sharedToSource.by = ownSource
}
`
