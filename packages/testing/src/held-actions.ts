import type { EffectKey, Performer, PerformedEffect, Shard, ShardStepResponse } from '@segue/runtime'

/** Which commands are held: by type, and by what they say. */
export type HoldRule = (command: { readonly type: string; readonly body: Readonly<Record<string, unknown>> }) => boolean

/** A command that waits for the test. */
export interface HeldAction {
  readonly key: EffectKey
  readonly sessionId: string
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
  /** Id of the request that the document waits for; `''` for commands that have none. */
  readonly requestId: string
  /**
   * Gives an event to the session and lets everything happen that follows; the event answers the action unless
   * `answers` is false. Once answered or withdrawn the action is over: later answers change nothing.
   */
  answer(name: string, data: Readonly<Record<string, unknown>>, options?: AnswerOptions): Promise<void>
}

/** How a held action is answered. */
export interface AnswerOptions {
  /** Module that takes the event before the document does. */
  readonly module?: string
  readonly payload?: unknown
  /** `false`: the action goes on waiting. Default `true`. */
  readonly answers?: boolean
}

/** The part of a world that holds commands. */
export interface HeldActions {
  readonly held: readonly HeldAction[]
  readonly performer: Performer
  hold(rule: HoldRule): void
  /** A shard whose matching commands are held instead of performed. */
  shard(inner: Shard): Shard
}

const HELD_TYPE = 'test.held'

interface Entry {
  /** The action as the node that runs now has it. */
  effect: PerformedEffect
  release: () => void
}

/** Keeps commands of sessions from being performed, so that a test plays the world. */
export function heldActions(happen: () => Promise<void>): HeldActions {
  const rules: HoldRule[] = []
  const held: HeldAction[] = []
  const entries = new Map<EffectKey, Entry>()

  function holdEffects(response: ShardStepResponse): ShardStepResponse {
    if (!response.ok) return response
    const effects = response.effects.map((effect) =>
      rules.some((rule) => rule(effect))
        ? { type: HELD_TYPE, mode: 'open' as const, body: { type: effect.type, body: effect.body } }
        : effect,
    )
    return { ...response, effects }
  }

  function newAction(entry: Entry): HeldAction {
    const { key, owner } = entry.effect
    // Written by `holdEffects`.
    const { type, body } = entry.effect.body as { type: string; body: Readonly<Record<string, unknown>> }
    let sequence = 0
    return {
      key,
      sessionId: owner.id,
      type,
      body,
      requestId: requestIdOf(body),
      async answer(name, data, { answers = true, ...rest } = {}) {
        sequence += 1
        await entry.effect.report(sequence, { kind: 'event', name, data, ...rest }, { answers })
        if (answers) entry.release()
        await happen()
      },
    }
  }

  return {
    held,
    hold: (rule) => {
      rules.push(rule)
    },
    performer: {
      types: [HELD_TYPE],
      perform(effect: PerformedEffect, signal: AbortSignal) {
        return new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true })
          const known = entries.get(effect.key)
          if (known !== undefined) {
            // A node that has just started performs what nobody answered yet.
            known.effect = effect
            known.release = resolve
            return
          }
          const entry: Entry = { effect, release: resolve }
          entries.set(effect.key, entry)
          held.push(newAction(entry))
        })
      },
    },
    shard: (inner) => ({
      ...inner,
      load: (bundle) => inner.load(bundle),
      step: async (requests) => (await inner.step(requests)).map(holdEffects),
      forget: (sessionIds) => inner.forget(sessionIds),
      replica: (replica) => inner.replica(replica),
      inspect: (sessionId, stored) => inner.inspect(sessionId, stored),
      drain: () => inner.drain(),
    }),
  }
}

/** Requests to interactions and domains carry the id inside of their message, fetches in the command itself. */
function requestIdOf(body: Readonly<Record<string, unknown>>): string {
  for (const path of [['requestId'], ['message', 'requestId'], ['message', 'request', 'requestId']]) {
    const found = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), body)
    if (typeof found === 'string') return found
  }
  return ''
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
