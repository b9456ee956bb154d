import { spanIn } from '../source/mapped-text.ts'
import type { Span } from '../source/source.ts'
import type { ScriptUnit } from './contract.ts'
import { sourceOffset, type Mark, type Spliced } from './splice.ts'

/** Stretch of the program text that was written by the customer. */
export interface Place {
  readonly start: number
  readonly end: number
  readonly piece: number
  readonly marks: readonly Mark[]
}

/** Program text under construction, with the places of customers' text. */
export class ProgramText {
  readonly #parts: string[] = []
  readonly #places: Place[] = []
  #length = 0

  add(text: string): void {
    this.#parts.push(text)
    this.#length += text.length
  }

  addSource({ text, marks }: Spliced, piece: number): void {
    this.#places.push({ start: this.#length, end: this.#length + text.length, piece, marks })
    this.add(text)
  }

  append(other: ProgramText): void {
    const base = this.#length
    for (const place of other.#places) this.#places.push({ ...place, start: place.start + base, end: place.end + base })
    this.add(other.#parts.join(''))
  }

  finish(): { readonly code: string; readonly places: readonly Place[] } {
    return { code: this.#parts.join(''), places: this.#places }
  }
}

/** Finds where a position of the program text was written. Lines and columns start at 1, as in stack traces. */
export function placeFinder(
  code: string,
  places: readonly Place[],
  unit: ScriptUnit,
): (line: number, column: number) => Span | undefined {
  let starts: readonly number[] | undefined
  return (line, column) => {
    starts ??= [0, ...[...code.matchAll(/\n/g)].map((found) => found.index + 1)]
    const lineStart = starts[line - 1]
    if (lineStart === undefined) return undefined
    const at = lineStart + column - 1
    const place = places.find((candidate) => candidate.start <= at && at < candidate.end)
    const text = place === undefined ? undefined : unit.pieces[place.piece]?.text
    if (place === undefined || text === undefined) return undefined
    const offset = sourceOffset(place.marks, at - place.start)
    return offset === undefined ? undefined : spanIn(text, offset, Math.min(offset + 1, text.text.length))
  }
}
