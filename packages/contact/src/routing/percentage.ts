/** Decisions counted per target of one percentage rule. */
export type ShareCounts = readonly number[]

/**
 * Index of the available target that is due next, so that shares follow the weights.
 *
 * The quota rule of apportionment: a target is eligible while it has less than its share of the decisions including
 * this one; of those the one whose next decision is due first wins. With every target available no share is ever one
 * decision away from exact. When no available target is eligible, the one that is due first gets the decision.
 *
 * Order: ties go to the first target.
 * Spec: queue §13.1 and Decisions.
 */
export function chooseByShare(
  weights: readonly number[],
  counts: ShareCounts,
  isAvailable: (index: number) => boolean,
): number | undefined {
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0)
  const decisions = counts.reduce((sum, count) => sum + count, 0) + 1
  let best: number | undefined
  let bestDue = Infinity
  let bestEligible = false
  weights.forEach((weight, index) => {
    if (!isAvailable(index)) return
    const share = totalWeight === 0 ? 1 / weights.length : weight / totalWeight
    const count = counts[index] ?? 0
    const isEligible = count < decisions * share - 1e-9
    const due = share === 0 ? Infinity : (count + 1) / share
    const isBetter = isEligible === bestEligible ? due < bestDue - 1e-9 : isEligible
    if (best !== undefined && !isBetter) return
    best = index
    bestDue = due
    bestEligible = isEligible
  })
  return best
}

/** Counts after a decision, reduced by whole rounds so that they stay small. */
export function countShare(weights: readonly number[], counts: ShareCounts, chosen: number): ShareCounts {
  const next = weights.map((_, index) => (counts[index] ?? 0) + (index === chosen ? 1 : 0))
  if (!weights.every((weight) => Number.isInteger(weight))) return next
  const divisor = weights.reduce(greatestCommonDivisor, 0)
  const round = divisor === 0 ? weights.map(() => 1) : weights.map((weight) => weight / divisor)
  return next.every((count, index) => count >= (round[index] ?? 0))
    ? next.map((count, index) => count - (round[index] ?? 0))
    : next
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
