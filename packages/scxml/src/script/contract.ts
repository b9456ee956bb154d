import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Dialect } from '../read/document.ts'
import type { MappedText } from '../source/mapped-text.ts'
import type { Span } from '../source/source.ts'

/**
 * The border between the engine and customers' scripts. `compileScripts` turns every script and expression of an
 * application into one program text, once per application version; `bindProgram` evaluates that text in a realm; the
 * engine then calls pieces by number. Spec: script-rules E1–E17.
 */

export type PieceKind =
  /** A value expression; where it does not parse as one, a script whose completion value counts (E16). */
  | 'value'
  /** As `value`, the result is read as a boolean. */
  | 'condition'
  /** A place to write to: variable, member, indexed member. */
  | 'location'
  /** A `<script>` element: hoisting each time it runs (E5). */
  | 'script'

/** Index of a piece in the program, in the order in which pieces were given. */
export type PieceId = number

export interface ScriptPiece {
  readonly kind: PieceKind
  readonly text: MappedText
  /** `_my_prefix` of the fragment that the piece stands in. */
  readonly prefix: string
  /** Document-level scripts run at load in document order; their function declarations may be shared (E7). */
  readonly isDocumentLevel: boolean
}

export interface ScriptUnit {
  readonly dialect: Dialect
  /** Ids of every `<data>`, also nested ones. */
  readonly dataIds: readonly string[]
  readonly pieces: readonly ScriptPiece[]
}

/** What running a piece may change (P2). `names` lists members of `$` or `_data` that are written plainly. */
export type WriteClass =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'deep' }

export interface CompiledScripts {
  /** Program text: one expression whose value is a function that takes the prelude. Realm-independent. */
  readonly code: string
  readonly pieces: readonly CompiledPiece[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Roots (`$.x`, `_data.y`) whose objects a piece may reach. */
export interface Reach {
  readonly reads: readonly string[] | 'all'
  /** Reads objects of module views, which may stand in any root. */
  readonly takesViews: boolean
}

/**
 * What the pieces that ran may have changed, gathered over a step (P2). All pieces are gathered before anything is
 * concluded: what one of them linked, another may have changed.
 */
export interface Touched extends Reach {
  /** Objects that can be reached from `reads` may have changed. */
  readonly isDeep: boolean
  /** Roots that were written. */
  readonly names: readonly string[]
}

export interface CompiledPiece {
  readonly writes: WriteClass
  /** `undefined`: running it changes nothing. */
  readonly touches: Touched | undefined
  /** What its value may share when it is an object; `undefined`: nothing. */
  readonly links: Touched | undefined
  /** Calls something or loops: where a step that does not end is most likely caught. */
  readonly mayRunLong: boolean
  readonly span: Span
}

/** Where programs run. The same-realm one is in this package; the hardened one (own context) is in the runtime. */
export interface Realm {
  /** Evaluates program text as a sloppy script and gives its completion value. `name` shows in stack traces. */
  evaluate(code: string, name: string): unknown
  /** Runs `work` under a limit of processor time where the realm can do that. */
  readonly kind: 'same-realm' | 'context'
}

/** Names of a session that scripts read. */
export interface ScopeIdentity {
  readonly sessionId: string
  readonly name: string
}

/** Variables and data of one session, as the program keeps them. Opaque outside the program. */
export interface Scope {
  /** `$`: script variables. */
  readonly variables: object
  /** `_data` (the same object as `variables` in the W3C dialect). */
  readonly data: object
}

/** What scripts can ask of the engine while a step runs. Only text, numbers and booleans cross. */
export interface ScriptHost {
  isActive(stateId: string): boolean
  /** Active state ids, innermost last (`__GetCurrentStates`). */
  activeStates(): readonly string[]
  /** `__Log`. */
  log(text: string, label: string, level: number): void
  /** `__Raise`; `data` is encoded. `false`: the session has raised too many, and the script is stopped. */
  raise(name: string, data: string): unknown
  /** `_ioprocessors` as JSON text. Called at most once per step, when a script reads it. */
  ioProcessors(): string
  /** URL of the started document (`__GetDocumentURL`). */
  readonly documentUrl: string
  /** Module roots behind `_genesys` with their functions, enumerations excluded. */
  readonly modules: readonly ModuleSurface[]
  /** JSON text of a module's view. Called at most once per version. */
  view(module: string): string
  /** Grows whenever a view changed; a stale view is built again. */
  viewVersion(module: string): number
  /** Calls a module function. `args` and the answer are encoded; `undefined` as an answer is `undefined`. */
  call(module: string, name: string, args: string): HostAnswer
}

/** What the host answers to a call of a module function. */
export type HostAnswer =
  | { readonly ok: true; readonly value: string | undefined }
  /** Thrown inside as an `Error` of that message. */
  | { readonly ok: false; readonly message: string }

/** What scripts see of one module below `_genesys`. */
export interface ModuleSurface {
  /** Member of `_genesys`. */
  readonly root: string
  readonly functions: readonly string[]
  /** Read-only members that never change, as JSON text: enumerations. */
  readonly constants: string
}

/** What a step gives to scripts (E12). */
export interface Moment {
  /** `Date.now()` of the whole macrostep. */
  readonly nowMs: number
  readonly seed: number
}

/** Members of `_event`; `data` is encoded (`undefined` in W3C when nothing was sent). */
export interface EventFields {
  readonly name: string
  readonly type: 'platform' | 'internal' | 'external'
  readonly sendId: string | undefined
  readonly origin: string | undefined
  readonly originType: string | undefined
  readonly invokeId: string | undefined
  readonly data: string | undefined
  /** `_event.raw` (W3C dialect): the message as it came; the encoded data when absent. */
  readonly raw?: string | undefined
}

/** An `_event` object of the realm: made once per delivery, the same for all regions. */
export type RealmEvent = object

/** A script failed. The engine turns it into the error event of its dialect. */
export interface ScriptFailure {
  /** Constructor name of what was thrown (`ReferenceError`), or `typeof` of a non-object. */
  readonly type: string
  readonly message: string
  /** Place in the source, where it is known more exactly than the element. */
  readonly span: Span | undefined
  /** `fuel`: the step's fuel is gone; nothing of the application may catch it. */
  readonly cause: 'thrown' | 'readonly' | 'fuel'
}

/** The only thing that a program throws. */
export class ScriptError extends Error {
  readonly failure: ScriptFailure
  constructor(failure: ScriptFailure) {
    super(`${failure.type}: ${failure.message}`)
    this.name = 'ScriptError'
    this.failure = failure
  }
}

/** The pieces of one application version, bound to a realm. All calls but `createScope` need `enter` first. */
export interface ScriptProgram {
  /** Loop rounds and function entries between `enter` and `leave` (E15). */
  readonly fuelPerEnter: number
  createScope(): Scope
  /** Switches to a session: `$`, `_data`, time, random seed, host; clears legacy RegExp statics (E12). */
  enter(scope: Scope, identity: ScopeIdentity, moment: Moment, host: ScriptHost): void
  leave(): void
  makeEvent(fields: EventFields): RealmEvent
  /** Sets `_event`; `undefined` before the first event. */
  setEvent(event: RealmEvent | undefined): void
  /** Errors: throws `ScriptError`. */
  evaluate(piece: PieceId): unknown
  /** Errors: throws `ScriptError`; the caller counts that as false. */
  test(piece: PieceId): boolean
  /** Errors: throws `ScriptError`. */
  assign(piece: PieceId, value: unknown): void
  /** Errors: throws `ScriptError`. */
  run(piece: PieceId): void
  hasDatum(id: string): boolean
  setDatum(id: string, value: unknown): void
  /** Text of a value as `String` gives it; never throws. */
  toText(value: unknown): string
  /** Encoded form of one value: JSON text where JSON is exact, else the codec's form. Never throws: cycles are kept. */
  encode(value: unknown): string
  /** Reads what `encode` wrote, and any JSON text. Errors: throws `ScriptError` on broken text. */
  decode(text: string): unknown
  /** Reads text as the W3C recommendation orders for inline data: JSON, XML (DOM), else space-normalised text. */
  readContent(text: string): unknown
  /** An object of the realm with these members, in order; a repeated name keeps the last (all in `rawParams`). */
  makeObject(members: readonly (readonly [name: string, value: unknown])[]): object
  /** Items of an array-like for `<foreach>`; a copy. `undefined` when it is not one. */
  itemsOf(value: unknown): readonly unknown[] | undefined
  /**
   * Everything that has to survive, by alias group (P1). From now on it counts as saved. `latest` is what
   * `saveChanges` gave just before: its groups are not encoded again.
   */
  save(scope: Scope, latest?: ScopeChanges): SavedScope
  /** What `save` would give, for people to look at: what counts as saved stays as it is. */
  show(scope: Scope): SavedScope
  /**
   * What changed since the last call of this, `save` or `load`, as far as `touched` can have changed it: folded into
   * what was saved then it gives what `save` would give now. Groups may be among it that did not change.
   *
   * Cost: O(size of the groups that were written or that the written ones may share objects with). A group that was
   * written deeply before is only walked over; what is encoded are the objects of it that changed.
   * Spec: design P2, P3.
   */
  saveChanges(scope: Scope, touched: Touched): ScopeChanges
  /** Code that was made while the session ran may have changed anything: no class of a piece holds any more (E10). */
  hasOwnCode(scope: Scope): boolean
  /** Errors: throws `ScriptError` with code text when the format is unknown. */
  load(saved: SavedScope): Scope
  /** Values that could not be saved since the last call: path and what it was (E14). */
  takeUnsaved(): readonly { readonly path: string; readonly what: string }[]
}

/**
 * Data of a session as text, one entry per alias group: roots (`$.x`, `_data.y`) that share an object stand in one
 * group, whose key is its first root. Format version is the first character of each line: the first line of a text is
 * the whole group, each further one a difference, in the order in which they were written.
 */
export interface SavedScope {
  readonly groups: Readonly<Record<string, string>>
  /** All roots in order. Absent in the first format, whose groups hold the places of their roots. */
  readonly order?: readonly string[]
}

/**
 * What has to be folded into a saved scope: groups by key, differences of groups (each a line to add to the text of its
 * group), keys that are gone, and the order when it changed.
 */
export interface ScopeChanges {
  readonly groups: Readonly<Record<string, string>>
  readonly differences?: Readonly<Record<string, string>>
  readonly gone: readonly string[]
  readonly order: readonly string[] | undefined
}
