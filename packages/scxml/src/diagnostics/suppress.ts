import type { Source } from '../source/source.ts'
import type { Diagnostic } from './diagnostic.ts'

/** Codes that a comment silences for a stretch of a text. */
interface Suppression {
  readonly start: number
  readonly end: number
  readonly codes: ReadonlySet<string>
}

const suppressionsOf = new WeakMap<Source, readonly Suppression[]>()

/**
 * Findings without those that the author silenced: a comment `segue-ignore` with codes right before an element takes
 * away warnings and infos of these codes on its start tag (of a `<script>`: on all of it). Errors stay.
 *
 * Cost: O(text) once per source that has such findings.
 */
export function withoutSuppressed(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity, code, span }) => {
    if (severity === 'error') return true
    return !suppressions(span.source).some(
      ({ start, end, codes }) => codes.has(code) && span.start >= start && span.start < end,
    )
  })
}

function suppressions(source: Source): readonly Suppression[] {
  const known = suppressionsOf.get(source)
  if (known !== undefined) return known
  const found: Suppression[] = []
  for (const match of source.text.matchAll(/<!--\s*segue-ignore\s([^<>]*?)-->/g)) {
    const element = startOfElement(source.text, match.index + match[0].length)
    if (element === undefined) continue
    const codes = new Set((match[1] ?? '').split(/[\s,]+/).filter((code) => code !== ''))
    found.push({ start: element, end: endOfReach(source.text, element), codes })
  }
  suppressionsOf.set(source, found)
  return found
}

/** The next start tag, behind white space and further comments. */
function startOfElement(text: string, from: number): number | undefined {
  let at = from
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1
    if (!text.startsWith('<!--', at)) break
    const end = text.indexOf('-->', at)
    if (end === -1) return undefined
    at = end + '-->'.length
  }
  return text.charAt(at) === '<' ? at : undefined
}

function endOfReach(text: string, start: number): number {
  let at = start
  while (at < text.length && text[at] !== '>') {
    const quote = text[at]
    const close = quote === '"' || quote === "'" ? text.indexOf(quote, at + 1) : at
    at = (close === -1 ? text.length : close) + 1
  }
  const isScript = /^<(?:[\w.-]+:)?script[\s>]/.test(text.slice(start, start + 80))
  if (!isScript || text[at - 1] === '/') return at + 1
  const end = text.indexOf('</', at)
  return end === -1 ? text.length : end
}
