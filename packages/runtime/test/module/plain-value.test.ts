import { encodeValue } from '@segue/scxml'
import { describe, expect, it } from 'vitest'
import { plainValue } from '../../src/module/plain-value.ts'

describe('values that modules are given', () => {
  it('are JSON where JSON is exact', () => {
    expect(plainValue('{"a":[1,"x",null]}')).toEqual({ a: [1, 'x', null] })
  })

  it('keep the rest of a value when a part of it is nothing that JSON knows', () => {
    const value = { name: 'x', missing: undefined, when: new Date(0), list: [1, undefined, 3], number: Number.NaN }

    expect(plainValue(encodeValue(value))).toEqual({ ...value, when: '1970-01-01T00:00:00.000Z' })
  })

  it('have no cycles, so that a command can be stored', () => {
    const value: Record<string, unknown> = { n: 1 }
    value['self'] = value

    expect(plainValue(encodeValue(value))).toEqual({ n: 1, self: undefined })
  })

  it('are undefined when the text is broken', () => {
    expect(plainValue('A[[')).toBeUndefined()
    expect(plainValue('{')).toBeUndefined()
    expect(plainValue(undefined)).toBeUndefined()
  })
})
