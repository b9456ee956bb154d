import type { ContactEffect, InteractionView, RouteDecision } from '../contract.ts'
import type { CallSnapshot } from '../ports/voice.ts'
import type { InteractionLifeState } from './life-cycle.ts'

/** Everything an interaction remembers. JSON. */
export interface InteractionState {
  readonly id: string
  readonly life: InteractionLifeState
  /** `''`: no switch behind it. */
  readonly switchName: string
  /** The call as last seen; `undefined` without a switch. */
  readonly call: CallSnapshot | undefined
  /** View of an interaction without a switch. */
  readonly offered: InteractionView | undefined
  /** Session that owns it; `''`: none. */
  readonly owner: string
  /** Device where it was last for routing. */
  readonly focusDeviceId: string
  /** An agent or a destination has had the call. */
  readonly wasServed: boolean
  /** It was routed, came back to a routing point, and its owner has asked for nothing since. */
  readonly hasReturned?: boolean
  readonly pending: readonly PendingCommand[]
  readonly treatment: RunningTreatment | undefined
  /** Answers given last, for requests that are repeated after a crash. */
  readonly answered: readonly GivenAnswer[]
  readonly hasEnded: boolean
}

/** A command that the switch has not answered. */
export type PendingCommand = { readonly commandKey: string; readonly replyKey: string } & (
  | {
      readonly kind: 'redirect'
      readonly sessionId: string
      readonly requestId: string
      readonly to: string
      readonly detach: boolean
    }
  | { readonly kind: 'terminate' | 'accept'; readonly sessionId: string; readonly requestId: string }
  | { readonly kind: 'routeTo'; readonly decision: RouteDecision }
  | { readonly kind: 'treat' }
  | { readonly kind: 'treatLoop' }
  | { readonly kind: 'stopTreatment'; readonly sessionId: string; readonly requestId: string }
  | { readonly kind: 'defaultRoute'; readonly to: string }
  | { readonly kind: 'userData' | 'silent' }
)

/** The treatment that the call hears. */
export interface RunningTreatment {
  readonly commandKey: string
  /** `''` for the treatments of a submit, which tell nobody. */
  readonly replyKey: string
  readonly sessionId: string
  readonly requestId: string
  readonly element: string
}

/** An answer with the key of the request. */
export interface GivenAnswer {
  readonly replyKey: string
  readonly effect: ContactEffect
}

/** A fresh interaction before anything has happened to it. */
export function newInteraction(id: string, switchName: string): InteractionState {
  return {
    id,
    life: 'null',
    switchName,
    call: undefined,
    offered: undefined,
    owner: '',
    focusDeviceId: '',
    wasServed: false,
    pending: [],
    treatment: undefined,
    answered: [],
    hasEnded: false,
  }
}
