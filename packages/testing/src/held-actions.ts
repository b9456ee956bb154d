import type { EffectKey, Performer, PerformedEffect, Shard, ShardStepResponse } from '@segue/runtime'

/** Which commands are held: by type, and by what they say. */
export type HoldRule = (command: { readonly type: string; readonly body: Readonly<Record<string, unknown>> }) => boolean

/** A command that waits for the test. */
export interface HeldAction {
  readonly key: EffectKey
  readonly sessionId: string
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
  /** Gives an event to the session; it answers the action unless `answers` is false. */
  answer(
    name: string,
    data: Readonly<Record<string, unknown>>,
    options?: { readonly module?: string; readonly payload?: unknown; readonly answers?: boolean },
  ): Promise<void>
}

const HELD_TYPE = 'test.held'

/** Keeps commands of sessions from being performed, so that a test plays the world. */
export function heldActions(): {
  readonly held: readonly HeldAction[]
  readonly performer: Performer
  hold(rule: HoldRule): void
  shard(inner: Shard): Shard
} {
  const rules: HoldRule[] = []
  const held: HeldAction[] = []

  function holdEffects(response: ShardStepResponse): ShardStepResponse {
    if (!response.ok) return response
    const effects = response.effects.map((effect) =>
      rules.some((rule) => rule(effect))
        ? { type: HELD_TYPE, mode: 'open' as const, body: { type: effect.type, body: effect.body } }
        : effect,
    )
    return { ...response, effects }
  }

  return {
    held,
    hold: (rule) => {
      rules.push(rule)
    },
    performer: {
      types: [HELD_TYPE],
      perform(effect: PerformedEffect) {
        const { type, body } = effect.body as { type: string; body: Readonly<Record<string, unknown>> }
        if (held.some(({ key }) => key === effect.key)) return Promise.resolve()
        let sequence = 0
        return new Promise<void>((resolve) => {
          held.push({
            key: effect.key,
            sessionId: effect.owner.id,
            type,
            body,
            async answer(name, data, options = {}) {
              const { answers = true, ...rest } = options
              sequence += 1
              await effect.report(sequence, { kind: 'event', name, data, ...rest }, { answers })
              if (answers) resolve()
            },
          })
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
