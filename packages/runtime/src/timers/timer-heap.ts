/** Entries in order of due time; equal times in the order they came. Cost: O(log n) to add and to take. */
export class TimerHeap<T extends { readonly dueEpochMs: number }> {
  readonly #heap: { readonly entry: T; readonly order: number }[] = []
  #order = 0

  get size(): number {
    return this.#heap.length
  }

  /** The entry that is due first. */
  first(): T | undefined {
    return this.#heap[0]?.entry
  }

  add(entry: T): void {
    const heap = this.#heap
    const node = { entry, order: this.#order++ }
    let at = heap.length
    heap.push(node)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(node, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = node
  }

  /** Removes and returns the first entry when it is due at `nowMs`. */
  take(nowMs: number): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    if (first === undefined || first.entry.dueEpochMs > nowMs) return undefined
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) this.#sink(last)
    return first.entry
  }

  #sink(node: { readonly entry: T; readonly order: number }): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      let below = heap[child]
      if (below === undefined) break
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, below)) {
        child++
        below = right
      }
      if (!isBefore(below, node)) break
      heap[at] = below
      at = child
    }
    heap[at] = node
  }
}

interface Node {
  readonly entry: { readonly dueEpochMs: number }
  readonly order: number
}

function isBefore(one: Node, other: Node): boolean {
  const byTime = one.entry.dueEpochMs - other.entry.dueEpochMs
  return byTime === 0 ? one.order < other.order : byTime < 0
}
