import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { ElementNamespace } from '../elements/element-spec.ts'
import type { Source } from '../source/source.ts'
import { scxmlNamespace } from '../xml/namespaces.ts'
import type { XmlElement } from '../xml/tree.ts'
import { dialectOf } from './dialect.ts'
import type { DataModelKind, Dialect, Document, DocumentSettings } from './document.ts'
import { indexModules } from './module-index.ts'
import { readScript } from './read-executable.ts'
import { readDataModel, readInitial, readStates } from './read-state.ts'
import { allowedChildren, checkCoreAttributes, choiceOf, createReader, literalOf, valueOf } from './reader.ts'
import type { Reader } from './reader.ts'

export interface ReadOptions {
  readonly modules: readonly ElementNamespace[]
  /** Forces a dialect. */
  readonly dialect?: Dialect
  readonly url: string
  readonly sources: readonly Source[]
}

export interface ReadResult {
  /** Absent when the root element is not `<scxml>`. */
  readonly document: Document | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a tree, whose includes are expanded, into a typed document. What cannot be read is reported and left out.
 * Never throws.
 *
 * Spec: SCXML 1.0; scxml-dialect for the orchestration dialect.
 */
export function readDocument(root: XmlElement, options: ReadOptions): ReadResult {
  const modules = indexModules(options.modules)
  const dialect = options.dialect ?? dialectOf(root, modules)
  const reader = createReader(dialect, modules)
  if (root.namespace !== scxmlNamespace || root.local !== 'scxml') {
    reader.report('SEG-DOC-002', root.nameSpan, { element: root.name })
    return { document: undefined, diagnostics: reader.diagnostics }
  }
  checkCoreAttributes(reader, root)
  const children = allowedChildren(reader, root)
  const named = (name: string): readonly XmlElement[] => children.filter(({ local }) => local === name)
  const document: Document = {
    url: options.url,
    dialect,
    dataModel: dataModelOf(reader, root),
    binding: choiceOf(reader, root, 'binding', ['early', 'late']) ?? 'early',
    name: literalOf(root, ['name']),
    initial: readInitial(reader, root, children),
    settings: readSettings(reader, root),
    data: named('datamodel').flatMap((child) => readDataModel(reader, child)),
    scripts: named('script').map((child) => readScript(reader, child)),
    states: readStates(reader, children),
    sources: options.sources,
    span: root.tag,
  }
  return { document, diagnostics: reader.diagnostics }
}

function dataModelOf(reader: Reader, root: XmlElement): DataModelKind {
  const profile = valueOf(root, 'profile')
  // Only drafts of SCXML have profiles. Spec: scxml-dialect §1.
  if (profile !== undefined && profile.text.trim() !== 'ecmascript')
    reader.report('SEG-DOC-017', profile.span, { name: profile.text })
  const value = valueOf(root, 'datamodel')
  switch (value?.text.trim()) {
    case undefined:
    case '':
    case 'ecmascript':
      return 'ecmascript'
    case 'null':
      return 'null'
  }
  reader.report('SEG-DOC-017', value?.span ?? root.nameSpan, { name: value?.text ?? '' })
  return 'ecmascript'
}

/** Spec: scxml-dialect §3. */
function readSettings(reader: Reader, root: XmlElement): DocumentSettings {
  const persist = choiceOf(reader, root, '_persist', ['true', 'false'])
  return {
    persist: persist === undefined ? undefined : persist === 'true',
    type: literalOf(root, ['_type']),
    microStepLimit: wholeNumber(reader, root, '_microStepLimit'),
    stateEntryLimit: wholeNumber(reader, root, '_stateEntryLimit'),
    processEventTimeoutMs: wholeNumber(reader, root, '_processEventTimeout'),
    maxTimeS: wholeNumber(reader, root, '_maxtime') ?? wholeNumber(reader, root, '_maxage'),
  }
}

function wholeNumber(reader: Reader, root: XmlElement, name: string): number | undefined {
  const value = valueOf(root, name)
  if (value === undefined) return undefined
  if (/^\s*\d{1,15}\s*$/.test(value.text)) return Number(value.text)
  reader.report('SEG-DOC-013', value.span, { value: value.text, attribute: name, allowed: 'whole numbers from 0' })
  return undefined
}
