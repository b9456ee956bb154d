import { createHash } from 'node:crypto'
import type { Resolve, Source } from '@segue/scxml'
import type { ApplicationBundle } from './contract.ts'
import { isRecord } from './read-session-message.ts'

/** A resolver that remembers what it gave, so that a bundle can be made of it. */
export interface RecordingResolve {
  readonly resolve: Resolve
  /** Everything that was found, by address, with the addresses under which it was asked for. */
  readonly found: ReadonlyMap<string, { readonly source: Source; readonly askedAs: Set<string> }>
}

/** Puts a memory in front of a resolver; each address is read once. */
export function recordingResolve(inner: Resolve): RecordingResolve {
  const found = new Map<string, { readonly source: Source; readonly askedAs: Set<string> }>()
  const resolve: Resolve = async (href, base, kind) => {
    const resolved = await inner(href, base, kind)
    if (!resolved.found) return resolved
    const known = found.get(resolved.source.url)
    const asked = absolute(href, base)
    if (known === undefined) found.set(resolved.source.url, { source: resolved.source, askedAs: new Set([asked]) })
    else known.askedAs.add(asked)
    return known === undefined ? resolved : { found: true, source: known.source }
  }
  return { resolve, found }
}

/** Makes the bundle of a loaded document. `hash` covers addresses and texts, so that a moved document is a new version. */
export function bundleOf(url: string, found: RecordingResolve['found']): ApplicationBundle {
  const sources = Array.from(found.values(), ({ source, askedAs }) => ({
    url: source.url,
    text: source.text,
    askedAs: [...askedAs],
  }))
  const text = JSON.stringify([url, ...sources.map((source) => [source.url, source.text])])
  return { hash: createHash('sha256').update(text).digest('hex'), url, sources }
}

/** A resolver that knows nothing but the sources of a bundle. */
export function bundleResolve(bundle: ApplicationBundle): Resolve {
  const byAddress = new Map<string, Source>()
  for (const { url, text, askedAs } of bundle.sources) {
    const source: Source = { url, text }
    byAddress.set(url, source)
    for (const asked of askedAs) byAddress.set(asked, source)
  }
  return (href, base) => {
    const url = absolute(href, base)
    const source = byAddress.get(url)
    return Promise.resolve(
      source === undefined
        ? { found: false, url, reason: 'it is not part of this application version' }
        : { found: true, source },
    )
  }
}

/** A bundle from its stored text; `undefined` when the text is none. */
export function readBundle(text: string): ApplicationBundle | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(value)) return undefined
  const { hash, url, sources } = value
  if (typeof hash !== 'string' || typeof url !== 'string' || !Array.isArray(sources)) return undefined
  return { hash, url, sources: sources.flatMap(readSource) }
}

function readSource(value: unknown): ApplicationBundle['sources'] {
  if (!isRecord(value)) return []
  const { url, text, askedAs } = value
  if (typeof url !== 'string' || typeof text !== 'string' || !Array.isArray(askedAs)) return []
  return [{ url, text, askedAs: askedAs.filter((asked): asked is string => typeof asked === 'string') }]
}

function absolute(href: string, base: string): string {
  if (URL.canParse(href)) return new URL(href).href
  return URL.canParse(href, base) ? new URL(href, base).href : href
}
