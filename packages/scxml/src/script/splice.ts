/** One stretch of output that runs parallel to the source. */
export interface Mark {
  readonly at: number
  readonly source: number
  readonly length: number
}

/** Source range with replaced stretches; what is not replaced stays as it was written. */
export interface Spliced {
  readonly text: string
  readonly marks: readonly Mark[]
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly closes: boolean
}

/**
 * Collects edits of one source range.
 *
 * Order: at one offset, closing insertions come first, then the others, each in the order in which they were made.
 */
export class Splicer {
  readonly #edits: Edit[] = []

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text, closes: false })
  }

  /** Inserts before what starts at `at`; outer constructs have to insert before inner ones. */
  open(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, closes: false })
  }

  /** Inserts after what ends at `at`; inner constructs have to insert before outer ones. */
  close(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text, closes: true })
  }

  render(source: string, start: number, end: number): Spliced {
    const ordered = this.#edits.toSorted((a, b) => a.start - b.start || Number(b.closes) - Number(a.closes))
    const marks: Mark[] = []
    let text = ''
    let at = start
    const keep = (until: number): void => {
      if (until <= at) return
      marks.push({ at: text.length, source: at, length: until - at })
      text += source.slice(at, until)
      at = until
    }
    for (const edit of ordered) {
      if (edit.start < at) continue
      keep(edit.start)
      marks.push({ at: text.length, source: edit.start, length: 0 })
      text += edit.text
      at = Math.max(at, edit.end)
    }
    keep(end)
    return { text, marks }
  }
}

/** Source offset behind an output offset. */
export function sourceOffset(marks: readonly Mark[], at: number): number | undefined {
  const mark = marks.findLast((candidate) => candidate.at <= at)
  return mark === undefined ? undefined : mark.source + Math.min(at - mark.at, mark.length)
}

/** Line breaks of a stretch, to keep line numbers when it is taken out. */
export function lineBreaks(source: string, start: number, end: number): string {
  return '\n'.repeat(source.slice(start, end).split('\n').length - 1)
}
