import type { Ids } from '@segue/runtime'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const SUFFIX_LENGTH = 27

/** Ids that are the same in every run with the same seed. */
export function seededIds(seed: number): Ids {
  const random = seededRandom(seed)
  return {
    sessionSuffix: () =>
      Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET[Math.floor(random() * 36)] ?? '0').join(''),
    seed: () => Math.floor(random() * 0x1_0000_0000),
  }
}

/** Numbers from 0 up to 1, the same in every run with the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
