import type { AttributeSpec, ElementSpec } from '../elements/element-spec.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Source, Span } from '../source/source.ts'

/** `orchestration`: `profile="ecmascript"` or a bound module namespace; otherwise `w3c`. */
export type Dialect = 'orchestration' | 'w3c'
/** Data models of the recommendation that the engine has. */
export type DataModelKind = 'ecmascript' | 'null'

/** A document after inclusion, reading and dialect normalisation; what `check` and `compile` work on. */
export interface Document {
  readonly url: string
  readonly dialect: Dialect
  readonly dataModel: DataModelKind
  readonly binding: 'early' | 'late'
  readonly name: string | undefined
  readonly initial: InitialNode | undefined
  readonly settings: DocumentSettings
  /** Top-level data and, in the orchestration dialect, also every nested datum appears in its state's `data`. */
  readonly data: readonly DataNode[]
  /** Document-level scripts in document order. */
  readonly scripts: readonly ScriptNode[]
  readonly states: readonly StateNode[]
  /** The document first, then every included text once, in order of inclusion. */
  readonly sources: readonly Source[]
  readonly span: Span
}

/** Attributes of `<scxml>` that start with an underscore. Spec: scxml-dialect §3. */
export interface DocumentSettings {
  readonly persist: boolean | undefined
  readonly type: string | undefined
  readonly microStepLimit: number | undefined
  readonly stateEntryLimit: number | undefined
  readonly processEventTimeoutMs: number | undefined
  readonly maxTimeS: number | undefined
}

export type StateKind = 'state' | 'parallel' | 'final' | 'history'

export interface StateNode {
  readonly kind: StateKind
  /** Generated as `$state<n>` when the document gives none; `isGeneratedId` says so. */
  readonly id: string
  readonly isGeneratedId: boolean
  readonly historyType: 'shallow' | 'deep' | undefined
  readonly initial: InitialNode | undefined
  readonly data: readonly DataNode[]
  readonly onentry: readonly Block[]
  readonly onexit: readonly Block[]
  readonly transitions: readonly TransitionNode[]
  readonly invokes: readonly InvokeNode[]
  readonly donedata: DoneDataNode | undefined
  readonly states: readonly StateNode[]
  /** Prefix of the included fragment that the state stands in (`_my_prefix`), `''` outside. */
  readonly prefix: string
  readonly idSpan: Span
  readonly span: Span
}

/** `initial` attribute (no content) or `<initial>` element with its transition. */
export interface InitialNode {
  readonly targets: readonly TargetRef[]
  readonly content: readonly Executable[]
  readonly prefix: string
  readonly span: Span
}

export interface TargetRef {
  readonly id: string
  readonly span: Span
}

/** One `<onentry>` or `<onexit>`: an error ends the block, not its siblings. */
export interface Block {
  readonly content: readonly Executable[]
  readonly prefix: string
  readonly span: Span
}

export interface TransitionNode {
  /** Event descriptors as written, `''` free; empty means event-less. */
  readonly events: readonly EventDescriptor[]
  readonly cond: MappedText | undefined
  readonly targets: readonly TargetRef[]
  readonly type: 'internal' | 'external'
  readonly content: readonly Executable[]
  readonly prefix: string
  readonly span: Span
}

export interface EventDescriptor {
  readonly text: string
  readonly span: Span
}

export interface DataNode {
  readonly id: string
  readonly value:
    | { readonly kind: 'none' }
    | { readonly kind: 'expression'; readonly text: MappedText }
    /**
     * Inline content or fetched `src`, raw text; JSON, XML or text by what it looks like. `failure` says why `src`
     * could not be read: an error event of the session takes the place of the value.
     */
    | { readonly kind: 'content'; readonly text: MappedText; readonly fromSrc: boolean; readonly failure?: string }
  readonly prefix: string
  readonly idSpan: Span
  readonly span: Span
}

export interface ScriptNode {
  readonly kind: 'script'
  readonly text: MappedText
  readonly span: Span
}

/** A value that is literal in one dialect and an expression in the other. */
export type Slot =
  | { readonly kind: 'literal'; readonly value: string; readonly span: Span }
  | { readonly kind: 'expression'; readonly text: MappedText }

export interface ParamNode {
  readonly name: string
  /** `expr`, or `location` read as an expression. */
  readonly value: MappedText | undefined
  readonly isLocation: boolean
  readonly span: Span
}

/** `<content>`: an expression (`expr`, `_expr`) or inline text/markup (markup as its source text). */
export type ContentNode = { readonly span: Span } & (
  | { readonly kind: 'expression'; readonly text: MappedText }
  | { readonly kind: 'literal'; readonly text: MappedText }
)

export interface DoneDataNode {
  readonly params: readonly ParamNode[]
  readonly content: ContentNode | undefined
  readonly span: Span
}

export interface InvokeNode {
  readonly id: string | undefined
  readonly idLocation: MappedText | undefined
  readonly type: Slot | undefined
  readonly src: Slot | undefined
  readonly content: ContentNode | undefined
  readonly namelist: readonly MappedText[]
  readonly params: readonly ParamNode[]
  readonly autoforward: boolean
  readonly finalize: Block | undefined
  readonly prefix: string
  readonly span: Span
}

export type Executable =
  | RaiseNode
  | IfNode
  | ForeachNode
  | LogNode
  | AssignNode
  | ScriptNode
  | SendNode
  | CancelNode
  | ActionNode
  | UnsupportedNode

export interface RaiseNode {
  readonly kind: 'raise'
  readonly event: string
  readonly params: readonly ParamNode[]
  readonly span: Span
}

export interface IfNode {
  readonly kind: 'if'
  /** First `<if>`, then each `<elseif>`; `<else>` has no `cond`. */
  readonly branches: readonly { readonly cond: MappedText | undefined; readonly content: readonly Executable[] }[]
  readonly span: Span
}

export interface ForeachNode {
  readonly kind: 'foreach'
  readonly array: MappedText
  readonly item: MappedText
  readonly index: MappedText | undefined
  readonly content: readonly Executable[]
  readonly span: Span
}

export interface LogNode {
  readonly kind: 'log'
  readonly label: Slot | undefined
  readonly expr: MappedText | undefined
  readonly level: Slot | undefined
  readonly span: Span
}

export interface AssignNode {
  readonly kind: 'assign'
  readonly location: MappedText
  readonly value: MappedText | undefined
  /** Child content instead of `expr` (W3C). */
  readonly content: MappedText | undefined
  readonly span: Span
}

export interface SendNode {
  readonly kind: 'send'
  readonly event: Slot | undefined
  readonly target: Slot | undefined
  readonly type: Slot | undefined
  readonly id: string | undefined
  readonly idLocation: MappedText | undefined
  readonly delay: Slot | undefined
  readonly namelist: readonly MappedText[]
  readonly params: readonly ParamNode[]
  readonly content: ContentNode | undefined
  readonly hints: MappedText | undefined
  readonly span: Span
}

export interface CancelNode {
  readonly kind: 'cancel'
  readonly sendId: Slot
  readonly span: Span
}

/** An element of a module: `queue:submit`, or a child of one. */
export interface ActionNode {
  readonly kind: 'action'
  readonly module: string
  readonly spec: ElementSpec
  readonly attributes: readonly ActionAttribute[]
  readonly params: readonly ParamNode[]
  readonly content: ContentNode | undefined
  readonly children: readonly ActionNode[]
  readonly span: Span
}

export interface ActionAttribute {
  readonly spec: AttributeSpec
  readonly text: MappedText
}

/** An element that a known module does not have: a warning at load, `error.unsupported.<element>` when executed. */
export interface UnsupportedNode {
  readonly kind: 'unsupported'
  readonly name: string
  readonly span: Span
}
