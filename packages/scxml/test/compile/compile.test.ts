import { describe, expect, it } from 'vitest'
import { compile, load } from '../../src/index.ts'
import type { Loaded } from '../../src/index.ts'

const loadText = (text: string): Promise<Loaded> =>
  load('file:///app/main.scxml', {
    resolve: (_href, url) => Promise.resolve({ found: true, source: { url, text } }),
    modules: [],
  })

const root = '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript"'

describe('compiling a document', () => {
  it('numbers states in document order, the document first', async () => {
    const { chart } = await loadText(`${root}><state id="a"><state id="a1"/><history id="h"><transition target="a1"/>
      </history></state><parallel id="p"><state id="r"/></parallel><final id="f"/></scxml>`)

    expect(chart?.stateIds).toEqual(['', 'a', 'a1', 'h', 'p', 'r', 'f'])
    expect(chart?.states.map(({ kind }) => kind)).toEqual([
      'document',
      'compound',
      'atomic',
      'history',
      'parallel',
      'atomic',
      'final',
    ])
  })

  it('gives equal texts equal hashes and other texts other ones', async () => {
    const first = await loadText(`${root}><state id="a"/></scxml>`)
    const again = await loadText(`${root}><state id="a"/></scxml>`)
    const other = await loadText(`${root}><state id="b"/></scxml>`)

    expect(first.chart?.hash).toBe(again.chart?.hash)
    expect(first.chart?.hash).not.toBe(other.chart?.hash)
  })

  it('reports a target that is no state instead of throwing', async () => {
    const { document } = await loadText(
      `${root}><state id="a"><transition event="x" target="b"/></state><state id="b"/></scxml>`,
    )
    const broken = document && { ...document, states: document.states.slice(0, 1) }

    const compiled = broken && compile(broken)

    expect(compiled?.chart).toBeUndefined()
    expect(compiled?.diagnostics).toMatchObject([{ code: 'SEG-COMPILE-001', severity: 'error' }])
  })

  it('a document that cannot be read gives findings and no chart', async () => {
    const loaded = await loadText(`${root}><state id="a"><transition target="nowhere"/></state></scxml>`)

    expect(loaded.chart).toBeUndefined()
    expect(loaded.diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
  })

  it('remembers a bounded number of events per configuration', async () => {
    const { chart } = await loadText(`${root}><state id="a"/></scxml>`)
    const { candidatesFor, configurationOf } = await import('../../src/compile/configuration.ts')
    if (chart === undefined) throw new Error('the document was refused')
    const configuration = configurationOf(chart, [2])

    for (let i = 0; i < 10_000; i += 1) candidatesFor(chart, configuration, `event.${i}`, false)

    expect(configuration.byEvent.size).toBeLessThanOrEqual(256)
  })
})
