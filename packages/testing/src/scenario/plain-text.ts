/** A value on one line, as a scenario file would write it. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${(value as readonly unknown[]).map(plainText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).map(([key, member]) => `${key}: ${plainText(member)}`)
  return `{ ${members.join(', ')} }`
}
