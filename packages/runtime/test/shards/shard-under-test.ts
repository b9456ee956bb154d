import { contextRealm } from '../../src/realm/context-realm.ts'
import { createApplications } from '../../src/session/applications.ts'
import type {
  ApplicationBundle,
  SessionMessage,
  Shard,
  ShardIncident,
  ShardQuestion,
  ShardStepRequest,
  ShardStepResponse,
  StoredSession,
} from '../../src/session/contract.ts'
import { createInProcessShard } from '../../src/session/in-process-shard.ts'
import { createQuarantine } from '../../src/shards/quarantine.ts'
import type { Quarantine } from '../../src/shards/quarantine.ts'
import { createShardProcesses } from '../../src/shards/shard-processes.ts'
import type { ShardProcesses, ShardProcessesOptions } from '../../src/shards/contract.ts'
import { documents } from '../session/documents.ts'
import { tinyModule } from '../session/tiny-module.ts'
import { askingModule } from './asking-module.ts'

/** What a shard of these tests is made with. */
export interface ShardSetting {
  readonly answer?: (question: ShardQuestion) => unknown
  readonly trace?: 'outcome' | 'full'
}

/** Makes the shard that a suite is run against. */
export type MakeShard = (setting: ShardSetting) => Shard

export const modules = [tinyModule, askingModule]

/** The shard of `dev`, `run` and `test`. */
export function inProcess(setting: ShardSetting): Shard {
  return createInProcessShard({
    modules,
    realm: contextRealm,
    server: { name: 'n', cluster: 'c', url: 'http://127.0.0.1:1' },
    traceLevel: () => setting.trace ?? 'outcome',
    ...(setting.answer && { ask: setting.answer }),
  })
}

/** Processes with what they told. */
export interface WatchedProcesses extends AsyncDisposable {
  readonly shard: ShardProcesses
  readonly quarantine: Quarantine
  readonly incidents: readonly ShardIncident[]
  readonly notices: readonly string[]
}

/** Shard processes of a program, ended when the test is. */
export function processes(
  path: string,
  more: Partial<Omit<ShardProcessesOptions, 'program'>> & { readonly memoryMb?: number } = {},
): WatchedProcesses {
  const incidents: ShardIncident[] = []
  const notices: string[] = []
  const quarantine = createQuarantine({ maxStrikes: 3, strikeWindowMs: 3_600_000 })
  const { memoryMb = 256, ...options } = more
  const shard = createShardProcesses({
    program: { path, memoryMb },
    count: 1,
    quarantine,
    settings: () => 'outcome',
    nowEpochMs: () => 1_000,
    onIncident: (incident) => incidents.push(incident),
    onNotice: (text, fields) => notices.push(`${text} ${JSON.stringify(fields)}`),
    ...options,
  })
  return { shard, quarantine, incidents, notices, [Symbol.asyncDispose]: () => shard.drain() }
}

/** The bundle of a document. */
export async function bundleOf(text: string, url = 'file:///app/main.scxml'): Promise<ApplicationBundle> {
  const applications = createApplications({
    resolve: documents({ [url]: text }).resolve,
    namespaces: modules.map(({ namespace }) => namespace),
    stored: () => Promise.resolve(undefined),
    clock: { nowMs: () => 0, schedule: () => ({ cancel: () => undefined }) },
    maxAgeS: 0,
  })
  const current = await applications.current(url)
  if (!current.ok) throw new Error(current.diagnostics.map(({ message }) => message).join('\n'))
  return current.bundle
}

/** A request as the dispatcher would make it. */
export function request(
  sessionId: string,
  version: number,
  message: SessionMessage,
  more: Partial<ShardStepRequest> = {},
): ShardStepRequest {
  const common = { nowMs: 1_700_000_000_000, seed: version, stored: undefined, openEffects: [], wantsSnapshot: false }
  return { sessionId, version, message, ...common, ...more }
}

export function startOf(bundle: ApplicationBundle, parameters: Readonly<Record<string, unknown>> = {}): SessionMessage {
  return { kind: 'start', url: bundle.url, application: '', parameters, hash: bundle.hash }
}

export function event(name: string, data: Readonly<Record<string, unknown>> = {}): SessionMessage {
  return { kind: 'event', name, data }
}

/** A session whose steps are kept as a store would. */
export class KeptSession {
  readonly id: string
  readonly #shard: Shard
  readonly #hash: string
  #version = 0
  #state: Uint8Array = new Uint8Array()
  #redo: readonly Uint8Array[] = []

  constructor(shard: Shard, id: string, hash: string) {
    this.#shard = shard
    this.id = id
    this.#hash = hash
  }

  get stored(): StoredSession {
    return { hash: this.#hash, state: this.#state, redo: this.#redo }
  }

  /** Steps one message; `fails` the test when the shard does. */
  async take(message: SessionMessage, more: Partial<ShardStepRequest> = {}): Promise<Stepped> {
    const [response] = await this.#shard.step([request(this.id, this.#version + 1, message, more)])
    return this.keep(response)
  }

  keep(response: ShardStepResponse | undefined): Stepped {
    if (response?.ok !== true) throw new Error(response?.message ?? 'no answer')
    this.#version += 1
    if (response.bytes !== undefined && response.save === 'snapshot') {
      this.#state = response.bytes
      this.#redo = []
    } else if (response.bytes !== undefined) this.#redo = [...this.#redo, response.bytes]
    return response
  }
}

type Stepped = Extract<ShardStepResponse, { ok: true }>
