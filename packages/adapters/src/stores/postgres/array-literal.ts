/** In no stored text: the escape character of `stored-text.ts` is followed by a digit of base 16 there. */
const BETWEEN = '\u001A,'

/**
 * A column of a statement as the literal of a PostgreSQL array: numbers, booleans, or stored texts and `null`.
 *
 * Cost: some passes over the whole column; the driver looks at every element on its own, which costs more than all
 * the rest of a commit.
 */
export function arrayLiteral(items: readonly (number | boolean | string | null)[]): string {
  const texts = items.filter((item) => typeof item === 'string')
  if (texts.length === 0) return `{${items.map((item) => item ?? 'NULL').join(',')}}`
  if (texts.length < items.length)
    return `{${items.map((item) => (item === null ? 'NULL' : quoted([item]))).join(',')}}`
  return `{${quoted(texts)}}`
}

function quoted(items: readonly unknown[]): string {
  const escaped = items.join(BETWEEN).replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  return `"${escaped.replaceAll(BETWEEN, '","')}"`
}
