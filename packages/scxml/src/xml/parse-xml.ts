import { SaxesParser } from 'saxes'
import type { SaxesTagNS } from 'saxes'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../errors.ts'
import type { DocumentLimits } from '../read/limits.ts'
import type { Source, Span } from '../source/source.ts'
import { decode } from './decode.ts'
import type { DecodeMode } from './decode.ts'
import { createProblems } from './problems.ts'
import { scanTag } from './scan-tag.ts'
import type { NamespaceScope, XmlAttribute, XmlElement, XmlNode } from './tree.ts'
import { utf8BytesExceed } from './utf8-bytes.ts'

/** Deepest nesting that any limit can allow: what follows walks the tree by recursion. */
export const depthCeiling = 400

export interface ParsedXml {
  /** Absent when there is an error. */
  readonly root: XmlElement | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads XML into a tree with the place of every element, attribute and character. No document type definition is
 * read, no entity but the built-in ones is expanded, nothing is loaded. Never throws.
 *
 * Cost: O(length of the text).
 * Spec: XML 1.0 (fifth edition), Namespaces in XML 1.0.
 */
export function parseXml(source: Source, limits: Pick<DocumentLimits, 'maxDocumentBytes' | 'maxDepth'>): ParsedXml {
  const unreadable = refuseText(source, limits.maxDocumentBytes)
  if (unreadable !== undefined) return { root: undefined, diagnostics: [unreadable] }
  const builder = createTreeBuilder(source, Math.min(limits.maxDepth, depthCeiling))
  const diagnostics = builder.run()
  return { root: diagnostics.length === 0 ? builder.root() : undefined, diagnostics }
}

function refuseText(source: Source, maxBytes: number): Diagnostic | undefined {
  const start: Span = { source, start: 0, end: 0 }
  if (utf8BytesExceed(source.text, maxBytes)) return diagnose('SEG-XML-009', start, { limit: maxBytes })
  const nul = source.text.indexOf('\0')
  if (nul !== -1) return diagnose('SEG-XML-008', { source, start: nul, end: nul + 1 })
  if (/^[\s\uFEFF]*$/.test(source.text)) return diagnose('SEG-XML-011', start)
  return undefined
}

/** An element whose end tag has not been seen yet. */
interface OpenElement {
  readonly element: Omit<XmlElement, 'kind' | 'children' | 'span' | 'inner'>
  readonly children: XmlNode[]
}

interface TreeBuilder {
  run(): readonly Diagnostic[]
  root(): XmlElement | undefined
}

/** Ends parsing from inside a handler of the parser, which has no other way to stop. */
class ParsingEnded extends Error {}

function createTreeBuilder(source: Source, maxDepth: number): TreeBuilder {
  const { text } = source
  const open: OpenElement[] = []
  // Where the markup read last ended: text runs from here to the next "<".
  let mark = 0
  let root: XmlElement | undefined

  const parser = new SaxesParser({ xmlns: true, position: false })
  const problems = createProblems(source)

  const spanOf = (start: number, end: number): Span => ({ source, start, end })

  function endAt(diagnostic: Diagnostic): never {
    problems.add(diagnostic)
    throw new ParsingEnded()
  }

  function addText(start: number, end: number, mode: DecodeMode): void {
    const parent = open.at(-1)
    if (parent === undefined || end <= start) return
    parent.children.push({ kind: 'text', text: decode(spanOf(start, end), mode) })
  }

  /** Start of the markup whose event is being handled; the text before it is kept. */
  function startOfMarkup(): number {
    const found = text.indexOf('<', mark)
    const start = found === -1 ? mark : found
    addText(mark, start, 'text')
    return start
  }

  function skipMarkup(ending: string): void {
    const end = text.indexOf(ending, startOfMarkup())
    mark = end === -1 ? text.length : end + ending.length
  }

  function attach(element: XmlElement): void {
    const parent = open.at(-1)
    if (parent === undefined) root = element
    else parent.children.push(element)
  }

  function close(endTagStart: number, end: number): void {
    const closed = open.pop()
    if (closed === undefined) return
    const { element, children } = closed
    const inner = spanOf(Math.min(element.tag.end, endTagStart), endTagStart)
    attach({ kind: 'element', ...element, children, inner, span: spanOf(element.tag.start, end) })
  }

  parser.on('opentag', (tag) => {
    const start = startOfMarkup()
    const end = parser.position
    if (open.length >= maxDepth) {
      endAt(diagnose('SEG-XML-010', spanOf(start, end), { limit: maxDepth, ceiling: depthCeiling }))
    }
    mark = end
    open.push({ element: readTag(source, tag, start, end, open.at(-1)?.element.scope), children: [] })
  })

  parser.on('closetag', (tag) => {
    if (tag.isSelfClosing) {
      close(mark, mark)
      return
    }
    const start = startOfMarkup()
    const end = parser.position
    const found = text.slice(start + 2, end - 1).trim()
    if (found !== tag.name) endAt(problems.mismatch(found, tag.name, open.at(-1)?.element.tag, spanOf(start, end)))
    mark = end
    close(start, end)
  })

  parser.on('cdata', () => {
    const start = startOfMarkup() + '<![CDATA['.length
    const end = text.indexOf(']]>', start)
    addText(start, end, 'cdata')
    mark = end + ']]>'.length
  })
  parser.on('comment', () => skipMarkup('-->'))
  parser.on('processinginstruction', () => skipMarkup('?>'))
  parser.on('xmldecl', () => skipMarkup('?>'))
  parser.on('doctype', (content) => {
    const start = startOfMarkup()
    mark = parser.position
    if (content.includes('[')) endAt(diagnose('SEG-XML-007', spanOf(start, start + '<!DOCTYPE'.length)))
  })
  parser.on('error', (error) => {
    const isFatal = problems.translate(error.message, mark, parser.position, open.at(-1)?.element)
    if (isFatal) throw new ParsingEnded()
  })

  function run(): readonly Diagnostic[] {
    try {
      parser.write(text)
      const cut = text.indexOf('<', mark)
      const unclosed = open.at(-1)
      if (cut !== -1) problems.add(diagnose('SEG-XML-012', spanOf(cut, text.length)))
      else if (unclosed !== undefined) {
        problems.add(diagnose('SEG-XML-002', unclosed.element.tag, { element: unclosed.element.name }))
      } else parser.close()
    } catch (error) {
      // The parser itself throws on nothing known; if it does, that is a finding about the document all the same.
      if (!(error instanceof ParsingEnded)) {
        const reason = error instanceof Error ? error.message : String(error)
        problems.add(diagnose('SEG-XML-001', spanOf(mark, mark + 1), { reason }))
      }
    }
    return problems.found()
  }

  return { run, root: () => root }
}

function readTag(
  source: Source,
  tag: SaxesTagNS,
  start: number,
  end: number,
  outer: NamespaceScope | undefined,
): OpenElement['element'] {
  const scanned = scanTag(source.text, start, end)
  const attributes = scanned.attributes.map((found): XmlAttribute => {
    const name = source.text.slice(found.nameStart, found.nameEnd)
    return {
      name,
      local: name.slice(name.indexOf(':') + 1),
      namespace: tag.attributes[name]?.uri ?? '',
      value: decode({ source, start: found.valueStart, end: found.valueEnd }, 'attribute'),
      nameSpan: { source, start: found.nameStart, end: found.nameEnd },
    }
  })
  return {
    name: tag.name,
    local: tag.local,
    namespace: tag.uri,
    attributes,
    scope: scopeOf(attributes, outer),
    tag: { source, start, end },
    nameSpan: { source, start: scanned.nameStart, end: scanned.nameEnd },
    prefix: '',
  }
}

function scopeOf(attributes: readonly XmlAttribute[], outer: NamespaceScope | undefined): NamespaceScope {
  const bindings = new Map<string, string>()
  for (const { name, value } of attributes) {
    if (name === 'xmlns') bindings.set('', value.text)
    else if (name.startsWith('xmlns:')) bindings.set(name.slice('xmlns:'.length), value.text)
  }
  return bindings.size === 0 && outer !== undefined ? outer : { bindings, outer }
}
