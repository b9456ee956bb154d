/** What orders waiting requests: priority (higher first), age (older first), arrival. */
export interface HeapItem {
  /** Change it only outside of a heap. */
  priority: number
  sinceEpochMs: number
  readonly arrival: number
  /** Place in the heap, kept by the heap; -1 outside of it. */
  heapIndex: number
}

/** Waiting requests of one target set, best first. Cost: O(log n) to add and remove, O(1) to look. */
export class RequestHeap<T extends HeapItem> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  /** The request that is served next. */
  head(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    item.heapIndex = this.#items.length
    this.#items.push(item)
    this.#rise(item.heapIndex)
  }

  remove(item: T): void {
    const index = item.heapIndex
    if (this.#items[index] !== item) return
    item.heapIndex = -1
    const last = this.#items.pop()
    if (last === undefined || last === item) return
    this.#items[index] = last
    last.heapIndex = index
    this.#rise(index)
    this.#sink(last.heapIndex)
  }

  /** The first `limit` requests in order. Cost: O(n log n); for sets that are scanned. */
  first(limit: number): readonly T[] {
    return [...this.#items].sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, limit)
  }

  /** Every request, in no order. */
  items(): readonly T[] {
    return this.#items
  }

  #rise(start: number): void {
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#swapIfBefore(index, parent)) return
      index = parent
    }
  }

  #sink(start: number): void {
    let index = start
    for (;;) {
      const left = index * 2 + 1
      const right = left + 1
      const a = this.#items[left]
      if (a === undefined) return
      const b = this.#items[right]
      const child = b !== undefined && isBefore(b, a) ? right : left
      if (!this.#swapIfBefore(child, index)) return
      index = child
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const a = this.#items[lower]
    const b = this.#items[upper]
    if (a === undefined || b === undefined || !isBefore(a, b)) return false
    this.#items[lower] = b
    this.#items[upper] = a
    b.heapIndex = lower
    a.heapIndex = upper
    return true
  }
}

/** Order of waiting requests. Spec: queue §13.2 step 5. */
export function isBefore(a: HeapItem, b: HeapItem): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority
  if (a.sinceEpochMs !== b.sinceEpochMs) return a.sinceEpochMs < b.sinceEpochMs
  return a.arrival < b.arrival
}
