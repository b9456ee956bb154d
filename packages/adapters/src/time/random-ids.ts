import { randomBytes } from 'node:crypto'
import type { Ids } from '@segue/runtime'

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Ids and seeds from the machine's random source. */
export function randomIds(): Ids {
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
    seed: () => randomBytes(4).readUInt32LE(0),
  }
}
