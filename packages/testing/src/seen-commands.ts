import type { Shard, ShardStepRequest, ShardStepResponse } from '@segue/runtime'

/** A command that a session gave to the world. */
export interface SeenCommand {
  readonly sessionId: string
  readonly atEpochMs: number
  /**
   * What planned it: the action as `module:element`, or the function as `root.function`; `''` for what the engine or
   * the end of a session planned.
   */
  readonly name: string
  /** Id of the request that the document waits for; `''` for commands that have none. */
  readonly requestId: string
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Parts of a step that ended well. */
export type Stepped = Extract<ShardStepResponse, { ok: true }>
type Effect = Stepped['effects'][number]

/** Names of what planned the effects of a step, in their order. Read from the trace of the step. */
export function commandNames({ effects, trace }: Stepped): readonly string[] {
  const actions = new Map<string, string>()
  const planned: { readonly name: string; readonly type: string }[] = []
  for (const line of trace) {
    const record = JSON.parse(line) as Readonly<Record<string, unknown>>
    const requestId = String(record['requestId'])
    if (record['kind'] === 'action') actions.set(requestId, `${String(record['module'])}:${String(record['element'])}`)
    if (record['kind'] !== 'commands' || !Array.isArray(record['types'])) continue
    const name = actions.get(requestId) ?? requestId
    for (const type of record['types'] as readonly unknown[]) planned.push({ name, type: String(type) })
  }
  return effects.map((effect) => {
    if (isMessageToSession(effect) || planned[0]?.type !== effect.type) return ''
    return planned.shift()?.name ?? ''
  })
}

/** Requests to interactions and domains carry the id inside of their message, fetches in the command itself. */
export function requestIdOf(body: Readonly<Record<string, unknown>>): string {
  for (const path of [['requestId'], ['message', 'requestId'], ['message', 'request', 'requestId']]) {
    const found = memberAt(body, path)
    if (typeof found === 'string') return found
  }
  return ''
}

/** The interaction that a command is about; `''` when it names none. */
export function interactionIdOf(body: Readonly<Record<string, unknown>>): string {
  if (memberAt(body, ['to', 'kind']) === 'interaction') return String(memberAt(body, ['to', 'id']))
  for (const path of [
    ['message', 'interactionId'],
    ['message', 'request', 'interactionId'],
  ]) {
    const found = memberAt(body, path)
    if (typeof found === 'string') return found
  }
  return ''
}

/** A timer of a session that waits. */
export interface SeenTimer {
  readonly sessionId: string
  readonly sendId: string
  readonly dueEpochMs: number
}

/** What a watched shard tells. */
export interface ShardWatch {
  readonly onCommand: (command: SeenCommand) => void
  /** Waiting timers of sessions, kept up to date; the key is of the watch. */
  readonly timers: Map<string, SeenTimer>
  /** The trace also says which timers were cancelled. */
  readonly recordsTimers: boolean
}

/** A shard that tells every command and every timer. */
export function watchedShard(inner: Shard, { onCommand, recordsTimers, timers }: ShardWatch): Shard {
  function watched(request: ShardStepRequest, response: ShardStepResponse): ShardStepResponse {
    if (!response.ok) return response
    const names = commandNames(response)
    response.effects.forEach(({ type, body }, index) => {
      const { nowMs: atEpochMs, sessionId } = request
      onCommand({ sessionId, atEpochMs, name: names[index] ?? '', requestId: requestIdOf(body), type, body })
    })
    followTimers(timers, request, response)
    return recordsTimers ? withTimers(request, response) : response
  }
  return {
    load: (bundle) => inner.load(bundle),
    async step(requests) {
      const responses = await inner.step(requests)
      return responses.map((response, index) => {
        const request = requests[index]
        return request === undefined ? response : watched(request, response)
      })
    },
    forget: (sessionIds) => inner.forget(sessionIds),
    replica: (replica) => inner.replica(replica),
    inspect: (sessionId, stored) => inner.inspect(sessionId, stored),
    drain: () => inner.drain(),
  }
}

function followTimers(timers: ShardWatch['timers'], { message, sessionId }: ShardStepRequest, response: Stepped): void {
  const keyOf = (sendId: string): string => `${sessionId} ${sendId}`
  if (message.kind === 'timer') timers.delete(keyOf(message.id))
  for (const sendId of response.timersDeleted) timers.delete(keyOf(sendId))
  for (const { dueEpochMs, id } of response.timersPut) timers.set(keyOf(id), { sessionId, sendId: id, dueEpochMs })
  if (!response.hasEnded) return
  for (const [key, timer] of timers) if (timer.sessionId === sessionId) timers.delete(key)
}

function withTimers({ nowMs }: ShardStepRequest, response: Stepped): Stepped {
  const outcome = response.hasEnded ? 'ended' : 'cancelled'
  const lines = response.timersDeleted.map((sendId) =>
    JSON.stringify({ atEpochMs: nowMs, kind: 'timer', sendId, outcome }),
  )
  return lines.length === 0 ? response : { ...response, trace: [...response.trace, ...lines] }
}

function isMessageToSession({ type, body }: Effect): boolean {
  return type === 'message' && memberAt(body, ['to', 'kind']) === 'session'
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
