import { adapterFaultText } from '../errors.ts'

/**
 * Values of `error` in `error.session.fetch`. An answer of 400 or more gives its status as a number instead.
 *
 * | value | what happened | tried again when guaranteed |
 * |---|---|---|
 * | status (number) | the server answered 400 or more | 500 and more |
 * | `timeout` | no complete answer in time | yes |
 * | `refused` | nobody listens at that address | yes |
 * | `dns` | the name of the server is not known | yes |
 * | `tls` | certificate or encryption | yes |
 * | `network` | the connection broke, or could not be made for another reason | yes |
 * | `redirect` | too many redirects, or one that leads nowhere | no |
 * | `contenttype` | the answer is of another type than wanted | no |
 * | `toolarge` | the answer is larger than the limit | no |
 * | `invalidattribute` | the request cannot be sent as it is | no |
 * | `interrupted` | a post was on its way when the node went down (design P7) | – |
 * | `overloaded` | too many requests wait already | no |
 */
export type FetchErrorValue =
  | number
  | 'timeout'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'network'
  | 'redirect'
  | 'contenttype'
  | 'toolarge'
  | 'invalidattribute'
  | 'interrupted'
  | 'overloaded'

/** One try that did not give content. */
export interface FetchFailure {
  readonly error: FetchErrorValue
  readonly description: string
  /** Counts as a failure for guaranteed delivery (session-and-web, Decisions). */
  readonly isRetryable: boolean
}

/** The failure behind an error that `fetch` rejected with. */
export function transportFailure(error: unknown, url: string): FetchFailure {
  return {
    error: valueOf(innermost(error).code),
    description: adapterFaultText('SEG-FETCH-003', { url, reason: transportReason(error) }),
    isRetryable: true,
  }
}

/** What the platform says about an error that `fetch` rejected with, for people. */
export function transportReason(error: unknown): string {
  const { code, message } = innermost(error)
  return code === '' || message.includes(code) ? message : `${code} ${message}`
}

function valueOf(code: string): FetchErrorValue {
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA' || code === 'EAI_NONAME') return 'dns'
  if (code === 'ETIMEDOUT' || /^UND_ERR_.*TIMEOUT$/.test(code)) return 'timeout'
  const isTls = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/.test(
    code,
  )
  return isTls ? 'tls' : 'network'
}

/** `fetch` wraps what really happened, sometimes as one of several tried addresses. */
function innermost(error: unknown): { readonly code: string; readonly message: string } {
  let inner = error
  for (let depth = 0; depth < 8 && inner instanceof Error; depth += 1) {
    const next: unknown = inner instanceof AggregateError ? inner.errors[0] : inner.cause
    if (!(next instanceof Error)) break
    inner = next
  }
  if (!(inner instanceof Error)) return { code: '', message: String(inner) }
  const code: unknown = Reflect.get(inner, 'code')
  return { code: typeof code === 'string' ? code : '', message: inner.message }
}
