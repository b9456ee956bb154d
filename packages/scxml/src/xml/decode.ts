import { textBuilder } from '../source/mapped-text.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Span } from '../source/source.ts'

const namedEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * How raw characters become text: in an `attribute` every white-space character is a space, in `text` and `cdata` a
 * line break of any kind is a line feed; `cdata` has no entities.
 *
 * Spec: XML 1.0, 2.11 and 3.3.3.
 */
export type DecodeMode = 'attribute' | 'text' | 'cdata'

const special: Readonly<Record<DecodeMode, RegExp>> = {
  attribute: /&[^&;]*;|\r\n|[\t\r\n]/g,
  text: /&[^&;]*;|\r\n?/g,
  cdata: /\r\n?/g,
}

/** Raw characters at `span` of a well-formed source, decoded. An unknown entity stays as it is written. */
export function decode(span: Span, mode: DecodeMode): MappedText {
  const { source, start, end } = span
  const raw = source.text.slice(start, end)
  // Most values hold nothing special.
  if (raw.search(special[mode]) === -1) {
    return { text: raw, pieces: raw === '' ? [] : [{ at: 0, source, offset: start }], span }
  }
  const builder = textBuilder()
  let done = 0
  for (const match of raw.matchAll(special[mode])) {
    builder.append(raw.slice(done, match.index), source, start + done)
    builder.append(decodeOne(match[0], mode), source, start + match.index)
    done = match.index + match[0].length
  }
  builder.append(raw.slice(done), source, start + done)
  return builder.build(span)
}

function decodeOne(found: string, mode: DecodeMode): string {
  if (!found.startsWith('&')) return mode === 'attribute' ? ' ' : '\n'
  const name = found.slice(1, -1)
  if (!name.startsWith('#')) return Object.hasOwn(namedEntities, name) ? (namedEntities[name] ?? found) : found
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : found
}
