import type { PieceId } from '../script/contract.ts'
import { positionAt } from '../source/source.ts'
import type { Chart } from './chart.ts'
import type { Place } from './instruction.ts'

/**
 * The element that a piece of script stands in. An included script library has no element of its own: there it is the
 * line in which the piece begins.
 */
export function placeOfPiece(chart: Chart, piece: PieceId): Place {
  const span = chart.scripts.pieces[piece]?.span
  if (span === undefined) return { element: 'script', url: chart.origin.url, line: 1, state: '' }
  const { source, start } = span
  const tag = tagBefore(source.text, start)
  const { line } = positionAt(source, tag?.at ?? start)
  return { element: tag?.name ?? 'script', url: source.url, line, state: '' }
}

/** The last tag that was opened before an offset. */
function tagBefore(text: string, offset: number): { readonly name: string; readonly at: number } | undefined {
  for (let at = text.lastIndexOf('<', offset - 1); at >= 0; at = text.lastIndexOf('<', at - 1)) {
    const name = /^[A-Za-z_][\w:.-]*/.exec(text.slice(at + 1, at + 100))?.[0]
    if (name !== undefined) return { name, at }
    if (at === 0) break
  }
  return undefined
}
