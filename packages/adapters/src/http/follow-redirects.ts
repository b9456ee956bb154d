/** A request with everything that a redirect may change. */
export interface FollowedRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: string | undefined
}

/** Where redirects may lead. */
export interface RedirectRules {
  readonly maxRedirects: number
  /** A reason why an address may not be visited; `undefined`: it may. */
  refuse(url: URL): string | undefined
}

/** The answer that is no redirect, or why the chain ended before it. */
export type FollowedResponse =
  | { readonly ok: true; readonly url: URL; readonly response: Response }
  | { readonly ok: false; readonly url: URL; readonly reason: string }

/**
 * Sends a request and follows redirects itself, so that every hop is looked at and credentials stay with their origin.
 *
 * Errors: rejects as `fetch` does.
 * Spec: RFC 9110 §15.4; fetch standard, HTTP-redirect fetch.
 */
export async function followRedirects(
  request: FollowedRequest,
  rules: RedirectRules,
  options: { readonly fetch: typeof fetch; readonly signal: AbortSignal },
): Promise<FollowedResponse> {
  let current = request
  for (let hops = 0; ; hops += 1) {
    const { url, method, headers, body } = current
    const response = await options.fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: options.signal,
      ...(body === undefined ? {} : { body }),
    })
    const location = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return { ok: true, url, response }
    // The rest of a redirect's body would hold the connection.
    await response.body?.cancel()
    if (hops >= rules.maxRedirects) return { ok: false, url, reason: `more than ${rules.maxRedirects} redirects` }
    const next = parseUrl(location, url)
    if (next === undefined) return { ok: false, url, reason: `"${location}" is not an address` }
    const refusal = rules.refuse(next)
    if (refusal !== undefined) return { ok: false, url, reason: refusal }
    current = redirected(current, next, response.status)
  }
}

/** An address, or `undefined` for a text that is none. */
export function parseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

function redirected(request: FollowedRequest, next: URL, status: number): FollowedRequest {
  const headers = new Headers(request.headers)
  if (next.origin !== request.url.origin) {
    for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name)
  }
  const becomesGet =
    (status === 303 && request.method !== 'GET' && request.method !== 'HEAD') ||
    ((status === 301 || status === 302) && request.method === 'POST')
  if (!becomesGet) return { ...request, url: next, headers }
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name)
  return { url: next, method: 'GET', headers, body: undefined }
}
