import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '@segue/testing'
import { formatDiagnostic } from '../../src/diagnostics/format.ts'
import { front } from '../../src/read/front.ts'
import type { Fronted } from '../../src/read/front.ts'
import { depthCeiling } from '../../src/xml/parse-xml.ts'
import { resolveFile, resolveFrom } from './support/files.ts'
import { testModules } from './support/modules.ts'
import { orchestration, stateOf, w3c } from './support/read.ts'
import { randomFrom } from './support/random.ts'

const shared = sharedFolder()

/** First lines of all findings, addresses relative to `folder`. */
function heads(fronted: Fronted, folder: string): readonly string[] {
  return fronted.diagnostics.map((one) => formatDiagnostic(one, { base: folder }).split('\n')[0] ?? '')
}

function frontFile(url: string): Promise<Fronted> {
  return front(url, { resolve: resolveFile, modules: testModules })
}

async function frontText(text: string, others: Readonly<Record<string, string>> = {}): Promise<Fronted> {
  const resolve = resolveFrom({ 'file:///app/main.scxml': text, ...others })
  return front('file:///app/main.scxml', { resolve, modules: testModules })
}

describe.skipIf(shared === undefined)('sample applications', () => {
  const apps = pathToFileURL(`${shared ?? ''}/fixtures/apps`).href
  const pagesIn = (folder: string): readonly string[] =>
    readdirSync(new URL(`${apps}/${folder}`), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.scxml'))
      .sort()

  it.each(['minimal', 'business-hours', 'bank-inbound', 'subroutines'])('%s has no findings', async (folder) => {
    const pages = pagesIn(folder)
    expect(pages.length).toBeGreaterThan(1)
    for (const page of pages) {
      const fronted = await frontFile(`${apps}/${folder}/${page}`)
      expect({ page, found: heads(fronted, apps) }).toEqual({ page, found: [] })
      expect(fronted.document?.dialect).toBe('orchestration')
    }
  })

  it('each broken page has exactly the findings of its mistake that can be seen at load', async () => {
    const found: Record<string, readonly string[]> = {}
    for (const page of pagesIn('broken').filter((file) => !file.startsWith('parts'))) {
      const fronted = await frontFile(`${apps}/broken/${page}`)
      const lines = heads(fronted, `${apps}/broken`)
      if (lines.length > 0) found[page] = lines
      const isRefused = fronted.diagnostics.some(({ severity }) => severity === 'error')
      expect({ page, isRefused: fronted.document === undefined }).toEqual({ page, isRefused })
    }

    expect(found).toEqual({
      '01-target-typo.scxml': ['01-target-typo.scxml:20:43 error SEG-DOC-021 target "Exti1" does not exist'],
      '03-missing-include.scxml': [
        '03-missing-include.scxml:14:21 error SEG-INCLUDE-001 cannot read "include/Absent.js": no such file',
      ],
      '04-include-wrong-case.scxml': [
        '04-include-wrong-case.scxml:14:21 warning SEG-INCLUDE-007 "include/greetings.js" is written in another letter case than the file "Greetings.js"',
      ],
      '10-duplicate-id.scxml': [
        'parts/PartB.scxml:14:13 error SEG-DOC-020 id "_composer_entry" is already used at parts/PartA.scxml:14:13',
        'parts/PartB.scxml:15:14 error SEG-DOC-020 id "Step1" is already used at parts/PartA.scxml:15:14',
        'parts/PartB.scxml:21:14 error SEG-DOC-020 id "Done1" is already used at parts/PartA.scxml:21:14',
      ],
      '12-nobody-listens.scxml': [
        '12-nobody-listens.scxml:17:17 warning SEG-DOC-012 event "Entry1.done" is sent but no transition takes it',
      ],
    })
  })

  it('fragments know their prefix, also where one stands in another', async () => {
    const { document, sources } = await frontFile(`${apps}/bank-inbound/src-gen/IPD_default_inbound.scxml`)

    if (document === undefined) throw new Error('no document')
    expect(stateOf(document, 'inbound').prefix).toBe('')
    expect(stateOf(document, 'inbound._composer_entry')).toMatchObject({ prefix: 'inbound' })
    expect(stateOf(document, 'inbound.LookupRoute1_sub.ReadRoute')).toMatchObject({
      prefix: 'inbound.LookupRoute1_sub',
      onentry: [{ prefix: 'inbound.LookupRoute1_sub' }],
      transitions: [
        { targets: [{ id: 'inbound.LookupRoute1_sub.Found' }] },
        { targets: [{ id: 'inbound.LookupRoute1_sub.NotFound' }] },
      ],
    })
    expect(document.scripts[0]?.text.text).toContain('function pageFolder')
    expect(sources[0]?.url).toMatch(/IPD_default_inbound\.scxml$/)
    expect(new Set(sources.map(({ url }) => url)).size).toBe(sources.length)
  })
})

describe.skipIf(shared === undefined)('conformance documents', () => {
  const suite = pathToFileURL(`${shared ?? ''}/conformance/w3c-irp`).href

  it('all but the one that has to be refused are read without errors', async () => {
    const files = readdirSync(new URL(suite)).filter((file) => file.endsWith('.scxml'))
    const refused: string[] = []
    for (const file of files) {
      const { document } = await frontFile(`${suite}/${file}`)
      if (document === undefined) refused.push(file)
      else expect(document.dialect).toBe('w3c')
    }

    expect(files.length).toBeGreaterThan(200)
    expect(refused).toEqual(['test301.scxml'])
  })
})

describe('front', () => {
  it('a document that cannot be read is a finding', async () => {
    const fronted = await front('file:///none.scxml', { resolve: resolveFrom({}), modules: [] })

    expect(heads(fronted, '')).toEqual(['/none.scxml:1:1 error SEG-DOC-001 the document cannot be read: no such file'])
  })

  it('a resolver that fails against its contract is a finding', async () => {
    const resolve = (): Promise<never> => Promise.reject(new Error('gone'))

    const fronted = await front('file:///none.scxml', { resolve, modules: [] })

    expect(fronted.diagnostics.map(({ code }) => code)).toEqual(['SEG-DOC-001'])
  })

  it('another root element is an error', async () => {
    expect(heads(await frontText('<html/>'), 'file:///app')).toEqual([
      'main.scxml:1:2 error SEG-DOC-002 the root element is "html", not "scxml"',
    ])
  })

  it('a dialect can be forced', async () => {
    const resolve = resolveFrom({ 'file:///a.scxml': `${orchestration}<state/></scxml>` })

    const { document } = await front('file:///a.scxml', { resolve, modules: testModules, dialect: 'w3c' })

    expect(document?.dialect).toBe('w3c')
  })

  it('a missing include does not bring findings that only follow from it', async () => {
    const xi = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
    const text = `${w3c}<state id="s" initial="P.x" ${xi}><xi:include href="no.scxml" xpointer="x" resolveid="P"/></state></scxml>`

    const fronted = await frontText(text)

    expect(fronted.diagnostics.map(({ code }) => code)).toEqual(['SEG-INCLUDE-001'])
    expect(fronted.document).toBeUndefined()
  })

  it('warnings can be silenced where they arise, errors cannot', async () => {
    const ignore = '<!-- segue-ignore SEG-DOC-009 SEG-DOC-021 -->'
    const fronted = await frontText(
      `${w3c}<state id="s" x="1">${ignore}<transition y="2" event="e" target="none"/></state></scxml>`,
    )

    expect(heads(fronted, 'file:///app').map((line) => line.split(' ')[2])).toEqual(['SEG-DOC-009', 'SEG-DOC-021'])
  })

  it('a datum whose source is missing is read, with the reason', async () => {
    const { document, diagnostics } = await frontText(
      `${w3c}<datamodel><data id="d" src="d.json"/></datamodel><state/></scxml>`,
    )

    expect(diagnostics.map(({ code }) => code)).toEqual(['SEG-INCLUDE-010'])
    expect(document?.data[0]?.value).toMatchObject({ kind: 'content', fromSrc: true, failure: 'no such file' })
  })

  it('what a fragment says is said once, however often it is included', async () => {
    const include = (prefix: string): string =>
      `<state><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="p.scxml" xpointer="e" resolveid="${prefix}"/></state>`
    const fronted = await frontText(`${w3c}${include('A')}${include('B')}</scxml>`, {
      'file:///app/p.scxml': `${w3c}<state id="e" odd="1"><transition event="e" target="none"/></state></scxml>`,
    })

    expect(heads(fronted, 'file:///app').map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'p.scxml:1:76 warning SEG-DOC-009',
      'p.scxml:1:114 error SEG-DOC-021',
    ])
  })

  it('lists of many words, each made of entities, are read in acceptable time', async () => {
    const words = 'a&#46;b&#46;c '.repeat(30_000)
    const fronted = await frontText(
      `${w3c}<state id="s"><transition event="${words}" target="s"/><transition event="x" target="${words}"/></state></scxml>`,
    )

    expect(fronted.document).toBeUndefined()
  })

  it.each([
    ['states', '<state>', '</state>', ''],
    ['branches', '<if cond="a">', '</if>', 'onentry'],
  ])('%s as deep as the limit can be are read', async (_, open, close, around) => {
    const depth = depthCeiling - 3
    const inside = open.repeat(depth) + close.repeat(depth)
    const body = around === '' ? inside : `<${around}>${inside}</${around}>`
    const resolve = resolveFrom({ 'file:///deep.scxml': `${w3c}<state>${body}</state></scxml>` })

    const options = { resolve, modules: testModules, limits: { maxDepth: depthCeiling } }
    const { diagnostics } = await front('file:///deep.scxml', options)

    expect(diagnostics).toEqual([])
  })

  it('random damage to a whole application never rejects', async () => {
    const seed = Number(process.env['SEGUE_SEED'] ?? 7_310_055)
    const random = randomFrom(seed)
    const main = `${orchestration.replace('>', ' xmlns:xi="http://www.w3.org/2001/XInclude" initial="s">')}
      <datamodel><data id="a" expr="1"/><data id="b" src="b.json"/></datamodel><script><xi:include href="x.js" parse="text"/></script>
      <state id="s" initial="P.e"><xi:include href="part.scxml" parse="xml" xpointer="e" resolveid="P"/>
      <transition event="done.state.P.e error.*" cond="a &lt; 2" target="f"/></state>
      <parallel id="p"><history id="h"><transition target="q"/></history><state id="q"/></parallel><final id="f"><donedata><param name="n" expr="a"/></donedata></final></scxml>`
    const part = `${orchestration}<state id="e" initial="$$_MY_PREFIX_$$.i"><onentry><send event="'go'" delay="'1s'"><param name="r" expr="_my_prefix"/></send>
      <if cond="x"><raise event="y"/><elseif cond="z"/><else/></if><queue:submit requestid="r"><queue:targets/></queue:submit></onentry>
      <state id="i"><transition event="go" target="$$_MY_PREFIX_$$.i"/></state></state></scxml>`
    const words = [
      '<',
      '>',
      '"',
      '=',
      '/',
      ' ',
      '',
      '.',
      '$$_MY_PREFIX_$$',
      'state',
      'xi:include',
      'scxml',
      '&',
      '\0',
      '<!--',
      '*',
      'e',
    ]
    for (let round = 0; round < 600; round += 1) {
      const damage = (text: string): string => {
        const at = Math.floor(random() * text.length)
        const word = words[Math.floor(random() * words.length)] ?? ''
        return text.slice(0, at) + word + text.slice(at + Math.floor(random() * 6))
      }
      const texts = { main: damage(random() < 0.5 ? damage(main) : main), part: damage(part) }
      const resolve = resolveFrom({
        'file:///app/main.scxml': texts.main,
        'file:///app/part.scxml': texts.part,
        'file:///app/x.js': 'x()',
      })
      const outcome = await front('file:///app/main.scxml', { resolve, modules: testModules }).catch(
        (error: unknown) => error,
      )
      const context = `seed ${seed}, texts ${JSON.stringify(texts)}`
      expect(outcome, context).toHaveProperty('diagnostics')
      const { diagnostics } = outcome as Fronted
      for (const one of diagnostics) expect(formatDiagnostic(one), context).not.toMatch(/\{\w+\}/)
    }
  })
})
