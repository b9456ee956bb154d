import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { diagnose } from '../errors.ts'
import type { FaultCode } from '../errors.ts'
import type { DocumentLimits } from '../read/limits.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Resolve, Resolved, ResourceKind } from '../source/resolve.ts'
import type { Source } from '../source/source.ts'
import { parseScxml } from '../xml/parse-scxml.ts'
import type { XmlElement } from '../xml/tree.ts'
import { utf8Bytes } from '../xml/utf8-bytes.ts'
import { absolute, differsInCase, fileName } from './letter-case.ts'
import { notFound } from '../diagnostics/not-found.ts'

/** What came of reading a reference. A failure has been reported already. */
export type Reading =
  | { readonly kind: 'read'; readonly source: Source }
  | { readonly kind: 'failed'; readonly reason: string }

/** Everything that is read for one document: each text once, under limits that hold over all of them. */
export interface Library {
  /** The text that `href` names, relative to the text it is written in; `missing` is the finding when there is none. */
  read(href: MappedText, kind: ResourceKind, missing?: FaultCode): Promise<Reading>
  /** The tree of a text that was read; `undefined` when it is broken, which is reported once. */
  parse(source: Source): XmlElement | undefined
  report(diagnostic: Diagnostic): void
  /** The document, then every other text once, in the order of first use. */
  sources(): readonly Source[]
  diagnostics(): readonly Diagnostic[]
}

/** A library that holds nothing but the document itself. */
export function createLibrary(document: Source, resolve: Resolve, limits: DocumentLimits): Library {
  const answers = new Map<string, Promise<Resolved>>()
  const trees = new Map<string, XmlElement | undefined>()
  const sources = new Map<string, Source>([[document.url, document]])
  const diagnostics: Diagnostic[] = []
  const breached = new Set<FaultCode>()
  let totalBytes = utf8Bytes(document.text)
  let includes = 0

  function ask(href: string, base: string, kind: ResourceKind): Promise<Resolved> {
    const url = absolute(href, base)
    const key = `${kind} ${url}`
    const answer = answers.get(key) ?? resolveSafely(href, base, kind, url)
    answers.set(key, answer)
    return answer
  }

  async function resolveSafely(href: string, base: string, kind: ResourceKind, url: string): Promise<Resolved> {
    try {
      return await resolve(href, base, kind)
    } catch (error) {
      return { found: false, url, reason: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Reported at the first breach only: what follows would say the same. */
  function breach(code: FaultCode, href: MappedText, limit: number): Reading {
    if (!breached.has(code)) diagnostics.push(diagnose(code, href.span, { limit }))
    breached.add(code)
    return { kind: 'failed', reason: 'a limit of the document is exceeded' }
  }

  async function read(href: MappedText, kind: ResourceKind, missing: FaultCode = 'SEG-INCLUDE-001'): Promise<Reading> {
    includes += 1
    if (includes > limits.maxIncludes) return breach('SEG-INCLUDE-006', href, limits.maxIncludes)
    const base = href.span.source.url
    const answer = await ask(href.text, base, kind)
    if (!answer.found) {
      const finding = diagnose(missing, href.span, { href: href.text, reason: answer.reason, url: answer.url })
      diagnostics.push(notFound(finding, answer))
      return { kind: 'failed', reason: answer.reason }
    }
    const source = sources.get(answer.source.url) ?? answer.source
    totalBytes += utf8Bytes(source.text)
    if (totalBytes > limits.maxDocumentBytes) return breach('SEG-INCLUDE-008', href, limits.maxDocumentBytes)
    sources.set(source.url, source)
    if (differsInCase(href.text, base, source.url)) {
      diagnostics.push(diagnose('SEG-INCLUDE-007', href.span, { href: href.text, file: fileName(source.url) }))
    }
    return { kind: 'read', source }
  }

  function parse(source: Source): XmlElement | undefined {
    if (trees.has(source.url)) return trees.get(source.url)
    const parsed = parseScxml(source, limits)
    diagnostics.push(...parsed.diagnostics)
    trees.set(source.url, parsed.root)
    return parsed.root
  }

  return {
    read,
    parse,
    report: (diagnostic) => void diagnostics.push(diagnostic),
    sources: () => [...sources.values()],
    diagnostics: () => diagnostics,
  }
}
