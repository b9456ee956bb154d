import type { Span } from '../source/source.ts'

/** How bad a finding is: an error keeps the document from running. */
export type Severity = 'error' | 'warning' | 'info'

/** One finding about a user's document. Reading a document never throws; it returns these. */
export interface Diagnostic {
  /** Entry of the catalogue, `SEG-AREA-NNN`. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  readonly span: Span
  /** The finding is that a resource cannot be had: which one, and the cause in one word. */
  readonly missing?: { readonly url: string; readonly cause: string }
}
