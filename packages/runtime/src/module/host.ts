import type { Action, HostAnswer, OutgoingMessage, StepHost } from '@segue/scxml'
import { FunctionError } from './contract.ts'
import type {
  Command,
  Module,
  ModuleContext,
  ModuleNotice,
  PlannedAction,
  SessionEvent,
  SessionStart,
} from './contract.ts'
import type { ShardQuestion } from '../session/contract.ts'
import { derivedSessionId } from '../session/derived-session-id.ts'
import type { ModuleTable } from './module-table.ts'
import { plainValue } from './plain-value.ts'
import { plannedAction } from './planned-action.ts'
import { sentAction } from './sent-action.ts'

/** What modules keep of one session: a slice each, and the version of the view that stands for it. */
export interface ModuleStates {
  readonly slices: unknown[]
  readonly viewVersions: number[]
}

/** Session on whose behalf modules are asked. */
export interface HostedSession {
  readonly sessionId: string
  readonly documentUrl: string
  readonly states: ModuleStates
}

/** What modules asked for during one message. */
export interface Gathered {
  readonly commands: readonly Command[]
  /** For the session's own external queue: refusals and events that need no answer of the world. */
  readonly events: readonly SessionEvent[]
  /** Records of commands and refusals, each a JSON-able object. */
  readonly trace: readonly GatheredRecord[]
  /** A module threw where it must not: the step has to be thrown away. */
  readonly bug: unknown
}

export type GatheredRecord =
  | { readonly kind: 'commands'; readonly requestId: string; readonly types: readonly string[] }
  | {
      readonly kind: 'refused'
      readonly module: string
      readonly element: string
      readonly requestId: string
      readonly event: string
      readonly data: Readonly<Record<string, unknown>>
      readonly line: number
    }
  /** Value that the front gave: an input of the step. */
  | { readonly kind: 'asked'; readonly function: string; readonly about: unknown; readonly value: unknown }

/**
 * Modules of a shard as the engine asks them. A shard steps one session at a time, so that one host serves all:
 * `enter` names the session, `take` hands over what came of it.
 */
export interface ModuleHost {
  readonly host: StepHost
  /** Slices of a new session. */
  initial(start: SessionStart): ModuleStates
  /** Slices as they were saved, by module name; a module that is new since then starts with its initial slice. */
  restore(saved: Readonly<Record<string, unknown>>, start: SessionStart): ModuleStates
  enter(session: HostedSession, nowMs: number): void
  /** Lets a module take an event before the document sees it. `false`: no such module. */
  apply(module: string, notice: ModuleNotice): boolean
  /** What modules still hold of the world when a session ends (P6). */
  end(states: ModuleStates): readonly Command[]
  take(): Gathered
  /** A new whole version of configuration and lists. */
  replica(replica: unknown): void
}

/** Puts module values behind the border of the engine. `ask` answers what only the front knows. */
export function createModuleHost(
  table: ModuleTable,
  server: ModuleContext['server'],
  ask?: (question: ShardQuestion) => unknown,
  willRun?: StepHost['willRun'],
): ModuleHost {
  const { modules } = table
  let replica: unknown
  // One counter for all sessions: a version never means two views, whatever a realm caches by it.
  let lastVersion = 1
  let replicaVersion = 1
  let session: HostedSession = { sessionId: '', documentUrl: '', states: { slices: [], viewVersions: [] } }
  let context: ModuleContext = { sessionId: '', nowMs: 0, replica, server }
  let commands: Command[] = []
  let events: SessionEvent[] = []
  let trace: GatheredRecord[] = []
  let bug: unknown
  /** Answers of the front in this macrostep, as JSON text: the same question has one answer. */
  const asked = new Map<string, string>()

  const setSlice = (index: number, slice: unknown): void => {
    const { slices, viewVersions } = session.states
    if (slices[index] === slice) return
    slices[index] = slice
    lastVersion += 1
    viewVersions[index] = lastVersion
  }
  const newStates = (slices: unknown[]): ModuleStates => {
    lastVersion += 1
    return { slices, viewVersions: slices.map(() => lastVersion) }
  }
  const call = (root: string, name: string, args: string): HostAnswer => {
    const found = table.functions.get(`${root}.${name}`)
    if (found === undefined) return { ok: false, message: `"_genesys.${root}.${name}" is not a function` }
    const { call: called, index } = found
    const decoded = plainValue(args)
    const values: readonly unknown[] = Array.isArray(decoded) ? decoded : []
    try {
      if (called.kind === 'read')
        return { ok: true, value: JSON.stringify(called.call(values, session.states.slices[index], context)) }
      if (called.kind === 'ask') {
        const about = called.question(values, session.states.slices[index], context)
        return { ok: true, value: askFront(`${root}.${name}`, about, called.unknownYet) }
      }
      const result = called.call(values, session.states.slices[index], context)
      if (result.slice !== undefined) setSlice(index, result.slice)
      addCommands(`${root}.${name}`, result.commands)
      return { ok: true, value: JSON.stringify(result.value) }
    } catch (error) {
      if (error instanceof FunctionError) return { ok: false, message: error.message }
      // A host exception must not reach scripts, which could catch it: the shard finds it afterwards.
      bug ??= error
      return { ok: false, message: 'internal error' }
    }
  }
  const askFront = (function_: string, about: unknown, unknownYet: unknown): string => {
    const key = `${function_} ${JSON.stringify(about)}`
    const known = asked.get(key)
    if (known !== undefined) return known
    const value = ask?.({ sessionId: session.sessionId, function: function_, about }) ?? unknownYet
    const text = JSON.stringify(value)
    asked.set(key, text)
    if (ask !== undefined) trace.push({ kind: 'asked', function: function_, about, value })
    return text
  }
  const addCommands = (requestId: string, planned: readonly Command[]): void => {
    if (planned.length === 0) return
    commands.push(...planned)
    trace.push({ kind: 'commands', requestId, types: planned.map(({ type }) => type) })
  }
  const act = (action: Action): void => {
    const index = table.indexByName.get(action.module)
    const module = index === undefined ? undefined : modules[index]
    if (index === undefined || module === undefined) throw new Error(`no module "${action.module}" is here`)
    planWith(index, module, plannedAction(action))
  }
  const planWith = (index: number, module: Module, action: PlannedAction): void => {
    const { element, requestId } = action
    const plan = module.plan(action, session.states.slices[index], context)
    if (plan.kind === 'refused') {
      refuse(module, { element, requestId, line: action.source.line }, plan.event)
      return
    }
    if (plan.slice !== undefined) setSlice(index, plan.slice)
    if (plan.events !== undefined) events.push(...plan.events)
    addCommands(requestId, plan.commands)
  }
  const refuse = (
    { name: module }: Module,
    { element, line, requestId }: Pick<Action, 'element' | 'line' | 'requestId'>,
    event: SessionEvent,
  ): void => {
    events.push(event)
    trace.push({ kind: 'refused', module, element, requestId, event: event.name, data: event.data, line })
  }
  const sendToModule = (message: OutgoingMessage): boolean => {
    const { event, target } = message
    const index = table.indexByUri.get(target)
    const module = index === undefined ? undefined : modules[index]
    if (index === undefined || module === undefined) return false
    const action = sentAction(message, module)
    if (action === undefined) {
      refuseSent(module, message, `error.unsupported.${event}`, `the module "${module.name}" has no action "${event}"`)
    } else if (action.content !== undefined && !takesContent(action)) {
      const description = `"${event}" of the module "${module.name}" takes parameters and no content`
      refuseSent(module, message, 'error.send.datamismatch', description)
    } else planWith(index, module, action)
    return true
  }
  const refuseSent = (
    module: Module,
    { event, sendId, target }: OutgoingMessage,
    name: string,
    description: string,
  ): void => {
    const data = { message: description, description, element: event, target, sendid: sendId }
    refuse(module, { element: event, requestId: sendId, line: 0 }, { name, data })
  }

  return {
    host: {
      modules: table.surfaces,
      get documentUrl() {
        return session.documentUrl
      },
      view(root) {
        const index = table.indexByViewRoot.get(root)
        const module = index === undefined ? undefined : modules[index]
        if (index === undefined || module === undefined) return '{}'
        try {
          return JSON.stringify(module.view(session.states.slices[index], context) ?? {})
        } catch (error) {
          bug ??= error
          return '{}'
        }
      },
      viewVersion(root) {
        const index = table.indexByViewRoot.get(root)
        return index === undefined ? 1 : Math.max(session.states.viewVersions[index] ?? 1, replicaVersion)
      },
      call,
      act,
      sendToModule,
      startedSessionId: (requestId) => derivedSessionId(session.sessionId, requestId),
      mayReach: isSessionId,
      ...(willRun && { willRun }),
    },
    initial: (start) => newStates(modules.map((module) => module.initial(start))),
    restore: (saved, start) =>
      newStates(
        modules.map((module) => (Object.hasOwn(saved, module.name) ? saved[module.name] : module.initial(start))),
      ),
    enter(next, nowMs) {
      session = next
      context = { sessionId: next.sessionId, nowMs, replica, server }
    },
    apply(name, notice) {
      const index = table.indexByName.get(name)
      const module = index === undefined ? undefined : modules[index]
      if (index === undefined || module === undefined) return false
      setSlice(index, module.apply(notice, session.states.slices[index]))
      return true
    },
    end: (states) => modules.flatMap((module, index) => module.end?.(states.slices[index]) ?? []),
    take() {
      const gathered: Gathered = { commands, events, trace, bug }
      commands = []
      events = []
      trace = []
      bug = undefined
      asked.clear()
      return gathered
    },
    replica(next) {
      replica = next
      lastVersion += 1
      replicaVersion = lastVersion
    },
  }
}

function takesContent({ source }: PlannedAction): boolean {
  return source.spec.children.some(({ name, module }) => name === 'content' && module === undefined)
}

/** Whether a text can be the id of a session: letters, digits and a few signs, as in ids of every release. */
export function isSessionId(text: string): boolean {
  return /^[\w~-]{1,128}$/.test(text)
}
