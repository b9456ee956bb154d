import { displayPath } from '../diagnostics/format.ts'
import { positionAt } from '../source/source.ts'
import type { Span } from '../source/source.ts'

/** A place in words, `file:line:col`, with the file as seen from the folder of the document. */
export function placeOf(span: Span, documentUrl: string): string {
  const { line, column } = positionAt(span.source, span.start)
  return `${displayPath(span.source.url, documentUrl.slice(0, documentUrl.lastIndexOf('/') + 1))}:${line}:${column}`
}
