import { describe, expect, it } from 'vitest'
import { entering, run } from './support.ts'

const startedWith = async (data: string, parameters: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const session = await run(
    `<datamodel>${data}</datamodel>${entering('<log expr="JSON.stringify(_data)"/>', '<transition event="show"><log expr="JSON.stringify(_data)"/></transition>')}`,
    { identity: { parameters }, files: { 'x.json': '"from the file"' } },
  )
  return session.reload().send('show').logs
}

describe('scxml-dialect 10: start parameters', () => {
  it.each([
    [
      '"needs a top-level `<data id>` of the same name", "it overwrites the initialiser"',
      '<data id="x" expr="1"/>',
      '{"x":"new"}',
    ],
    ['of a `<data>` without value', '<data id="x"/>', '{"x":"new"}'],
    ['"**without** `src`"', '<data id="x" src="x.json"/>', '{"x":"from the file"}'],
    ['"others are ignored"', '<data id="y" expr="1"/>', '{"y":1}'],
  ])('Rules: %s', async (_, data, expected) => {
    expect(await startedWith(data, { x: '"new"' })).toEqual([expected, expected])
  })

  it('"set once, never re-synchronised"', async () => {
    const session = await run(
      `<datamodel><data id="x"/></datamodel>${entering('', '<transition event="set"><assign location="_data.x" expr="\'own\'"/></transition><transition event="show"><log expr="_data.x"/></transition>')}`,
      { identity: { parameters: { x: '"given"' } } },
    )

    session.send('show').send('set').reload().send('show')

    expect(session.logs).toEqual(['given', 'own'])
  })

  it('"Known parameters (only when declared as data): `_statserver`, `_tserver`, …": such names are data like others', async () => {
    expect(await startedWith('<data id="_statserver"/>', { _statserver: '"h:1"', _tserver: '"h:2"' })).toEqual([
      '{"_statserver":"h:1"}',
      '{"_statserver":"h:1"}',
    ])
  })

  it('Decisions: "values from JSON keep their type"', async () => {
    expect(await startedWith('<data id="x"/><data id="y"/>', { x: '{"n":[1]}', y: '5' })).toEqual([
      '{"x":{"n":[1]},"y":5}',
      '{"x":{"n":[1]},"y":5}',
    ])
  })
})
