import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  clearBit,
  emptyBits,
  hasBit,
  intersection,
  intersects,
  keyOf,
  membersOf,
  setBit,
} from '../../src/compile/bits.ts'
import { matchesName, splitDescriptor } from '../../src/compile/event-descriptor.ts'
import { sha256 } from '../../src/compile/hash.ts'
import { isExpression, isReference } from '../../src/compile/is-expression.ts'

const setOf = (size: number, members: readonly number[]): number[] => {
  const bits = emptyBits(size)
  for (const member of members) setBit(bits, member)
  return bits
}

describe('sets of states', () => {
  it.each([
    [1, [0]],
    [32, [0, 31]],
    [33, [31, 32]],
    [200, [0, 1, 30, 31, 32, 63, 64, 127, 128, 199]],
  ])('of %i states list their members in ascending order', (size, members) => {
    const bits = setOf(size, members.toReversed())

    expect(membersOf(bits)).toEqual(members)
    expect(members.every((member) => hasBit(bits, member))).toBe(true)
  })

  it('forget a member that is taken out', () => {
    const bits = setOf(64, [31, 63])

    clearBit(bits, 31)

    expect(membersOf(bits)).toEqual([63])
  })

  it('meet where they have a member in common', () => {
    const left = setOf(100, [1, 70])
    const right = setOf(100, [2, 70])

    expect(membersOf(intersection(left, right))).toEqual([70])
    expect(intersects(left, right)).toBe(true)
    expect(intersects(left, setOf(100, [2, 71]))).toBe(false)
  })

  it('have equal keys exactly when they are equal', () => {
    expect(keyOf(setOf(64, [5, 40]))).toBe(keyOf(setOf(64, [40, 5])))
    expect(keyOf(setOf(64, [5, 40]))).not.toBe(keyOf(setOf(64, [5, 41])))
  })
})

describe('event descriptors', () => {
  it.each([
    ['*', 'anything', true],
    ['foo', 'foo', true],
    ['foo', 'foo.bar', true],
    ['foo', 'foobar', false],
    ['foo.*', 'foo', true],
    ['foo.', 'foo.bar', true],
    ['foo.bar', 'foo', false],
    ['Foo', 'foo', false],
  ])('"%s" and "%s": %s', (descriptor, name, expected) => {
    expect(matchesName(splitDescriptor(descriptor), name)).toBe(expected)
  })
})

describe('the hash of a chart', () => {
  it.each(['', 'abc', 'ä€😀', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'long '.repeat(5000)])(
    'is SHA-256 (case %#)',
    (text) => {
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
    },
  )
})

describe('attribute texts', () => {
  it.each(['1 + 1', 'a.b[0]', '{ a: 1 }', "'x' // comment", '(1, 2)'])('%s is an expression', (text) => {
    expect(isExpression(text)).toBe(true)
  })

  it.each(['', 'two words', 'a)(b', '1 +', 'return'])('"%s" is none', (text) => {
    expect(isExpression(text)).toBe(false)
  })

  it('only variables and members can be assigned to', () => {
    expect(['a', 'a.b', "a['b']"].every(isReference)).toBe(true)
    expect(["'a'", 'f()', '1', 'continue'].some(isReference)).toBe(false)
  })
})
