import { marker } from './host-marker.ts'

/** An object of the host that tells when somebody looks at it. */
export interface HostCanary {
  readonly reads: string[]
  readonly secrets: readonly string[]
  changes(): readonly string[]
  [Symbol.dispose](): void
}

const name = 'segueCanary'
const environmentName = 'SEGUE_ATTACK_MARKER'

/** Puts a canary on the global object and a marker into the environment, until it is disposed of. */
export function hostCanary(): HostCanary {
  const reads: string[] = []
  const target = { secret: 'H-3f0e7a61-host' }
  const noting = (what: string) => {
    reads.push(what)
  }
  const canary = new Proxy(target, {
    get: (object, key) => (noting(`get ${String(key)}`), Reflect.get(object, key)),
    set: (_object, key) => (noting(`set ${String(key)}`), false),
    has: (object, key) => (noting(`has ${String(key)}`), Reflect.has(object, key)),
    ownKeys: (object) => (noting('ownKeys'), Reflect.ownKeys(object)),
    getPrototypeOf: (object) => (noting('getPrototypeOf'), Reflect.getPrototypeOf(object)),
    defineProperty: () => (noting('defineProperty'), false),
    deleteProperty: () => (noting('deleteProperty'), false),
  })
  Object.defineProperty(globalThis, name, { configurable: true, get: () => (noting('global'), canary) })
  process.env[environmentName] = 'E-90ab12cd-environment'
  return {
    reads,
    secrets: [target.secret, 'E-90ab12cd-environment', marker.secret],
    changes: () => [
      ...(target.secret === 'H-3f0e7a61-host' && Object.keys(target).length === 1 ? [] : ['the canary was changed']),
      ...(marker.secret === 'M-64d8c2f0-module' ? [] : ['the marker of a host module was changed']),
      ...(process.env[environmentName] === 'E-90ab12cd-environment' ? [] : ['the environment was changed']),
    ],
    [Symbol.dispose]: () => {
      Reflect.deleteProperty(globalThis, name)
      Reflect.deleteProperty(process.env, environmentName)
    },
  }
}

/** The built-in objects of the host, as they are now. */
export interface HostShape {
  /** Paths of what is different now. */
  changes(): readonly string[]
}

const builtIns =
  'Object Function Array String Number Boolean Symbol BigInt Math Date RegExp JSON Map Set WeakMap WeakSet Error TypeError RangeError ' +
  'SyntaxError ReferenceError EvalError URIError AggregateError Reflect Proxy Promise Intl ArrayBuffer DataView Uint8Array WeakRef ' +
  'FinalizationRegistry Atomics SharedArrayBuffer WebAssembly structuredClone URL Buffer'

/** Remembers every descriptor of every object that the built-ins of the host lead to. */
export function hostShape(): HostShape {
  const known = new Map<
    object,
    { readonly path: string; readonly descriptors: PropertyDescriptorMap & { [key: symbol]: PropertyDescriptor } }
  >()
  const open: [object, string][] = []
  const see = (value: unknown, path: string): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || known.has(value)) return
    if (open.length > 20_000) return
    known.set(value, { path, descriptors: Object.getOwnPropertyDescriptors(value) })
    open.push([value, path])
  }
  for (const built of builtIns.split(' ')) see(Reflect.get(globalThis, built), built)
  for (const [index, function_] of [function* () {}, async () => {}, async function* () {}].entries())
    see(Object.getPrototypeOf(function_), `function kind ${index}`)
  for (let at = 0; at < open.length; at += 1) {
    const [object, path] = open[at] ?? [{}, '']
    see(Object.getPrototypeOf(object), `${path}.__proto__`)
    const descriptors = known.get(object)?.descriptors ?? {}
    for (const key of Reflect.ownKeys(descriptors)) {
      const descriptor = Reflect.get(descriptors, key) as PropertyDescriptor
      for (const part of ['value', 'get', 'set'] as const) see(descriptor[part], `${path}.${String(key)}`)
    }
  }
  const isSame = (one: PropertyDescriptor | undefined, two: PropertyDescriptor): boolean =>
    one !== undefined &&
    Object.is(one.value, two.value) &&
    one.get === two.get &&
    one.set === two.set &&
    one.writable === two.writable
  return {
    changes: () =>
      [...known].flatMap(([object, { path, descriptors }]) => {
        const now = Reflect.ownKeys(object)
        const before = Reflect.ownKeys(descriptors)
        if (now.length !== before.length) return [path]
        return before.flatMap((key) =>
          isSame(Object.getOwnPropertyDescriptor(object, key), Reflect.get(descriptors, key) as PropertyDescriptor)
            ? []
            : [`${path}.${String(key)}`],
        )
      }),
  }
}
