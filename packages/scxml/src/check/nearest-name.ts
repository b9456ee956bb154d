/** Longest name, and most names, that are compared: the cost grows with names × length². */
const maxLength = 100
const maxNames = 5000
/** Wrong names that one rule makes suggestions for; a document with more has another problem. */
const maxSuggestions = 20

/** Suggests which of `names` was probably meant. Gives none after a number of calls, so that the cost stays bounded. */
export function createSuggester(names: readonly string[]): (wrong: string) => string | undefined {
  const known = [...new Set(names)].slice(0, maxNames)
  let calls = 0
  return (wrong) => {
    calls += 1
    return calls > maxSuggestions ? undefined : nearestName(wrong, known)
  }
}

/** The nearest name by single-letter changes, if it is near enough. On a tie the first one wins. */
function nearestName(wrong: string, names: readonly string[]): string | undefined {
  if (wrong.length > maxLength) return undefined
  let best: string | undefined
  let bestDistance = Math.floor(Math.max(3, wrong.length) / 3) + 1
  for (const name of names) {
    if (Math.abs(name.length - wrong.length) >= bestDistance) continue
    const distance = distanceBetween(wrong.toLowerCase(), name.toLowerCase())
    if (distance >= bestDistance) continue
    best = name
    bestDistance = distance
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function distanceBetween(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1]
      const replaced = (last[j - 1] ?? 0) + (isSame ? 0 : 1)
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const swapped = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : Infinity
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped))
    }
    beforeLast = last
    last = row
  }
  return last[other.length] ?? 0
}
