/**
 * A map that stays empty in most of its owners and costs next to nothing there: every entity in memory has some.
 *
 * Order: entries in the order they came, as in `Map`.
 */
export class SparseMap<K, V> {
  #map: Map<K, V> | undefined

  get size(): number {
    return this.#map?.size ?? 0
  }

  get(key: K): V | undefined {
    return this.#map?.get(key)
  }

  has(key: K): boolean {
    return this.#map?.has(key) ?? false
  }

  set(key: K, value: V): void {
    this.#map ??= new Map()
    this.#map.set(key, value)
  }

  delete(key: K): boolean {
    return this.#map?.delete(key) ?? false
  }

  clear(): void {
    this.#map = undefined
  }

  keys(): Iterable<K> {
    return this.#map?.keys() ?? []
  }

  values(): Iterable<V> {
    return this.#map?.values() ?? []
  }

  [Symbol.iterator](): Iterator<[K, V]> {
    return this.#map?.entries() ?? none
  }
}

const none: Iterator<never> = { next: () => ({ done: true, value: undefined }) }
