import { joinTexts } from '../source/mapped-text.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Span } from '../source/source.ts'

/** An element with the place of everything it was written with. */
export interface XmlElement {
  readonly kind: 'element'
  /** As written, with its prefix. */
  readonly name: string
  readonly local: string
  /** URI, `''` when the element is in no namespace. */
  readonly namespace: string
  /** In the order of the source, namespace declarations included. */
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlNode[]
  readonly scope: NamespaceScope
  /** From `<` of the start tag to the end of the end tag. */
  readonly span: Span
  /** The start tag. */
  readonly tag: Span
  readonly nameSpan: Span
  /** Between start tag and end tag; empty for an empty-element tag. */
  readonly inner: Span
  /** `_my_prefix` of the included fragment that the element stands in, `''` outside. */
  readonly prefix: string
  /** What the `src` of a `<script>` or `<data>` led to. */
  readonly resource?: XmlResource
}

export interface XmlAttribute {
  /** As written, with its prefix. */
  readonly name: string
  readonly local: string
  /** URI, `''` for an attribute without prefix. */
  readonly namespace: string
  /** Entities decoded, white space normalised; its span leaves the quotes out. */
  readonly value: MappedText
  readonly nameSpan: Span
}

export interface XmlText {
  readonly kind: 'text'
  readonly text: MappedText
}

export type XmlNode = XmlElement | XmlText

/** Prefixes (the default namespace is `''`) declared on an element, and those around it. */
export interface NamespaceScope {
  readonly bindings: ReadonlyMap<string, string>
  readonly outer: NamespaceScope | undefined
}

export type XmlResource =
  | { readonly kind: 'loaded'; readonly text: MappedText }
  | { readonly kind: 'failed'; readonly reason: string }

/** The attribute of that name that is in no namespace. */
export function attributeOf(element: XmlElement, name: string): XmlAttribute | undefined {
  return element.attributes.find((attribute) => attribute.namespace === '' && attribute.name === name)
}

/** Child elements in document order. */
export function childElements(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => child.kind === 'element')
}

/** The text directly in an element, all stretches joined. */
export function textContent(element: XmlElement): MappedText {
  const texts = element.children.flatMap((child) => (child.kind === 'text' ? [child.text] : []))
  return joinTexts(texts, element.inner)
}

/** Every prefix in sight, the innermost declaration of each. */
export function bindingsInScope(scope: NamespaceScope): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (let at: NamespaceScope | undefined = scope; at !== undefined; at = at.outer) {
    for (const [prefix, uri] of at.bindings) if (!found.has(prefix)) found.set(prefix, uri)
  }
  return found
}
