/** A text that was read from somewhere: a document, an included fragment or a script library. */
export interface Source {
  /** Absolute address (`file:` or `http:` URL), also used as the key of the source. */
  readonly url: string
  readonly text: string
}

/** A stretch of a source. Offsets are UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** Line and column as people count them: both start at 1, columns count UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

const lineStartsOf = new WeakMap<Source, readonly number[]>()

/**
 * Line and column of an offset.
 *
 * Cost: O(text) once per source, then O(log lines).
 */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStarts(source)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

/** Text of a line without its line break; `line` starts at 1. */
export function lineText(source: Source, line: number): string {
  const starts = lineStarts(source)
  const start = starts[line - 1]
  if (start === undefined) return ''
  const end = starts[line] ?? source.text.length
  return source.text.slice(start, end).replace(/\r?\n$|\r$/, '')
}

function lineStarts(source: Source): readonly number[] {
  const known = lineStartsOf.get(source)
  if (known !== undefined) return known
  const starts = [0]
  for (let i = 0; i < source.text.length; i += 1) {
    const unit = source.text.charCodeAt(i)
    if (unit === 13 && source.text.charCodeAt(i + 1) !== 10) starts.push(i + 1)
    if (unit === 10) starts.push(i + 1)
  }
  lineStartsOf.set(source, starts)
  return starts
}
