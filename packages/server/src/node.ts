import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import {
  createDocumentResolver,
  createVoiceLinkClient,
  httpFetchPerformer,
  memoryStore,
  openSqliteStore,
  randomIds,
  systemClock,
} from '@segue/adapters'
import type { Configuration, ConfigurationFinding } from '@segue/contact'
import type { ApplicationStatus, Centre } from '@segue/modules'
import { allModules, createCentre, elementNamespaces } from '@segue/modules'
import type { Incident, RecoverySummary, Store } from '@segue/runtime'
import { contextRealm, createApplications, createInProcessShard } from '@segue/runtime'
import { tokenOf } from './authentication.ts'
import { createHttpServer } from './http-server.ts'
import { readConfigurationFiles } from './read-configuration-files.ts'
import type { NodeSettings } from './settings.ts'

/** Name of the file in the data folder that tells tools where the node is. */
export const NODE_FILE = 'node.json'

/** A node that serves. */
export interface RunningNode extends AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly centre: Centre
  readonly recovered: RecoverySummary
  readonly applications: readonly ApplicationStatus[]
  readonly findings: readonly ConfigurationFinding[]
  incidents(): readonly Incident[]
  /** Reads the configuration files again; a bad set changes nothing. */
  reload(): Promise<readonly ConfigurationFinding[]>
}

export type NodeStart =
  | { readonly ok: true; readonly node: RunningNode }
  | { readonly ok: false; readonly findings: readonly ConfigurationFinding[] }

/** Incidents kept in memory for status pages. */
const MAX_INCIDENTS = 1_000

/** Chooses the adapters, recovers what the store holds, and serves. Rejects when the store or port cannot be had. */
export async function startNode(settings: NodeSettings, log: Logger): Promise<NodeStart> {
  let version = 1
  const { configuration, findings } = await readConfigurationFiles(settings.configurationFiles, version)
  if (configuration === undefined) return { ok: false, findings }

  await mkdir(settings.dataFolder, { recursive: true })
  const incidents: Incident[] = []
  const store = await openStore(settings)
  const centre = assemble(settings, configuration, store, log, (incident) => {
    log.error({ incident }, 'incident')
    if (incidents.push(incident) > MAX_INCIDENTS) incidents.shift()
  })
  const token = await tokenOf(settings.dataFolder)
  const server = createHttpServer({ centre, token, log })
  const url = await server.listen({ host: settings.host, port: settings.port })
  const { applications, ...recovered } = await centre.start()
  const nodeFile = join(settings.dataFolder, NODE_FILE)
  await writeFile(nodeFile, `${JSON.stringify({ url, pid: process.pid })}\n`)
  log.info({ url, store: store.description, recovered }, 'node serves')

  const node: RunningNode = {
    url,
    token,
    centre,
    recovered,
    applications,
    findings,
    incidents: () => incidents,
    async reload() {
      version += 1
      const next = await readConfigurationFiles(settings.configurationFiles, version)
      if (next.configuration !== undefined) await centre.reconfigure(next.configuration)
      return next.findings
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await centre[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await rm(nodeFile, { force: true })
    },
  }
  return { ok: true, node }
}

function openStore(settings: NodeSettings): Promise<Store> {
  return settings.store === 'memory'
    ? Promise.resolve(memoryStore({ partitions: settings.partitions }))
    : openSqliteStore({ path: join(settings.dataFolder, 'segue.db'), partitions: settings.partitions })
}

function assemble(
  settings: NodeSettings,
  configuration: Configuration,
  store: Store,
  log: Logger,
  onIncident: (incident: Incident) => void,
): Centre {
  const clock = systemClock(settings.pace)
  const resolve = createDocumentResolver({
    fileRoots: settings.documentRoots,
    httpAllow: settings.documentOrigins,
    clock,
  })
  return createCentre({
    configuration,
    store,
    clock,
    ids: randomIds(),
    shard: createInProcessShard({
      modules: allModules,
      realm: contextRealm,
      server: { name: settings.nodeName, cluster: settings.cluster, url: `http://${settings.host}:${settings.port}` },
    }),
    applications: createApplications({
      resolve,
      namespaces: elementNamespaces,
      stored: (hash) => store.query({ kind: 'document', hash }),
      clock,
      maxAgeS: settings.documentMaxAgeS,
    }),
    links: settings.switches.map((address) =>
      createVoiceLinkClient({ ...address, clock: systemClock(), report: (line) => log.warn(line) }),
    ),
    performers: [httpFetchPerformer({ clock })],
    owner: settings.nodeName,
    cell: settings.cell,
    partitions: settings.partitions,
    onIncident,
  })
}
