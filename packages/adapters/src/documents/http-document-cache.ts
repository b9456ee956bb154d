import type { Clock } from '@segue/runtime'

/** A document as a server gave it. */
export interface CachedDocument {
  /** Address after redirects. */
  readonly url: string
  readonly bytes: Uint8Array
  readonly charset: string | undefined
  readonly etag: string | undefined
  readonly lastModified: string | undefined
}

/** Bounds of the cache. */
export interface DocumentCacheLimits {
  readonly maxEntries: number
  readonly maxTotalBytes: number
  /** Servers may not ask to be believed longer. */
  readonly maxAgeS: number
}

/** Documents by address, the least recently used ones go first. */
export class HttpDocumentCache {
  readonly #entries = new Map<string, { readonly document: CachedDocument; readonly freshUntilMs: number }>()
  readonly #clock: Clock
  readonly #limits: DocumentCacheLimits
  #totalBytes = 0

  constructor(clock: Clock, limits: DocumentCacheLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** The stored document and whether it may be used without asking the server. */
  get(url: string): { readonly document: CachedDocument; readonly isFresh: boolean } | undefined {
    const entry = this.#entries.get(url)
    if (entry === undefined) return undefined
    this.#entries.delete(url)
    this.#entries.set(url, entry)
    return { document: entry.document, isFresh: this.#clock.nowMs() < entry.freshUntilMs }
  }

  /** Keeps a document as long as the answer's headers allow. */
  put(url: string, document: CachedDocument, headers: Headers): void {
    this.#remove(url)
    const directives = (headers.get('cache-control') ?? '').toLowerCase()
    if (/\bno-store\b/.test(directives) || document.bytes.length > this.#limits.maxTotalBytes) return
    const askedS = /\bno-cache\b/.test(directives) ? 0 : Number(/\bmax-age\s*=\s*"?(\d+)/.exec(directives)?.[1] ?? 0)
    const ageS = Math.max(0, Number(headers.get('age') ?? 0) || 0)
    const freshS = Math.max(0, Math.min(askedS - ageS, this.#limits.maxAgeS))
    if (freshS === 0 && document.etag === undefined && document.lastModified === undefined) return
    this.#entries.set(url, { document, freshUntilMs: this.#clock.nowMs() + freshS * 1000 })
    this.#totalBytes += document.bytes.length
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.maxEntries && this.#totalBytes <= this.#limits.maxTotalBytes) return
      this.#remove(oldest)
    }
  }

  #remove(url: string): void {
    const entry = this.#entries.get(url)
    if (entry === undefined) return
    this.#entries.delete(url)
    this.#totalBytes -= entry.document.bytes.length
  }
}
