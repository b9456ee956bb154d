import { describe, expect, it } from 'vitest'
import { spanIn } from '../../src/source/mapped-text.ts'
import type { Source, Span } from '../../src/source/source.ts'
import { positionAt } from '../../src/source/source.ts'
import { depthCeiling, parseXml } from '../../src/xml/parse-xml.ts'
import { attributeOf, bindingsInScope, childElements, textContent } from '../../src/xml/tree.ts'
import type { XmlElement } from '../../src/xml/tree.ts'
import { randomFrom } from '../read/support/random.ts'

const limits = { maxDocumentBytes: 1_000_000, maxDepth: 200 }

function sourceOf(text: string): Source {
  return { url: 'file:///doc.scxml', text }
}

function parse(text: string): XmlElement {
  const { root, diagnostics } = parseXml(sourceOf(text), limits)
  expect(diagnostics).toEqual([])
  if (root === undefined) throw new Error('no root')
  return root
}

function textAt(span: Span): string {
  return span.source.text.slice(span.start, span.end)
}

/** Code and place of each finding. */
function findings(text: string): readonly string[] {
  return parseXml(sourceOf(text), limits).diagnostics.map(({ code, span }) => {
    const { line, column } = positionAt(span.source, span.start)
    return `${code} ${line}:${column} ${textAt(span)}`
  })
}

describe('places of elements', () => {
  it('an element knows its name, start tag, inside and whole', () => {
    const root = parse('<?xml version="1.0"?>\n<!-- note -->\n<a x="1"><b:c xmlns:b="u" /><d>t</d ></a>\n')

    const [first, second] = childElements(root)
    expect(textAt(root.span)).toBe('<a x="1"><b:c xmlns:b="u" /><d>t</d ></a>')
    expect(textAt(root.tag)).toBe('<a x="1">')
    expect(textAt(root.inner)).toBe('<b:c xmlns:b="u" /><d>t</d >')
    expect(textAt(first?.span ?? root.span)).toBe('<b:c xmlns:b="u" />')
    expect(textAt(first?.nameSpan ?? root.span)).toBe('b:c')
    expect(first).toMatchObject({ name: 'b:c', local: 'c', namespace: 'u' })
    expect(textAt(first?.inner ?? root.span)).toBe('')
    expect(textAt(second?.inner ?? root.span)).toBe('t')
  })

  it('attributes keep their order and prefixes, with spans of name and value', () => {
    const root = parse(`<a  z = '1'\n\txmlns:p="u" p:y="2"\n  b="x=&quot;>&quot;"/>`)

    expect(root.attributes.map(({ name }) => name)).toEqual(['z', 'xmlns:p', 'p:y', 'b'])
    expect(root.attributes.map(({ nameSpan }) => textAt(nameSpan))).toEqual(['z', 'xmlns:p', 'p:y', 'b'])
    expect(root.attributes.map(({ value }) => textAt(value.span))).toEqual(['1', 'u', '2', 'x=&quot;>&quot;'])
    expect(root.attributes.map(({ namespace }) => namespace)).toEqual(['', 'http://www.w3.org/2000/xmlns/', 'u', ''])
    expect(attributeOf(root, 'b')?.value.text).toBe('x=">"')
  })

  it('namespace declarations in sight are found from the inside out', () => {
    const root = parse('<a xmlns="u1" xmlns:p="u2"><b xmlns="u3"><c/></b><d/></a>')

    const [b, d] = childElements(root)
    const [c] = childElements(b ?? root)
    expect(Object.fromEntries(bindingsInScope(c?.scope ?? root.scope))).toEqual({ '': 'u3', p: 'u2' })
    expect([root, b, c, d].map((element) => element?.namespace)).toEqual(['u1', 'u3', 'u3', 'u1'])
  })
})

describe('text', () => {
  it('every character of an attribute value can be traced to where it was written', () => {
    const text = '<a b="1 &lt; 2 &amp;&amp; x&#65;y"/>'
    const root = parse(text)

    const value = attributeOf(root, 'b')?.value
    if (value === undefined) throw new Error('no attribute')
    expect(value.text).toBe('1 < 2 && xAy')
    const written = Array.from(value.text, (_, at) => spanIn(value, at, at + 1).start)
    const expected = ['1', ' ', '&lt;', ' ', '2', ' ', '&amp;', '&amp;', ' ', 'x', '&#65;', 'y']
    let at = text.indexOf('"') + 1
    expect(written).toEqual(
      expected.map((part) => {
        const start = at
        at += part.length
        return start
      }),
    )
  })

  it('text, CDATA sections and the stretches around comments are joined, and stay traceable', () => {
    const root = parse('<s>\n a();<!-- dropped -->b();<![CDATA[c < d;]]>&gt;<?pi x?>e</s>')

    const text = textContent(root)
    expect(text.text).toBe('\n a();b();c < d;>e')
    for (const word of ['a()', 'b()', 'c < d', 'e']) {
      const at = text.text.indexOf(word)
      expect(textAt(spanIn(text, at, at + word.length))).toBe(word)
    }
  })

  it('line breaks of any kind read as line feeds in text and as blanks in attributes', () => {
    const root = parse('<s a="1\r\n2\t3\r4">x\r\ny\rz<![CDATA[\r\n]]></s>')

    expect(attributeOf(root, 'a')?.value.text).toBe('1 2 3 4')
    expect(textContent(root).text).toBe('x\ny\nz\n')
    const text = textContent(root)
    expect(textAt(spanIn(text, 2, 3))).toBe('y')
    expect(textAt(spanIn(text, 4, 5))).toBe('z')
  })

  it('characters outside the basic plane and a byte order mark do not shift places', () => {
    const root = parse('\uFEFF<s a="😀" b="x">😀<t/></s>')

    expect(textAt(attributeOf(root, 'b')?.value.span ?? root.span)).toBe('x')
    expect(textAt(childElements(root)[0]?.span ?? root.span)).toBe('<t/>')
  })
})

describe('broken markup', () => {
  it.each([
    ['an end tag that does not fit', '<a>\n <b>\n</a>', ['SEG-XML-003 3:1 </a>']],
    ['an end tag without start', '<a/></b>', ['SEG-XML-003 1:5 </b>']],
    ['an element that is never closed', '<a>\n <b x="1">', ['SEG-XML-002 2:2 <b x="1">']],
    ['a cut tag', '<a>\n <b x="1', ['SEG-XML-012 2:2 <b x="1']],
    ['an unknown entity', '<a>x &nbsp; y</a>', ['SEG-XML-004 1:6 &nbsp;']],
    ['an unknown entity in an attribute', '<a b="&copy;"/>', ['SEG-XML-004 1:7 &copy;']],
    ['a prefix that is not declared', '<a><q:b/></a>', ['SEG-XML-005 1:5 q:b']],
    ['an attribute prefix that is not declared', '<a c="1" q:b="2"/>', ['SEG-XML-005 1:10 q:b']],
    ['an attribute given twice', '<b a="1" a="2"/>', ['SEG-XML-006 1:10 a']],
    ['a second root', '<a/><b/>', ['SEG-XML-001 1:5 <b']],
    ['an attribute without value', '<a b/>', ['SEG-XML-001 1:5 /']],
    ['nothing', '', ['SEG-XML-011 1:1 ']],
    ['only white space', ' \n', ['SEG-XML-011 1:1 ']],
    ['a bare "<" in a value', '<a c="1 < 2"/>', ['SEG-XML-001 1:9 <']],
  ])('%s is reported at its place', (_, text, expected) => {
    const found = findings(text)

    expect(found).toEqual(expected)
  })

  it('several undefined entities are all reported', () => {
    const found = findings('<a>&x; &y;</a>')

    expect(found).toEqual(['SEG-XML-004 1:4 &x;', 'SEG-XML-004 1:8 &y;'])
  })

  it('names of object members are no entities', () => {
    const found = findings('<a>&constructor;&toString;</a>')

    expect(found).toHaveLength(2)
  })

  it('a document cut off at any place gives one finding and no tree', () => {
    const whole = '<?xml version="1.0"?><!-- c --><s xmlns="u" a="&lt;"><b><![CDATA[x]]></b>&#65;<?p q?><c/></s>'
    for (let length = 0; length < whole.length; length += 1) {
      const { root, diagnostics } = parseXml(sourceOf(whole.slice(0, length)), limits)
      expect({ length, root, count: diagnostics.length }).toEqual({ length, root: undefined, count: 1 })
    }
  })
})

describe('hostile text', () => {
  it('100,000 nested elements give a finding', () => {
    const depth = 100_000
    const found = findings('<a>'.repeat(depth) + '</a>'.repeat(depth))

    expect(found).toEqual([`SEG-XML-010 1:${200 * 3 + 1} <a>`])
  })

  it('no limit lets nesting grow over the ceiling', () => {
    const text = '<a>'.repeat(depthCeiling + 1) + '</a>'.repeat(depthCeiling + 1)

    const { diagnostics } = parseXml(sourceOf(text), { maxDocumentBytes: 1e9, maxDepth: 1e9 })

    expect(diagnostics.map(({ code }) => code)).toEqual(['SEG-XML-010'])
  })

  it('a document type with entities is refused and nothing is expanded', () => {
    const found = findings('<!DOCTYPE a [<!ENTITY x "boom"><!ENTITY y "&x;&x;">]>\n<a>&y;</a>')

    expect(found).toEqual(['SEG-XML-007 1:1 <!DOCTYPE'])
  })

  it('a document type without declarations is passed over', () => {
    const root = parse('<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a b="1"/>')

    expect(textAt(attributeOf(root, 'b')?.nameSpan ?? root.span)).toBe('b')
  })

  it('a NUL says that the encoding is probably wrong', () => {
    const found = findings('<\0a\0/\0>\0')

    expect(found).toEqual(['SEG-XML-008 1:2 \0'])
  })

  it('a text over the limit is refused, counted in bytes', () => {
    const sized = (text: string): readonly string[] =>
      parseXml(sourceOf(text), { maxDocumentBytes: 20, maxDepth: 9 }).diagnostics.map(({ code }) => code)

    expect(sized('<a>1234567890123</a>')).toEqual([])
    expect(sized('<a>12345678901234</a>')).toEqual(['SEG-XML-009'])
    expect(sized('<a>€€€€</a>')).toEqual([])
    expect(sized('<a>€€€€€</a>')).toEqual(['SEG-XML-009'])
    expect(sized('<a>😀😀😀</a>')).toEqual([])
    expect(sized('<a>😀😀😀😀</a>')).toEqual(['SEG-XML-009'])
  })

  it('a huge attribute is read in linear time', () => {
    const value = '&amp;x '.repeat(100_000)
    const root = parse(`<a b="${value}"/>`)

    expect(attributeOf(root, 'b')?.value.text).toHaveLength(300_000)
  })

  it('many attributes and ampersands without end do not slow reading down', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `a${n}="${n}"`).join(' ')

    expect(parse(`<a ${many}/>`).attributes).toHaveLength(20_000)
    expect(findings(`<a>${'&'.repeat(200_000)}</a>`)).toHaveLength(1)
  })
})

describe('damaged documents', () => {
  it('random damage never throws', () => {
    const seed = Number(process.env['SEGUE_SEED'] ?? 20_240_501)
    const random = randomFrom(seed)
    const whole =
      '<?xml version="1.0"?><!DOCTYPE s><s xmlns="u" xmlns:p="v" a="&lt;"><p:b c=\'1\'>t<![CDATA[x]]></p:b>&#65;<!-- c --></s>'
    const alphabet = '<>/&;"\'=![]-? \n\0\uFEFFa:#x\uD800é'
    for (let round = 0; round < 3000; round += 1) {
      const units = whole.split('')
      for (let count = 0; count < 1 + random() * 4; count += 1) {
        const at = Math.floor(random() * units.length)
        units.splice(at, Math.floor(random() * 3), alphabet.charAt(Math.floor(random() * alphabet.length)))
      }
      const text = units.join('')
      expect(() => parseXml(sourceOf(text), limits), `seed ${seed}, text ${JSON.stringify(text)}`).not.toThrow()
      const { root, diagnostics } = parseXml(sourceOf(text), limits)
      expect(root === undefined, `seed ${seed}, text ${JSON.stringify(text)}`).toBe(diagnostics.length > 0)
      for (const { span } of diagnostics) {
        expect(span.start).toBeLessThanOrEqual(span.end)
        expect(span.end).toBeLessThanOrEqual(text.length)
      }
    }
  })
})
