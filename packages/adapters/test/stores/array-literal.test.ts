import { startPostgres } from '@segue/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { arrayLiteral } from '../../src/stores/postgres/array-literal.ts'
import { toStoredText } from '../../src/stores/stored-text.ts'

const { server, reason } = await startPostgres()
if (server === undefined) console.warn(`skipped: ${reason}`)

afterAll(() => server?.[Symbol.asyncDispose]())

const hostile = [
  '',
  '"',
  '\\',
  '\\"',
  'NULL',
  'null',
  '{',
  '}',
  '{a,b}',
  ',',
  '","',
  '\n\t\r',
  ' ',
  "'",
  '\u001A,',
  '\0',
  '💶',
  '\uD800',
]

describe.skipIf(server === undefined)('array literals', () => {
  it.each([
    ['texts', 'text', hostile.map(toStoredText)],
    ['one empty text', 'text', ['']],
    ['no texts', 'text', []],
    ['texts and nothing', 'text', [null, 'a', null, '"']],
    ['only nothing', 'text', [null, null]],
    ['numbers', 'bigint', [0, -1, 9_007_199_254_740_991]],
    ['truth values', 'bool', [true, false]],
  ])('the server reads %s as they were', async (_what, type, items) => {
    const url = (await server?.createDatabase()) ?? ''
    const literal = arrayLiteral(items).replaceAll("'", "''")

    const read = await server?.sql(
      `set standard_conforming_strings = on; select array_to_json('${literal}'::${type}[])`,
      url,
    )

    expect(JSON.parse(read ?? '')).toEqual(items)
  })
})
