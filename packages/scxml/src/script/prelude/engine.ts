/** Names that lead to the engine: events, module objects, `In`, the functions with two underscores (E13). */
export const engineText = String.raw`
const decodeText = (text) => text === undefined ? undefined : codec.decode(text)
const makeEvent = (fields) => {
  const { name, type, sendId, origin, originType, invokeId, data } = fields
  const decoded = data === undefined ? (settings.dialect === 'w3c' ? undefined : {}) : codec.decode(data)
  const value = settings.dialect !== 'w3c' && (decoded === undefined || decoded === null) ? {} : decoded
  const event = { name, type, sendid: sendId, origin, origintype: originType, invokeid: invokeId, data: value }
  const raw = fields.raw === undefined ? data : fields.raw
  if (raw !== undefined && settings.dialect === 'w3c') defineProperty(event, 'raw', { value: raw })
  return freeze(event)
}

// {"$list": [...], "$key": "g_uid"} becomes an array whose items are also found by that member.
const revive = (value) => {
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) { for (let i = 0; i < value.length; i += 1) value[i] = revive(value[i]); return value }
  if (hasOwn(value, '$list') && isArray(value.$list)) {
    const list = revive(value.$list)
    for (const item of list) {
      if (typeof item !== 'object' || item === null || !hasOwn(item, value.$key)) continue
      const id = '' + item[value.$key]
      if (!hasOwn(list, id)) defineProperty(list, id, { value: item, writable: true, enumerable: false, configurable: true })
    }
    return list
  }
  for (const key of ownKeysOf(value)) value[key] = revive(value[key])
  return value
}

let surfaces = undefined
let bases = new Map()
const genesys = {}
const moduleFunction = (root, name) => {
  const fn = { [name](...args) {
    const encoded = codec.encode(args)
    const answer = outside(() => {
      const given = engine.call(root, name, encoded)
      return { ok: given.ok, value: given.value, message: given.message }
    })
    if (!answer.ok) throw new Error(answer.message)
    return decodeText(answer.value)
  } }[name]
  return seal(fn)
}
// A host made anew for each step still brings the same modules.
const isKnown = (modules) => {
  if (modules === surfaces) return true
  if (surfaces === undefined || modules.length !== surfaces.length) return false
  for (let i = 0; i < modules.length; i += 1) if (modules[i] !== surfaces[i]) return false
  return true
}
const useSurfaces = (modules) => {
  surfaces = modules
  bases = new Map()
  for (const module of modules) {
    const base = {}
    const constants = revive(parse(module.constants === '' ? '{}' : module.constants))
    for (const key of ownKeysOf(constants)) base[key] = constants[key]
    for (const name of module.functions) base[name] = moduleFunction('' + module.root, '' + name)
    bases.set('' + module.root, deepFreeze(base))
    if (!hasOwn(genesys, module.root)) {
      const root = '' + module.root
      defineProperty(genesys, root, { get: seal(() => rootObject(root)), set: seal(() => {}), enumerable: true, configurable: true })
    }
  }
}
const rootObject = (root) => {
  const base = bases.get(root)
  if (base === undefined || owner === undefined) return undefined
  const version = outside(() => engine.viewVersion(root))
  const known = owner.views === undefined ? undefined : owner.views.get(root)
  if (known !== undefined && known.version === version) return known.object
  const members = revive(parse(outside(() => engine.view(root))))
  const object = create(base)
  if (typeof members === 'object' && members !== null) {
    for (const key of ownKeys(members)) defineProperty(object, key, getOwnPropertyDescriptor(members, key))
  }
  deepFreeze(object)
  if (owner.views === undefined) owner.views = new Map()
  owner.views.set(root, { version, object })
  return object
}
// Reads only: writing to the container is ignored.
const genesysRoot = new Proxy(genesys, {
  set: () => true, defineProperty: () => true, deleteProperty: () => true, setPrototypeOf: () => true, preventExtensions: () => false,
})

const urlOf = () => outside(() => '' + engine.documentUrl)
const functions = {
  In(id) { const text = textOf(id); return outside(() => engine.isActive(text)) === true },
  __Log(text, label, level) {
    const line = textOf(text)
    const name = label === undefined ? '' : textOf(label)
    const number = level === undefined ? 1 : +level
    outside(() => { engine.log(line, name, number !== number ? 1 : number) })
  },
  __Raise(name, data) {
    const event = textOf(name)
    const encoded = codec.encode(data === undefined ? {} : data)
    if (outside(() => engine.raise(event, encoded)) === false) spent()
  },
  __GetDocumentURL() { return urlOf() },
  __GetDocumentBaseURL() { const url = urlOf().replace(/[?#].*$/, ''); return url.slice(0, url.lastIndexOf('/') + 1) },
  __GetDocumentType() { return 'scxml' },
  __GetQueryString() { const found = /\?([^#]*)/.exec(urlOf()); return found === null ? '' : found[1] },
  __GetCurrentStates() {
    const ids = outside(() => stringify(engine.activeStates()))
    return parse(ids)
  },
}
for (const name of ownKeysOf(functions)) seal(functions[name])
`
