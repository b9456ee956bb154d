import { describe, expect, it } from 'vitest'
import {
  activeStates,
  createApplication,
  createSession,
  parse,
  sameRealm,
  standaloneHost,
  start,
} from '../../src/index.ts'
import type { ElementNamespace, Loaded, Session, StepOutcome } from '../../src/index.ts'

const root = 'xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript"'
const bell: ElementNamespace = {
  module: 'bell',
  uris: ['http://www.example.org/bell'],
  elements: [
    {
      name: 'ring',
      kind: 'action',
      doc: 'for tests',
      source: 'test',
      confidence: 'choice',
      events: [],
      attributes: [],
      children: [],
    },
  ],
}

function begin({ chart, diagnostics }: Loaded): { readonly session: Session; readonly outcome: StepOutcome } {
  if (chart === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const application = createApplication(chart, sameRealm())
  const session = createSession(application, { sessionId: 'S', parameters: {}, ioProcessors: '{}' })
  return { session, outcome: start(session, { nowMs: 0, seed: 1 }, standaloneHost()) }
}

describe('parse', () => {
  it('gives the chart of a text that stands alone', async () => {
    const loaded = await parse(`<scxml ${root}><state id="a"/></scxml>`)

    expect(loaded.diagnostics).toEqual([])
    expect(loaded.chart?.stateIds).toContain('a')
  })

  it('names the address that it was given in what it finds', async () => {
    const { chart, diagnostics } = await parse(`<scxml ${root} initial="nowhere"><state id="a"/></scxml>`, {
      url: 'app:/gate.scxml',
    })

    expect(chart).toBeUndefined()
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({ severity: 'error', span: { source: { url: 'app:/gate.scxml' } } })
    expect(diagnostics[0]?.message).toContain('"nowhere"')
  })

  it('finds a text that is no XML, and does not reject', async () => {
    const { chart, diagnostics } = await parse('<scxml')

    expect(chart).toBeUndefined()
    expect(diagnostics.map(({ severity }) => severity)).toContain('error')
  })

  it('does not look for libraries where nothing resolves them', async () => {
    const { chart, diagnostics } = await parse(`<scxml ${root}><script src="rates.js"/><state id="a"/></scxml>`)

    expect(chart).toBeUndefined()
    expect(diagnostics.map(({ message }) => message).join()).toContain('the document was given as text')
  })

  it('asks "resolve" for what the text refers to, relative to its address', async () => {
    const asked: string[] = []
    const loaded = await parse(`<scxml ${root}><script src="rates.js"/><state id="a"/></scxml>`, {
      url: 'app:/gate.scxml',
      resolve: async (href, base, kind) => {
        asked.push(`${kind} ${href} of ${base}`)
        return { found: true, source: { url: new URL(href, base).href, text: 'var rate = 3' } }
      },
    })

    expect(loaded.diagnostics).toEqual([])
    expect(asked).toEqual(['script rates.js of app:/gate.scxml'])
  })
})

describe('standaloneHost', () => {
  it('is enough for a document with scripts', async () => {
    const { session } = begin(
      await parse(
        `<scxml ${root}><state id="a"><transition cond="1 + 1 === 2" target="b"/></state><final id="b"/></scxml>`,
      ),
    )

    expect(session.isRunning).toBe(false)
  })

  it('answers the element of a module with an error event that names both', async () => {
    const { outcome, session } = begin(
      await parse(
        `<scxml ${root} xmlns:bell="http://www.example.org/bell"><state id="a"><onentry><bell:ring/></onentry>
           <transition event="error.*" target="refused"/></state><state id="refused"/></scxml>`,
        { modules: [bell] },
      ),
    )

    expect(activeStates(session)).toEqual(['refused'])
    expect(outcome.trace).toContainEqual(
      expect.objectContaining({ kind: 'error', message: expect.stringMatching(/"bell".*"ring"/) }),
    )
  })

  it('lets a send to another session fail at once', async () => {
    const { session } = begin(
      await parse(
        `<scxml ${root}><state id="a"><onentry><send event="hello" target="#_scxml_other"/></onentry>
           <transition event="error.communication" target="refused"/></state><state id="refused"/></scxml>`,
      ),
    )

    expect(activeStates(session)).toEqual(['refused'])
  })

  it('answers a function of a module with a message that names both', () => {
    expect(standaloneHost().call('bell', 'ring', '[]')).toEqual({
      ok: false,
      message: 'this host has no module "bell" with a function "ring"',
    })
  })
})
