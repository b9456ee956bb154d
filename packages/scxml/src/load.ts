import type { Chart } from './compile/chart.ts'
import { compile } from './compile/compile.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { withoutSuppressed } from './diagnostics/suppress.ts'
import type { ElementNamespace } from './elements/element-spec.ts'
import type { Dialect, Document } from './read/document.ts'
import { front } from './read/front.ts'
import type { DocumentLimits } from './read/limits.ts'
import type { Resolve } from './source/resolve.ts'
import type { Source } from './source/source.ts'

/** What loading needs besides the address. */
export interface LoadOptions {
  readonly resolve: Resolve
  /** Modules whose elements the document may use. */
  readonly modules: readonly ElementNamespace[]
  /** Forces a dialect. */
  readonly dialect?: Dialect
  readonly limits?: Partial<DocumentLimits>
}

/** What loading a document gave. */
export interface Loaded {
  /** Absent when there is at least one error. */
  readonly document: Document | undefined
  readonly chart: Chart | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: readonly Source[]
}

/** Loads a document from its address to a chart. */
export type Load = (url: string, options: LoadOptions) => Promise<Loaded>

/** Loads a document from its address to a chart. Never rejects; every problem is a diagnostic. */
export async function load(url: string, options: LoadOptions): Promise<Loaded> {
  const { diagnostics, document, sources } = await front(url, options)
  if (document === undefined) return { document, chart: undefined, diagnostics, sources }
  const compiled = compile(document)
  const found = [...diagnostics, ...withoutSuppressed(compiled.diagnostics)]
  const { chart } = compiled
  return { document: chart && document, chart, diagnostics: found, sources }
}
