import { fileURLToPath, pathToFileURL } from 'node:url'
import { resolve as absolutePath } from 'node:path'
import type { Clock } from '@segue/runtime'
import type { Resolve, Resolved } from '@segue/scxml'
import { type AdapterFaultCode, adapterFaultText } from '../errors.ts'
import { followRedirects, parseUrl } from '../http/follow-redirects.ts'
import { readBody } from '../http/read-body.ts'
import { transportFailure, transportReason } from '../http/fetch-failure.ts'
import { decodeText } from './decode-text.ts'
import { readJailedFile } from './file-jail.ts'
import { type CachedDocument, type DocumentCacheLimits, HttpDocumentCache } from './http-document-cache.ts'

/** Bounds of reading documents. */
export interface DocumentLimits extends DocumentCacheLimits {
  /** Of one document. */
  readonly maxBytes: number
  readonly timeoutS: number
  readonly maxRedirects: number
}

/** Limits that hold when nothing else is said. */
export const defaultDocumentLimits: DocumentLimits = {
  maxBytes: 10 * 1024 * 1024,
  timeoutS: 5,
  maxRedirects: 5,
  maxEntries: 1_000,
  maxTotalBytes: 100 * 1024 * 1024,
  maxAgeS: 3_600,
}

/** Where documents may come from. */
export interface DocumentResolverOptions {
  readonly clock: Clock
  /** Folders below which files may be read. */
  readonly fileRoots: readonly string[]
  /** Origins (`https://apps.example.com`, `http://localhost:8080`) that may be asked. */
  readonly httpAllow: readonly string[]
  /** Any port of this machine may be asked, too. Default: false. */
  readonly allowLoopback?: boolean
  /** Encoding of texts that declare none. Default: `utf-8`. */
  readonly defaultEncoding?: string
  readonly limits?: Partial<DocumentLimits>
  /** Default: the platform's. */
  readonly fetch?: typeof fetch
}

/**
 * Reads documents and what they include from files and web servers, inside of what is allowed.
 *
 * Errors: reasons begin with SEG-LOAD-001 to 006.
 * Spec: scxml-dialect §2; deployment (application object).
 */
export function createDocumentResolver(options: DocumentResolverOptions): Resolve {
  const limits: DocumentLimits = { ...defaultDocumentLimits, ...options.limits }
  const roots = options.fileRoots.map((root) => absolutePath(root))
  const origins = new Set(options.httpAllow.flatMap((text) => parseUrl(text)?.origin ?? []))
  const cache = new HttpDocumentCache(options.clock, limits)
  /** Documents that are being fetched: several sessions that start together ask once. */
  const underway = new Map<string, Promise<HttpResult>>()
  const otherwise = options.defaultEncoding ?? 'utf-8'

  const refuse = (url: URL): string | undefined => {
    const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
    const isAllowed = isWeb && (origins.has(url.origin) || (options.allowLoopback === true && isLoopback(url.hostname)))
    return isAllowed ? undefined : `"${url.origin}" is not allowed`
  }

  const fetchDocument = httpReader({ options, limits, cache, refuse })

  async function fromWeb(url: URL): Promise<Resolved> {
    const { href } = url
    if (url.username !== '' || url.password !== '') {
      return missing(withoutCredentials(url), 'SEG-LOAD-006', { reason: 'it holds a user or password' })
    }
    if (refuse(url) !== undefined) return missing(href, 'SEG-LOAD-001')
    const pending = underway.get(href) ?? fetchDocument(url).finally(() => underway.delete(href))
    underway.set(href, pending)
    const result = await pending
    if (!result.ok)
      return missing(href, result.code, { reason: result.reason, limitBytes: limits.maxBytes }, result.cause)
    const { document } = result
    return decoded(document.url, document.bytes, document.charset)
  }

  async function fromFile(url: URL): Promise<Resolved> {
    let path: string
    try {
      path = fileURLToPath(url)
    } catch {
      return missing(url.href, 'SEG-LOAD-006', { reason: 'it is no path of this machine' })
    }
    if (path.includes('\0')) return missing(url.href, 'SEG-LOAD-006', { reason: 'it holds a zero character' })
    const file = await readJailedFile(path, { roots, maxBytes: limits.maxBytes })
    switch (file.kind) {
      case 'found':
        return decoded(pathToFileURL(file.path).href, file.bytes, undefined)
      case 'outside':
        return missing(url.href, 'SEG-LOAD-001')
      case 'missing':
        return missing(url.href, 'SEG-LOAD-002', { reason: file.reason })
      case 'too large':
        return missing(url.href, 'SEG-LOAD-003', { limitBytes: limits.maxBytes })
      case 'unreadable':
        return missing(url.href, 'SEG-LOAD-005', { reason: file.reason })
    }
  }

  function decoded(url: string, bytes: Uint8Array, declared: string | undefined): Resolved {
    const text = decodeText(bytes, { declared, otherwise })
    if (!text.ok) return missing(url, 'SEG-LOAD-004', { reason: text.reason })
    return { found: true, source: { url, text: text.text } }
  }

  return async (href, base) => {
    const url = parseUrl(href, parseUrl(base))
    if (url === undefined) return missing(href, 'SEG-LOAD-006', { reason: 'it is no address and has no base' })
    url.hash = ''
    if (url.protocol === 'file:') return fromFile(url)
    if (url.protocol === 'http:' || url.protocol === 'https:') return fromWeb(url)
    return missing(url.href, 'SEG-LOAD-006', { reason: `scheme "${url.protocol}" is not supported` })
  }
}

type HttpResult =
  | { readonly ok: true; readonly document: CachedDocument }
  | { readonly ok: false; readonly code: LoadFaultCode; readonly reason: string; readonly cause: string }

interface HttpReaderParts {
  readonly options: DocumentResolverOptions
  readonly limits: DocumentLimits
  readonly cache: HttpDocumentCache
  refuse(url: URL): string | undefined
}

/** Fetches through the cache; what is no longer fresh is asked for with its validators. Never rejects. */
function httpReader({ options, limits, cache, refuse }: HttpReaderParts): (url: URL) => Promise<HttpResult> {
  const { clock } = options

  async function exchange(url: URL, signal: AbortSignal): Promise<HttpResult> {
    const known = cache.get(url.href)
    if (known?.isFresh === true) return { ok: true, document: known.document }
    const headers = new Headers({ accept: 'application/scxml+xml, application/xml, text/xml, */*;q=0.5' })
    if (known?.document.etag !== undefined) headers.set('if-none-match', known.document.etag)
    if (known?.document.lastModified !== undefined) headers.set('if-modified-since', known.document.lastModified)
    const answer = await followRedirects(
      { url, method: 'GET', headers, body: undefined },
      { maxRedirects: limits.maxRedirects, refuse },
      { fetch: options.fetch ?? fetch, signal },
    )
    if (!answer.ok)
      return { ok: false, code: 'SEG-LOAD-005', reason: `redirect not followed: ${answer.reason}`, cause: 'redirect' }
    const { response } = answer
    if (response.status === 304 && known !== undefined) {
      cache.put(url.href, known.document, response.headers)
      return { ok: true, document: known.document }
    }
    const body = await readBody(response, limits.maxBytes)
    if (response.status === 404 || response.status === 410) {
      return failed('SEG-LOAD-002', response.status)
    }
    if (response.status !== 200) return failed('SEG-LOAD-005', response.status)
    if (!body.ok) return { ok: false, code: 'SEG-LOAD-003', reason: '', cause: causes['SEG-LOAD-003'] }
    const document: CachedDocument = {
      url: answer.url.href,
      bytes: body.bytes,
      charset: /charset\s*=\s*"?([^\s";]+)/i.exec(response.headers.get('content-type') ?? '')?.[1],
      etag: response.headers.get('etag') ?? undefined,
      lastModified: response.headers.get('last-modified') ?? undefined,
    }
    cache.put(url.href, document, response.headers)
    return { ok: true, document }
  }

  return async (url) => {
    const timeout = new AbortController()
    const timer = clock.schedule(clock.nowMs() + limits.timeoutS * 1000, () => timeout.abort())
    try {
      return await exchange(url, timeout.signal)
    } catch (error) {
      const isLate = timeout.signal.aborted
      const reason = isLate ? `no answer within ${limits.timeoutS} s` : transportReason(error)
      const cause = isLate ? 'timeout' : String(transportFailure(error, url.href).error)
      return { ok: false, code: 'SEG-LOAD-005', reason, cause }
    } finally {
      timer.cancel()
    }
  }
}

function failed(code: LoadFaultCode, status: number): HttpResult {
  return { ok: false, code, reason: `server answered ${status}`, cause: String(status) }
}

type LoadFaultCode = Extract<AdapterFaultCode, `SEG-LOAD-${string}`>

/** Causes in one word. */
const causes: Readonly<Record<LoadFaultCode, string>> = {
  'SEG-LOAD-001': 'denied',
  'SEG-LOAD-002': 'notfound',
  'SEG-LOAD-003': 'toolarge',
  'SEG-LOAD-004': 'encoding',
  'SEG-LOAD-005': 'unreadable',
  'SEG-LOAD-006': 'invalid',
}

function missing(
  url: string,
  code: LoadFaultCode,
  parameters: Readonly<Record<string, string | number>> = {},
  cause = causes[code],
): Resolved {
  return { found: false, url, reason: adapterFaultText(code, { url, ...parameters }), cause }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function withoutCredentials(url: URL): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href
}
