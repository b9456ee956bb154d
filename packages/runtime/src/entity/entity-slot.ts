import type { EffectKey, EntityRef, StoredEntity } from '../ports/store.ts'
import type { Acceptance, Message, StepContext } from './contract.ts'
import { Fifo } from './fifo.ts'
import { Sources } from './sources.ts'
import { SparseMap } from './sparse-map.ts'

/** A message on its way through a mailbox, with who waits for it. */
export interface MailItem {
  readonly message: Message
  /** Effect row that carries the message. */
  readonly effect:
    | {
        readonly key: EffectKey
        readonly mode: 'once' | 'open'
        /** The owner takes `undeliverable` when there is no receiver. */
        readonly tellsOwner: boolean
      }
    | undefined
  /** Timer messages: which setting of the timer fired. */
  readonly timerDueEpochMs: number | undefined
  readonly atEpochMs: number
  /** Answers whoever delivered it; gone when that has happened. */
  resolve: ((acceptance: Acceptance) => void) | undefined
  /** Row that holds the message durably, and the append that is under way for it. */
  inboxSequence: number | undefined
  appending: Promise<void> | undefined
  failures: number
}

/** Unanswered effect of an entity, as steps see it. */
export type OwnEffect = StepContext['openEffects'][number] & { readonly mode: 'once' | 'open' }

/**
 * What the dispatcher knows of one entity in memory. `unloaded`: nothing is known yet; `loading`: the store is asked,
 * or will be as soon as no step of it is in flight.
 */
export interface EntitySlot {
  readonly ref: EntityRef
  readonly key: string
  readonly partition: number
  phase: 'unloaded' | 'loading' | 'ready' | 'broken' | 'dropped'
  /** Version of the last step, and of the last one that is durable. */
  version: number
  committedVersion: number
  /** Version of the last step whose message had no row of its own: until it is durable, the message is nowhere. */
  unwrittenVersion: number
  hasEnded: boolean
  /** Nothing of the entity is stored. */
  isVolatile: boolean
  /**
   * Added to versions in the keys of effects while nothing is stored: what begins anew under the same id has keys of its
   * own.
   */
  keyBase: number
  sources: Sources
  readonly openEffects: SparseMap<EffectKey, OwnEffect>
  /** Due time by id. */
  readonly timers: SparseMap<string, number>
  redoRecords: number
  /** For the next request: what the behaviour does not have in memory. */
  stored: StoredEntity | 'new' | undefined
  readonly mailbox: Fifo<MailItem>
  /** Message that is being stepped, and since when. */
  current: MailItem | undefined
  takenAtEpochMs: number
  isQueued: boolean
  hasReadInbox: boolean
  /** What nobody stores was lost with a step: open messages have to come again. */
  hasLostMemory: boolean
  /** Messages that no step takes, to be answered when the version is durable that decided it. */
  readonly afterCommit: Fifo<{ readonly version: number; readonly item: MailItem; readonly run: () => void }>
}

/** A slot that knows nothing yet. */
export function newSlot(ref: EntityRef, key: string, partition: number, maxSources: number): EntitySlot {
  return {
    ref,
    key,
    partition,
    phase: 'unloaded',
    version: 0,
    committedVersion: 0,
    unwrittenVersion: 0,
    hasEnded: false,
    isVolatile: false,
    keyBase: 0,
    sources: new Sources(maxSources),
    openEffects: new SparseMap(),
    timers: new SparseMap(),
    redoRecords: 0,
    stored: undefined,
    mailbox: new Fifo(),
    current: undefined,
    takenAtEpochMs: 0,
    isQueued: false,
    hasReadInbox: false,
    hasLostMemory: false,
    afterCommit: new Fifo(),
  }
}

/** Whether nothing would be lost by forgetting the entity: no message, step, commit or load, and all of it is stored. */
export function isIdleSlot(slot: EntitySlot): boolean {
  return (
    slot.mailbox.length === 0 &&
    slot.current === undefined &&
    slot.phase !== 'loading' &&
    slot.version === slot.committedVersion &&
    (!slot.isVolatile || slot.hasEnded)
  )
}
