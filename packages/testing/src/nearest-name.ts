/** The known name that is closest to a mistyped one, or `undefined` when none is close. For findings only. */
function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase().slice(0, 60)
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `did you mean "…"`, else the list of what is known. */
export function nameHint(name: string, known: readonly string[], what: string): string {
  const nearest = nearestName(name, known)
  if (nearest !== undefined) return `did you mean "${nearest}"`
  return known.length === 0 ? `there are no ${what} yet` : `${what}: ${known.slice(0, 40).join(', ')}`
}

function editDistance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const swap = (above[j - 1] ?? 0) + Number(one[i - 1] !== other[j - 1])
      row.push(Math.min(swap, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    above = row
  }
  return above[other.length] ?? 0
}
