import { describe, expect, it } from 'vitest'
import { expandIncludes } from '../../src/include/expand-includes.ts'
import type { Expanded } from '../../src/include/expand-includes.ts'
import { defaultDocumentLimits } from '../../src/read/limits.ts'
import { spanIn } from '../../src/source/mapped-text.ts'
import { positionAt } from '../../src/source/source.ts'
import { parseScxml } from '../../src/xml/parse-scxml.ts'
import { attributeOf, childElements, textContent } from '../../src/xml/tree.ts'
import type { XmlElement } from '../../src/xml/tree.ts'
import { resolveFrom } from '../read/support/files.ts'

const open = '<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:xi="http://www.w3.org/2001/XInclude">'

/** Expands `main` (content of a root element) with other texts by their path. */
async function expand(
  main: string,
  others: Readonly<Record<string, string>> = {},
  limits: Partial<typeof defaultDocumentLimits> = {},
): Promise<Expanded> {
  const texts = Object.fromEntries(Object.entries(others).map(([path, text]) => [`file:///app/${path}`, text]))
  const all = { ...defaultDocumentLimits, ...limits }
  const { root } = parseScxml({ url: 'file:///app/main.scxml', text: `${open}${main}</scxml>` }, all)
  if (root === undefined) throw new Error('the test document is broken')
  return expandIncludes(root, { resolve: resolveFrom(texts), limits: all })
}

function findings(expanded: Expanded): readonly string[] {
  return expanded.diagnostics.map(({ code, span }) => {
    const { line, column } = positionAt(span.source, span.start)
    const file = span.source.url.replace('file:///app/', '')
    return `${code} ${file}:${line}:${column} ${span.source.text.slice(span.start, span.end)}`
  })
}

/** Elements below the root as `name#id(initial|target)@prefix`, by depth. */
function outline(element: XmlElement): readonly string[] {
  return childElements(element).flatMap((child) => {
    const value = (name: string): string => attributeOf(child, name)?.value.text ?? ''
    const target = value('initial') + value('target') + value('event')
    return [`${child.local}#${value('id')}(${target})@${child.prefix}`, ...outline(child)]
  })
}

/** The first `<data>` anywhere below an element. */
function dataIn(element: XmlElement): XmlElement | undefined {
  for (const child of childElements(element)) {
    const found = child.local === 'data' ? child : dataIn(child)
    if (found !== undefined) return found
  }
  return undefined
}

describe('text', () => {
  it('replaces an include in a script, character by character traceable to its file', async () => {
    const expanded = await expand('<script>a();<xi:include href="lib/x.js" parse="text"/>b();</script>', {
      'lib/x.js': '\uFEFFfunction x() { return 1 < 2 }\n',
    })

    expect(findings(expanded)).toEqual([])
    const script = childElements(expanded.root)[0]
    const text = textContent(script ?? expanded.root)
    expect(text.text).toBe('a();function x() { return 1 < 2 }\nb();')
    const place = (word: string): string => {
      const at = text.text.indexOf(word)
      const span = spanIn(text, at, at + word.length)
      return `${span.source.url} ${span.source.text.slice(span.start, span.end)}`
    }
    expect(place('a()')).toBe('file:///app/main.scxml a()')
    expect(place('1 < 2')).toBe('file:///app/lib/x.js 1 < 2')
    expect(place('b()')).toBe('file:///app/main.scxml b()')
    expect(expanded.sources.map(({ url }) => url)).toEqual(['file:///app/main.scxml', 'file:///app/lib/x.js'])
  })

  it('a file that is included twice is one source', async () => {
    const include = '<script><xi:include href="x.js" parse="text"/></script>'
    const expanded = await expand(include + include, { 'x.js': 'x()' })

    expect(childElements(expanded.root).map((script) => textContent(script).text)).toEqual(['x()', 'x()'])
    expect(expanded.sources).toHaveLength(2)
  })

  it('the src of scripts and data is read relative to the file it stands in', async () => {
    const expanded = await expand('<state><xi:include href="sub/part.scxml" parse="xml" xpointer="p"/></state>', {
      'sub/part.scxml': `${open}<state id="p"><datamodel><data id="d" src="d.json"/></datamodel></state></scxml>`,
      'sub/d.json': '[1]',
    })

    const data = dataIn(expanded.root)
    expect(data?.resource).toMatchObject({ kind: 'loaded', text: { text: '[1]' } })
  })

  it('a script that is not there is an error, a datum that is not there a warning with its reason kept', async () => {
    const expanded = await expand('<script src="s.js"/><datamodel><data id="d" src="d.json"/></datamodel>')

    expect(findings(expanded)).toEqual([
      'SEG-INCLUDE-001 main.scxml:1:104 s.js',
      'SEG-INCLUDE-010 main.scxml:1:140 d.json',
    ])
    expect(expanded.diagnostics.map(({ severity }) => severity)).toEqual(['error', 'warning'])
    const data = dataIn(expanded.root)
    expect(data?.resource).toEqual({ kind: 'failed', reason: 'no such file' })
  })
})

describe('fragments', () => {
  const part = `${open}
    <final id="_composer_noboot"/>
    <state id="_composer_entry" initial="$$_MY_PREFIX_$$.One">
      <state id="One"><transition target="$$_MY_PREFIX_$$.Two"/></state>
      <final id="Two"/>
      <transition event="done.state.$$_MY_PREFIX_$$._composer_entry" target="outside"/>
    </state></scxml>`

  it('the element of that id replaces the include; ids and macros get the prefix', async () => {
    const expanded = await expand(
      '<state id="S"><xi:include href="part.scxml" parse="xml" resolveid="P" xpointer="_composer_entry"/></state>',
      { 'part.scxml': part },
    )

    expect(findings(expanded)).toEqual([])
    expect(outline(expanded.root)).toEqual([
      'state#S()@',
      'state#P._composer_entry(P.One)@P',
      'state#P.One()@P',
      'transition#(P.Two)@P',
      'final#P.Two()@P',
      'transition#(outsidedone.state.P._composer_entry)@P',
    ])
  })

  it('without a prefix the macro disappears together with its dot', async () => {
    const expanded = await expand(
      '<state id="S" initial="$$_MY_PREFIX_$$.A"><xi:include href="part.scxml" xpointer="_composer_entry"/></state>',
      { 'part.scxml': part },
    )

    expect(outline(expanded.root).slice(0, 3)).toEqual(['state#S(A)@', 'state#_composer_entry(One)@', 'state#One()@'])
  })

  it('in a nested include the macro is filled in first, and ids are not prefixed a second time', async () => {
    const outer = `${open}<state id="E"><state id="Call">
      <xi:include href="../part.scxml" parse="xml" resolveid="$$_MY_PREFIX_$$.Sub" xpointer="_composer_entry"/>
      <transition event="done.state.$$_MY_PREFIX_$$.Sub._composer_entry" target="$$_MY_PREFIX_$$.E"/></state></state></scxml>`
    const expanded = await expand('<xi:include href="d/outer.scxml" resolveid="P" xpointer="E"/>', {
      'd/outer.scxml': outer,
      'part.scxml': part,
    })

    expect(findings(expanded)).toEqual([])
    expect(outline(expanded.root)).toEqual([
      'state#P.E()@P',
      'state#P.Call()@P',
      'state#P.Sub._composer_entry(P.Sub.One)@P.Sub',
      'state#P.Sub.One()@P.Sub',
      'transition#(P.Sub.Two)@P.Sub',
      'final#P.Sub.Two()@P.Sub',
      'transition#(outsidedone.state.P.Sub._composer_entry)@P.Sub',
      'transition#(P.Edone.state.P.Sub._composer_entry)@P',
    ])
  })

  it('a nested include without a name of its own belongs to the fragment around it', async () => {
    const expanded = await expand('<xi:include href="o.scxml" resolveid="P" xpointer="E"/>', {
      'o.scxml': `${open}<state id="E"><xi:include href="i.scxml" xpointer="F"/></state></scxml>`,
      'i.scxml': `${open}<state id="F"/></scxml>`,
    })

    expect(outline(expanded.root)).toEqual(['state#P.E()@P', 'state#P.F()@P'])
  })

  it('an id that holds dots is found and prefixed, other ids of the element are left alone', async () => {
    const expanded = await expand('<xi:include href="o.scxml" resolveid="P" xpointer="A.B"/>', {
      'o.scxml': `${open}<state id="A.B"><onentry><send id="s" event="e"/></onentry></state></scxml>`,
    })

    expect(outline(expanded.root)).toEqual(['state#P.A.B()@P', 'onentry#()@P', 'send#s(e)@P'])
  })

  it('places inside prefixed values point to what was written', async () => {
    const expanded = await expand('<xi:include href="part.scxml" resolveid="P" xpointer="_composer_entry"/>', {
      'part.scxml': part,
    })

    const [entry] = childElements(expanded.root)
    const initial = entry && attributeOf(entry, 'initial')?.value
    const id = entry && attributeOf(entry, 'id')?.value
    const written = [initial && spanIn(initial, 2, 5), id?.span].map((span) =>
      span?.source.text.slice(span.start, span.end),
    )
    expect(written).toEqual(['One', '_composer_entry'])
  })

  it('markup inside content and data is not touched', async () => {
    const expanded = await expand(
      '<datamodel><data id="d"><x><script src="none.js"/></x></data></datamodel><content><scxml><script src="none.js"/></scxml></content>',
    )

    expect(findings(expanded)).toEqual([])
  })
})

describe('includes that cannot be', () => {
  it.each([
    ['a file that is not there', '<xi:include href="no.scxml"/>', 'SEG-INCLUDE-001 main.scxml:1:109 no.scxml'],
    ['no href', '<xi:include parse="xml"/>', 'SEG-INCLUDE-002 main.scxml:1:91 <xi:include parse="xml"/>'],
    ['an unknown parse', '<xi:include href="a.scxml" parse="html"/>', 'SEG-INCLUDE-003 main.scxml:1:125 html'],
    [
      'markup in a script',
      '<script><xi:include href="a.scxml" parse="xml"/></script>',
      'SEG-INCLUDE-003 main.scxml:1:133 xml',
    ],
    ['an unknown id', '<xi:include href="a.scxml" xpointer="zz"/>', 'SEG-INCLUDE-004 main.scxml:1:128 zz'],
    ['broken markup', '<xi:include href="broken.scxml"/>', 'SEG-XML-002 broken.scxml:1:1 <a>'],
  ])('%s is reported at its place', async (_, main, expected) => {
    const expanded = await expand(main, { 'a.scxml': `${open}<state id="s"/></scxml>`, 'broken.scxml': '<a>' })

    expect(findings(expanded)).toEqual([expected])
    expect(childElements(expanded.root).filter(({ local }) => local === 'include')).toEqual([])
  })

  it('a broken fragment that is included twice is reported once', async () => {
    const expanded = await expand('<xi:include href="b.scxml"/><xi:include href="b.scxml"/>', { 'b.scxml': '<a>' })

    expect(findings(expanded)).toHaveLength(1)
  })

  it('a file that was found under another letter case is a warning', async () => {
    const { root } = parseScxml(
      {
        url: 'file:///a/m.scxml',
        text: `${open}<script><xi:include href="Lib%20A.js" parse="text"/></script></scxml>`,
      },
      defaultDocumentLimits,
    )
    if (root === undefined) throw new Error('the test document is broken')
    const source = { url: 'file:///a/lib%20a.js', text: 'x()' }

    const expanded = await expandIncludes(root, {
      resolve: () => Promise.resolve({ found: true, source }),
      limits: defaultDocumentLimits,
    })

    expect(expanded.diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['SEG-INCLUDE-007 warning'])
  })

  it('a circle of includes is reported where it closes, and names its way', async () => {
    const expanded = await expand('<xi:include href="a.scxml" xpointer="a"/>', {
      'a.scxml': `${open}<state id="a"><xi:include href="b.scxml" xpointer="b"/></state></scxml>`,
      'b.scxml': `${open}<state id="b"><xi:include href="a.scxml" xpointer="a"/></state></scxml>`,
    })

    expect(findings(expanded)).toEqual(['SEG-INCLUDE-005 b.scxml:1:123 a.scxml'])
    expect(expanded.diagnostics[0]?.message).toContain('a.scxml#a → b.scxml#b → a.scxml#a')
  })

  it('a document may include another part of itself', async () => {
    const self = `${open}<state id="a"><xi:include href="s.scxml" xpointer="b" resolveid="in"/></state><state id="b"/></scxml>`
    const expanded = await expand('<xi:include href="s.scxml" xpointer="a"/>', { 's.scxml': self })

    expect(findings(expanded)).toEqual([])
    expect(outline(expanded.root)).toEqual(['state#a()@', 'state#in.b()@in'])
  })

  it('more includes than allowed are refused, once', async () => {
    const include = '<script><xi:include href="x.js" parse="text"/></script>'
    const expanded = await expand(include.repeat(5), { 'x.js': 'x()' }, { maxIncludes: 3 })

    expect(expanded.diagnostics.map(({ code }) => code)).toEqual(['SEG-INCLUDE-006'])
  })

  it('fragments that multiply are stopped by the limit of bytes over all of them', async () => {
    const include = '<script><xi:include href="x.js" parse="text"/></script>'
    const expanded = await expand(include.repeat(20), { 'x.js': 'x'.repeat(1000) }, { maxDocumentBytes: 10_000 })

    expect(expanded.diagnostics.map(({ code }) => code)).toEqual(['SEG-INCLUDE-008'])
  })

  it('nesting over includes is limited as nesting in one document is', async () => {
    const deep = (inside: string): string => `${'<state>'.repeat(60)}${inside}${'</state>'.repeat(60)}`
    const expanded = await expand(
      deep('<xi:include href="a.scxml" xpointer="a"/>'),
      { 'a.scxml': `${open}<state id="a">${deep('')}</state></scxml>` },
      { maxDepth: 100 },
    )

    expect(expanded.diagnostics.map(({ code }) => code)).toEqual(['SEG-INCLUDE-009'])
  })

  it('a resolver that fails against its contract is a finding', async () => {
    const { root } = parseScxml(
      { url: 'file:///a/m.scxml', text: `${open}<script src="x.js"/></scxml>` },
      defaultDocumentLimits,
    )
    if (root === undefined) throw new Error('the test document is broken')

    const expanded = await expandIncludes(root, {
      resolve: () => Promise.reject(new Error('socket closed')),
      limits: defaultDocumentLimits,
    })

    expect(expanded.diagnostics[0]?.message).toBe('cannot read "x.js": socket closed')
  })
})
