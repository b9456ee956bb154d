/**
 * Milliseconds of a `delay`: a CSS2 time (`1.5s`, `200ms`), or a bare number of milliseconds, which an expression
 * easily gives. `undefined` when it is neither.
 */
export function delayMsOf(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return 0
  const match = /^\+?(\d+(?:\.\d*)?|\.\d+)\s*(s|ms|)$/i.exec(trimmed)
  if (match === null) return undefined
  const amount = Number(match[1])
  return Math.round(match[2]?.toLowerCase() === 's' ? amount * 1000 : amount)
}
