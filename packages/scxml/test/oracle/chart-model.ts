/**
 * Charts of the comparison as plain JSON: the oracle reads them as they are, the engine reads the document that
 * `writeDocument` makes of them. The data model is a few whole-number variables.
 */
export interface ChartModel {
  readonly dialect: 'w3c' | 'orchestration'
  readonly binding: 'early' | 'late'
  /** Empty: the first state. */
  readonly initial: readonly string[]
  readonly data: readonly DatumModel[]
  /** A document-level script: adds to a variable. */
  readonly script?: { readonly name: string; readonly add: number }
  readonly states: readonly StateModel[]
}

export interface StateModel {
  readonly id: string
  readonly kind: 'state' | 'parallel' | 'final' | 'history'
  readonly isDeep: boolean
  readonly states: readonly StateModel[]
  /** Absent: the first child. */
  readonly initial?: InitialModel
  /** Of a history: exactly one, its default. */
  readonly transitions: readonly TransitionModel[]
  readonly onentry: readonly Block[]
  readonly onexit: readonly Block[]
  readonly data: readonly DatumModel[]
  readonly donedata: readonly ParamModel[]
}

export interface InitialModel {
  readonly targets: readonly string[]
  /** Written as an attribute when there is no content. */
  readonly content: Block
}

export interface TransitionModel {
  /** Empty: event-less. */
  readonly events: readonly string[]
  readonly cond?: Condition
  readonly targets: readonly string[]
  readonly isInternal: boolean
  readonly content: Block
}

export interface DatumModel {
  readonly name: string
  readonly value: Value
}

export interface ParamModel {
  readonly name: string
  readonly value: Value
}

export type Block = readonly Content[]

export type Value =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'sum'; readonly name: string; readonly add: number }
  /** `_event.data.v`: fails when there is no event or it has no data. */
  | { readonly kind: 'payload' }
  /** `_event.name`. */
  | { readonly kind: 'eventName' }
  /** Reads what nobody declared. */
  | { readonly kind: 'failing' }

export type Condition =
  | { readonly kind: 'less'; readonly name: string; readonly than: number }
  | { readonly kind: 'in'; readonly state: string; readonly isNot: boolean }
  | { readonly kind: 'failing' }

export type Content =
  | { readonly kind: 'raise'; readonly event: string }
  | {
      readonly kind: 'send'
      readonly event: string
      readonly to: 'own' | 'internal' | 'parent' | 'nowhere'
      readonly params: readonly ParamModel[]
      /** Delayed, under this id. */
      readonly delayed?: string
    }
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'log'; readonly value: Value }
  | { readonly kind: 'assign'; readonly name: string; readonly value: Value }
  /** Assigns to a place that does not exist, or may not be written. */
  | { readonly kind: 'assignFailing'; readonly location: 'undeclared' | 'system' }
  | { readonly kind: 'script'; readonly name: string; readonly add: number }
  | { readonly kind: 'scriptFailing' }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly cond: Condition; readonly content: Block }[]
      readonly otherwise?: Block
    }
  | {
      readonly kind: 'foreach'
      readonly items: readonly number[]
      readonly item: string
      readonly index?: string
      readonly content: Block
    }
  | { readonly kind: 'foreachFailing'; readonly item: string }

/** What happens to a session from outside, one after the other. */
export type Item =
  | { readonly kind: 'event'; readonly name: string; readonly v?: number }
  /** The pending delayed send at this position (counted round) falls due; a stale one when none is pending. */
  | { readonly kind: 'fire'; readonly position: number }
  | { readonly kind: 'terminate' }

/** What can be seen of a session after an item. */
export interface Observation {
  /** What happened, in order, one line each. */
  readonly lines: readonly string[]
  /** Ids of active states, sorted by their place in the document. */
  readonly configuration: readonly string[]
  readonly variables: readonly string[]
  readonly timers: number
  readonly queued: number
}

export const variableNames: readonly string[] = ['x0', 'x1', 'x2', 'x3']

/** Microsteps in one macrostep; every document sets it. */
export const microstepLimit = 12

/** Own external events that are taken after an item; what is left waits for the next one. */
export const ownStepsPerItem = 6
