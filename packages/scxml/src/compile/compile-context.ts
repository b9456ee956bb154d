import type { Dialect } from '../read/document.ts'
import type { PieceId, PieceKind, ScriptPiece } from '../script/contract.ts'
import type { MappedText } from '../source/mapped-text.ts'
import { positionAt } from '../source/source.ts'
import type { Span } from '../source/source.ts'
import type { Place } from './instruction.ts'

/** What is gathered while a document is compiled. */
export interface CompileContext {
  readonly dialect: Dialect
  readonly pieces: ScriptPiece[]
}

/** Where a piece of a document stands: which state, which included fragment. */
export interface Surroundings {
  readonly state: string
  readonly prefix: string
}

/** Adds a piece to the script unit. */
export function addPiece(context: CompileContext, kind: PieceKind, text: MappedText, prefix: string): PieceId {
  context.pieces.push({ kind, text, prefix, isDocumentLevel: false })
  return context.pieces.length - 1
}

/** As `addPiece` for a text that may be absent. */
export function addOptionalPiece(
  context: CompileContext,
  kind: PieceKind,
  text: MappedText | undefined,
  prefix: string,
): PieceId | undefined {
  return text === undefined ? undefined : addPiece(context, kind, text, prefix)
}

export function placeOf(element: string, span: Span, state: string): Place {
  return { element, url: span.source.url, line: positionAt(span.source, span.start).line, state }
}
