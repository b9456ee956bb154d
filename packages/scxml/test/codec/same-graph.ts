/** First difference between two graphs (as a path), `undefined` when they are equal with identity and attributes. */
export function differenceOf(left: unknown, right: unknown): string | undefined {
  const pairs = new Map<unknown, unknown>()
  const back = new Map<unknown, unknown>()
  const open: [unknown, unknown, string][] = [[left, right, '']]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [a, b, path] = next
    // The same object on both sides is an intrinsic or a shared function.
    if (a === b) continue
    if (!isObject(a) || !isObject(b)) {
      if (!Object.is(a, b)) return `${path}: ${String(a)} and ${String(b)}`
      continue
    }
    if (pairs.has(a) || back.has(b)) {
      if (pairs.get(a) !== b || back.get(b) !== a) return `${path}: shared in one graph only`
      continue
    }
    pairs.set(a, b)
    back.set(b, a)
    const own = describe(a)
    const other = describe(b)
    if (own !== other) return `${path}: ${own} and ${other}`
    if (own.startsWith('[object Function')) continue
    open.push([Object.getPrototypeOf(a), Object.getPrototypeOf(b), `${path}.__proto__`])
    for (const key of Reflect.ownKeys(a)) {
      const from = Object.getOwnPropertyDescriptor(a, key)
      const to = Object.getOwnPropertyDescriptor(b, key)
      const attributes = `${from?.writable} ${from?.enumerable} ${from?.configurable}`
      if (attributes !== `${to?.writable} ${to?.enumerable} ${to?.configurable}`)
        return `${path}.${String(key)}: attributes`
      open.push([from?.value, to?.value, `${path}.${String(key)}`])
    }
    if (tag(a) === '[object Map]' || tag(a) === '[object Set]') open.push([entries(a), entries(b), `${path}.entries`])
  }
  return undefined
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function tag(value: object): string {
  return Object.prototype.toString.call(value)
}

/** Entries of a Map or Set of any realm, whatever their prototype. An object that only inherits from one has none. */
function entries(value: object): unknown {
  const list: unknown[] = []
  try {
    if (tag(value) === '[object Map]')
      Map.prototype.forEach.call(value, (item: unknown, key: unknown) => list.push(key, item))
    else Set.prototype.forEach.call(value, (item: unknown) => list.push(item))
  } catch {
    return list
  }
  return list
}

function describe(value: object): string {
  const kind = tag(value)
  const inner =
    kind === '[object Date]'
      ? Date.prototype.getTime.call(value)
      : kind === '[object RegExp]'
        ? RegExp.prototype.toString.call(value)
        : ''
  const keys = kind === '[object Function]' ? [] : Reflect.ownKeys(value).map(String)
  return `${kind} ${inner} ${Object.isExtensible(value)} ${keys.join()}`
}
