import type { Acceptance, Applications, Message, PerformedEffect, Performer } from '@segue/runtime'
import { scheduledStartRef, startOf } from './scheduled-start.ts'

/** What starting and taking back later sessions needs. */
export interface StartPerformerOptions {
  readonly applications: Applications
  readonly deliver: (message: Message) => Promise<Acceptance>
  /** Ends sessions that run. */
  readonly sessions: Performer
}

/**
 * Performs `session.startDue`, and `session.terminate` of a session that has not started yet.
 *
 * Spec: session-and-web §4.2, §4.3.
 */
export function startPerformer({ applications, deliver, sessions }: StartPerformerOptions): Performer {
  async function start(effect: PerformedEffect, signal: AbortSignal): Promise<void> {
    const due = startOf(effect.body)
    if (due === undefined) return effect.done()
    const { encodedParameters, parameters, sessionId, startedBy, url } = due
    const current = await applications.current(url)
    if (signal.aborted) return
    if (!current.ok) {
      const first = current.diagnostics.find(({ severity }) => severity === 'error')
      const description = first === undefined ? 'the document has errors' : `${first.code} ${first.message}`
      return performed(effect, { error: 'invaliddocument', description })
    }
    const { status } = await deliver({
      to: { kind: 'session', id: sessionId },
      source: `start:${effect.key}`,
      sequence: 1,
      creates: true,
      body: {
        kind: 'start',
        url,
        application: '',
        hash: current.bundle.hash,
        parameters,
        encodedParameters,
        ...(startedBy === '' ? {} : { parent: { sessionId: startedBy, invokeId: '' } }),
      },
    })
    // Thrown, so that the effect is tried again later.
    if (status === 'overloaded') throw new Error(`the node is too full to start session "${sessionId}"`)
    await performed(effect, {})
  }

  async function terminate(effect: PerformedEffect, signal: AbortSignal): Promise<void> {
    const sessionid = String(effect.body['sessionId'] ?? '')
    const { status } = await deliver({
      to: scheduledStartRef(sessionid),
      source: `terminate:${effect.key}`,
      sequence: 1,
      body: { kind: 'cancelStart' },
    })
    if (status !== 'accepted') return sessions.perform(effect, signal)
    const data = { requestid: effect.body['requestId'], sessionid }
    await effect.report(1, { kind: 'event', name: 'session.terminate.done', data }, { answers: true })
  }

  return {
    types: ['session.startDue', 'session.terminate'],
    perform: (effect, signal) =>
      effect.type === 'session.startDue' ? start(effect, signal) : terminate(effect, signal),
  }
}

async function performed(effect: PerformedEffect, result: Readonly<Record<string, unknown>>): Promise<void> {
  const { status } = await effect.report(1, { kind: 'performed', ...result }, { answers: true })
  if (status === 'unknown') effect.done()
}
