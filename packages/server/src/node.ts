import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import {
  createDocumentResolver,
  createVoiceLinkClient,
  httpEventPerformer,
  httpFetchPerformer,
  memoryStore,
  openSqliteStore,
  randomIds,
  systemClock,
} from '@segue/adapters'
import type {
  ApplicationObject,
  Configuration,
  ConfigurationDifference,
  ConfigurationFinding,
  VoiceLink,
} from '@segue/contact'
import { diffConfigurations } from '@segue/contact'
import type { ApplicationStatus, Centre } from '@segue/modules'
import { allModules, createCentre, elementNamespaces } from '@segue/modules'
import type { Incident, RecoverySummary, RuntimeLimits, Store } from '@segue/runtime'
import { contextRealm, createApplications, createInProcessShard } from '@segue/runtime'
import { tokenOf } from './authentication.ts'
import { createHttpServer } from './http-server.ts'
import type { HttpLimits } from './limits.ts'
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
  reload(): Promise<Reloaded>
}

/** What reading the configuration again has changed. */
export interface Reloaded {
  /** The files had errors: the configuration before stays. */
  readonly isRefused: boolean
  readonly findings: readonly ConfigurationFinding[]
  readonly differences: readonly ConfigurationDifference[]
}

/** Parts that a program gives in place of those that the settings name. */
export interface NodeParts {
  /** Switches besides those of the settings: objects in the same process. */
  readonly links?: readonly VoiceLink[]
  readonly runtimeLimits?: Partial<RuntimeLimits>
  readonly httpLimits?: Partial<HttpLimits>
}

export type NodeStart =
  | { readonly ok: true; readonly node: RunningNode }
  | { readonly ok: false; readonly findings: readonly ConfigurationFinding[] }

/** Incidents kept in memory for status pages. */
const MAX_INCIDENTS = 1_000

/** Chooses the adapters, recovers what the store holds, and serves. Rejects when the store or port cannot be had. */
export async function startNode(settings: NodeSettings, log: Logger, parts: NodeParts = {}): Promise<NodeStart> {
  let version = 1
  const { configuration, findings } = await readConfigurationFiles(settings.configurationFiles, version)
  if (configuration === undefined) return { ok: false, findings }

  await mkdir(settings.dataFolder, { recursive: true })
  const token = await tokenOf(settings.dataFolder)
  const incidents: Incident[] = []
  const store = await openStore(settings)
  const address = { url: '', token }
  const centre = assemble(settings, {
    configuration,
    store,
    log,
    address,
    parts,
    onIncident(incident) {
      log.error({ incident }, 'incident')
      if (incidents.push(incident) > MAX_INCIDENTS) incidents.shift()
    },
  })
  let isReady = false
  const server = createHttpServer({
    centre,
    token,
    log,
    nodeName: settings.nodeName,
    isReady: () => isReady,
    ...(parts.httpLimits === undefined ? {} : { limits: parts.httpLimits }),
  })
  // Before anything is recovered: a node whose port is taken leaves the store alone.
  try {
    address.url = await server.listen({ host: settings.host, port: settings.port })
  } catch (error) {
    await store[Symbol.asyncDispose]()
    throw error
  }
  const { url } = address
  const { applications, ...recovered } = await centre.start()
  isReady = true
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
      if (next.configuration === undefined) return { isRefused: true, findings: next.findings, differences: [] }
      const differences = diffConfigurations(centre.configuration(), next.configuration)
      if (differences.length > 0) await centre.reconfigure(next.configuration)
      return { isRefused: false, findings: next.findings, differences }
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

interface Assembly {
  readonly configuration: Configuration
  readonly store: Store
  readonly log: Logger
  /** Known when the node listens. */
  readonly address: { readonly url: string; readonly token: string }
  readonly parts: NodeParts
  onIncident(incident: Incident): void
}

function assemble(settings: NodeSettings, assembly: Assembly): Centre {
  const { configuration, store, log, address, parts, onIncident } = assembly
  const clock = systemClock(settings.pace)
  // Other systems do not run faster with us.
  const wallClock = systemClock()
  const resolve = createDocumentResolver({
    fileRoots: settings.documentRoots,
    httpAllow: [...settings.documentOrigins, ...configuration.documentOrigins],
    clock: wallClock,
  })
  const applicationOf = (url: string): ApplicationObject | undefined =>
    centre.configuration().applications.find((application) => application.url === url)
  const centre: Centre = createCentre({
    configuration,
    store,
    clock,
    ids: randomIds(),
    shard: createInProcessShard({
      modules: allModules,
      realm: contextRealm,
      server: {
        name: settings.nodeName,
        cluster: settings.cluster,
        get url() {
          return address.url
        },
      },
      traceLevel: (url) => applicationOf(url)?.trace ?? 'outcome',
      ioProcessors: (sessionId) => basicHttpProcessors(address.url, sessionId),
    }),
    applications: createApplications({
      resolve,
      namespaces: elementNamespaces,
      stored: (hash) => store.query({ kind: 'document', hash }),
      clock: wallClock,
      maxAgeS: settings.documentMaxAgeS,
    }),
    links: [
      ...(parts.links ?? []),
      ...settings.switches.map((one) =>
        createVoiceLinkClient({ ...one, clock: wallClock, report: (line) => log.warn(line) }),
      ),
    ],
    performers: [
      httpFetchPerformer({ clock: wallClock }),
      httpEventPerformer({ clock: wallClock, authorization: (url) => ownAuthorization(url, address) }),
    ],
    owner: settings.nodeName,
    cell: settings.cell,
    partitions: settings.partitions,
    onIncident,
    onWarning: (warning) => log.warn({ warning }, 'application'),
    ...(parts.runtimeLimits === undefined ? {} : { limits: parts.runtimeLimits }),
  })
  return centre
}

/** Where a session takes events over HTTP. Spec: SCXML 1.0, C.2. */
function basicHttpProcessors(url: string, sessionId: string): string {
  const location = { location: `${url}/scxml/session/${sessionId}/basichttp` }
  return JSON.stringify({ basichttp: location, 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor': location })
}

/** Sessions of this node may post events to each other, and nothing else. */
function ownAuthorization(
  url: URL,
  { url: own, token }: { readonly url: string; readonly token: string },
): string | undefined {
  const isOwn = url.origin === own && /^\/scxml\/session\/[^/]+\/basichttp$/.test(url.pathname)
  return isOwn ? `Bearer ${token}` : undefined
}
