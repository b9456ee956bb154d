import { load } from './load.ts'
import type { Loaded, LoadOptions } from './load.ts'
import type { Resolve } from './source/resolve.ts'

/** What `parse` may be told besides the text; nothing of it is needed for a document that stands alone. */
export interface ParseOptions extends Partial<LoadOptions> {
  /** Absolute address of the text: what findings name and what its references are relative to. */
  readonly url?: string
}

/**
 * Loads a document that is at hand as text, up to its chart. Never rejects; every problem is a diagnostic. Without
 * `resolve` the text is all there is: a reference to anything else (`xi:include`, `src`) is not found.
 */
export async function parse(text: string, options: ParseOptions = {}): Promise<Loaded> {
  const { url = 'memory:document.scxml', modules = [], resolve = nothingElse, ...others } = options
  return load(url, {
    ...others,
    modules,
    resolve: async (href, base, kind) =>
      kind === 'document' && href === url ? { found: true, source: { url, text } } : resolve(href, base, kind),
  })
}

const nothingElse: Resolve = async (href) => ({
  found: false,
  url: href,
  reason: 'the document was given as text, without "resolve" for what it refers to',
})
