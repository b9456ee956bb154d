import { randomFrom } from '../read/support/random.ts'

/** Choices that a seed decides. */
export interface RandomSource {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number
  /** True in about this share of the cases. */
  chance(ratio: number): boolean
  /** Errors: throws when there is nothing to choose from. */
  pick<T>(items: readonly T[]): T
}

/** Choices that `seed` decides. */
export function randomSource(seed: number): RandomSource {
  const next = randomFrom(seed)
  // Neighbouring seeds begin alike.
  for (let i = 0; i < 3; i += 1) next()
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    chance: (ratio) => next() < ratio,
    pick: (items) => {
      const picked = items[below(items.length)]
      if (picked === undefined) throw new RangeError('there is nothing to choose from')
      return picked
    },
  }
}
