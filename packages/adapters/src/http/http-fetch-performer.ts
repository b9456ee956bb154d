import type { Clock, MessageBody, PerformedEffect, Performer } from '@segue/runtime'
import { adapterFaultText } from '../errors.ts'
import { decodeText } from '../documents/decode-text.ts'
import { type FetchErrorValue, type FetchFailure, transportFailure } from './fetch-failure.ts'
import { type FetchRequest, type FetchRequestLimits, mediaType, readFetchRequest } from './fetch-request.ts'
import { followRedirects } from './follow-redirects.ts'
import { readBody } from './read-body.ts'
import { requestGate } from './request-gate.ts'

/** Bounds of the fetch executor. */
export interface HttpFetchLimits extends FetchRequestLimits {
  readonly maxResponseBytes: number
  readonly maxRedirects: number
  /** Requests on the wire, to all servers and to one origin. */
  readonly maxConcurrent: number
  readonly maxConcurrentPerOrigin: number
  /** Requests that wait for their turn; more are answered `overloaded`. */
  readonly maxWaiting: number
}

/** Limits that hold when nothing else is said. */
export const defaultHttpFetchLimits: HttpFetchLimits = {
  defaultTimeoutS: 10,
  maxTimeoutS: 600,
  maxAttempts: 100,
  maxRetryIntervalS: 86_400,
  maxResponseBytes: 5 * 1024 * 1024,
  maxRedirects: 10,
  maxConcurrent: 256,
  maxConcurrentPerOrigin: 64,
  maxWaiting: 10_000,
}

/** What the fetch executor needs. */
export interface HttpFetchOptions {
  readonly clock: Clock
  /** Default: the platform's. */
  readonly fetch?: typeof fetch
  readonly limits?: Partial<HttpFetchLimits>
  /** Sends a post again whose sending a crash interrupted, instead of answering `interrupted`. Default: false. */
  readonly resendPost?: boolean
}

type Outcome =
  | { readonly ok: true; readonly content: string; readonly hints: Readonly<Record<string, string>> }
  | ({ readonly ok: false } & FetchFailure)

/**
 * Performs `http.fetch` effects and reports `session.fetch.done` or `error.session.fetch`. The values of `error` are
 * those of `FetchErrorValue`.
 *
 * Order: none between effects; the tries of one effect follow each other with the same `Idempotency-Key`.
 * Spec: session-and-web §4.1, §5, Decisions; design P7.
 */
export function httpFetchPerformer(options: HttpFetchOptions): Performer {
  const { clock } = options
  const limits: HttpFetchLimits = { ...defaultHttpFetchLimits, ...options.limits }
  const platformFetch = options.fetch ?? fetch
  const gate = requestGate(limits)

  async function perform(effect: PerformedEffect, signal: AbortSignal): Promise<void> {
    const read = readFetchRequest(effect.body, effect.key, limits)
    if (!read.ok) return reportError(effect, signal, read.requestId, 'invalidattribute', read.description)
    const { request } = read
    const url = request.url.href
    const mayResend = request.method !== 'POST' || request.guaranteed || options.resendPost === true
    if (effect.isRepeated && !mayResend) {
      const description = adapterFaultText('SEG-FETCH-007', { url })
      return reportError(effect, signal, request.requestId, 'interrupted', description)
    }
    const outcome = await tryOften(request, signal)
    if (outcome === undefined) return
    if (!outcome.ok) return reportError(effect, signal, request.requestId, outcome.error, outcome.description)
    const { content, hints } = outcome
    await report(effect, signal, {
      kind: 'event',
      name: 'session.fetch.done',
      data: { requestid: request.requestId, content, hints },
      module: 'session',
    })
  }

  /** `undefined`: withdrawn, nobody waits for an answer. */
  async function tryOften(request: FetchRequest, signal: AbortSignal): Promise<Outcome | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await tryOnce(request, signal)
      if (signal.aborted) return undefined
      if (outcome.ok || !outcome.isRetryable || attempt >= request.attempts) return outcome
      await pause(clock, request.retryIntervalS * 1000, signal)
      if (signal.aborted) return undefined
    }
  }

  async function tryOnce(request: FetchRequest, signal: AbortSignal): Promise<Outcome> {
    const url = request.url.href
    const entry = await gate.enter(request.url.origin, signal)
    if (entry === 'full') return failure('overloaded', adapterFaultText('SEG-FETCH-009', { url }))
    const timeout = new AbortController()
    const { timeoutS } = request
    const timer = clock.schedule(clock.nowMs() + timeoutS * 1000, () => timeout.abort())
    try {
      return await exchange(request, AbortSignal.any([signal, timeout.signal]))
    } catch (error) {
      if (!timeout.signal.aborted) return { ok: false, ...transportFailure(error, url) }
      return failure('timeout', adapterFaultText('SEG-FETCH-004', { url, timeoutS }), { isRetryable: true })
    } finally {
      timer.cancel()
      gate.leave(request.url.origin)
    }
  }

  async function exchange(request: FetchRequest, signal: AbortSignal): Promise<Outcome> {
    const rules = { maxRedirects: limits.maxRedirects, refuse: refuseOtherSchemes }
    const wanted = { ...request, body: request.requestBody }
    const answer = await followRedirects(wanted, rules, { fetch: platformFetch, signal })
    const url = answer.url.href
    if (!answer.ok) return failure('redirect', adapterFaultText('SEG-FETCH-008', { url, reason: answer.reason }))
    const { response } = answer
    const body = await readBody(response, limits.maxResponseBytes)
    if (response.status >= 400) return statusFailure(url, response, body.ok ? body.bytes : new Uint8Array())
    if (!body.ok) {
      return failure('toolarge', adapterFaultText('SEG-FETCH-006', { url, limitBytes: limits.maxResponseBytes }))
    }
    const actual = mediaType(response.headers.get('content-type') ?? '')
    if (!isWanted(actual, request.expectType)) {
      return failure('contenttype', adapterFaultText('SEG-FETCH-005', { url, actual, expected: request.expectType }))
    }
    return { ok: true, content: textOf(response, body.bytes), hints: Object.fromEntries(response.headers) }
  }

  function reportError(
    effect: PerformedEffect,
    signal: AbortSignal,
    requestid: string,
    error: FetchErrorValue,
    description: string,
  ): Promise<void> {
    const data = { requestid, error, description }
    return report(effect, signal, { kind: 'event', name: 'error.session.fetch', data, module: 'session' })
  }

  /** Until it is taken: a full mailbox is asked again, an ended session needs no answer (session-and-web §4.1). */
  async function report(effect: PerformedEffect, signal: AbortSignal, message: MessageBody): Promise<void> {
    while (!signal.aborted) {
      const acceptance = await effect.report(1, message, { answers: true })
      if (acceptance.status === 'unknown') return effect.done()
      if (acceptance.status !== 'overloaded') return
      await pause(clock, Math.max(0.1, acceptance.retryAfterS) * 1000, signal)
    }
  }

  return { types: ['http.fetch'], perform }
}

function failure(error: FetchErrorValue, description: string, options?: { readonly isRetryable: boolean }): Outcome {
  return { ok: false, error, description, isRetryable: options?.isRetryable ?? false }
}

function statusFailure(url: string, response: Response, bytes: Uint8Array): Outcome {
  const { status } = response
  const beginning = textOf(response, bytes).slice(0, 300)
  const description = adapterFaultText('SEG-FETCH-002', { url, status })
  const isRetryable = status >= 500
  return failure(status, beginning === '' ? description : `${description}: ${beginning}`, { isRetryable })
}

/** An answer without a type, or without a body, differs from nothing. */
function isWanted(actual: string, expected: string): boolean {
  if (expected === '' || expected === '*/*' || actual === '' || actual === expected) return true
  return expected.endsWith('/*') && actual.startsWith(expected.slice(0, -1))
}

/** Text as declared; content that is not in its declared encoding is still given, with replacement characters. */
function textOf(response: Response, bytes: Uint8Array): string {
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(response.headers.get('content-type') ?? '')?.[1]
  const decoded = decodeText(bytes, { declared: charset, otherwise: 'utf-8' })
  return decoded.ok ? decoded.text : new TextDecoder().decode(bytes)
}

function refuseOtherSchemes(url: URL): string | undefined {
  return url.protocol === 'http:' || url.protocol === 'https:' ? undefined : `scheme "${url.protocol}" is not followed`
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      scheduled.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const scheduled = clock.schedule(clock.nowMs() + Math.max(1, delayMs), end)
    signal.addEventListener('abort', end, { once: true })
  })
}
