import type { ElementSpec } from '../elements/element-spec.ts'
import type { AttributeType } from '../elements/element-spec.ts'
import type { PieceId } from '../script/contract.ts'

/** Where an element stands, for error events, limits and the trace. */
export interface Place {
  /** Qualified name of the element, for example `assign` or `queue:submit`. */
  readonly element: string
  readonly url: string
  readonly line: number
  /** Id of the state that the element stands in; `''` for the document. */
  readonly state: string
}

/** A value that is fixed in the document, or a piece that gives it when the element runs. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'piece'; readonly piece: PieceId }

export interface ChartParam {
  readonly name: string
  /** Absent: the value is `undefined`. */
  readonly piece: PieceId | undefined
  /** `location` was written: the place has to exist. */
  readonly isLocation: boolean
  readonly place: Place
}

/** Inline content as written, or an expression. */
export type ChartContent = Operand & { readonly place: Place }

/** Names and values of `namelist`. */
export interface ChartName {
  readonly name: string
  readonly piece: PieceId
}

/** What a message carries: `<param>`, `namelist` and `<content>`. */
export interface Payload {
  readonly names: readonly ChartName[]
  readonly params: readonly ChartParam[]
  readonly content: ChartContent | undefined
}

/** Executable content, ready to run. */
export type Instruction =
  | RaiseInstruction
  | IfInstruction
  | ForeachInstruction
  | LogInstruction
  | AssignInstruction
  | ScriptInstruction
  | SendInstruction
  | CancelInstruction
  | ActionInstruction
  | UnsupportedInstruction

export interface RaiseInstruction {
  readonly kind: 'raise'
  readonly event: string
  readonly params: readonly ChartParam[]
  readonly place: Place
}

export interface IfInstruction {
  readonly kind: 'if'
  readonly branches: readonly { readonly cond: PieceId | undefined; readonly content: readonly Instruction[] }[]
  readonly place: Place
}

export interface ForeachInstruction {
  readonly kind: 'foreach'
  readonly array: PieceId
  readonly item: PieceId
  readonly index: PieceId | undefined
  /** Item or index that cannot be assigned to: the element fails when it runs. */
  readonly illegal: string | undefined
  readonly content: readonly Instruction[]
  readonly place: Place
}

export interface LogInstruction {
  readonly kind: 'log'
  readonly label: Operand | undefined
  readonly expr: PieceId | undefined
  readonly level: Operand | undefined
  readonly place: Place
}

export interface AssignInstruction {
  readonly kind: 'assign'
  readonly location: PieceId
  readonly value: PieceId | undefined
  readonly content: string | undefined
  readonly place: Place
}

export interface ScriptInstruction {
  readonly kind: 'script'
  readonly piece: PieceId
  readonly place: Place
}

export interface SendInstruction {
  readonly kind: 'send'
  readonly event: Operand | undefined
  readonly target: Operand | undefined
  readonly type: Operand | undefined
  readonly id: string | undefined
  readonly idLocation: PieceId | undefined
  readonly delay: Operand | undefined
  readonly hints: PieceId | undefined
  readonly payload: Payload
  readonly place: Place
}

export interface CancelInstruction {
  readonly kind: 'cancel'
  readonly sendId: Operand
  readonly place: Place
}

export interface ActionInstruction {
  readonly kind: 'action'
  readonly module: string
  readonly spec: ElementSpec
  readonly attributes: readonly ChartAttribute[]
  readonly locations: readonly ChartLocation[]
  readonly params: readonly ChartParam[]
  readonly content: ChartContent | undefined
  readonly children: readonly ActionInstruction[]
  readonly place: Place
}

/** An attribute of an action. `text` is set where the text itself counts when the expression names something unknown. */
export interface ChartAttribute {
  readonly name: string
  readonly type: AttributeType
  readonly piece: PieceId | undefined
  readonly text: string | undefined
}

/** Where an action writes an id before it is planned. */
export interface ChartLocation {
  readonly piece: PieceId
  readonly receives: 'requestId' | 'startedSession'
}

export interface UnsupportedInstruction {
  readonly kind: 'unsupported'
  readonly name: string
  readonly place: Place
}
