/** Shared by all queues that hold nothing, which most of them do; never written to. */
const none: never[] = []

/** Queue with cheap ends: taking from the front does not move the rest. */
export class Fifo<T> {
  #items: (T | undefined)[] = none
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  push(item: T): void {
    if (this.#items === none) this.#items = [item]
    else this.#items.push(item)
  }

  /** Puts items before all others, in their order. */
  unshift(items: readonly T[]): void {
    this.#items = [...items, ...this.#items.slice(this.#head)]
    this.#head = 0
  }

  shift(): T | undefined {
    if (this.#head >= this.#items.length) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head++
    if (this.#head === this.#items.length) {
      this.#items = none
      this.#head = 0
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  /** The item at the front; it stays. */
  peek(): T | undefined {
    return this.#items[this.#head]
  }

  /** The items in order; the queue stays as it is. */
  *[Symbol.iterator](): Iterator<T> {
    for (let at = this.#head; at < this.#items.length; at++) {
      const item = this.#items[at]
      if (item !== undefined) yield item
    }
  }
}
