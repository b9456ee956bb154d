import type { FastifyRequest } from 'fastify'
import { bodyLimits } from '../limits.ts'
import { textOf } from './parameters.ts'

/** The header `Idempotency-Key`; `undefined` when it is absent. `ok: false`: longer than the limit. */
export function idempotencyKeyOf(
  request: FastifyRequest,
): { readonly ok: true; readonly key: string | undefined } | { readonly ok: false } {
  const key = textOf(request.headers['idempotency-key'])
  return key !== undefined && key.length > bodyLimits.maxIdempotencyKeyCharacters ? { ok: false } : { ok: true, key }
}

/**
 * Source and place of an event by its key (P9). A key of the form `client:17` is the seventeenth event of `client`: a
 * number that is not above the last one of that client is a repetition. Any other key is remembered by itself.
 * Either way a session remembers a bounded number of clients and keys, the ones seen last.
 */
export function sourceOf(key: string | undefined): { readonly source: string; readonly sequence?: number } {
  if (key === undefined) return { source: 'api' }
  // Keys of effects of other sessions end with numbers, too, but their events may overtake each other.
  const match = key.startsWith('session/') ? null : /^(.+):(\d{1,15})$/.exec(key)
  if (match === null) return { source: `api:${key}`, sequence: 1 }
  return { source: `api:${match[1]}`, sequence: Number(match[2]) }
}
