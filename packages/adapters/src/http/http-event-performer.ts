import type { Clock, MessageBody, PerformedEffect, Performer } from '@segue/runtime'
import { decodeValue } from '@segue/scxml'
import { readBody } from './read-body.ts'

/** Named limits of events that are posted to other systems (configuration reference). */
export interface HttpEventLimits {
  readonly eventTimeoutS: number
  /** Of an answer, which is read and thrown away. */
  readonly maxEventAnswerBytes: number
}

/** Limits that hold when nothing else is said. */
export const defaultHttpEventLimits: HttpEventLimits = { eventTimeoutS: 10, maxEventAnswerBytes: 65_536 }

/** What the Basic HTTP event processor needs to send. */
export interface HttpEventOptions {
  readonly clock: Clock
  /** Default: the platform's. */
  readonly fetch?: typeof fetch
  readonly limits?: Partial<HttpEventLimits>
  /** `Authorization` for an address; for sessions of the own node. */
  readonly authorization?: (url: URL) => string | undefined
}

const EVENT_NAME = '_scxmleventname'

/**
 * Performs `http.event` effects: posts the event of a `<send>` to its target under the effect's key. Parameters go as a
 * form, content goes as the body, the name goes as `_scxmleventname`. Without an answer the session gets the event that
 * the effect carries as `failed`; with one that is no success, the event `refused`.
 *
 * Order: none between events. Spec: SCXML 1.0, C.2.
 */
export function httpEventPerformer(options: HttpEventOptions): Performer {
  const limits = { ...defaultHttpEventLimits, ...options.limits }
  const platformFetch = options.fetch ?? fetch

  async function perform(effect: PerformedEffect, signal: AbortSignal): Promise<void> {
    const outcome = await post(effect, signal)
    if (signal.aborted) return
    const { failed, refused } = effect.body
    const told = outcome === 'done' ? undefined : messageOf(outcome === 'refused' ? (refused ?? failed) : failed)
    if (told === undefined) return effect.done()
    const { status } = await effect.report(1, told, { answers: true })
    // A session that has ended needs no answer.
    if (status === 'unknown') effect.done()
  }

  async function post(effect: PerformedEffect, signal: AbortSignal): Promise<'done' | 'refused' | 'failed'> {
    const target = String(effect.body['url'] ?? '')
    if (!URL.canParse(target)) return 'failed'
    const url = new URL(target)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'failed'
    const { body, contentType } = bodyOf(effect.body, url)
    const authorization = options.authorization?.(url)
    const timeout = new AbortController()
    const { clock } = options
    const timer = clock.schedule(clock.nowMs() + limits.eventTimeoutS * 1000, () => timeout.abort())
    try {
      const response = await platformFetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': contentType,
          'idempotency-key': effect.key,
          ...(authorization === undefined ? {} : { authorization }),
        },
        body,
        signal: AbortSignal.any([signal, timeout.signal]),
      })
      await readBody(response, limits.maxEventAnswerBytes)
      return response.ok ? 'done' : 'refused'
    } catch {
      return 'failed'
    } finally {
      timer.cancel()
    }
  }

  return { types: ['http.event'], perform }
}

/** With content as the body, the name goes into the query of `url`. */
function bodyOf(
  effect: Readonly<Record<string, unknown>>,
  url: URL,
): { readonly body: string; readonly contentType: string } {
  const name = typeof effect['event'] === 'string' ? effect['event'] : ''
  const encoded = effect['data']
  const data = typeof encoded === 'string' ? decodedOr(encoded) : undefined
  const isParameters =
    effect['dataIsContent'] !== true && typeof data === 'object' && data !== null && !Array.isArray(data)
  if (data === undefined || isParameters) {
    const form = new URLSearchParams(name === '' ? [] : [[EVENT_NAME, name]])
    for (const [key, value] of Object.entries(data ?? {})) form.append(key, formText(value))
    return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' }
  }
  if (name !== '') url.searchParams.set(EVENT_NAME, name)
  return { body: formText(data), contentType: 'text/plain; charset=utf-8' }
}

function formText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function decodedOr(text: string): unknown {
  try {
    return decodeValue(text)
  } catch {
    return text
  }
}

function messageOf(value: unknown): MessageBody | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string')
    return undefined
  return { ...value, kind: value.kind }
}
