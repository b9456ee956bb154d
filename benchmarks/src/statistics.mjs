// Numbers of several repetitions as one.

/** Median, smallest and largest. @param {readonly number[]} values */
export function summary(values) {
  const sorted = [...values].sort((left, right) => left - right)
  return { median: medianOf(sorted), min: sorted[0], max: sorted.at(-1), repetitions: sorted.length }
}

function medianOf(sorted) {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
