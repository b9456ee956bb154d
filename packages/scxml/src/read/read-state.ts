import { wordsOf } from '../source/mapped-text.ts'
import type { MappedText } from '../source/mapped-text.ts'
import { scxmlNamespace } from '../xml/namespaces.ts'
import type { XmlElement } from '../xml/tree.ts'
import type { DataNode, InitialNode, StateKind, StateNode, TargetRef, TransitionNode } from './document.ts'
import { readBlock, readExecutableChildren } from './read-executable.ts'
import { inlineContent, readDoneData } from './read-payload.ts'
import { readInvoke } from './read-invoke.ts'
import { allowedChildren, checkCoreAttributes, choiceOf, requiredValue, valueOf } from './reader.ts'
import type { Reader } from './reader.ts'

const stateKinds: readonly StateKind[] = ['state', 'parallel', 'final', 'history']

/** Kind of state that an element is, if it is one. */
function stateKindOf(element: XmlElement): StateKind | undefined {
  return element.namespace === scxmlNamespace ? stateKinds.find((kind) => kind === element.local) : undefined
}

/** Reads `<state>`, `<parallel>`, `<final>` or `<history>` with everything inside. */
function readState(reader: Reader, element: XmlElement, kind: StateKind): StateNode {
  checkCoreAttributes(reader, element)
  const children = allowedChildren(reader, element)
  const named = (name: string): readonly XmlElement[] => children.filter(({ local }) => local === name)
  const id = valueOf(element, 'id')
  const text = id?.text.trim() ?? ''
  return {
    kind,
    id: text === '' ? `$state${reader.nextStateNumber()}` : text,
    isGeneratedId: text === '',
    historyType: kind === 'history' ? (choiceOf(reader, element, 'type', ['shallow', 'deep']) ?? 'shallow') : undefined,
    initial: readInitial(reader, element, children),
    data: named('datamodel').flatMap((child) => readDataModel(reader, child)),
    onentry: named('onentry').map((child) => readBlock(reader, child)),
    onexit: named('onexit').map((child) => readBlock(reader, child)),
    transitions: named('transition').map((child) => readTransition(reader, child)),
    invokes: named('invoke').map((child) => readInvoke(reader, child)),
    donedata: singleOf(reader, element, named('donedata'), (child) => readDoneData(reader, child)),
    states: readStates(reader, children),
    prefix: element.prefix,
    idSpan: text === '' || id === undefined ? element.nameSpan : id.span,
    span: element.tag,
  }
}

/** Child states in document order. */
export function readStates(reader: Reader, children: readonly XmlElement[]): readonly StateNode[] {
  return children.flatMap((child) => {
    const kind = stateKindOf(child)
    return kind === undefined ? [] : [readState(reader, child, kind)]
  })
}

/** The `initial` attribute or `<initial>` element; both at once exclude each other. */
export function readInitial(
  reader: Reader,
  element: XmlElement,
  children: readonly XmlElement[],
): InitialNode | undefined {
  const elements = children.filter(({ local }) => local === 'initial')
  const read = singleOf(reader, element, elements, (child) => readInitialElement(reader, child))
  const attribute = element.local === 'state' || element.local === 'scxml' ? valueOf(element, 'initial') : undefined
  const targets = attribute === undefined ? [] : targetsOf(attribute)
  if (attribute === undefined || targets.length === 0) return read
  if (read !== undefined) {
    reader.report('SEG-DOC-015', attribute.span, { first: 'initial attribute', second: 'initial element' })
  }
  return { targets, content: [], prefix: element.prefix, span: attribute.span }
}

/** Reads the `<data>` elements of a `<datamodel>`. */
export function readDataModel(reader: Reader, element: XmlElement): readonly DataNode[] {
  checkCoreAttributes(reader, element)
  return allowedChildren(reader, element).flatMap((child) => readData(reader, child) ?? [])
}

function readInitialElement(reader: Reader, element: XmlElement): InitialNode {
  checkCoreAttributes(reader, element)
  const [transition, ...others] = allowedChildren(reader, element)
  const read = transition === undefined ? undefined : readTransition(reader, transition)
  if (read === undefined || read.targets.length === 0 || others.length > 0) {
    reader.report('SEG-DOC-027', element.nameSpan, { element: element.name })
  }
  if (transition !== undefined) reportTriggers(reader, transition, element.name)
  const { targets = [], content = [], span = element.tag } = read ?? {}
  return { targets, content, prefix: element.prefix, span }
}

/** Transitions of `<initial>` and `<history>` are taken without event and condition. */
function reportTriggers(reader: Reader, transition: XmlElement, parent: string): void {
  for (const name of ['event', 'cond']) {
    const value = valueOf(transition, name)
    if (value !== undefined) reader.report('SEG-DOC-026', value.span, { element: parent, attribute: name })
  }
}

function readTransition(reader: Reader, element: XmlElement): TransitionNode {
  checkCoreAttributes(reader, element)
  const event = valueOf(element, 'event')
  const target = valueOf(element, 'target')
  return {
    events: event === undefined ? [] : wordsOf(event).map(({ text, span }) => ({ text, span })),
    cond: valueOf(element, 'cond'),
    targets: target === undefined ? [] : targetsOf(target),
    type: choiceOf(reader, element, 'type', ['internal', 'external']) ?? 'external',
    content: readExecutableChildren(reader, element),
    prefix: element.prefix,
    span: element.tag,
  }
}

function targetsOf(value: MappedText): readonly TargetRef[] {
  return wordsOf(value).map(({ text, span }) => ({ id: text, span }))
}

function readData(reader: Reader, element: XmlElement): DataNode | undefined {
  checkCoreAttributes(reader, element)
  const id = requiredValue(reader, element, 'id')
  const value = readDataValue(reader, element)
  if (id === undefined) return undefined
  return { id: id.text.trim(), value, prefix: element.prefix, idSpan: id.span, span: element.tag }
}

function readDataValue(reader: Reader, element: XmlElement): DataNode['value'] {
  const expr = valueOf(element, 'expr')
  const src = valueOf(element, 'src')
  const inline = inlineContent(element)
  const hasInline = inline.text.trim() !== ''
  const given = [expr && 'expr', src && 'src', hasInline ? 'inline content' : undefined].filter((name) => name)
  const [first, second] = given
  if (first !== undefined && second !== undefined) {
    reader.report('SEG-DOC-015', (src ?? expr ?? inline).span, { first, second })
  }
  if (expr !== undefined) return { kind: 'expression', text: expr }
  const { resource } = element
  if (resource?.kind === 'loaded') return { kind: 'content', text: resource.text, fromSrc: true }
  if (resource?.kind === 'failed') {
    const text: MappedText = { text: '', pieces: [], span: (src ?? inline).span }
    return { kind: 'content', text, fromSrc: true, failure: resource.reason }
  }
  return hasInline ? { kind: 'content', text: inline, fromSrc: false } : { kind: 'none' }
}

function singleOf<T>(
  reader: Reader,
  parent: XmlElement,
  elements: readonly XmlElement[],
  read: (element: XmlElement) => T,
): T | undefined {
  const [first, second] = elements
  if (second !== undefined) {
    reader.report('SEG-DOC-016', second.nameSpan, { element: second.name, parent: parent.name })
  }
  return first === undefined ? undefined : read(first)
}
