import type { Ids } from '@segue/runtime'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const SUFFIX_LENGTH = 27

/** Numbers from 0 up to 1, the same for the same seed (xorshift). The worker is small and brings its own. */
export function randomOf(seed: number): () => number {
  let state = ((seed + 1) * 2_654_435_761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 4_294_967_296
  }
}

/** Ids that are the same for the same seed. */
export function idsOf(seed: number): Ids {
  const random = randomOf(seed)
  return {
    sessionSuffix: () =>
      Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET[Math.floor(random() * ALPHABET.length)] ?? '0').join(''),
    seed: () => Math.floor(random() * 4_294_967_296),
  }
}
