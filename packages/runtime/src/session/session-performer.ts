import type { Acceptance, Message, PerformedEffect, Performer } from '../entity/contract.ts'
import type { Clock } from '../ports/clock.ts'
import type { Applications } from './contract.ts'
import { derivedSessionId } from './derived-session-id.ts'
import { isRecord } from './read-session-message.ts'

export interface SessionPerformerOptions {
  readonly applications: Applications
  readonly clock: Clock
  /** The runtime's mailbox. */
  readonly deliver: (message: Message) => Promise<Acceptance>
}

/**
 * Performs the commands `session.start` and `session.terminate` of the session module: finds the version, starts or
 * ends the other session, and answers the asking one.
 *
 * Spec: session-and-web §4.2, §4.3, §5.
 */
export function createSessionPerformer(options: SessionPerformerOptions): Performer {
  return {
    types: ['session.start', 'session.terminate'],
    perform: (effect, signal) =>
      effect.type === 'session.start' ? start(effect, signal, options) : terminate(effect, options),
  }
}

async function start(
  effect: PerformedEffect,
  signal: AbortSignal,
  { applications, clock, deliver }: SessionPerformerOptions,
): Promise<void> {
  const { body, key, owner } = effect
  const url = textOf(body['url'])
  const sessionId = textOf(body['sessionId']) || derivedSessionId(owner.id, key)
  const startAtEpochMs = body['startAtEpochMs']
  if (typeof startAtEpochMs === 'number') await until(startAtEpochMs, clock, signal)
  if (signal.aborted) return
  const current = await applications.current(url)
  if (signal.aborted) return
  if (!current.ok) {
    const first = current.diagnostics.find(({ severity }) => severity === 'error')
    const description = first === undefined ? 'the document has errors' : `${first.code} ${first.message}`
    await answer(effect, 'error.session.start', { sessionid: sessionId, error: 'invaliddocument', description })
    return
  }
  const acceptance = await deliver({
    to: { kind: 'session', id: sessionId },
    source: `start:${key}`,
    sequence: 1,
    creates: true,
    body: {
      kind: 'start',
      url,
      application: '',
      hash: current.bundle.hash,
      parameters: isRecord(body['parameters']) ? body['parameters'] : {},
      parametersAre: 'values',
      parent: { sessionId: owner.id, invokeId: '' },
    },
  })
  if (acceptance.status === 'overloaded') {
    await answer(effect, 'error.session.start', {
      sessionid: sessionId,
      error: 'overloaded',
      description: `the node is full, try again in ${acceptance.retryAfterS} s`,
    })
    return
  }
  // `unknown`: an earlier try started it, and it has ended since.
  await answer(effect, 'session.start.done', { sessionid: sessionId })
}

async function terminate(effect: PerformedEffect, { deliver }: SessionPerformerOptions): Promise<void> {
  const sessionid = textOf(effect.body['sessionId'])
  const { status } = await deliver({
    to: { kind: 'session', id: sessionid },
    source: `terminate:${effect.key}`,
    sequence: 1,
    body: { kind: 'terminate', reason: 'terminated' },
  })
  const isDone = status === 'accepted' || status === 'duplicate' || (status === 'unknown' && effect.isRepeated)
  if (isDone) {
    await answer(effect, 'session.terminate.done', { sessionid })
    return
  }
  const error = status === 'unknown' ? 'unknownsession' : 'overloaded'
  const description = status === 'unknown' ? `no session "${sessionid}" is running` : 'the node is full'
  await answer(effect, 'error.session.terminate', { sessionid, error, description })
}

async function answer(effect: PerformedEffect, name: string, data: Readonly<Record<string, unknown>>): Promise<void> {
  const requestid = effect.body['requestId']
  await effect.report(1, { kind: 'event', name, data: { requestid, ...data } }, { answers: true })
}

/** Waits for a time; returns early when the effect is withdrawn. */
function until(atEpochMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (atEpochMs <= clock.nowMs()) return Promise.resolve()
  return new Promise((resolve) => {
    const scheduled = clock.schedule(atEpochMs, resolve)
    signal.addEventListener(
      'abort',
      () => {
        scheduled.cancel()
        resolve()
      },
      { once: true },
    )
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
