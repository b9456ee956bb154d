import type { Clock, MessageBody, PerformedEffect, Performer } from '@segue/runtime'
import { isRecord } from '../values.ts'

/** What calls of declared modules need. */
export interface DefinedModuleOptions {
  /** Performs `http.fetch`. */
  readonly fetch: Performer
  readonly clock: Clock
}

/** Nothing was sent: another server may be asked whatever the method. */
const unsent: readonly unknown[] = ['refused', 'dns', 'tls']
/** A server may have taken it: another one may be asked where that does no harm. */
const unanswered: readonly unknown[] = ['timeout', 'network', 502, 503, 504]

/**
 * Performs `dfm.call`: asks the servers of a connection until one can be reached, each by `http.fetch`, and reports
 * `<module>.<action>.done` or `error.<module>.<action>` with the data of a fetch.
 *
 * Order: `simple` begins with the first server, `round-robin` with the one after that of the call before; calls that a
 * session makes after a start of the node begin with the first again. Cost: one place in memory per list of servers.
 * Spec: scxml-dialect §13.
 */
export function definedModulePerformer({ clock, fetch }: DefinedModuleOptions): Performer {
  const turns = new Map<string, number>()

  function firstOf(servers: readonly string[], selection: unknown): number {
    if (selection !== 'round-robin') return 0
    const key = servers.join(' ')
    const turn = turns.get(key) ?? 0
    turns.set(key, (turn + 1) % servers.length)
    return turn % servers.length
  }

  async function perform(effect: PerformedEffect, signal: AbortSignal): Promise<void> {
    const { body } = effect
    const urls = textsOf(body['urls'])
    const first = firstOf(textsOf(body['servers']), body['selection'])
    let said: MessageBody | undefined
    for (let tried = 0; tried < urls.length; tried += 1) {
      said = await ask(effect, signal, { url: urls[(first + tried) % urls.length], isAnother: tried > 0 })
      if (signal.aborted) return
      if (!mayAskAnother(said, body['method'])) break
    }
    await tell(effect, signal, eventOf(body, said))
  }

  /** What the fetch performer would have told the session. */
  async function ask(
    { body, key, owner, plannedAtEpochMs, ...effect }: PerformedEffect,
    signal: AbortSignal,
    server: { readonly url: string | undefined; readonly isAnother: boolean },
  ): Promise<MessageBody | undefined> {
    let said: MessageBody | undefined
    const call: PerformedEffect = {
      key,
      owner,
      plannedAtEpochMs,
      type: 'http.fetch',
      body: { ...body, url: server.url },
      // The first try of this run has shown that nothing was sent, or that sending it again does no harm.
      isRepeated: effect.isRepeated && !server.isAnother,
      report(_sequence, message) {
        said = message
        return Promise.resolve({ status: 'accepted', version: 0 })
      },
      done: () => undefined,
    }
    await fetch.perform(call, signal)
    return said
  }

  /** Until it is taken: a full mailbox is asked again, an ended session needs no answer. */
  async function tell(effect: PerformedEffect, signal: AbortSignal, message: MessageBody): Promise<void> {
    while (!signal.aborted) {
      const acceptance = await effect.report(1, message, { answers: true })
      if (acceptance.status === 'unknown') return effect.done()
      if (acceptance.status !== 'overloaded') return
      await pause(clock, acceptance.retryAfterS * 1000, signal)
    }
  }

  return { types: ['dfm.call'], perform }
}

function mayAskAnother(said: MessageBody | undefined, method: unknown): boolean {
  if (said?.['name'] !== 'error.session.fetch') return false
  const error: unknown = isRecord(said['data']) ? said['data']['error'] : undefined
  return unsent.includes(error) || (method !== 'POST' && unanswered.includes(error))
}

function eventOf(body: PerformedEffect['body'], said: MessageBody | undefined): MessageBody {
  const [module, action] = [String(body['module']), String(body['action'])]
  const isDone = said?.['name'] === 'session.fetch.done'
  const description = 'the module has no server'
  const data = said?.['data'] ?? { requestid: body['requestId'], error: 'noserver', description }
  return { kind: 'event', name: isDone ? `${module}.${action}.done` : `error.${module}.${action}`, data }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      scheduled.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const scheduled = clock.schedule(clock.nowMs() + Math.max(100, delayMs), end)
    signal.addEventListener('abort', end, { once: true })
  })
}
