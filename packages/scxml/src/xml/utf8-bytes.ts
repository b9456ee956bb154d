/**
 * Whether a text takes more than `limit` bytes as UTF-8.
 *
 * Cost: O(1) unless the length lies near the limit, then O(length).
 */
export function utf8BytesExceed(text: string, limit: number): boolean {
  if (text.length > limit) return true
  if (text.length * 3 <= limit) return false
  return utf8Bytes(text) > limit
}

/** Length of a text as UTF-8, in bytes. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    // Each half of a surrogate pair adds one: four bytes for two units.
    if (unit >= 0xd800 && unit <= 0xdfff) bytes += 1
    else if (unit >= 0x800) bytes += 2
    else if (unit >= 0x80) bytes += 1
  }
  return bytes
}
