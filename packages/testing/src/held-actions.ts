import type { EffectKey, Performer, PerformedEffect, Shard, ShardStepResponse } from '@segue/runtime'
import { commandNames, interactionIdOf, requestIdOf } from './seen-commands.ts'

/** A command as a rule looks at it. */
export interface HeldCommand {
  /** What planned it: `queue:submit`, `ixn.setuData`; `''` when nothing of the document did. */
  readonly name: string
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
  /** The session waits for an event that answers it. */
  readonly awaitsAnswer: boolean
}

/** Which commands are held: by name, by type, and by what they say. */
export type HoldRule = (command: HeldCommand) => boolean

/** A command that waits for the test. */
export interface HeldAction extends HeldCommand {
  readonly key: EffectKey
  readonly sessionId: string
  /** Id of the request that the document waits for; `''` for commands that have none. */
  readonly requestId: string
  /** Interaction that the command is about; `''` when it names none. */
  readonly interactionId: string
  /** Answered, or no longer wanted by the session. */
  readonly isOver: boolean
  /**
   * Gives an event to the session and lets everything happen that follows; the event answers the action unless
   * `answers` is false. Once answered or withdrawn the action is over: later answers change nothing.
   */
  answer(name: string, data: Readonly<Record<string, unknown>>, options?: AnswerOptions): Promise<void>
  /** As `answer`, but the event reaches the session also when the action is over: an answer too late, or once more. */
  tell(name: string, data: Readonly<Record<string, unknown>>, options?: AnswerOptions): Promise<void>
}

/** How a held action is answered. */
export interface AnswerOptions {
  /** Module that takes the event before the document does. */
  readonly module?: string
  readonly payload?: unknown
  /** `false`: the action goes on waiting. Default `true`. */
  readonly answers?: boolean
}

/** Brings an event to a session that does not answer anything. */
export type TellSession = (
  sessionId: string,
  event: { readonly name: string; readonly data: Readonly<Record<string, unknown>> } & AnswerOptions,
) => Promise<void>

/** The part of a world that holds commands. */
export interface HeldActions {
  readonly held: readonly HeldAction[]
  readonly performer: Performer
  hold(rule: HoldRule): void
  /** Ends all rules; what is held already stays held. */
  release(): void
  /** A shard whose matching commands are held instead of performed. */
  shard(inner: Shard): Shard
}

const HELD_TYPE = 'test.held'

interface Entry {
  /** The action as the node that runs now has it. */
  effect: PerformedEffect
  release: () => void
  isOver: boolean
}

/** Keeps commands of sessions from being performed, so that a test plays the world. */
export function heldActions(happen: () => Promise<void>, tellSession: TellSession): HeldActions {
  const rules: HoldRule[] = []
  const held: HeldAction[] = []
  const entries = new Map<EffectKey, Entry>()

  function holdEffects(response: ShardStepResponse): ShardStepResponse {
    if (!response.ok || rules.length === 0) return response
    const names = commandNames(response)
    const effects = response.effects.map((effect, index) => {
      const { body, mode, type } = effect
      const command: HeldCommand = { name: names[index] ?? '', type, body, awaitsAnswer: mode === 'open' }
      return rules.some((rule) => rule(command))
        ? { type: HELD_TYPE, mode: 'open' as const, body: { ...command } }
        : effect
    })
    return { ...response, effects }
  }

  function newAction(entry: Entry): HeldAction {
    const { key, owner } = entry.effect
    // Written by `holdEffects`.
    const { awaitsAnswer, body, name, type } = entry.effect.body as unknown as HeldCommand
    let sequence = 0
    const action: HeldAction = {
      key,
      sessionId: owner.id,
      name,
      type,
      body,
      awaitsAnswer,
      requestId: requestIdOf(body),
      interactionId: interactionIdOf(body),
      get isOver() {
        return entry.isOver
      },
      async answer(event, data, { answers = true, ...rest } = {}) {
        sequence += 1
        await entry.effect.report(sequence, { kind: 'event', name: event, data, ...rest }, { answers })
        if (answers) {
          entry.isOver = true
          entry.release()
        }
        await happen()
      },
      async tell(event, data, options = {}) {
        if (entry.isOver) await tellSession(owner.id, { name: event, data, ...options })
        else await action.answer(event, data, options)
      },
    }
    return action
  }

  return {
    held,
    hold: (rule) => {
      rules.push(rule)
    },
    release: () => {
      rules.length = 0
    },
    performer: {
      types: [HELD_TYPE],
      perform(effect: PerformedEffect, signal: AbortSignal) {
        return new Promise<void>((resolve) => {
          const known = entries.get(effect.key)
          const entry: Entry = known ?? { effect, release: resolve, isOver: false }
          // A node that has just started performs what nobody answered yet.
          entry.effect = effect
          entry.release = resolve
          entry.isOver = false
          signal.addEventListener(
            'abort',
            () => {
              if (entry.effect === effect) entry.isOver = true
              resolve()
            },
            { once: true },
          )
          if (known !== undefined) return
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
