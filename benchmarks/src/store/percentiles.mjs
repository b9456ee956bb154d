// Times of many events as a few numbers.

/** Median, 99th percentile and the longest, named after `prefix`. Units: milliseconds. */
export function percentiles(prefix, times) {
  const sorted = Float64Array.from(times).sort()
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const name = (text) => (prefix === '' ? text : `${prefix}${text[0].toUpperCase()}${text.slice(1)}`)
  return { [name('p50Ms')]: at(0.5), [name('p99Ms')]: at(0.99), [name('maxMs')]: sorted.at(-1) ?? 0 }
}
