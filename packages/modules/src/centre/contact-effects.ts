import type { ContactEffect, InteractionMessage } from '@segue/contact'
import type { MessageBody, PlannedEffect } from '@segue/runtime'

/** The current version of an application, as an interaction starts a session of it. */
export interface ApplicationStart {
  readonly application: string
  readonly url: string
  readonly alternateUrl?: string
  /** Empty when no version can be loaded; the session then ends with an incident and the call goes on by default. */
  readonly hash: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What an interaction starts that came to a routing point, by the name or address that is configured there. */
export type StartOf = (application: string, routingPoint: string) => ApplicationStart

/** What contact effects mean for the runtime. */
export interface MappedEffects {
  readonly effects: readonly PlannedEffect[]
  readonly timersPut: readonly { readonly id: string; readonly dueEpochMs: number }[]
  readonly timersDeleted: readonly string[]
  readonly withdrawn: readonly string[]
}

/** Turns the effects of a contact entity into effects of the runtime. Order: as planned. */
export function mapContactEffects(planned: readonly ContactEffect[], applicationStart: StartOf): MappedEffects {
  const effects: PlannedEffect[] = []
  const timersPut: { id: string; dueEpochMs: number }[] = []
  const timersDeleted: string[] = []
  const withdrawn: string[] = []
  for (const effect of planned) {
    switch (effect.kind) {
      case 'timer':
        timersPut.push({ id: effect.id, dueEpochMs: effect.dueEpochMs })
        break
      case 'cancelTimer':
        timersDeleted.push(effect.id)
        break
      case 'withdraw':
        withdrawn.push(effect.key)
        break
      default:
        effects.push(plannedEffect(effect, applicationStart))
    }
  }
  return { effects, timersPut, timersDeleted, withdrawn }
}

type SendingEffect = Exclude<ContactEffect, { kind: 'timer' | 'cancelTimer' | 'withdraw' }>

function plannedEffect(effect: SendingEffect, applicationStart: StartOf): PlannedEffect {
  switch (effect.kind) {
    case 'notify': {
      const { name, data, module, payload } = effect.notice
      return message({
        to: { kind: 'session', id: effect.sessionId },
        message: { kind: 'event', name, data, module, ...(payload === undefined ? {} : { payload }) },
        answers: effect.answers,
        onceFor: effect.onceFor,
      })
    }
    case 'settle':
      return message({
        to: { kind: 'session', id: effect.sessionId },
        message: { kind: 'settle' },
        answers: effect.answers,
      })
    case 'startSession':
      return message({
        to: { kind: 'session', id: effect.sessionId },
        message: { kind: 'start', ...applicationStart(effect.application, effect.routingPoint) },
        creates: true,
      })
    case 'toInteraction':
      return message({
        to: { kind: 'interaction', id: effect.interactionId },
        message: { ...effect.message },
        answers: effect.answers,
        open: effect.open,
        undeliverable: undeliverable(effect.message),
      })
    case 'toDomain':
      return message({
        to: { kind: 'domain', id: effect.domain },
        message: { ...effect.message },
        answers: effect.answers,
        open: effect.open,
      })
    case 'switch':
      return {
        mode: 'open',
        type: 'switch.command',
        body: { switchName: effect.switchName, command: effect.command },
      }
  }
}

interface Envelope {
  readonly to: { readonly kind: 'session' | 'interaction' | 'domain'; readonly id: string }
  readonly message: MessageBody
  readonly creates?: boolean
  readonly answers?: string | undefined
  readonly onceFor?: string | undefined
  readonly open?: boolean | undefined
  /** What the sender takes in place of an answer when the receiver is gone. */
  readonly undeliverable?: MessageBody | undefined
}

/** The call ended before the decision reached it: the domain has to let go of the agent. */
function undeliverable(sent: InteractionMessage): MessageBody | undefined {
  if (sent.kind !== 'routeTo') return undefined
  const { decision } = sent
  const description = 'the interaction has ended'
  return { kind: 'routed', requestKey: decision.requestKey, ok: false, error: 'unknown', description, decision }
}

function message(envelope: Envelope): PlannedEffect {
  return {
    mode: envelope.open === true ? 'open' : 'once',
    type: 'message',
    body: {
      to: envelope.to,
      message: envelope.message,
      ...(envelope.creates === true ? { creates: true } : {}),
      ...(envelope.answers === undefined ? {} : { answers: envelope.answers }),
      ...(envelope.onceFor === undefined ? {} : { onceFor: envelope.onceFor }),
      ...(envelope.undeliverable === undefined ? {} : { undeliverable: envelope.undeliverable }),
    },
  }
}
