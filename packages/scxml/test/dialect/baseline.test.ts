import { describe, expect, it } from 'vitest'
import { entering, findings, loadPage, logged, page, run } from './support.ts'

describe('scxml-dialect 1: baseline', () => {
  it.each(['minimal', 'xpath', 'ECMAScript', ''])(
    '"Only the ECMAScript profile (`profile="ecmascript"`); no minimal, no XPath": %j is refused',
    async (profile) => {
      const { chart, diagnostics } = await loadPage(page('<state id="a"/>').replace('"ecmascript"', `"${profile}"`))

      expect(chart).toBeUndefined()
      expect(diagnostics.map(({ code }) => code)).toEqual(['SEG-DOC-017'])
    },
  )

  it.each([
    ['JSON', `JSON.stringify(JSON.parse('{&quot;a&quot;:[1]}'))`, '{"a":[1]}'],
    ['`.toSource()` on any object', `({ a: [1, 'x'], f: undefined }).toSource()`, '({a:[1, "x"], f:(void 0)})'],
  ])('"ECMAScript level …: Applications use": %s', async (_, expression, expected) => {
    expect(await logged(entering(`<log expr="${expression}"/>`))).toEqual([expected])
  })

  it('"`.toSource()` on any object incl. `_event`: it must exist"', async () => {
    const session = await run(
      entering('', '<transition event="e"><log expr="eval(_event.toSource()).data.n[0]"/></transition>'),
    )

    expect(session.send('e', { n: [5] }).logs).toEqual(['5'])
  })

  it('"`const` in scripts"', async () => {
    expect(await logged(entering('<script>const rate = 3; __Log(rate)</script><log expr="rate"/>'))).toEqual(['3', '3'])
  })

  it('"Older releases lacked `Date.prototype.toISOString`, so libraries polyfill it only when absent": it is there and stays', async () => {
    const library = `if (!Date.prototype.toISOString) { Date.prototype.toISOString = function () { return 'own' } }`

    expect(await logged(`<script>${library}</script>${entering('<log expr="new Date(0).toISOString()"/>')}`)).toEqual([
      '1970-01-01T00:00:00.000Z',
    ])
  })

  it('"Scripts often contain XML comments `<!-- -->` (removed by the XML parser) and CDATA"', async () => {
    const script = `<script><!-- first --> var a = 1; <![CDATA[ if (a < 2) a = 'x<y' ]]> <!-- <b> --></script>`

    expect(await findings(script + '<state id="a"/>')).toEqual([])
    expect(await logged(script + entering('<log expr="a"/>'))).toEqual(['x<y'])
  })
})
