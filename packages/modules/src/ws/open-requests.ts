import type { Clock, PerformedEffect, Performer } from '@segue/runtime'

/** Named limits of requests that wait for a session (docs/reference/limits.md). */
export interface RequestLimits {
  /** How long a caller waits for `<ws:response>`. */
  readonly answerTimeoutMs: number
  /** Callers that wait on the whole node. */
  readonly maxOpenRequests: number
  /** Callers that wait for one session. */
  readonly maxOpenRequestsPerSession: number
}

/** Limits that hold when nothing else is said. */
export const defaultRequestLimits: RequestLimits = {
  answerTimeoutMs: 30_000,
  maxOpenRequests: 1_000,
  maxOpenRequestsPerSession: 100,
}

/** How waiting for an answer ended. */
export type RequestEnd =
  | {
      readonly kind: 'answered'
      readonly isPositive: boolean
      readonly contentType: string
      readonly text: string
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'sessionEnded' }
  /** The caller has gone, or the node stops. */
  | { readonly kind: 'gone' }

/** A caller who waits. */
export interface OpenRequest extends Disposable {
  readonly untilEpochMs: number
  readonly end: Promise<RequestEnd>
}

/** Callers whose requests are with a session: they live as long as their connections, and not longer than this node. */
export interface OpenRequests extends Disposable {
  /** `undefined`: too many wait already. Disposing of it means that the caller has gone. */
  open(requestId: string, sessionId: string): OpenRequest | undefined
  /** The session has ended without having taken the request. */
  untaken(requestId: string, sessionId: string): void
  /** Performs `ws.response` and, for sessions that end, `ws.abandon`. */
  readonly performer: Performer
}

interface Waiting {
  readonly sessionId: string
  close(end: RequestEnd): void
}

/** Keeps the callers of one node. Spec: external-interfaces §1.4; session-and-web §6. */
export function openRequests(clock: Clock, limits: RequestLimits): OpenRequests {
  const waiting = new Map<string, Waiting>()
  const perSession = new Map<string, number>()

  function count(sessionId: string, change: 1 | -1): void {
    const next = (perSession.get(sessionId) ?? 0) + change
    if (next === 0) perSession.delete(sessionId)
    else perSession.set(sessionId, next)
  }

  /** Ends the waiting of a request of this session; `false`: nobody waits for it. */
  function close(requestId: string, sessionId: string, end: RequestEnd): boolean {
    const found = waiting.get(requestId)
    // Ids are no secret among sessions: only the one that was asked may answer.
    if (found === undefined || found.sessionId !== sessionId) return false
    found.close(end)
    return true
  }

  async function respond(effect: PerformedEffect): Promise<void> {
    const { body, owner } = effect
    const requestid = String(body['requestId'])
    const isTaken = close(requestid, owner.id, {
      kind: 'answered',
      isPositive: body['isPositive'] === true,
      contentType: String(body['contentType']),
      text: String(body['text']),
    })
    const description = 'nobody waits for this answer any more: the caller has gone, or the node was started again'
    const event = isTaken
      ? { kind: 'event', name: 'ws.response.done', data: { requestid } }
      : { kind: 'event', name: 'error.ws.response', data: { requestid, error: 'callergone', description } }
    const { status } = await effect.report(1, event, { answers: true })
    // A session that has ended needs no answer.
    if (status === 'unknown') effect.done()
  }

  return {
    open(requestId, sessionId) {
      const isFull =
        waiting.size >= limits.maxOpenRequests || (perSession.get(sessionId) ?? 0) >= limits.maxOpenRequestsPerSession
      if (isFull) return undefined
      const untilEpochMs = clock.nowMs() + limits.answerTimeoutMs
      const { promise, resolve } = deferred<RequestEnd>()
      const timer = clock.schedule(untilEpochMs, () => request.close({ kind: 'timeout' }))
      const request: Waiting = {
        sessionId,
        close(end) {
          if (!waiting.delete(requestId)) return
          count(sessionId, -1)
          timer.cancel()
          resolve(end)
        },
      }
      waiting.set(requestId, request)
      count(sessionId, 1)
      return { untilEpochMs, end: promise, [Symbol.dispose]: () => request.close({ kind: 'gone' }) }
    },
    untaken: (requestId, sessionId) => void close(requestId, sessionId, { kind: 'sessionEnded' }),
    performer: {
      types: ['ws.response', 'ws.abandon'],
      async perform(effect) {
        if (effect.type === 'ws.response') return respond(effect)
        close(String(effect.body['requestId']), effect.owner.id, { kind: 'sessionEnded' })
        effect.done()
      },
    },
    [Symbol.dispose]() {
      for (const request of waiting.values()) request.close({ kind: 'gone' })
    },
  }
}

function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
