import type { CompiledScripts, PieceId } from '../script/contract.ts'
import type { TraceRecord } from '../step/contract.ts'
import type { ChartOrigin } from './application.ts'
import type { Bits } from './bits.ts'
import type { ChartMemo } from './configuration.ts'
import type { Descriptor } from './event-descriptor.ts'
import type { Instruction, Operand, Payload, Place } from './instruction.ts'

/**
 * A document compiled to flat arrays: states numbered in document order, sets as bitsets. Realm-independent.
 */
export interface Chart {
  readonly origin: ChartOrigin
  /** Hash of the document and all its includes: the application version. */
  readonly hash: string
  readonly scripts: CompiledScripts
  /** State ids in document order; index 0 is the document itself (`''`). */
  readonly stateIds: readonly string[]
  /** In document order; the first is the document itself. */
  readonly states: readonly ChartState[]
  readonly indexOf: ReadonlyMap<string, number>
  /** Every datum in document order. */
  readonly data: readonly ChartDatum[]
  /** Document-level scripts in document order. */
  readonly globalScripts: readonly { readonly piece: PieceId; readonly place: Place }[]
  readonly isLateBinding: boolean
  readonly limits: ChartLimits
  readonly memo: ChartMemo
}

/** Limits of a session of this chart; 0 is no limit. */
export interface ChartLimits {
  /** Microsteps for one external event. */
  readonly microStepLimit: number
  /** Entries of the same state without an external event. */
  readonly stateEntryLimit: number
  /** Events raised inside of one macrostep; a guard that fails whenever it is looked at would go on for ever. */
  readonly maxInternalEvents: number
  /** Events that wait in the own external queue. */
  readonly maxQueuedEvents: number
}

export type ChartStateKind = 'document' | 'atomic' | 'compound' | 'parallel' | 'final' | 'history'

/** A state as the step functions use it, known by its index in document order. */
export interface ChartState {
  /** Document order; 0 is the document. */
  readonly index: number
  readonly id: string
  readonly kind: ChartStateKind
  /** -1 for the document. */
  readonly parent: number
  /** Child states without histories, in document order. */
  readonly children: readonly number[]
  readonly histories: readonly number[]
  /** Proper ancestors, from the parent up to the document. */
  readonly ancestorList: readonly number[]
  readonly ancestors: Bits
  /** Proper descendants. */
  readonly descendants: Bits
  /** Initial transition of a compound state or the document; its targets are never empty. */
  readonly initial: ChartTransition | undefined
  readonly historyType: 'shallow' | 'deep' | undefined
  /** Default transition of a history. */
  readonly historyTransition: ChartTransition | undefined
  /** In document order. */
  readonly transitions: readonly ChartTransition[]
  readonly onentry: readonly (readonly Instruction[])[]
  readonly onexit: readonly (readonly Instruction[])[]
  readonly invokes: readonly ChartInvoke[]
  readonly doneData: Payload | undefined
  readonly data: readonly ChartDatum[]
  /** Trace records of the state: always the same objects, as nothing in them changes. */
  readonly enterRecord: TraceRecord
  readonly exitRecord: TraceRecord
  readonly place: Place
}

/** A transition with its targets and its domain worked out as far as they do not depend on the configuration. */
export interface ChartTransition {
  /** Document order among the transitions of states; -1 for initial and history transitions. */
  readonly index: number
  readonly source: number
  /** Empty: event-less. */
  readonly events: readonly Descriptor[]
  readonly cond: PieceId | undefined
  readonly targets: readonly number[]
  readonly targetIds: readonly string[]
  readonly isInternal: boolean
  /** A target is a history: domain and entry set depend on what is stored. */
  readonly hasHistoryTarget: boolean
  readonly content: readonly Instruction[]
  readonly place: Place
}

export interface ChartDatum {
  readonly id: string
  readonly value:
    | { readonly kind: 'none' }
    | { readonly kind: 'piece'; readonly piece: PieceId }
    | { readonly kind: 'content'; readonly text: string; readonly isFromSource: boolean }
  readonly isTopLevel: boolean
  readonly place: Place
}

export interface ChartInvoke {
  readonly id: string | undefined
  readonly idLocation: PieceId | undefined
  readonly type: Operand | undefined
  readonly src: Operand | undefined
  readonly payload: Payload
  readonly autoforward: boolean
  readonly finalize: readonly Instruction[] | undefined
  readonly place: Place
}
