/** Draws of one seeded stream. Order: the same seed gives the same draws on every machine. */
export interface RandomStream {
  /** At least 0 and below 1. */
  next(): number
  /** A number of a range, both ends included up to rounding. */
  between(range: NumberRange): number
  /** An element of a list; `undefined` for an empty one. */
  pick<T>(list: readonly T[]): T | undefined
}

/** Lower and upper end. */
export type NumberRange = readonly [number, number]

/** A stream for one purpose: streams of different names do not disturb each other's draws. */
export function randomStream(seed: number, name: string): RandomStream {
  let state = (hash32(name) ^ Math.imul(seed | 0, 0x9e3779b1)) >>> 0
  const next = (): number => {
    // Mulberry32: one 32-bit word of state, enough for arrival and talk times.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return {
    next,
    between: ([low, high]) => low + (high - low) * next(),
    pick: (list) => list[Math.min(list.length - 1, Math.floor(next() * list.length))],
  }
}

/** 32-bit hash of a text (FNV-1a with a final mix), for seeds and derived durations. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
