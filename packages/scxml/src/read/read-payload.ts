import { joinTexts, textBuilder } from '../source/mapped-text.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Span } from '../source/source.ts'
import { scxmlNamespace } from '../xml/namespaces.ts'
import { bindingsInScope, childElements, textContent } from '../xml/tree.ts'
import type { XmlElement } from '../xml/tree.ts'
import type { ContentNode, DoneDataNode, ParamNode } from './document.ts'
import { allowedChildren, checkCoreAttributes, firstValueOf, requiredValue, valueOf } from './reader.ts'
import type { Reader } from './reader.ts'

/** `<param>` and `<content>` among the children of an element, in document order. */
export interface Payload {
  readonly params: readonly ParamNode[]
  readonly content: ContentNode | undefined
}

/** Reads `<param>` and `<content>`; other children are left to the caller. */
export function readPayload(reader: Reader, parent: XmlElement, children: readonly XmlElement[]): Payload {
  const core = children.filter((child) => child.namespace === scxmlNamespace)
  const params = core.filter((child) => child.local === 'param').flatMap((child) => readParam(reader, child) ?? [])
  const contents = core.filter((child) => child.local === 'content')
  const [first, second] = contents
  if (second !== undefined) {
    reader.report('SEG-DOC-016', second.nameSpan, { element: second.name, parent: parent.name })
  }
  return { params, content: first === undefined ? undefined : readContent(reader, first) }
}

/** Reads `<donedata>`. */
export function readDoneData(reader: Reader, element: XmlElement): DoneDataNode {
  checkCoreAttributes(reader, element)
  const payload = readPayload(reader, element, allowedChildren(reader, element))
  reportBoth(reader, payload)
  return { ...payload, span: element.tag }
}

/** Where parameters and content cannot be given together: `<send>` and `<donedata>`. */
export function reportBoth(reader: Reader, { params, content }: Payload): void {
  if (content === undefined || params.length === 0) return
  reader.report('SEG-DOC-015', content.span, { first: 'param', second: 'content' })
}

function readParam(reader: Reader, element: XmlElement): ParamNode | undefined {
  checkCoreAttributes(reader, element)
  allowedChildren(reader, element)
  const name = requiredValue(reader, element, 'name')
  const expr = valueOf(element, 'expr')
  const location = valueOf(element, 'location')
  if (expr !== undefined && location !== undefined) {
    reader.report('SEG-DOC-015', location.span, { first: 'expr', second: 'location' })
  }
  if (name === undefined) return undefined
  const isLocation = expr === undefined && location !== undefined
  return { name: name.text.trim(), value: expr ?? location, isLocation, span: element.tag }
}

function readContent(reader: Reader, element: XmlElement): ContentNode {
  checkCoreAttributes(reader, element)
  const expr = firstValueOf(element, reader.dialect === 'orchestration' ? ['_expr', 'expr'] : ['expr'])
  if (expr !== undefined) return { kind: 'expression', text: expr, span: element.tag }
  return { kind: 'literal', text: inlineContent(element), span: element.tag }
}

/**
 * Inline content of an element: decoded text, or markup as it is written. An inline SCXML document is given the
 * namespace declarations that it inherits, so that it can be read on its own.
 */
export function inlineContent(element: XmlElement): MappedText {
  const [first] = childElements(element)
  if (first === undefined) return textContent(element)
  const { source } = element.inner
  if (element.children.some((child) => child.kind === 'element' && child.span.source !== source)) {
    return joinTexts(
      element.children.map((child) => (child.kind === 'text' ? child.text : writtenAt(child.span))),
      element.inner,
    )
  }
  const whole = writtenAt(element.inner)
  if (first.local !== 'scxml' || first.namespace !== scxmlNamespace) return whole
  const nameEnd = first.nameSpan.end - element.inner.start
  const builder = textBuilder()
  builder.appendText(whole, 0, nameEnd)
  builder.append(inheritedDeclarations(element, first), source, first.nameSpan.end)
  builder.appendText(whole, nameEnd, whole.text.length)
  return builder.build(element.inner)
}

function writtenAt(span: Span): MappedText {
  const { source, start, end } = span
  return { text: source.text.slice(start, end), pieces: [{ at: 0, source, offset: start }], span }
}

function inheritedDeclarations(parent: XmlElement, child: XmlElement): string {
  const own = new Set(child.attributes.map(({ name }) => name))
  return [...bindingsInScope(parent.scope)]
    .map(([prefix, uri]) => ({ name: prefix === '' ? 'xmlns' : `xmlns:${prefix}`, uri }))
    .filter(({ name }) => !own.has(name))
    .map(
      ({ name, uri }) => ` ${name}="${uri.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`,
    )
    .join('')
}
