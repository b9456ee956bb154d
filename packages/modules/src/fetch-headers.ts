import type { AttributeReader } from './attribute-reader.ts'
import { shown } from './values.ts'

/** Names as HTTP allows them. */
const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i
/** Text in a header: no control characters, which would end the header, and nothing beyond Latin 1. */
const headerText = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

/** Headers that a document gives; those without a value are left out. Spec: session-and-web, Decisions. */
export function fetchHeaders(read: AttributeReader): Record<string, string> {
  const pairs: [string, string][] = []
  for (const [name, value] of Object.entries(read.object('headers') ?? {})) {
    if (value === undefined || value === null) continue
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    const text = isPlain ? String(value).trim() : ''
    if (!isPlain || !headerName.test(name) || !headerText.test(text))
      read.note('SEG-MODULE-002', {
        attribute: 'headers',
        value: `${shown(name)}: ${shown(value)}`,
        expected: 'names and values as HTTP allows them, without line breaks',
      })
    else pairs.push([name, text])
  }
  return Object.fromEntries(pairs)
}
