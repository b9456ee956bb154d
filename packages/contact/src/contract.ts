import type { CallSnapshot, SwitchAnswer, SwitchCommand, SwitchEvent, Treatment, UserData } from './ports/voice.ts'

/**
 * Messages and effects of the contact centre's entities. Interactions and routing domains are pure behaviours: a
 * message goes in, a changed state and effects come out; the runtime stores both and performs the effects afterwards.
 * `replyKey` is filled in at delivery: the key of the effect that carried the message. Whoever answers puts it into
 * `answers` of the answering effect. Keys are opaque here. The same message may arrive again under the same key after a
 * crash: an entity remembers what is pending and what it answered last, and answers again.
 */

/** What reaches an interaction (`id`: its `g_uid`). */
export type InteractionMessage =
  | { readonly kind: 'switchEvent'; readonly switchName: string; readonly event: SwitchEvent }
  /** After a reconnect: the call as it is now, or `undefined` when the switch no longer has it. */
  | { readonly kind: 'resync'; readonly switchName: string; readonly call: CallSnapshot | undefined }
  /** Answer to a command that this interaction sent; `commandKey` is the effect's key. */
  | { readonly kind: 'switchAnswer'; readonly commandKey: string; readonly answer: SwitchAnswer }
  /** A request of a session: attach, detach, redirect, terminate, accept, user data, treatments. */
  | {
      readonly kind: 'request'
      readonly replyKey: string
      readonly sessionId: string
      readonly request: InteractionRequest
    }
  /** The domain found a target for a submit with `route=true`. */
  | {
      readonly kind: 'routeTo'
      readonly replyKey: string
      readonly decision: RouteDecision
      readonly stopTreatmentKey: string | undefined
    }
  /** The owning session has ended. */
  | { readonly kind: 'sessionEnded'; readonly sessionId: string }
  | { readonly kind: 'timer'; readonly id: string }
  /** An interaction without a switch behind it (e-mail, chat, tests); `application` `''`: no session is started. */
  | {
      readonly kind: 'offer'
      readonly view: InteractionView
      readonly focusDeviceId: string
      readonly application: string
      /** `false`: a voice interaction does not wait to be routed yet. */
      readonly asksForRoute?: boolean
    }

export type InteractionRequest =
  | { readonly kind: 'attach'; readonly requestId: string }
  | { readonly kind: 'detach'; readonly requestId: string }
  | {
      readonly kind: 'redirect'
      readonly requestId: string
      readonly from: string
      readonly to: string
      /** Switch of `to`, where the document named one. */
      readonly toSwitch?: string
      readonly routeType: number
      readonly detach: boolean
      readonly hints: UserData
    }
  | { readonly kind: 'terminate'; readonly requestId: string; readonly reason: string; readonly resource: string }
  | { readonly kind: 'accept'; readonly requestId: string; readonly resource: string }
  | { readonly kind: 'setUserData'; readonly put: UserData; readonly remove: readonly (readonly string[])[] }
  /** Standalone treatment of the dialog module; `element` names the answering events (`start`, `play`…). */
  | { readonly kind: 'treat'; readonly requestId: string; readonly element: string; readonly treatment: Treatment }
  | { readonly kind: 'stopTreatment'; readonly requestId: string; readonly treatmentRequestId: string }
  /**
   * Busy treatments of the submit `requestId`; no events. A second loop replaces the first; an empty list ends the one
   * of that submit and changes nothing when another one runs.
   */
  | { readonly kind: 'treatLoop'; readonly treatments: readonly Treatment[]; readonly requestId?: string }

/** What reaches a routing domain (`id`: the tenant's name). */
export type DomainMessage =
  | { readonly kind: 'submit'; readonly replyKey: string; readonly request: SubmitRequest }
  /** The submit of effect `replyKey` is no longer wanted; with `ended`: every submit of that session for that interaction. */
  | {
      readonly kind: 'withdraw'
      readonly replyKey: string
      readonly ended?: { readonly sessionId: string; readonly interactionId: string }
    }
  | {
      readonly kind: 'cancel'
      readonly replyKey: string
      readonly sessionId: string
      readonly interactionId: string
      readonly requestId: string | undefined
      readonly queue: string | undefined
    }
  | {
      readonly kind: 'query'
      readonly replyKey: string
      readonly requestId: string
      /** Who asks; without it a query for an unknown request cannot be answered. */
      readonly sessionId?: string
    }
  /**
   * Changes waiting requests of a session: the one of `requestId`, answered with `queue.update.done`; or, without it,
   * all of them and with no answer.
   */
  | {
      readonly kind: 'tune'
      readonly replyKey: string
      readonly sessionId: string
      readonly requestId: string | undefined
      readonly tuning: RoutingTuning
    }
  | {
      readonly kind: 'agent'
      readonly agentId: string
      readonly device: string
      readonly state: AgentSwitchState
      readonly reason: string | undefined
    }
  /** A call came to or left an agent's telephone. */
  | {
      readonly kind: 'deviceCall'
      readonly device: string
      readonly interactionId: string
      readonly state: 'ringing' | 'connected' | 'released'
    }
  /** Outcome of a `routeTo`. */
  | {
      readonly kind: 'routed'
      readonly requestKey: string
      readonly ok: boolean
      readonly error: string
      readonly description: string
      /** Echo of the decision: lets a domain that has just restarted answer the submit. */
      readonly decision?: RouteDecision
    }
  | {
      readonly kind: 'interactionEnded'
      readonly interactionId: string
      /** Whoever wanted something has gone before anybody served him. */
      readonly isAbandoned: boolean
    }
  | { readonly kind: 'timer'; readonly id: string }

export type AgentSwitchState = 'login' | 'logout' | 'ready' | 'notReady' | 'afterCallWork'

export interface SubmitRequest {
  readonly sessionId: string
  readonly requestId: string
  readonly interactionId: string
  readonly queue: string
  readonly priority: number
  readonly orderType: 'any' | 'max' | 'min' | 'percentage'
  readonly orderStatistic: string
  /** Absent: waits without limit. */
  readonly timeoutS: number | undefined
  readonly clearOnTimeout: boolean
  readonly route: boolean
  readonly targets: readonly TargetText[]
  /** When the submit was planned: keeps place and age over a recovery. */
  readonly submittedAtEpochMs: number
  /** What functions of the queue module have set for this session. */
  readonly tuning?: RoutingTuning
  /** Busy treatments run: the domain ends them (`treatLoop` with an empty list) when the request ends without a route. */
  readonly hasTreatmentLoop?: boolean
  /** `type` and `hints` of the submit, for `route=true`. */
  readonly routeType?: number
  readonly hints?: UserData
}

/** Settings that outlive one submit (queue §12). Absent members leave what was set before. */
export interface RoutingTuning {
  readonly priority?: number
  /** Employee ids that are never chosen. */
  readonly excludedAgents?: readonly string[]
  /** Ageing: every `everyS` seconds of waiting add `by`. */
  readonly priorityIncrement?: { readonly by: number; readonly everyS: number }
  readonly priorityLimits?: { readonly lower: number; readonly upper: number }
  /** When the interaction counts as begun: overrides the age used for order. */
  readonly interactionBegunAtEpochMs?: number
  /** Order among equal priorities (`priorityTuning`). */
  readonly ordering?: { readonly useAge: boolean; readonly usePredict: boolean; readonly useObjective: boolean }
  /** Skill expression of the best fit (`setIdealAgent`). */
  readonly idealAgent?: string
}

/** A target as the document wrote it; parsed by the domain so that a bad one is one error event. */
export type TargetText =
  | { readonly kind: 'id'; readonly text: string }
  | {
      readonly kind: 'target'
      readonly type: string
      readonly name: string
      readonly statServer: string
      readonly skillExpression: string
      readonly weight: string
      readonly threshold: string
    }

export interface RouteDecision {
  readonly agentId: string
  /** Telephone to which the call goes. */
  readonly destination: string
  readonly switchName: string
  /** Members of `queue.submit.done` (queue §9.2). */
  readonly selected: Readonly<Record<string, unknown>>
  readonly sessionId: string
  readonly requestKey: string
  /** `type` of the submit. */
  readonly routeType?: number
}

/** An event for a session's document, with what the module's `apply` needs and scripts do not see. */
export interface SessionNotice {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
  readonly module: 'interaction' | 'queue' | 'dialog'
  readonly payload?: InteractionChange
}

/** Change of a session's list of interactions, carried by the event that tells it. */
export type InteractionChange =
  | { readonly kind: 'put'; readonly interaction: InteractionView }
  | { readonly kind: 'remove'; readonly interactionId: string }

/** The interaction as scripts see it (interaction-model §7). JSON. */
export type InteractionView = Readonly<Record<string, unknown>> & { readonly g_uid: string }

export type ContactEffect =
  | {
      readonly kind: 'notify'
      readonly sessionId: string
      readonly notice: SessionNotice
      readonly answers?: string
      /** Key of an open effect of the session: told once, also when the effect is announced again after a crash. */
      readonly onceFor?: string
    }
  | {
      readonly kind: 'startSession'
      readonly sessionId: string
      readonly application: string
      readonly interactionId: string
      readonly routingPoint: string
    }
  | {
      readonly kind: 'toInteraction'
      readonly interactionId: string
      readonly message: InteractionMessage
      readonly answers?: string
      /** Waits for an answer: repeated after a crash until it came. */
      readonly open?: boolean
    }
  | {
      readonly kind: 'toDomain'
      readonly domain: string
      readonly message: DomainMessage
      readonly answers?: string
      readonly open?: boolean
    }
  /** Answers an open effect of a session without an event for its document (a cancelled submit). */
  | { readonly kind: 'settle'; readonly sessionId: string; readonly answers: string }
  /** Answered with `switchAnswer`. */
  | { readonly kind: 'switch'; readonly switchName: string; readonly command: SwitchCommand }
  | { readonly kind: 'timer'; readonly id: string; readonly dueEpochMs: number }
  | { readonly kind: 'cancelTimer'; readonly id: string }
  /** An own effect that is no longer wanted (a treatment command that was overtaken). */
  | { readonly kind: 'withdraw'; readonly key: string }

/** A decision record for the trace: what happened and why. JSON. */
export type ContactTrace = { readonly kind: string } & Readonly<Record<string, unknown>>

/** What a step may read besides its state. */
export interface ContactContext {
  readonly nowMs: number
  readonly seed: number
  /** Derived id of this step: `<entity>:<version>`; append a counter for more. */
  readonly stepKey: string
  /** New session id in this node's cell (only for starts). */
  newSessionId(): string
  /** Own unanswered effects. */
  readonly openEffects: readonly { readonly key: string; readonly body: Readonly<Record<string, unknown>> }[]
}
