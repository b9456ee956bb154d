import type { Action, ElementNamespace } from '@segue/scxml'

/**
 * An extension module is a value: adding one changes no core file. `plan`, `apply` and functions run with the session
 * (in a shard) and are pure; what leaves the session are commands, performed after the commit.
 * Spec: design §7; session-and-web §2.
 */
export interface Module<Slice = unknown> {
  /** Name in element specifications and notices: `interaction`, `queue`, `dialog`, `session`. */
  readonly name: string
  /** Roots behind `_genesys`. The first one shows the view and the functions; others hold constants only. */
  readonly roots: readonly ModuleRoot[]
  readonly namespace: ElementNamespace
  readonly functions: readonly ModuleFunction<Slice>[]
  /** Slice of a new session. JSON-able. */
  initial(start: SessionStart): Slice
  /** Plans an executed action. Pure. */
  plan(action: PlannedAction, slice: Slice, context: ModuleContext): Plan<Slice>
  /** Takes an event of the world before the document sees it. Pure; the same slice when nothing changes. */
  apply(notice: ModuleNotice, slice: Slice): Slice
  /** What scripts read behind the first root. JSON-able; `{$list, $key}` makes a list that is also reachable by key. */
  view(slice: Slice, context: ModuleContext): unknown
  /** What the session still holds of the world when it ends: commands performed with its last step (P6). */
  end?(slice: Slice): readonly Command[]
}

export interface ModuleRoot {
  /** Member of `_genesys`. */
  readonly root: string
  /** Enumerations: read-only members that never change. */
  readonly constants: Readonly<Record<string, unknown>>
}

/** An action with its values decoded from text where they are JSON. */
export interface PlannedAction {
  readonly element: string
  readonly requestId: string
  /** Evaluated attributes: strings, numbers, booleans, plain objects. Absent and `undefined` are both absent. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly params: readonly { readonly name: string; readonly value: unknown }[]
  readonly content: { readonly value: unknown } | undefined
  readonly children: readonly PlannedAction[]
  readonly source: Action
}

export type Plan<Slice> =
  | {
      readonly kind: 'planned'
      readonly commands: readonly Command[]
      /** Changed slice, when planning changes it. */
      readonly slice?: Slice
      /** Events for the own session that need no answer from the world (`queue.submit.requestid` does not belong here). */
      readonly events?: readonly SessionEvent[]
    }
  /** Refused before anything was sent: an error event on the session's external queue. */
  | { readonly kind: 'refused'; readonly event: SessionEvent }

/** Becomes a planned effect of the session. */
export interface Command {
  readonly type: string
  readonly mode: 'once' | 'open'
  readonly body: Readonly<Record<string, unknown>>
}

export interface SessionEvent {
  readonly name: string
  /** JSON-able members of `_event.data`. */
  readonly data: Readonly<Record<string, unknown>>
}

/** An event on its way to the document, with what only the module sees. */
export interface ModuleNotice extends SessionEvent {
  readonly payload?: unknown
}

export interface SessionStart {
  readonly sessionId: string
  readonly tenant: { readonly name: string; readonly id: number }
  readonly documentUrl: string
}

export interface ModuleContext {
  readonly sessionId: string
  readonly nowMs: number
  /** Whole versions of configuration and lists, switched between steps. Typed by the modules that read it. */
  readonly replica: unknown
  /** Facts of the node that scripts may read: name, cluster, url. */
  readonly server: { readonly name: string; readonly cluster: string; readonly url: string | undefined }
}

/** Functions behind a root. `read` sees slice and replica; `act` also asks for something to be done; `ask` gives a value that only the front has. Throwing `FunctionError` throws inside the script. */
export type ModuleFunction<Slice> =
  | {
      readonly kind: 'read'
      readonly root: string
      readonly name: string
      readonly doc: string
      call(args: readonly unknown[], slice: Slice, context: ModuleContext): unknown
    }
  | {
      readonly kind: 'act'
      readonly root: string
      readonly name: string
      readonly doc: string
      call(args: readonly unknown[], slice: Slice, context: ModuleContext): ActResult<Slice>
    }
  | {
      readonly kind: 'ask'
      readonly root: string
      readonly name: string
      readonly doc: string
      /** What the front is asked, JSON-able. Asked once in a macrostep for the same text. */
      question(args: readonly unknown[], slice: Slice, context: ModuleContext): unknown
      /** What scripts get while the front does not know it or cannot be asked in time. */
      readonly unknownYet: unknown
    }

export interface ActResult<Slice> {
  readonly value: unknown
  readonly commands: readonly Command[]
  readonly slice?: Slice
}

/** Thrown by a module function: becomes an `Error` of that message inside the script. */
export class FunctionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FunctionError'
  }
}
