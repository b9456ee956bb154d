import { checkDocument } from '../check/check-document.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { withoutSuppressed } from '../diagnostics/suppress.ts'
import { diagnose } from '../errors.ts'
import { expandIncludes } from '../include/expand-includes.ts'
import type { LoadOptions } from '../load.ts'
import type { Source } from '../source/source.ts'
import { parseScxml } from '../xml/parse-scxml.ts'
import type { Document } from './document.ts'
import { defaultDocumentLimits } from './limits.ts'
import { readDocument } from './read-document.ts'
import { notFound } from '../diagnostics/not-found.ts'

export interface Fronted {
  /** Absent when there is at least one error. */
  readonly document: Document | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** The document first, then every included text once. */
  readonly sources: readonly Source[]
}

/**
 * Reads the document at an address, with its includes, up to a checked typed document. Never rejects.
 *
 * Order: findings by source (the document first), then by place.
 */
export async function front(url: string, options: LoadOptions): Promise<Fronted> {
  const limits = { ...defaultDocumentLimits, ...options.limits }
  const source = await resolveDocument(url, options)
  if (!('text' in source)) return { document: undefined, diagnostics: [source], sources: [] }

  const parsed = parseScxml(source, limits)
  if (parsed.root === undefined) return { document: undefined, diagnostics: parsed.diagnostics, sources: [source] }

  const expanded = await expandIncludes(parsed.root, { resolve: options.resolve, limits })
  const { modules, dialect } = options
  const read = readDocument(expanded.root, {
    modules,
    ...(dialect === undefined ? {} : { dialect }),
    url: source.url,
    sources: expanded.sources,
  })
  const found = [...parsed.diagnostics, ...expanded.diagnostics, ...read.diagnostics]
  // A tree with a hole where an include should be would bring findings that only follow from the hole.
  const isWhole = !expanded.diagnostics.some(isError)
  if (read.document !== undefined && isWhole) found.push(...checkDocument(read.document, limits))
  const diagnostics = inOrder(withoutRepeats(withoutSuppressed(found)), expanded.sources)
  const document = diagnostics.some(isError) ? undefined : read.document
  return { document, diagnostics, sources: expanded.sources }
}

async function resolveDocument(url: string, options: LoadOptions): Promise<Source | Diagnostic> {
  const nowhere = { source: { url, text: '' }, start: 0, end: 0 }
  try {
    const resolved = await options.resolve(url, url, 'document')
    if (resolved.found) return resolved.source
    return notFound(diagnose('SEG-DOC-001', nowhere, { reason: resolved.reason, url: resolved.url }), resolved)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return diagnose('SEG-DOC-001', nowhere, { reason, url })
  }
}

/** A fragment that is included several times says the same several times. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter(({ code, message, span }) => {
    const key = JSON.stringify([code, span.source.url, span.start, message])
    return !seen.has(key) && seen.add(key)
  })
}

function inOrder(diagnostics: readonly Diagnostic[], sources: readonly Source[]): readonly Diagnostic[] {
  const ranks = new Map(sources.map((source, index) => [source.url, index]))
  const rankOf = ({ span }: Diagnostic): number => ranks.get(span.source.url) ?? sources.length
  return diagnostics.toSorted((one, other) => rankOf(one) - rankOf(other) || one.span.start - other.span.start)
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error'
}
