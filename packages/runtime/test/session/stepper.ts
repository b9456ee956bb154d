import type { Incident } from '../../src/entity/runtime.ts'
import type { EntityStep, MessageBody, TraceLine } from '../../src/entity/contract.ts'
import type { Module } from '../../src/module/contract.ts'
import type { StoredEntity } from '../../src/ports/store.ts'
import { contextRealm } from '../../src/realm/context-realm.ts'
import { createApplications } from '../../src/session/applications.ts'
import type { Applications, SessionInspection, Shard } from '../../src/session/contract.ts'
import { createInProcessShard } from '../../src/session/in-process-shard.ts'
import type { InProcessShardOptions } from '../../src/session/in-process-shard.ts'
import { createSessionBehaviour } from '../../src/session/session-behaviour.ts'
import type { Documents } from './documents.ts'
import { tinyModule } from './tiny-module.ts'

/** Sessions stepped one message at a time against a store that is a few maps: no dispatcher, no time of its own. */
export interface Stepper {
  readonly applications: Applications
  readonly shard: Shard
  readonly incidents: readonly Incident[]
  readonly warnings: readonly Incident[]
  readonly rows: Map<string, string>
  nowMs: number
  /** Steps one message; fails the test when the behaviour answers with a failure. */
  give(id: string, body: MessageBody): Promise<EntityStep>
  start(id: string, url: string, more?: Readonly<Record<string, unknown>>): Promise<EntityStep>
  event(id: string, name: string, more?: Readonly<Record<string, unknown>>): Promise<EntityStep>
  /** Delivers messages of the last steps to each other until none is left. */
  settle(): Promise<void>
  /** Forgets every working copy, as after a restart. */
  restart(): void
  inspect(id: string): Promise<SessionInspection>
  stored(id: string): StoredEntity | undefined
  hasEnded(id: string): boolean
}

export function stepper(
  documents: Documents,
  options: { readonly modules?: readonly Module[] } & Partial<Omit<InProcessShardOptions, 'modules'>> = {},
): Stepper {
  const modules = options.modules ?? [tinyModule]
  const rows = new Map<string, string>()
  const incidents: Incident[] = []
  const warnings: Incident[] = []
  const entities = new Map<string, StoredEntity>()
  const resident = new Set<string>()
  let pending: { readonly to: string; readonly message: MessageBody; readonly creates: boolean }[] = []
  let seed = 1
  const newShard = (): Shard =>
    createInProcessShard({
      realm: contextRealm,
      server: { name: 'node1', cluster: 'cluster1', url: 'http://127.0.0.1:1' },
      ...options,
      modules,
    })
  const clock = { nowMs: () => self.nowMs, schedule: () => ({ cancel: () => undefined }) }
  const newApplications = (): Applications =>
    createApplications({
      resolve: documents.resolve,
      namespaces: modules.map(({ namespace }) => namespace),
      stored: (hash) => Promise.resolve(rows.get(hash)),
      clock,
      maxAgeS: 3600,
    })
  let shard = newShard()
  let applications = newApplications()
  const newBehaviour = (): ReturnType<typeof createSessionBehaviour> =>
    createSessionBehaviour({
      shard,
      applications,
      onIncident: (incident) => incidents.push(incident),
      onWarning: (warning) => warnings.push(warning),
    })
  let behaviour = newBehaviour()

  const self = {
    get applications() {
      return applications
    },
    get shard() {
      return shard
    },
    incidents,
    warnings,
    rows,
    nowMs: 1_000_000,
    async give(id: string, body: MessageBody) {
      const stored = entities.get(id)
      const version = (stored?.version ?? 0) + 1
      seed += 1
      const [response] = await behaviour.step([
        {
          context: { ref: { kind: 'session', id }, version, nowMs: self.nowMs, seed, openEffects: [] },
          stored: stored === undefined ? 'new' : resident.has(id) ? undefined : stored,
          message: { to: { kind: 'session', id }, source: 'test', body },
          effectKey: undefined,
        },
      ])
      if (response === undefined || !response.ok) throw new Error(response?.message ?? 'no answer')
      const step = withTrace(response.step)
      for (const row of step.rows) if (row.kind === 'put') rows.set(row.key, row.value)
      const before = stored ?? emptyEntity(id)
      const state = step.save === 'snapshot' ? step.snapshot : before.state
      const redo = step.save === 'snapshot' ? [] : step.redo === undefined ? before.redo : [...before.redo, step.redo]
      const attributes = step.attributes ?? before.attributes
      entities.set(id, { ...before, version, hasEnded: step.hasEnded, state, redo, attributes })
      if (step.hasEnded) resident.delete(id)
      else resident.add(id)
      for (const effect of step.effects) {
        const message = readMessage(effect)
        if (message !== undefined) pending.push(message)
      }
      return step
    },
    async start(id: string, url: string, more: Readonly<Record<string, unknown>> = {}) {
      return self.give(id, { kind: 'start', url, application: '', parameters: {}, hash: '', ...more })
    },
    async event(id: string, name: string, more: Readonly<Record<string, unknown>> = {}) {
      return self.give(id, { kind: 'event', name, ...more })
    },
    async settle() {
      for (let left = 1000; pending.length > 0 && left > 0; left -= 1) {
        const [next] = pending
        pending = pending.slice(1)
        if (next === undefined) return
        const target = entities.get(next.to)
        if (target === undefined ? next.creates : !target.hasEnded) await self.give(next.to, next.message)
      }
    },
    restart() {
      shard = newShard()
      applications = newApplications()
      behaviour = newBehaviour()
      resident.clear()
    },
    async inspect(id: string) {
      const stored = entities.get(id)
      const state = stored?.state
      const found = await shard.inspect(
        id,
        stored === undefined || state === undefined
          ? undefined
          : { hash: stored.attributes['hash'] ?? '', state, redo: stored.redo },
      )
      if (found === undefined) throw new Error(`no session "${id}"`)
      return found
    },
    stored: (id: string) => entities.get(id),
    hasEnded: (id: string) => entities.get(id)?.hasEnded ?? false,
  }
  return self
}

/** The lines of a step as the store would have them. */
function withTrace(step: EntityStep): EntityStep {
  const lines = (step.traceTexts ?? []).map((text) => JSON.parse(text) as TraceLine)
  return { ...step, trace: [...step.trace, ...lines] }
}

function emptyEntity(id: string): StoredEntity {
  return {
    ref: { kind: 'session', id },
    version: 0,
    hasEnded: false,
    attributes: {},
    state: undefined,
    redo: [],
    effects: [],
    timers: [],
    inbox: [],
    rows: [],
  }
}

function readMessage(
  effect: EntityStep['effects'][number],
): { readonly to: string; readonly message: MessageBody; readonly creates: boolean } | undefined {
  if (effect.type !== 'message') return undefined
  const { to, message, creates } = effect.body
  if (typeof to !== 'object' || to === null || !('id' in to) || typeof to.id !== 'string') return undefined
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined
  if (typeof message.kind !== 'string') return undefined
  return { to: to.id, message: { ...message, kind: message.kind }, creates: creates === true }
}
