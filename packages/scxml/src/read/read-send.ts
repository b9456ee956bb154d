import type { XmlElement } from '../xml/tree.ts'
import type { SendNode } from './document.ts'
import { readPayload, reportBoth } from './read-payload.ts'
import { allowedChildren, literalOf, nameListOf, slotOf, valueOf } from './reader.ts'
import type { Reader } from './reader.ts'

/** Reads `<send>`; its attributes have been checked. */
export function readSend(reader: Reader, element: XmlElement): SendNode {
  const payload = readPayload(reader, element, allowedChildren(reader, element))
  const idLocation = valueOf(element, 'idlocation')
  const id = literalOf(element, ['id', 'sendid'])
  if (idLocation !== undefined && id !== undefined) {
    reader.report('SEG-DOC-015', idLocation.span, { first: 'id', second: 'idlocation' })
  }
  reportBoth(reader, payload)
  const namelist = valueOf(element, 'namelist')
  if (namelist !== undefined && payload.content !== undefined) {
    reader.report('SEG-DOC-015', namelist.span, { first: 'namelist', second: 'content' })
  }
  return {
    kind: 'send',
    event: slotOf(reader, element, 'event'),
    target: slotOf(reader, element, 'target'),
    type: slotOf(reader, element, 'type'),
    id,
    idLocation,
    delay: slotOf(reader, element, 'delay'),
    namelist: nameListOf(element),
    params: payload.params,
    content: payload.content,
    hints: valueOf(element, 'hints'),
    span: element.tag,
  }
}
