import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../errors.ts'
import type { DocumentLimits } from '../read/limits.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Resolve } from '../source/resolve.ts'
import type { Source } from '../source/source.ts'
import { scxmlNamespace, xincludeNamespace } from '../xml/namespaces.ts'
import { depthCeiling } from '../xml/parse-xml.ts'
import { attributeOf } from '../xml/tree.ts'
import type { XmlElement, XmlNode, XmlResource } from '../xml/tree.ts'
import { fileName } from './letter-case.ts'
import { createLibrary } from './library.ts'
import type { Library, Reading } from './library.ts'
import { fillMacro, prefixAttributes } from './prefix.ts'

export interface IncludeOptions {
  readonly resolve: Resolve
  readonly limits: DocumentLimits
}

export interface Expanded {
  readonly root: XmlElement
  /** The document first, then every included text once, in order of inclusion. */
  readonly sources: readonly Source[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * A document with every `xi:include` replaced by what it names, the prefix macro filled in, and the `src` of scripts
 * and data loaded. An include that cannot be read is left out and reported. Never rejects.
 *
 * Order: includes are read one after the other in document order.
 * Spec: scxml-dialect §4; XInclude for `href`, `parse` and an `xpointer` that is an id.
 */
export async function expandIncludes(root: XmlElement, options: IncludeOptions): Promise<Expanded> {
  const library = createLibrary(root.span.source, options.resolve, options.limits)
  const maxDepth = Math.min(options.limits.maxDepth, depthCeiling)
  const place: Place = { prefix: '', chain: [fragmentKey(root.span.source.url, '')], depth: 1 }
  const expanded = await expandElement({ library, maxDepth }, root, place)
  return { root: expanded, sources: library.sources(), diagnostics: library.diagnostics() }
}

interface Expansion {
  readonly library: Library
  readonly maxDepth: number
}

/** Where the element being copied will stand. */
interface Place {
  readonly prefix: string
  /** Fragments around it, the outermost first. */
  readonly chain: readonly string[]
  readonly depth: number
}

/** SCXML elements whose content is data and not part of the document: only an include directly inside is expanded. */
const opaqueElements: ReadonlySet<string> = new Set(['content', 'data', 'assign'])
/** SCXML elements whose `src` is read together with the document. */
const elementsWithSource: ReadonlyMap<string, 'script' | 'data'> = new Map([
  ['script', 'script'],
  ['data', 'data'],
])

/** A script that is not there makes the document unusable; a datum that is not there is an error of the session. */
const missingSource = { script: 'SEG-INCLUDE-001', data: 'SEG-INCLUDE-010' } as const

async function expandElement(run: Expansion, element: XmlElement, place: Place): Promise<XmlElement> {
  const isScxml = element.namespace === scxmlNamespace
  const isOpaque = isScxml && opaqueElements.has(element.local)
  const children: XmlNode[] = []
  for (const child of element.children) {
    if (child.kind === 'text') children.push(child)
    else if (isInclude(child)) children.push(...(await include(run, child, element, place)))
    else if (isOpaque) children.push(child)
    else children.push(await expandElement(run, child, { ...place, depth: place.depth + 1 }))
  }
  const attributes = prefixAttributes(element, place.prefix)
  const copy: XmlElement = { ...element, attributes, children, prefix: place.prefix }
  const kind = isScxml ? elementsWithSource.get(element.local) : undefined
  const href = kind === undefined ? undefined : attributeOf(copy, 'src')?.value
  if (kind === undefined || href === undefined) return copy
  return { ...copy, resource: resourceOf(await run.library.read(href, kind, missingSource[kind])) }
}

function isInclude(element: XmlElement): boolean {
  return element.namespace === xincludeNamespace && element.local === 'include'
}

function resourceOf(reading: Reading): XmlResource {
  if (reading.kind === 'failed') return reading
  return { kind: 'loaded', text: wholeText(reading.source) }
}

function wholeText(source: Source): MappedText {
  const text = source.text.replace(/^\uFEFF/, '')
  const offset = source.text.length - text.length
  const pieces = text === '' ? [] : [{ at: 0, source, offset }]
  return { text, pieces, span: { source, start: 0, end: source.text.length } }
}

async function include(
  run: Expansion,
  element: XmlElement,
  parent: XmlElement,
  place: Place,
): Promise<readonly XmlNode[]> {
  const { library } = run
  const href = attributeOf(element, 'href')?.value
  if (href === undefined || href.text.trim() === '') {
    library.report(diagnose('SEG-INCLUDE-002', href?.span ?? element.tag))
    return []
  }
  const parse = attributeOf(element, 'parse')
  const isInScript = parent.namespace === scxmlNamespace && parent.local === 'script'
  switch (parse?.value.text ?? 'xml') {
    case 'text': {
      const reading = await library.read(fillMacro(href, place.prefix), isInScript ? 'script' : 'data')
      return reading.kind === 'read' ? [{ kind: 'text', text: wholeText(reading.source) }] : []
    }
    case 'xml':
      if (!isInScript) return includeFragment(run, element, fillMacro(href, place.prefix), place)
  }
  const advice = isInScript ? 'in a script write parse="text"' : 'write parse="xml" or parse="text"'
  const span = parse?.value.span ?? element.tag
  library.report(diagnose('SEG-INCLUDE-003', span, { parse: parse?.value.text ?? 'xml', advice }))
  return []
}

async function includeFragment(
  run: Expansion,
  element: XmlElement,
  href: MappedText,
  place: Place,
): Promise<readonly XmlNode[]> {
  const { library } = run
  const reading = await library.read(href, 'document')
  if (reading.kind === 'failed') return []
  const root = library.parse(reading.source)
  if (root === undefined) return []
  const xpointer = attributeOf(element, 'xpointer')?.value
  const id = xpointer === undefined ? undefined : fillMacro(xpointer, place.prefix)
  const fragment = id === undefined ? root : elementWithId(root, id.text)
  if (fragment === undefined) {
    const file = fileName(reading.source.url)
    const ids = idsIn(root).slice(0, 10).join(', ')
    library.report(
      diagnose('SEG-INCLUDE-004', id?.span ?? element.tag, { file, id: id?.text ?? '', ids: ids || 'none' }),
    )
    return []
  }
  const key = fragmentKey(reading.source.url, id?.text ?? '')
  if (place.chain.includes(key)) {
    const chain = [...place.chain.slice(place.chain.indexOf(key)), key].map(fileName).join(' → ')
    library.report(diagnose('SEG-INCLUDE-005', href.span, { chain }))
    return []
  }
  if (place.depth + depthOf(fragment) > run.maxDepth) {
    library.report(diagnose('SEG-INCLUDE-009', href.span, { limit: run.maxDepth }))
    return []
  }
  const resolveId = attributeOf(element, 'resolveid')?.value
  // Without a name of its own the fragment belongs to the one around it.
  const prefix = resolveId === undefined ? place.prefix : fillMacro(resolveId, place.prefix).text.trim()
  const inner: Place = { prefix, chain: [...place.chain, key], depth: place.depth + 1 }
  return [await expandElement(run, fragment, inner)]
}

function fragmentKey(url: string, id: string): string {
  return id === '' ? url : `${url}#${id}`
}

/** Elements in document order, without recursion. */
function* elementsOf(root: XmlElement): Generator<XmlElement> {
  const waiting = [root]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next
    for (const child of next.children.toReversed()) if (child.kind === 'element') waiting.push(child)
  }
}

function elementWithId(root: XmlElement, id: string): XmlElement | undefined {
  for (const element of elementsOf(root)) if (attributeOf(element, 'id')?.value.text === id) return element
  return undefined
}

function idsIn(root: XmlElement): readonly string[] {
  return Array.from(elementsOf(root), (element) => attributeOf(element, 'id')?.value.text ?? '').filter(
    (id) => id !== '',
  )
}

function depthOf(root: XmlElement): number {
  let depth = 0
  let level: readonly XmlElement[] = [root]
  while (level.length > 0) {
    depth += 1
    level = level.flatMap((element) => element.children.filter((child) => child.kind === 'element'))
  }
  return depth
}
