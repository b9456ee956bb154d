import { scxmlNamespace } from '../xml/namespaces.ts'
import { textContent } from '../xml/tree.ts'
import type { XmlElement } from '../xml/tree.ts'
import type { AssignNode, Block, CancelNode, Executable, ForeachNode, IfNode, LogNode, RaiseNode } from './document.ts'
import type { ScriptNode } from './document.ts'
import { readAction } from './read-action.ts'
import { inlineContent, readPayload } from './read-payload.ts'
import { readSend } from './read-send.ts'
import { allowedChildren, checkCoreAttributes, requiredValue, slotOf, valueOf } from './reader.ts'
import type { Reader } from './reader.ts'

/** Reads `<onentry>`, `<onexit>` or `<finalize>`. */
export function readBlock(reader: Reader, element: XmlElement): Block {
  checkCoreAttributes(reader, element)
  const content = readContents(reader, allowedChildren(reader, element))
  return { content, prefix: element.prefix, span: element.tag }
}

/** Executable content of `<transition>` and its like, whose attributes the caller reads. */
export function readExecutableChildren(reader: Reader, element: XmlElement): readonly Executable[] {
  return readContents(reader, allowedChildren(reader, element))
}

/** Reads `<script>`: its text and what it includes, or what its `src` led to. */
export function readScript(reader: Reader, element: XmlElement): ScriptNode {
  checkCoreAttributes(reader, element)
  allowedChildren(reader, element)
  const { resource } = element
  const inline = textContent(element)
  const source = valueOf(element, 'src')
  if (source !== undefined && inline.text.trim() !== '') {
    reader.report('SEG-DOC-015', source.span, { first: 'src', second: 'inline script' })
  }
  return { kind: 'script', text: resource?.kind === 'loaded' ? resource.text : inline, span: element.tag }
}

function readContents(reader: Reader, elements: readonly XmlElement[]): readonly Executable[] {
  return elements.flatMap((element) => readOne(reader, element) ?? [])
}

function readOne(reader: Reader, element: XmlElement): Executable | undefined {
  if (element.namespace !== scxmlNamespace) return readAction(reader, element)
  checkCoreAttributes(reader, element)
  switch (element.local) {
    case 'raise':
      return readRaise(reader, element, 'event')
    case 'event':
      return readRaise(reader, element, 'name')
    case 'if':
      return readIf(reader, element)
    case 'foreach':
      return readForeach(reader, element)
    case 'log':
      return readLog(reader, element)
    case 'assign':
      return readAssign(reader, element)
    case 'script':
      return readScript(reader, element)
    case 'send':
      return readSend(reader, element)
    case 'cancel':
      return readCancel(reader, element)
    default:
      return undefined
  }
}

function readRaise(reader: Reader, element: XmlElement, name: 'event' | 'name'): RaiseNode | undefined {
  const event = requiredValue(reader, element, name)
  const { params } = readPayload(reader, element, allowedChildren(reader, element))
  return event === undefined ? undefined : { kind: 'raise', event: event.text.trim(), params, span: element.tag }
}

type Branch = IfNode['branches'][number]

/** `<elseif/>` and `<else/>` are empty and divide what stands between them. */
function readIf(reader: Reader, element: XmlElement): IfNode {
  const branches: Branch[] = []
  let cond = requiredValue(reader, element, 'cond')
  let content: XmlElement[] = []
  let hasElse = false
  const endBranch = (): void => {
    branches.push({ cond, content: readContents(reader, content) })
    content = []
  }
  for (const child of allowedChildren(reader, element)) {
    const isDivider = child.namespace === scxmlNamespace && (child.local === 'elseif' || child.local === 'else')
    if (!isDivider) {
      content.push(child)
      continue
    }
    checkCoreAttributes(reader, child)
    for (const inside of allowedChildren(reader, child)) content.push(inside)
    if (hasElse) reader.report('SEG-DOC-015', child.nameSpan, { first: 'else', second: `${child.name} after it` })
    endBranch()
    cond = child.local === 'elseif' ? requiredValue(reader, child, 'cond') : undefined
    hasElse ||= child.local === 'else'
  }
  endBranch()
  return { kind: 'if', branches, span: element.tag }
}

function readForeach(reader: Reader, element: XmlElement): ForeachNode | undefined {
  const array = requiredValue(reader, element, 'array')
  const item = requiredValue(reader, element, 'item')
  const index = valueOf(element, 'index')
  const content = readExecutableChildren(reader, element)
  if (array === undefined || item === undefined) return undefined
  return { kind: 'foreach', array, item, index, content, span: element.tag }
}

function readLog(reader: Reader, element: XmlElement): LogNode {
  allowedChildren(reader, element)
  return {
    kind: 'log',
    label: slotOf(reader, element, 'label'),
    expr: valueOf(element, 'expr'),
    level: slotOf(reader, element, 'level'),
    span: element.tag,
  }
}

function readAssign(reader: Reader, element: XmlElement): AssignNode | undefined {
  const location = requiredValue(reader, element, 'location')
  const value = valueOf(element, 'expr')
  const inline = inlineContent(element)
  const content = inline.text.trim() === '' ? undefined : inline
  if (value !== undefined && content !== undefined) {
    reader.report('SEG-DOC-015', value.span, { first: 'expr', second: 'inline content' })
  }
  return location === undefined ? undefined : { kind: 'assign', location, value, content, span: element.tag }
}

function readCancel(reader: Reader, element: XmlElement): CancelNode | undefined {
  allowedChildren(reader, element)
  const sendId = slotOf(reader, element, 'sendid')
  if (sendId === undefined) {
    reader.report('SEG-DOC-010', element.nameSpan, { element: element.name, attribute: 'sendid' })
    return undefined
  }
  if (valueOf(element, 'id') !== undefined && valueOf(element, 'sendid') !== undefined) {
    reader.report('SEG-DOC-015', element.nameSpan, { first: 'sendid', second: 'id' })
  }
  return { kind: 'cancel', sendId, span: element.tag }
}
