import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../errors.ts'
import type { FaultCode } from '../errors.ts'
import { wordsOf } from '../source/mapped-text.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Span } from '../source/source.ts'
import { scxmlNamespace, xincludeNamespace } from '../xml/namespaces.ts'
import { attributeOf, childElements } from '../xml/tree.ts'
import type { XmlElement } from '../xml/tree.ts'
import { coreAttributes, coreElements, isCoreElement, olderExecutableNames, slotNames } from './core-elements.ts'
import type { SlotName } from './core-elements.ts'
import type { Dialect, Slot } from './document.ts'
import type { ModuleIndex } from './module-index.ts'

/** What reading one document carries along. */
export interface Reader {
  readonly dialect: Dialect
  readonly modules: ModuleIndex
  readonly report: (code: FaultCode, span: Span, parameters?: Readonly<Record<string, string | number>>) => void
  /** Number for the next state without an id of its own, from 1 on. */
  readonly nextStateNumber: () => number
  readonly diagnostics: readonly Diagnostic[]
}

/** A reader that has seen nothing yet. */
export function createReader(dialect: Dialect, modules: ModuleIndex): Reader {
  const diagnostics: Diagnostic[] = []
  let states = 0
  return {
    dialect,
    modules,
    report: (code, span, parameters = {}) => void diagnostics.push(diagnose(code, span, parameters)),
    nextStateNumber: () => (states += 1),
    diagnostics,
  }
}

/** Value of an attribute; white space around it does not count. */
export function valueOf(element: XmlElement, name: string): MappedText | undefined {
  return attributeOf(element, name)?.value
}

/** Value of the first of several names. */
export function firstValueOf(element: XmlElement, names: readonly string[]): MappedText | undefined {
  for (const name of names) {
    const value = valueOf(element, name)
    if (value !== undefined) return value
  }
  return undefined
}

/** Literal text of an attribute, trimmed; `undefined` when it is absent or blank. */
export function literalOf(element: XmlElement, names: readonly string[]): string | undefined {
  return firstValueOf(element, names)?.text.trim() || undefined
}

/** An attribute that the element cannot do without; its absence is reported. */
export function requiredValue(reader: Reader, element: XmlElement, name: string): MappedText | undefined {
  const value = valueOf(element, name)
  if (value === undefined || value.text.trim() === '') {
    reader.report('SEG-DOC-010', value?.span ?? element.nameSpan, { element: element.name, attribute: name })
    return undefined
  }
  return value
}

/** A value that is literal in one dialect and an expression in the other, or its twin that is always an expression. */
export function slotOf(reader: Reader, element: XmlElement, name: SlotName, plainIs?: 'literal'): Slot | undefined {
  const names = slotNames[name]
  const twin = firstValueOf(element, names.twin)
  const plain = firstValueOf(element, names.plain)
  if (twin !== undefined && plain !== undefined) {
    reader.report('SEG-DOC-015', twin.span, { first: names.plain[0], second: names.twin[0] ?? '' })
  }
  if (twin !== undefined) return { kind: 'expression', text: twin }
  if (plain === undefined) return undefined
  if (reader.dialect === 'orchestration' && plainIs === undefined) return { kind: 'expression', text: plain }
  return { kind: 'literal', value: plain.text, span: plain.span }
}

/** Names of a `namelist`, each a text of its own. */
export function nameListOf(element: XmlElement): readonly MappedText[] {
  const value = valueOf(element, 'namelist')
  return value === undefined ? [] : wordsOf(value)
}

/** One of a few words, without regard to case; anything else is reported and counts as absent. */
export function choiceOf<T extends string>(
  reader: Reader,
  element: XmlElement,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = valueOf(element, name)
  if (value === undefined) return undefined
  const found = allowed.find((choice) => choice === value.text.trim().toLowerCase())
  if (found === undefined) {
    reader.report('SEG-DOC-013', value.span, { value: value.text, attribute: name, allowed: allowed.join(', ') })
  }
  return found
}

/** Reports attributes that an SCXML element does not have. Attributes of other namespaces are nobody's business here. */
export function checkCoreAttributes(reader: Reader, element: XmlElement): void {
  const allowed = coreAttributes(element.local, reader.dialect)
  for (const attribute of element.attributes) {
    if (attribute.namespace !== '' || allowed.includes(attribute.name)) continue
    reader.report('SEG-DOC-009', attribute.nameSpan, {
      element: element.name,
      attribute: attribute.name,
      allowed: allowed.join(', ') || 'none',
    })
  }
}

/**
 * Child elements that belong to SCXML and may stand where they are, and those of modules where executable content may
 * stand. All others are reported.
 */
export function allowedChildren(reader: Reader, element: XmlElement): readonly XmlElement[] {
  const core = coreElements[element.local]
  if (core === undefined) return []
  if (core.holdsText !== true) reportStrayText(reader, element)
  const names = childNames(reader, element)
  return childElements(element).filter((child) => {
    if (child.namespace === scxmlNamespace && names.includes(child.local)) return true
    if (core.holdsExecutable === true && reader.modules.find(child) !== undefined) return true
    reportMisplaced(reader, child, element, names, core.holdsExecutable === true)
    return false
  })
}

function childNames(reader: Reader, element: XmlElement): readonly string[] {
  const core = coreElements[element.local]
  if (core === undefined) return []
  const older = core.holdsExecutable === true && reader.dialect === 'orchestration' ? olderExecutableNames : []
  return [...core.children, ...older]
}

/** Reports text that is not white space in an element where text means nothing. */
export function reportStrayText(reader: Reader, element: XmlElement): void {
  for (const child of element.children) {
    if (child.kind === 'element') continue
    const start = child.text.text.search(/\S/)
    if (start === -1) continue
    const word = wordsOf(child.text)[0]
    reader.report('SEG-DOC-014', word?.span ?? child.text.span, { element: element.name })
    return
  }
}

/** Reports an element that may not stand in `parent`. */
export function reportMisplaced(
  reader: Reader,
  child: XmlElement,
  parent: XmlElement,
  allowedNames: readonly string[],
  isExecutablePlace: boolean,
): void {
  const allowed = allowedNames.join(', ') || 'none'
  const place = { element: child.name, parent: parent.name, allowed }
  const span = child.nameSpan
  if (child.namespace === scxmlNamespace) {
    reader.report(isCoreElement(child.local, reader.dialect) ? 'SEG-DOC-008' : 'SEG-DOC-004', span, place)
  } else if (reader.modules.find(child) !== undefined || child.namespace === xincludeNamespace) {
    reader.report('SEG-DOC-008', span, place)
  } else if (reader.dialect === 'w3c' && !isExecutablePlace) {
    reader.report('SEG-DOC-006', span, { element: child.name, namespace: child.namespace })
  } else {
    const modules = reader.modules.names.join(', ') || 'none'
    reader.report('SEG-DOC-005', span, { element: child.name, namespace: child.namespace, modules })
  }
}
