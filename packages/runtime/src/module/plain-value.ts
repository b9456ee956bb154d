import { types } from 'node:util'
import { decodeValue } from '@segue/scxml'

/**
 * The value of an encoded text as modules see it: primitives, plain objects and lists, as `JSON` would write them,
 * except that `undefined` members and NaN stay. Cycles are cut; what cannot be read is `undefined`.
 */
export function plainValue(encoded: string | undefined): unknown {
  if (encoded === undefined) return undefined
  try {
    // Text that starts with a letter of the codec is no JSON.
    if (!encoded.startsWith('A')) return JSON.parse(encoded)
    return new Copy().of(decodeValue(encoded), [])
  } catch {
    return undefined
  }
}

const maxDepth = 64
/** Items of a list that were never written. */
const maxHoles = 100_000

/** Objects of one value; one that is shared is copied wherever it stands, and a few of them can stand in many places. */
const maxObjects = 250_000

/** One value on its way. */
class Copy {
  #objects = 0

  of(value: unknown, above: readonly unknown[]): unknown {
    if (typeof value === 'bigint') return String(value)
    if (typeof value === 'function' || typeof value === 'symbol') return undefined
    if (typeof value !== 'object' || value === null) return value
    if (above.includes(value) || above.length > maxDepth) return undefined
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    if (types.isBoxedPrimitive(value)) return value.valueOf()
    this.#objects += 1
    if (this.#objects > maxObjects) throw new RangeError('the value has too many objects')
    const inner = [...above, value]
    if (Array.isArray(value)) {
      // As `JSON` would: but what has a few items and a huge length costs as much as the items.
      if (value.length > maxHoles + Object.keys(value).length) return undefined
      return Array.from(value, (item: unknown) => this.of(item, inner))
    }
    const copy: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key)
      const member: unknown = descriptor !== undefined && 'value' in descriptor ? descriptor.value : undefined
      // Defined, not assigned: a member may be called "__proto__".
      Object.defineProperty(copy, key, {
        value: this.of(member, inner),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    return copy
  }
}
