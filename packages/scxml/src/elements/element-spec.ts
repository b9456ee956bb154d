/**
 * Declarations of extension elements. Reader, checker, evaluator, documentation and editor schema all read them.
 *
 * Spec: design "element specifications are data".
 */

/**
 * How the text of an attribute is read:
 * - `literal`: the text as written
 * - `expression`: an ECMAScript value expression
 * - `expression-or-text`: an expression; when that does not parse or names something unknown, the text itself
 * - `location`: a place that the engine writes (the request id of an action)
 * - `names`: places separated by blanks; each becomes a parameter of its own name
 */
export type AttributeKind = 'literal' | 'expression' | 'expression-or-text' | 'location' | 'names'

/** What the evaluated value has to be; `any` hands it over unchanged. */
export type AttributeType = 'string' | 'number' | 'boolean' | 'object' | 'any'

/** How sure the source of a fact is. */
export type Confidence = 'doc' | 'app' | 'mem' | 'mem?' | 'mem-' | 'choice'

/** One attribute of a module element: how it is read, of which type, and what it means. */
export interface AttributeSpec {
  readonly name: string
  readonly kind: AttributeKind
  readonly type: AttributeType
  readonly required?: boolean
  readonly unit?: 's' | 'ms'
  /** Allowed values of a literal, lower case; compared without case. */
  readonly values?: readonly string[]
  /** As documented; filled in by `plan`, not by the engine. */
  readonly defaultText?: string
  /** What a location receives; the request id when absent. */
  readonly receives?: 'startedSession'
  readonly doc: string
  readonly confidence: Confidence
}

/** A child that an element of a module may have. */
export interface ChildSpec {
  /** Local name; `param` and `content` without a namespace of their own are SCXML elements. */
  readonly name: string
  /** Namespace key of another module (`dialog` for `runtreatments` in `submit`), absent for the own one. */
  readonly module?: string
  readonly min?: number
  readonly max?: number
}

/** One element of a module as data: reader, checker, evaluator and documentation read the same. */
export interface ElementSpec {
  readonly name: string
  /** `action`: executable content that is planned; `child`: only inside another element of a module. */
  readonly kind: 'action' | 'child'
  readonly attributes: readonly AttributeSpec[]
  readonly children: readonly ChildSpec[]
  /** Events that answer the action, as a document sees them. */
  readonly events: readonly string[]
  readonly doc: string
  /** Section of the reference facts, for example `queue §6`. */
  readonly source: string
  readonly confidence: Confidence
  /** Known, but refused with its error event whenever it is executed: worth a warning at load. */
  readonly isUnsupported?: boolean
}

/** All elements of one module. */
export interface ElementNamespace {
  /** Module name, for example `queue`; also the root behind `_genesys` unless `root` says otherwise. */
  readonly module: string
  /** Accepted namespace URIs, with and without `http://`. */
  readonly uris: readonly string[]
  readonly elements: readonly ElementSpec[]
}
