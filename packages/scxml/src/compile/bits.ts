/**
 * A set of small numbers (states of a chart), 32 to a word. All sets of one chart have the same number of words.
 * Plain arrays: copying a few words is cheaper than making a typed array.
 */
export type Bits = readonly number[]

/** A set that is still being filled. */
export type MutableBits = number[]

/** An empty set with room for `size` members. */
export function emptyBits(size: number): MutableBits {
  const words = (size + 31) >>> 5
  const bits: MutableBits = [0]
  while (bits.length < words) bits.push(0)
  return bits
}

/** Whether `member` is in the set. */
export function hasBit(bits: Bits, member: number): boolean {
  return ((bits[member >>> 5] ?? 0) & (1 << (member & 31))) !== 0
}

/** Adds a member. */
export function setBit(bits: MutableBits, member: number): void {
  const word = member >>> 5
  bits[word] = (bits[word] ?? 0) | (1 << (member & 31))
}

/** Takes a member out. */
export function clearBit(bits: MutableBits, member: number): void {
  const word = member >>> 5
  bits[word] = (bits[word] ?? 0) & ~(1 << (member & 31))
}

/** Adds the members of `other`. */
export function addBits(bits: MutableBits, other: Bits): void {
  for (let i = 0; i < bits.length; i += 1) bits[i] = (bits[i] ?? 0) | (other[i] ?? 0)
}

/** Members of both sets. */
export function intersection(left: Bits, right: Bits): Bits {
  return left.map((word, i) => word & (right[i] ?? 0))
}

/** Whether the sets have a member in common. */
export function intersects(left: Bits, right: Bits): boolean {
  for (let i = 0; i < left.length; i += 1) if (((left[i] ?? 0) & (right[i] ?? 0)) !== 0) return true
  return false
}

/** Members in ascending order: for states, document order. */
export function membersOf(bits: Bits): readonly number[] {
  const members: number[] = []
  for (let word = 0; word < bits.length; word += 1) {
    let rest = bits[word] ?? 0
    while (rest !== 0) {
      const low = rest & -rest
      members.push((word << 5) + (31 - Math.clz32(low)))
      rest &= ~low
    }
  }
  return members
}

/** Text that is equal for equal sets of one chart. */
export function keyOf(bits: Bits): string {
  return bits.length === 1 ? String(bits[0]) : bits.join(',')
}
