import type { Source, Span } from './source.ts'

/**
 * A text put together from stretches of sources: an attribute value with its entities decoded, or the content of a
 * `<script>` whose comments were dropped, whose CDATA sections and text nodes were joined and whose includes were
 * filled in. Every character can be traced back to where it was written.
 */
export interface MappedText {
  readonly text: string
  /** In order of `at`; the first has `at` 0. Empty only when `text` is empty. */
  readonly pieces: readonly TextPiece[]
  /** The whole construct in the document (attribute value, or element content). */
  readonly span: Span
}

/** From `at` (offset in the joined text) on, characters run parallel to `source` from `offset` on. */
export interface TextPiece {
  readonly at: number
  readonly source: Source
  readonly offset: number
}

/**
 * Where characters `start`..`end` of the joined text were written; the end is clipped to the piece of the start.
 *
 * Cost: O(log pieces).
 */
export function spanIn(text: MappedText, start: number, end: number): Span {
  const index = pieceIndexAt(text, start)
  const piece = text.pieces[index]
  if (piece === undefined) return text.span
  const next = text.pieces[index + 1]
  const stop = next === undefined ? end : Math.min(end, next.at)
  const from = piece.offset + (start - piece.at)
  return { source: piece.source, start: from, end: Math.max(from, piece.offset + (stop - piece.at)) }
}

/** Where characters `start`..`end` were written, from the first to the last of them, also across pieces of one source. */
function spanOver(text: MappedText, start: number, end: number): Span {
  const first = spanIn(text, start, start + 1)
  if (end <= start + 1) return first
  const last = spanIn(text, end - 1, end)
  if (last.source !== first.source || last.end < first.end) return first
  return { source: first.source, start: first.start, end: last.end }
}

/** Characters `start`..`end` as a text of their own that keeps its places. */
function sliceText(text: MappedText, start: number, end: number): MappedText {
  const builder = textBuilder()
  builder.appendText(text, start, end)
  return builder.build(spanOver(text, start, end))
}

/** Several texts one after the other, as the text of the construct at `span`. */
export function joinTexts(texts: readonly MappedText[], span: Span): MappedText {
  const only = texts[0]
  if (texts.length === 1 && only !== undefined) return { ...only, span }
  const builder = textBuilder()
  for (const text of texts) builder.appendText(text, 0, text.text.length)
  return builder.build(span)
}

/** Every match of `pattern` (global) replaced by `by`; the replacement is traced to where the match was written. */
export function replaceText(text: MappedText, pattern: RegExp, by: string): MappedText {
  const builder = textBuilder()
  let done = 0
  for (const match of text.text.matchAll(pattern)) {
    builder.appendText(text, done, match.index)
    const place = spanIn(text, match.index, match.index + 1)
    builder.append(by, place.source, place.start)
    done = match.index + match[0].length
  }
  builder.appendText(text, done, text.text.length)
  return builder.build(text.span)
}

/** Words of a white-space separated list, each with its place. */
export function wordsOf(text: MappedText): readonly MappedText[] {
  return Array.from(text.text.matchAll(/\S+/g), (match) => sliceText(text, match.index, match.index + match[0].length))
}

/** Puts a mapped text together from left to right. */
export interface TextBuilder {
  /** Adds characters that run parallel to `source` from `offset` on. */
  append(text: string, source: Source, offset: number): void
  /** Adds characters `start`..`end` of another mapped text. */
  appendText(text: MappedText, start: number, end: number): void
  build(span: Span): MappedText
}

/** A builder with nothing in it. */
export function textBuilder(): TextBuilder {
  const parts: string[] = []
  const pieces: TextPiece[] = []
  let length = 0
  const append = (text: string, source: Source, offset: number): void => {
    if (text === '') return
    const last = pieces.at(-1)
    const isRunningOn = last !== undefined && last.source === source && last.offset + (length - last.at) === offset
    if (!isRunningOn) pieces.push({ at: length, source, offset })
    parts.push(text)
    length += text.length
  }
  return {
    append,
    appendText(text, start, end) {
      for (let index = pieceIndexAt(text, start); index < text.pieces.length; index += 1) {
        const piece = text.pieces[index]
        if (piece === undefined || piece.at >= end) break
        const from = Math.max(piece.at, start)
        const to = Math.min(text.pieces[index + 1]?.at ?? text.text.length, end)
        if (to > from) append(text.text.slice(from, to), piece.source, piece.offset + (from - piece.at))
      }
    },
    build: (span) => ({ text: parts.join(''), pieces, span }),
  }
}

/** Index of the piece that character `at` belongs to. */
function pieceIndexAt(text: MappedText, at: number): number {
  let low = 0
  let high = text.pieces.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((text.pieces[middle]?.at ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return low
}
