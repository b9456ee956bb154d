import { diagnose } from '../errors.ts'
import type { Source } from '../source/source.ts'
import { scxmlNamespace } from './namespaces.ts'
import { parseXml } from './parse-xml.ts'
import type { ParsedXml } from './parse-xml.ts'
import type { XmlElement } from './tree.ts'

/**
 * As `parseXml`, for text that should be SCXML: where `<scxml>` is in no namespace, it and everything in no namespace
 * is taken to be SCXML, with a warning. Never throws.
 */
export function parseScxml(source: Source, limits: Parameters<typeof parseXml>[1]): ParsedXml {
  const parsed = parseXml(source, limits)
  const { root } = parsed
  if (root === undefined || root.namespace !== '' || root.local !== 'scxml') return parsed
  return {
    root: adoptNamespace(root),
    diagnostics: [...parsed.diagnostics, diagnose('SEG-DOC-003', root.nameSpan)],
  }
}

function adoptNamespace(element: XmlElement): XmlElement {
  const children = element.children.map((child) => (child.kind === 'text' ? child : adoptNamespace(child)))
  return { ...element, namespace: element.namespace === '' ? scxmlNamespace : element.namespace, children }
}
