import { expect, it } from 'vitest'
import { chooseByShare, countShare, type ShareCounts } from '../src/routing/percentage.ts'
import { randomFrom } from '../src/routing/random.ts'

function sequence(weights: readonly number[], length: number): number[] {
  let counts: ShareCounts = weights.map(() => 0)
  return Array.from({ length }, () => {
    const chosen = chooseByShare(weights, counts, () => true) ?? -1
    counts = countShare(weights, counts, chosen)
    return chosen
  })
}

it.each([[[70, 30]], [[1, 1, 1]], [[50, 25, 15, 10]], [[97, 1, 1, 1]], [[60, 60]], [[0, 5]]])(
  'over any 100 decisions each share of %j is within 1 of exact',
  (weights) => {
    const chosen = sequence(weights, 700)
    const total = weights.reduce((sum, weight) => sum + weight, 0)

    for (let start = 0; start + 100 <= chosen.length; start++) {
      weights.forEach((weight, index) => {
        const count = chosen.slice(start, start + 100).filter((one) => one === index).length
        expect(Math.abs(count - (100 * weight) / total)).toBeLessThanOrEqual(1)
      })
    }
  },
)

it('random weights keep every share within one decision of exact at every moment', () => {
  const random = randomFrom(7)
  for (let round = 0; round < 200; round++) {
    const weights = Array.from({ length: 2 + Math.floor(random() * 5) }, () => 1 + Math.floor(random() * 40))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const counts = weights.map(() => 0)
    sequence(weights, 150).forEach((index, at) => {
      counts[index] = (counts[index] ?? 0) + 1
      weights.forEach((weight, one) => {
        expect(Math.abs((counts[one] ?? 0) - ((at + 1) * weight) / total)).toBeLessThan(1)
      })
    })
  }
})

it('an unavailable target is passed over', () => {
  expect(chooseByShare([70, 30], [0, 0], (index) => index === 1)).toBe(1)
  expect(chooseByShare([70, 30], [0, 0], () => false)).toBeUndefined()
})
