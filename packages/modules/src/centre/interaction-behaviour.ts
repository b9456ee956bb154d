import { stepInteraction } from '@segue/contact'
import type { Configuration, InteractionMessage, InteractionState } from '@segue/contact'
import type { Behaviour, EntityRef, StepRequest, StepResponse } from '@segue/runtime'
import { addressFacts } from './address-macros.ts'
import type { ApplicationRegistry } from './application-registry.ts'
import { mapContactEffects } from './contact-effects.ts'
import { contactContext, withReplyKey } from './contact-context.ts'

/** What interactions need of the node besides their messages. */
export interface InteractionBehaviourOptions {
  readonly configuration: () => Configuration
  readonly applicationStart: ApplicationRegistry['start']
  readonly newSessionId: () => string
}

/** Interactions as entities: the pure step of `contact` with its state kept between messages. */
export function interactionBehaviour(options: InteractionBehaviourOptions): Behaviour {
  const states = new Map<string, InteractionState | undefined>()

  function stepOne(request: StepRequest): StepResponse {
    const { context } = request
    const id = context.ref.id
    if (request.stored !== undefined) states.set(id, storedState(request.stored))
    try {
      const received = withReplyKey(request) as unknown as InteractionMessage
      const result = stepInteraction(
        states.get(id),
        received,
        contactContext(context, options.newSessionId),
        options.configuration(),
      )
      states.set(id, result.state)
      const mapped = mapContactEffects(result.effects, (application, routingPoint) =>
        options.applicationStart(application, addressFacts(result.state, routingPoint, options.configuration())),
      )
      return {
        ok: true,
        step: {
          ...mapped,
          rows: [],
          trace: result.trace.map((line) => ({ ...line, atEpochMs: context.nowMs })),
          attributes: attributesOf(result.state),
          save: 'snapshot',
          snapshot: encodeState(result.state),
          hasEnded: result.hasEnded,
        },
      }
    } catch (error) {
      states.delete(id)
      return { ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }

  return {
    kind: 'interaction',
    step: (requests) => Promise.resolve(requests.map(stepOne)),
    forget(refs: readonly EntityRef[]) {
      for (const ref of refs) states.delete(ref.id)
    },
  }
}

/** What lists of interactions show. */
function attributesOf({ owner, life, call, offered }: InteractionState): Readonly<Record<string, string>> {
  return {
    owner,
    state: life,
    category: call === undefined ? textOf(offered?.['category']) : 'voice',
    from: call?.ani ?? '',
    to: call?.dnis ?? textOf(offered?.['contactedaddr']),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** State of a stored interaction, also used by status pages. */
export function decodeInteraction(state: Uint8Array | undefined): InteractionState | undefined {
  if (state === undefined) return undefined
  // The bytes were written by `encodeState`.
  return (JSON.parse(new TextDecoder().decode(state)) as { state?: InteractionState }).state
}

function storedState(stored: Exclude<StepRequest['stored'], undefined>): InteractionState | undefined {
  return stored === 'new' ? undefined : decodeInteraction(stored.state)
}

function encodeState(state: InteractionState | undefined): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ format: 1, state }))
}
