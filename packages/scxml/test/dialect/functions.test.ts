import { describe, expect, it } from 'vitest'
import { entering, run } from './support.ts'

describe('scxml-dialect 8: global functions', () => {
  it.each([
    [`__Log('m', '', 1)`, { text: 'm', label: '', level: 1 }],
    [`__Log('m')`, { text: 'm', label: '', level: 1 }],
    [`__Log(1 + 1, 'l', 4)`, { text: '2', label: 'l', level: 4 }],
  ])('`__Log(text, label?, level?)` | "writes a log record; e.g. `(msg, "", 1)`": %s', async (call, expected) => {
    const session = await run(entering(`<script>${call}</script>`))

    expect(session.trace).toContainEqual({ kind: 'log', ...expected })
  })

  it.each([
    [`__Raise('x', { n: [1] })`, '{"n":[1]}'],
    [`__Raise('x')`, '{}'],
  ])('`__Raise(name, data?)` | "raises an event with the given data object": %s', async (call, data) => {
    const session = await run(
      entering(
        `<script>${call}</script>`,
        '<transition event="x"><log expr="JSON.stringify(_event.data)"/></transition>',
      ),
    )

    expect(session.logs).toEqual([data])
  })

  it.each([
    [
      '`__GetDocumentURL()` | "full URL of the started document"',
      '__GetDocumentURL()',
      'http://h:8080/app/main.scxml?a=1&b=2',
    ],
    ['`__GetDocumentBaseURL()` | "base URL"', '__GetDocumentBaseURL()', 'http://h:8080/app/'],
    ['`__GetDocumentType()` | "type"', '__GetDocumentType()', 'scxml'],
    ['`__GetQueryString()` | "query part"', '__GetQueryString()', 'a=1&b=2'],
  ])('%s', async (_, call, expected) => {
    const session = await run(entering(`<log expr="${call}"/>`), {
      host: { documentUrl: 'http://h:8080/app/main.scxml?a=1&b=2' },
    })

    expect(session.logs).toEqual([expected])
  })

  it('`__GetCurrentStates()` | "array of active state ids, innermost last"', async () => {
    const session = await run(
      '<state id="a"><state id="b"><state id="c"><onentry><log expr="__GetCurrentStates().join()"/></onentry></state></state></state>',
    )

    expect(session.logs).toEqual(['a,b,c'])
  })
})
