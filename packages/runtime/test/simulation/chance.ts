import { seededRandom } from '@segue/testing'

/** Everything that a seed decides, in the order in which it is asked. */
export interface Chance {
  /** Whether something of this likelihood (0 to 1) happens. */
  happens(likelihood: number): boolean
  /** Whole number from 0 to `below - 1`. */
  below(below: number): number
  /** One of several, each as likely. */
  oneOf<T>(choices: readonly [T, ...T[]]): T
}

/** The chance of one seed. */
export function chanceOf(seed: number): Chance {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  return {
    happens: (likelihood) => random() < likelihood,
    below,
    oneOf: (choices) => choices[below(choices.length)] ?? choices[0],
  }
}
