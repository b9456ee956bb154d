import type { SessionReport } from '@segue/modules'

/** A trace record as tests read it. */
export type TraceEntry = { readonly kind: string } & Readonly<Record<string, unknown>>

/** An executed action as a document sees it. */
export interface SeenAction {
  /** `module:element`, for example `queue:submit`. */
  readonly name: string
  readonly requestId: string
  /** Evaluated attributes as JSON values; absent ones are absent. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** `<param>` children by name. */
  readonly params: Readonly<Record<string, unknown>>
}

/** What a test asserts on. */
export interface SessionView {
  readonly sessionId: string
  /** Address of the document. */
  readonly url: string
  readonly isRunning: boolean
  /** Active states in document order; none once the session has ended. */
  readonly states: readonly string[]
  /** State that was entered last: of a session that has ended by itself, its final state. */
  readonly lastEntered: string | undefined
  /** Members of `_data`. */
  readonly data: Readonly<Record<string, unknown>>
  /** Script variables. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Texts of log records, in order. */
  readonly logs: readonly string[]
  readonly actions: readonly SeenAction[]
  /** Names of events that were taken, in order. */
  readonly events: readonly string[]
  readonly errors: readonly TraceEntry[]
  readonly trace: readonly TraceEntry[]
}

/** Reads the stored account of a session. */
export function sessionView(report: SessionReport): SessionView {
  const trace = report.trace.map(({ line }) => JSON.parse(line) as TraceEntry)
  const of = (kind: string): readonly TraceEntry[] => trace.filter((entry) => entry.kind === kind)
  return {
    sessionId: report.sessionId,
    url: report.url,
    isRunning: report.isRunning,
    states: report.states,
    lastEntered: of('enter').at(-1)?.['state'] as string | undefined,
    data: JSON.parse(report.data) as Readonly<Record<string, unknown>>,
    variables: JSON.parse(report.variables) as Readonly<Record<string, unknown>>,
    logs: of('log').map((entry) => String(entry['text'])),
    actions: of('action').map(seenAction),
    events: of('event').map((entry) => String(entry['name'])),
    errors: of('error'),
    trace,
  }
}

/** An action from its trace record. */
export function seenAction(entry: TraceEntry): SeenAction {
  return {
    name: `${String(entry['module'])}:${String(entry['element'])}`,
    requestId: String(entry['requestId']),
    attributes: decoded(entry['attributes']),
    params: decodedParams(entry['params']),
  }
}

/** Written by the engine: a list of names and encoded values. */
function decodedParams(params: unknown): Readonly<Record<string, unknown>> {
  const list = (params ?? []) as readonly { readonly name: string; readonly value?: string }[]
  return Object.fromEntries(
    list.map(({ name, value }) => [name, value === undefined ? undefined : decodedValue(value)]),
  )
}

function decoded(attributes: unknown): Readonly<Record<string, unknown>> {
  const entries = Object.entries((attributes ?? {}) as Readonly<Record<string, string>>)
  return Object.fromEntries(entries.map(([name, text]) => [name, decodedValue(text)]))
}

/** Values that are no JSON (the codec's own form) stay text. */
function decodedValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
