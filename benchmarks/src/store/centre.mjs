// A contact centre as a node composes it, around a store that the measurement can watch.
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createDocumentResolver, memoryStore, openPostgresStore, openSqliteStore } from '@segue/adapters'
import { randomIds, systemClock } from '@segue/adapters'
import { readConfiguration } from '@segue/contact'
import { allModules, createCentre, elementNamespaces } from '@segue/modules'
import {
  contextRealm,
  createApplications,
  createInProcessShard,
  createQuarantine,
  createShardProcesses,
  defaultShardProcessLimits,
} from '@segue/runtime'

/** Partitions of a small site. */
export const PARTITIONS = 256

const workloads = fileURLToPath(new URL('../../workloads/', import.meta.url))
const shardProgram = fileURLToPath(new URL('../../../packages/server/dist/shard.js', import.meta.url))

/** Address of a document in a folder. */
export function documentUrl(name, folder = workloads) {
  return pathToFileURL(join(folder, name)).href
}

/** @param {{ store: 'memory' | 'sqlite' | 'postgres', folder: string, url?: string }} place */
export function openStore({ store, folder, url }) {
  if (store === 'memory') return Promise.resolve(memoryStore({ partitions: PARTITIONS }))
  if (store === 'postgres') return openPostgresStore({ url, partitions: PARTITIONS })
  return openSqliteStore({ path: join(folder, 'segue.db'), partitions: PARTITIONS })
}

/** The store, with `onCommit` told of everything that is written. */
export function watched(store, onCommit) {
  return {
    description: store.description,
    claim: (partition, owner) => store.claim(partition, owner),
    renew: (partition, epoch) => store.renew(partition, epoch),
    release: (partition, epoch) => store.release(partition, epoch),
    commit: (batches) => {
      onCommit(batches)
      return store.commit(batches)
    },
    append: (messages) => store.append(messages),
    load: (refs) => store.load(refs),
    due: (partitions, untilEpochMs, limit) => store.due(partitions, untilEpochMs, limit),
    query: (query) => store.query(query),
    purge: (request) => store.purge(request),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

/**
 * Assembles and starts a centre. `shards: 0`: scripts run in this process.
 *
 * @param {{ store: object, shards?: number, limits?: object, folder?: string, clock?: object }} options
 */
export async function startCentre({ store, shards = 0, limits = {}, folder, clock = systemClock() }) {
  const { configuration, findings } = readConfiguration([{ file: 'bench.yaml', text: CONFIGURATION }], { version: 1 })
  if (configuration === undefined) throw new Error(findings.map(({ message }) => message).join('; '))
  const failures = []
  const fail = (incident) => failures.push(incident)
  const centre = createCentre({
    configuration,
    store,
    clock,
    ids: randomIds(),
    shard: shards === 0 ? inProcess() : processes(shards, clock, fail),
    applications: createApplications({
      resolve: createDocumentResolver({
        fileRoots: [workloads, ...(folder === undefined ? [] : [folder])],
        httpAllow: [],
        clock,
      }),
      namespaces: elementNamespaces,
      stored: (hash) => store.query({ kind: 'document', hash }),
      clock,
      maxAgeS: 600,
    }),
    links: [],
    performers: [],
    owner: 'bench',
    cell: '00',
    partitions: PARTITIONS,
    limits,
    onIncident: fail,
  })
  const recovered = await centre.start()
  return {
    centre,
    recovered,
    async close() {
      await centre[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      if (failures.length > 0) throw new Error(`the run had incidents: ${JSON.stringify(failures.slice(0, 3))}`)
    },
  }
}

const CONFIGURATION = 'tenants:\n  - { name: Environment, id: 1 }\n'

function inProcess() {
  return createInProcessShard({ modules: allModules, realm: contextRealm, server: { name: 'bench', url: undefined } })
}

function processes(count, clock, onIncident) {
  const { askMs, eventTimeoutMs } = defaultShardProcessLimits
  return createShardProcesses({
    program: { path: shardProgram, memoryMb: 1024, words: [String(eventTimeoutMs), String(askMs)] },
    count,
    quarantine: createQuarantine(defaultShardProcessLimits),
    settings: () => ({ nodeName: 'bench', cluster: 'bench', url: '' }),
    answer: () => undefined,
    limits: defaultShardProcessLimits,
    nowEpochMs: () => clock.nowMs(),
    onIncident,
    onNotice: () => undefined,
  })
}
