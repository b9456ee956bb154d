import { setTimeout as pause } from 'node:timers/promises'
import { virtualClock, seededIds } from '@segue/testing'
import { createRuntime } from '../../src/entity/create-runtime.ts'
import type { Incident, Runtime } from '../../src/entity/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import { createApplications } from '../../src/session/applications.ts'
import { createSessionBehaviour } from '../../src/session/session-behaviour.ts'
import { createSessionPerformer } from '../../src/session/session-performer.ts'
import { documents } from '../session/documents.ts'
import { modules, processes } from './shard-under-test.ts'
import type { WatchedProcesses } from './shard-under-test.ts'

export const partitions = 8

/** A durable node whose scripts run in processes. */
export interface ShardNode extends AsyncDisposable {
  readonly runtime: Runtime
  readonly processes: WatchedProcesses
  readonly incidents: readonly Incident[]
  /** Starts a session and waits until that is durable. */
  start(url: string): Promise<string>
  /** Acknowledged when durable; `sequence` makes a repeated one harmless. */
  event(id: string, name: string, data?: Readonly<Record<string, unknown>>, sequence?: number): Promise<string>
  /** Script variables of a session, out of the store. */
  variables(id: string): Promise<Readonly<Record<string, unknown>>>
  hasEnded(id: string): Promise<boolean>
}

/** Makes a node of a store and documents by address. */
export async function shardNode(
  store: Store,
  texts: Readonly<Record<string, string>>,
  path: string,
  more: Parameters<typeof processes>[1] = {},
): Promise<ShardNode> {
  const incidents: Incident[] = []
  const clock = virtualClock(1_700_000_000_000)
  const watched = processes(path, more)
  const { quarantine, shard } = watched
  const refusal = (hash: string): string | undefined => quarantine.refusal(hash)
  const applications = createApplications({
    resolve: documents(texts).resolve,
    namespaces: modules.map(({ namespace }) => namespace),
    stored: (hash) => store.query({ kind: 'document', hash }),
    clock,
    maxAgeS: 3600,
    refusal,
  })
  const runtime: Runtime = createRuntime({
    store,
    clock,
    ids: seededIds(1),
    owner: 'test',
    cell: 'AA',
    partitions,
    behaviours: [
      createSessionBehaviour({ shard, applications, refusal, onIncident: (incident) => incidents.push(incident) }),
    ],
    performers: [createSessionPerformer({ applications, clock, deliver: (message) => runtime.deliver(message) })],
    onIncident: (incident) => incidents.push(incident),
  })
  shard.replica(null)
  await runtime.start()
  let started = 0
  return {
    runtime,
    processes: watched,
    incidents,
    async start(url) {
      const id = runtime.newSessionId()
      started += 1
      const body = { kind: 'start', url, application: '', parameters: { number: started }, hash: '' }
      await runtime.deliver({ to: { kind: 'session', id }, source: 'api:test', creates: true, body })
      return id
    },
    async event(id, name, data = {}, sequence) {
      const body = { kind: 'event', name, data }
      const to = { kind: 'session' as const, id }
      return (await runtime.deliver({ to, source: 'api:test', body, ...(sequence !== undefined && { sequence }) }))
        .status
    },
    async variables(id) {
      const [stored] = await store.load([{ kind: 'session', id }])
      if (stored?.state === undefined) throw new Error(`no session "${id}"`)
      const hash = stored.attributes['hash'] ?? ''
      const inspected = await shard.inspect(id, { hash, state: stored.state, redo: stored.redo })
      return JSON.parse(inspected?.variables ?? '{}') as Readonly<Record<string, unknown>>
    },
    async hasEnded(id) {
      const [stored] = await store.load([{ kind: 'session', id }])
      return stored?.hasEnded ?? false
    },
    async [Symbol.asyncDispose]() {
      await runtime.stop()
      await watched[Symbol.asyncDispose]()
    },
  }
}

/** Waits for something that happens in real time, in processes of their own. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`it did not come to this: ${what}`)
    await pause(5)
  }
}
