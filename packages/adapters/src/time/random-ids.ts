import { randomBytes, randomFillSync } from 'node:crypto'
import type { Ids } from '@segue/runtime'

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Seeds are drawn many at once: every step takes one. */
const SEEDS_AT_ONCE = 1024

/** Ids and seeds from the machine's random source. */
export function randomIds(): Ids {
  const seeds = new Uint32Array(SEEDS_AT_ONCE)
  let seedsUsed = SEEDS_AT_ONCE
  return {
    sessionSuffix() {
      let suffix = ''
      while (suffix.length < 27) {
        for (const byte of randomBytes(32)) {
          // 252 is the largest multiple of 36 in a byte: every letter equally likely.
          if (byte < 252 && suffix.length < 27) suffix += LETTERS.charAt(byte % 36)
        }
      }
      return suffix
    },
    seed() {
      if (seedsUsed === SEEDS_AT_ONCE) {
        randomFillSync(seeds)
        seedsUsed = 0
      }
      return seeds[seedsUsed++] ?? 0
    },
  }
}
