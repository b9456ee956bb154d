import { adapterFaultText } from '../errors.ts'
import { parseUrl } from './follow-redirects.ts'

/** Body of an `http.fetch` effect, checked. */
export interface FetchRequest {
  readonly requestId: string
  readonly url: URL
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers: Headers
  readonly requestBody: string | undefined
  /** Media type that is wanted, without parameters, in lower case; `''`: any. */
  readonly expectType: string
  readonly timeoutS: number
  readonly guaranteed: boolean
  /** Tries at most; one unless guaranteed. */
  readonly attempts: number
  readonly retryIntervalS: number
}

/** Bounds that a request is held to. */
export interface FetchRequestLimits {
  readonly defaultTimeoutS: number
  readonly maxTimeoutS: number
  readonly maxAttempts: number
  readonly maxRetryIntervalS: number
}

export type FetchRequestResult =
  | { readonly ok: true; readonly request: FetchRequest }
  | { readonly ok: false; readonly requestId: string; readonly description: string }

/** Headers that belong to the connection and not to the author. */
const connectionHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads an effect's body. Never throws.
 *
 * Errors: SEG-FETCH-001 as description.
 * Spec: session-and-web §4.1, Decisions.
 */
export function readFetchRequest(
  body: Readonly<Record<string, unknown>>,
  key: string,
  limits: FetchRequestLimits,
): FetchRequestResult {
  const requestId = typeof body['requestId'] === 'string' ? body['requestId'] : ''
  const refused = (reason: string): FetchRequestResult => ({
    ok: false,
    requestId,
    description: adapterFaultText('SEG-FETCH-001', { reason }),
  })

  const address = String(body['url'] ?? '')
  const url = parseUrl(address)
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return refused(`"${address.slice(0, 200)}" is not an absolute http or https address`)
  }
  if (url.username !== '' || url.password !== '') return refused('user and password belong into headers')
  const method = readMethod(String(body['method'] ?? 'get'))
  if (method === undefined) return refused(`method "${String(body['method']).slice(0, 40)}" is not supported`)
  const headers = readHeaders(body['headers'])
  if (typeof headers === 'string') return refused(headers)
  const requestBody = typeof body['requestBody'] === 'string' && method !== 'GET' ? body['requestBody'] : undefined
  const expectType = mediaType(typeof body['expectType'] === 'string' ? body['expectType'] : '')
  addOwnHeaders(headers, { body, key, expectType, hasBody: requestBody !== undefined, isGet: method === 'GET' })

  const guaranteed = body['guaranteed'] === true
  return {
    ok: true,
    request: {
      requestId,
      url,
      method,
      headers,
      requestBody,
      expectType,
      timeoutS: positive(body['timeoutS'], limits.defaultTimeoutS, limits.maxTimeoutS),
      guaranteed,
      attempts: guaranteed ? Math.trunc(positive(body['retries'], 1, limits.maxAttempts)) || 1 : 1,
      retryIntervalS: positive(body['retryIntervalS'], 0, limits.maxRetryIntervalS),
    },
  }
}

/** A media type without parameters, for comparison. */
export function mediaType(text: string): string {
  return (text.split(';')[0] ?? '').trim().toLowerCase()
}

function readMethod(text: string): FetchRequest['method'] | undefined {
  const method = text.trim().toUpperCase()
  return method === 'GET' || method === 'POST' || method === 'PUT' || method === 'DELETE' ? method : undefined
}

/** Headers, or what is wrong with one of them. Values that are undefined or null are left out. */
function readHeaders(value: unknown): Headers | string {
  const headers = new Headers()
  if (value === undefined || value === null) return headers
  if (typeof value !== 'object') return 'headers are not an object'
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || member === null || connectionHeaders.has(name.toLowerCase())) continue
    try {
      headers.set(name, String(member))
    } catch {
      return `header "${name.slice(0, 80)}" cannot be sent`
    }
  }
  return headers
}

interface OwnHeaders {
  readonly body: Readonly<Record<string, unknown>>
  readonly key: string
  readonly expectType: string
  readonly hasBody: boolean
  readonly isGet: boolean
}

/** What the author wrote himself stays. */
function addOwnHeaders(headers: Headers, { body, key, expectType, hasBody, isGet }: OwnHeaders): void {
  const add = (name: string, value: string): void => {
    if (!headers.has(name)) headers.set(name, value)
  }
  // The same key on every try: a server that knows it takes the request once (design P7).
  add('idempotency-key', key)
  if (expectType !== '') add('accept', expectType)
  if (hasBody && typeof body['contentType'] === 'string') add('content-type', body['contentType'])
  const { maxAgeS, maxStaleS } = body
  if (isGet && typeof maxAgeS === 'number') {
    const stale = typeof maxStaleS === 'number' && maxStaleS > 0 ? `, max-stale=${Math.trunc(maxStaleS)}` : ''
    add('cache-control', `max-age=${Math.trunc(maxAgeS)}${stale}`)
  }
}

function positive(value: unknown, otherwise: number, most: number): number {
  return typeof value === 'number' && value > 0 ? Math.min(value, most) : otherwise
}
