import { scxmlNamespace } from '../xml/namespaces.ts'
import { childElements } from '../xml/tree.ts'
import type { XmlElement } from '../xml/tree.ts'
import type { InvokeNode } from './document.ts'
import { readBlock } from './read-executable.ts'
import { readPayload } from './read-payload.ts'
import { allowedChildren, checkCoreAttributes, choiceOf, literalOf, nameListOf, slotOf, valueOf } from './reader.ts'
import type { Reader } from './reader.ts'

/** Reads `<invoke>`. */
export function readInvoke(reader: Reader, element: XmlElement): InvokeNode {
  checkCoreAttributes(reader, element)
  const children = allowedChildren(reader, element)
  const payload = readPayload(reader, element, children)
  const finalizers = children.filter((child) => child.namespace === scxmlNamespace && child.local === 'finalize')
  const [finalize, second] = finalizers
  if (second !== undefined) {
    reader.report('SEG-DOC-016', second.nameSpan, { element: second.name, parent: element.name })
  }
  const src = slotOf(reader, element, 'src', 'literal')
  if (src !== undefined && payload.content !== undefined) {
    reader.report('SEG-DOC-015', payload.content.span, { first: 'src', second: 'content' })
  }
  const namelist = valueOf(element, 'namelist')
  if (namelist !== undefined && payload.params.length > 0) {
    reader.report('SEG-DOC-015', namelist.span, { first: 'namelist', second: 'param' })
  }
  return {
    id: literalOf(element, ['id', 'invokeid']),
    idLocation: valueOf(element, 'idlocation'),
    type: slotOf(reader, element, 'type', 'literal'),
    src,
    content: payload.content,
    namelist: nameListOf(element),
    params: payload.params,
    autoforward: choiceOf(reader, element, 'autoforward', ['true', 'false']) === 'true',
    finalize: finalize === undefined ? undefined : readFinalize(reader, finalize),
    prefix: element.prefix,
    span: element.tag,
  }
}

function readFinalize(reader: Reader, element: XmlElement): InvokeNode['finalize'] {
  const block = readBlock(reader, element)
  for (const child of childElements(element)) {
    if (child.namespace !== scxmlNamespace || (child.local !== 'send' && child.local !== 'raise')) continue
    reader.report('SEG-DOC-008', child.nameSpan, {
      element: child.name,
      parent: element.name,
      allowed: 'executable content that sends nothing',
    })
  }
  return block
}
