import type { Diagnostic } from '@segue/scxml'
import type { EffectKey } from '../ports/store.ts'

/**
 * Sessions: what reaches them, how applications are loaded, and the border to the process where scripts run.
 * Spec: design §6, §7.
 */

/** What reaches a session's mailbox. */
export type SessionMessage =
  /** Starts the session; the first message it takes. */
  | {
      readonly kind: 'start'
      /** Address of the document; the version that is current when it is taken. */
      readonly url: string
      /** Name of the application object or `''`. */
      readonly application: string
      /** Start parameters; text that is JSON of an object, array, number or boolean is parsed (dialect decisions). */
      readonly parameters: Readonly<Record<string, unknown>>
      /** Version that the starter found; `''`: the session finds it itself before it starts. */
      readonly hash: string
      /** Told when the session ends: `done.invoke.<invokeId>`, or `done.start.<session>` when `invokeId` is `''`. */
      readonly parent?: {
        readonly sessionId: string
        readonly invokeId: string
        /** Of the parent's document: how it is told that the start cannot be. `w3c` when absent. */
        readonly dialect?: 'orchestration'
      }
      /** `values`: parameters keep their type, texts included (JSON bodies). `text` when absent. */
      readonly parametersAre?: 'text' | 'values'
      /** Parameters from another session, encoded; they win over `parameters`. */
      readonly encodedParameters?: Readonly<Record<string, string>>
      /** Text of the document itself, for an invocation with inline content; `url` is its base. */
      readonly content?: string
      /** Taken when the document at `url` cannot be had or is broken. */
      readonly alternateUrl?: string
    }
  | {
      readonly kind: 'event'
      readonly name: string
      /** JSON-able members of `_event.data`. */
      readonly data?: Readonly<Record<string, unknown>>
      /** Encoded data of another session, instead of `data`. */
      readonly encoded?: string
      readonly sendId?: string
      readonly origin?: string
      readonly originType?: string
      readonly invokeId?: string
      /** The message as it came, for `_event.raw` of the W3C dialect. */
      readonly raw?: string
      /** Module that takes the event first, and what only it sees. */
      readonly module?: string
      readonly payload?: unknown
    }
  | { readonly kind: 'timer'; readonly id: string }
  | { readonly kind: 'terminate'; readonly reason: string }
  /** The session goes on with its own queue, which one request did not empty. */
  | { readonly kind: 'continue' }
  /** Answers an effect of the session without an event: the document sees nothing of it. */
  | { readonly kind: 'settle' }
  /** Ends the session without running any of its scripts. Never comes from a mailbox: the front puts it in place of another. */
  | { readonly kind: 'abandon'; readonly incident: ShardIncident }

/** Something an operator has to know of a session. */
export interface ShardIncident {
  readonly kind: string
  readonly code: string
  readonly message: string
}

/** An application version as text: everything that a shard needs to compile it, without reading anything. */
export interface ApplicationBundle {
  /** Hash over address, document and all includes. */
  readonly hash: string
  readonly url: string
  /** The document first, then all includes, by absolute address, with the addresses under which they were asked for. */
  readonly sources: readonly { readonly url: string; readonly text: string; readonly askedAs: readonly string[] }[]
}

/** Finds, checks and keeps versions of applications. New sessions take the current one; running ones keep theirs. */
export interface Applications {
  /** Current version of a document; loads and checks it when it is not known or too old. */
  current(url: string, alternateUrl?: string): Promise<CurrentApplication>
  /** A document given as text (inline content of an invocation); `baseUrl` is what its includes are relative to. */
  inline(text: string, baseUrl: string): Promise<CurrentApplication>
  /** A version by hash, from memory or the store. */
  byHash(hash: string): Promise<ApplicationBundle | undefined>
  /** Whether the version is known to be in the store, so that no session has to bring it again. */
  isStored(hash: string): Promise<boolean>
  /** Looks at every known address again; keeps the old version where the new one is broken. */
  reload(): Promise<readonly ReloadResult[]>
}

export type CurrentApplication =
  | { readonly ok: true; readonly bundle: ApplicationBundle; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

export interface ReloadResult {
  readonly url: string
  readonly outcome: 'unchanged' | 'changed' | 'refused'
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Border to the place where scripts run. `segue dev`, `run` and `test` use the one in process; shard processes speak
 * the same protocol. Only JSON and bytes cross.
 */
export interface Shard {
  load(bundle: ApplicationBundle): Promise<{ readonly ok: boolean; readonly message: string }>
  step(requests: readonly ShardStepRequest[]): Promise<readonly ShardStepResponse[]>
  forget(sessionIds: readonly string[]): void
  /** A new whole version of configuration and lists, for steps after it. */
  replica(replica: unknown): void
  /** State of a session for people: active states, data as JSON text. From stored bytes when it is not resident. */
  inspect(sessionId: string, stored: StoredSession | undefined): Promise<SessionInspection | undefined>
  drain(): Promise<void>
  /** Small number from 0: sessions of one number are stepped in one call. Absent: all are. */
  lane?(sessionId: string): number
}

/** What a function of a script asks the front. */
export interface ShardQuestion {
  readonly sessionId: string
  /** `root.name` of the function. */
  readonly function: string
  /** JSON-able. */
  readonly about: unknown
}

export interface StoredSession {
  readonly hash: string
  readonly state: Uint8Array
  readonly redo: readonly Uint8Array[]
}

export interface ShardStepRequest {
  readonly sessionId: string
  readonly version: number
  readonly nowMs: number
  readonly seed: number
  readonly message: SessionMessage
  /** Given when the shard may not have the session. */
  readonly stored: StoredSession | undefined
  /** Open effects that the message answers or that the session may withdraw: command type and body by key. */
  readonly openEffects: readonly {
    readonly key: EffectKey
    readonly type: string
    readonly body: Readonly<Record<string, unknown>>
  }[]
  readonly wantsSnapshot: boolean
}

export type ShardStepResponse =
  | {
      readonly ok: true
      readonly effects: readonly {
        readonly type: string
        readonly mode: 'once' | 'open'
        readonly body: Readonly<Record<string, unknown>>
      }[]
      readonly timersPut: readonly { readonly id: string; readonly dueEpochMs: number }[]
      readonly timersDeleted: readonly string[]
      readonly trace: readonly string[]
      readonly save: 'snapshot' | 'redo' | 'nothing'
      readonly bytes: Uint8Array | undefined
      readonly hasEnded: boolean
      /** Active atomic states, for attributes and status pages. */
      readonly active: readonly string[]
      /** Name of the document; given with the first step. */
      readonly name?: string
      /** Whether the document may be stored, by its `_persist`; given with the first step. */
      readonly persists?: boolean
      /** Something an operator has to know, for example the limit that ended the session. */
      readonly incident?: ShardIncident
      /** For the author of the application, each once per application version and shard. */
      readonly warnings?: readonly ShardIncident[]
    }
  | {
      readonly ok: false
      readonly message: string
      /** The application version that has to be loaded first; nothing was done. */
      readonly missingHash?: string
      /** The shard does not have the session, or was lost with it: the request may be given again with stored bytes. */
      readonly isLost?: true
      /** The session made the shard breach a limit or die: it has to end. */
      readonly strike?: ShardIncident
      /** The shard was set apart with this session: its answer comes by itself. Never rejects. */
      readonly later?: Promise<ShardStepResponse>
    }

export interface SessionInspection {
  readonly sessionId: string
  readonly url: string
  readonly hash: string
  readonly isRunning: boolean
  readonly states: readonly string[]
  /** JSON text of `_data`, cycles shown as text. */
  readonly data: string
  /** JSON text of script variables (orchestration dialect). */
  readonly variables: string
}
