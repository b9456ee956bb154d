import { createDocumentResolver, systemClock } from '@segue/adapters'
import { elementNamespaces } from '@segue/modules'
import type { Diagnostic, ElementNamespace } from '@segue/scxml'
import { load } from '@segue/scxml'

/** A document as a server would read it. */
export interface ReadDocument {
  readonly url: string
  readonly diagnostics: readonly Diagnostic[]
  /** Addresses of everything that it includes. */
  readonly included: ReadonlySet<string>
}

/** Reads a document with its includes. Who runs this may read what he may read; the jail of a server does not apply. */
export async function readDocument(
  url: string,
  namespaces: readonly ElementNamespace[] = elementNamespaces,
): Promise<ReadDocument> {
  const resolver = createDocumentResolver({
    fileRoots: ['/'],
    httpAllow: /^https?:/.test(url) && URL.canParse(url) ? [new URL(url).origin] : [],
    clock: systemClock(),
  })
  const included = new Set<string>()
  const { diagnostics } = await load(url, {
    resolve: async (href, base, kind) => {
      const resolved = await resolver(href, base, kind)
      if (resolved.found && resolved.source.url !== url) included.add(resolved.source.url)
      return resolved
    },
    modules: namespaces,
  })
  return { url, diagnostics, included }
}
