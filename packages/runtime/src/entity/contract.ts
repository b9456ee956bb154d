import type { EffectKey, EntityKind, EntityRef, RowChange, StoredEntity } from '../ports/store.ts'

/**
 * Entities: sessions, interactions and routing domains share mailbox, step, commit and effects. A behaviour says what
 * a step does; the dispatcher does the rest. Spec: design P5–P12.
 */

/** What reaches an entity's mailbox. `body` is JSON-able and belongs to the behaviour. */
export interface Message {
  readonly to: EntityRef
  /**
   * Who says it, for order and deduplication (P9): `api:<client>`, `switch:<name>`, `<kind>/<id>` of an entity,
   * `effect:<key>` of a performer, `timer`.
   */
  readonly source: string
  /** Rises per source; a message whose sequence is not above the last one taken from that source is dropped. */
  readonly sequence?: number
  /** The effect of the receiving or the sending entity that is answered when this message is taken. */
  readonly answers?: EffectKey
  /** May create the entity when it does not exist; otherwise the message is refused as `unknown`. */
  readonly creates?: boolean
  readonly body: MessageBody
}

export type MessageBody = { readonly kind: string } & Readonly<Record<string, unknown>>

/** Answer to whoever delivered a message, given when it is durable (P9). */
export type Acceptance =
  | { readonly status: 'accepted'; readonly version: number }
  | { readonly status: 'duplicate' }
  /** No such entity, or it has ended. */
  | { readonly status: 'unknown' }
  /** The mailbox or the node is full; try later. */
  | { readonly status: 'overloaded'; readonly retryAfterS: number }

/** A planned effect before it has a key. */
export interface PlannedEffect {
  readonly mode: 'once' | 'open'
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Effect type `message`: its body goes to another entity's mailbox. Mode `once`: answered by the commit that takes it;
 * dropped when the receiver does not exist or has ended, unless the body has `undeliverable`: then the owner takes
 * `{kind: 'undeliverable', key}`, as with mode `open`. Mode `open`: stays until the owner takes a message that
 * `answers` it (the receiver sees the key in `_key`); after a crash it reaches the receiver again, marked
 * `_repeated: true`; an owner whose receiver does not exist or has ended takes `{kind: 'undeliverable', key}`.
 * A second answer to the same effect is dropped. At most 999 effects per step.
 */
export interface MessageEffect extends PlannedEffect {
  readonly type: 'message'
  readonly body: {
    readonly to: EntityRef
    readonly message: MessageBody
    readonly creates?: boolean
    readonly answers?: EffectKey
    /** Key of an open effect of the receiver: of all messages about it that say so, the receiver takes one. */
    readonly onceFor?: EffectKey
    /** What the owner takes in place of `undeliverable`. */
    readonly undeliverable?: MessageBody
  }
}

export interface EntityStep {
  readonly effects: readonly PlannedEffect[]
  /** Own open effects that are no longer wanted. */
  readonly withdrawn: readonly EffectKey[]
  readonly timersPut: readonly { readonly id: string; readonly dueEpochMs: number }[]
  /** Applied before `timersPut`. The timer whose message is taken goes by itself. */
  readonly timersDeleted: readonly string[]
  readonly rows: readonly RowChange[]
  readonly trace: readonly TraceLine[]
  /** Lines that are JSON text already, written behind `trace` as they are. */
  readonly traceTexts?: readonly string[]
  readonly attributes?: Readonly<Record<string, string>>
  /** What to write of the state: whole, as a redo record, or nothing because nothing durable changed. */
  readonly save: 'snapshot' | 'redo' | 'nothing'
  readonly snapshot?: Uint8Array
  readonly redo?: Uint8Array
  /** What the death of the node may cost; `durable` when absent. That of the first step holds where it is `none`. */
  readonly durability?: Durability
  /** The entity ends with this step: `withdrawAll` open effects, delete timers (P6). */
  readonly hasEnded: boolean
}

/**
 * `durable`: acknowledged when stored. `relaxed`: acknowledged when stepped, stored a little later; the last moments
 * may be lost. `none`: nothing is stored, the entity is lost with the node. Effects follow the commit, where there is one.
 */
export type Durability = 'durable' | 'relaxed' | 'none'

/** JSON-able record with the time of its step. */
export type TraceLine = { readonly kind: string; readonly atEpochMs: number } & Readonly<Record<string, unknown>>

export interface StepContext {
  readonly ref: EntityRef
  /** Version that this step will have: part of every derived id and key. */
  readonly version: number
  readonly nowMs: number
  readonly seed: number
  /** Own effects that are still unanswered, with their keys. */
  readonly openEffects: readonly {
    readonly key: EffectKey
    readonly type: string
    readonly body: Readonly<Record<string, unknown>>
    readonly plannedAtEpochMs: number
  }[]
  /** Number of redo records since the last snapshot: from 64 on a behaviour saves a snapshot. */
  readonly wantsSnapshot?: number
}

/**
 * What one kind of entity does. The working copy lives inside of the behaviour (or in a shard); the dispatcher holds
 * only versions and open effects. A step takes one message; `step` of a batch is called for different entities at once.
 */
export interface Behaviour {
  readonly kind: EntityKind
  /** Steps each request; answers in the same order. A failed one (bug, lost shard) says so and is tried again or quarantined by the dispatcher. */
  step(requests: readonly StepRequest[]): Promise<readonly StepResponse[]>
  /** Drops the working copy; the next request for it brings the stored state. */
  forget(refs: readonly EntityRef[]): void
  /** Small number from 0: entities of one lane are stepped in one call, those of different ones in calls of their own. */
  lane?(ref: EntityRef): number
  /**
   * Whether the working copy knows what no store does (what waits in a routing domain): it stays in memory then. When it
   * is lost all the same, the open messages to the entity come again, marked `_repeated`.
   */
  holds?(ref: EntityRef): boolean
}

export interface StepRequest {
  readonly context: StepContext
  /** Present when the behaviour may not have the entity in memory (new, just loaded, or forgotten). */
  readonly stored: StoredEntity | 'new' | undefined
  readonly message: Message
  /** Key under which the receiver can answer, for messages that are effects. */
  readonly effectKey: EffectKey | undefined
}

export type StepResponse =
  | { readonly ok: true; readonly step: EntityStep }
  /** The working copy is spoilt: it was forgotten; `message` goes to an incident when it fails again. */
  | {
      readonly ok: false
      readonly message: string
      /** The working copy was not there, or its place was lost: the message has no part in it and is tried again. */
      readonly isLost?: true
      /** The answer comes by itself; nobody else has to wait for it. Never rejects. */
      readonly later?: Promise<StepResponse>
    }

/** Performs effects of one or more types after their commit. */
export interface Performer {
  readonly types: readonly string[]
  /**
   * Performs an effect; called again with the same key after a crash until it is answered (P5). `report` gives events
   * to the owner's mailbox; the last one says `answers: true`. For `once` effects without an event, `done()`.
   * Must not reject; `signal` aborts when the effect is withdrawn or the node stops.
   */
  perform(effect: PerformedEffect, signal: AbortSignal): Promise<void>
}

export interface PerformedEffect {
  readonly key: EffectKey
  readonly owner: EntityRef
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
  readonly plannedAtEpochMs: number
  /** True when this is not the first try since the effect was planned (crash, reconnect). */
  readonly isRepeated: boolean
  /** Delivers an event to the owner, numbered per effect, so that a repeated try is not taken twice. */
  report(sequence: number, body: MessageBody, options: { readonly answers: boolean }): Promise<Acceptance>
  /** The effect needs no event: its row goes. */
  done(): void
}
