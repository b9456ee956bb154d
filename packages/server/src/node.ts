import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  createDocumentResolver,
  createVoiceLinkClient,
  httpEventPerformer,
  httpFetchPerformer,
  memoryStore,
  openPostgresStore,
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
import { applicationAt, diffConfigurations } from '@segue/contact'
import type { ApplicationStatus, Centre, DefinedModules, RequestLimits } from '@segue/modules'
import { createCentre } from '@segue/modules'
import type { Incident, Quarantine, RecoverySummary, RuntimeLimits, Store } from '@segue/runtime'
import { createApplications } from '@segue/runtime'
import { tokenOf } from './authentication.ts'
import { createHttpServer } from './http-server.ts'
import type { HttpLimits } from './limits.ts'
import { readConfigurationFiles } from './read-configuration-files.ts'
import { asConfigurationFinding, readModuleDefinitions } from './read-module-definitions.ts'
import type { NodeSettings } from './settings.ts'
import { isPostgresUrl } from './settings.ts'
import { nodeQuarantine, nodeShard } from './shards.ts'

/** Name of the file in the data folder that tells tools where the node is. */
export const NODE_FILE = 'node.json'

/** Name of the SQLite store in the data folder. */
export const STORE_FILE = 'segue.db'

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
  readonly requestLimits?: Partial<RequestLimits>
}

export type NodeStart =
  | { readonly ok: true; readonly node: RunningNode }
  | { readonly ok: false; readonly findings: readonly ConfigurationFinding[] }

/** How long requests under way may take when the node stops. */
const DRAIN_MS = 5_000
/** Incidents kept in memory for status pages. */
const MAX_INCIDENTS = 1_000

/** Chooses the adapters, recovers what the store holds, and serves. Rejects when the store or port cannot be had. */
export async function startNode(settings: NodeSettings, log: Logger, parts: NodeParts = {}): Promise<NodeStart> {
  let version = 1
  const read = await readConfigurationFiles(settings.configurationFiles, version, settings.cluster)
  const { configuration } = read
  if (configuration === undefined) return { ok: false, findings: read.findings }
  const modules = await readModuleDefinitions(configuration.moduleDefinitions ?? [])
  const findings = [...read.findings, ...modules.diagnostics.map(asConfigurationFinding)]
  if (findings.some(({ severity }) => severity === 'error')) return { ok: false, findings }

  await mkdir(settings.dataFolder, { recursive: true })
  const token = await tokenOf(settings.dataFolder)
  const incidents: Incident[] = []
  const store = await openStore(settings)
  const address = { url: '', token }
  const quarantine = nodeQuarantine(settings, log)
  const centre = assemble(settings, {
    configuration,
    modules,
    store,
    log,
    address,
    parts,
    quarantine,
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
    quarantine,
    ...(parts.httpLimits === undefined ? {} : { limits: parts.httpLimits }),
  })
  // Before anything is recovered: a node whose port is taken leaves the store alone.
  try {
    address.url = await server.listen({ host: settings.host, port: settings.port })
  } catch (error) {
    await centre[Symbol.asyncDispose]()
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
      const next = await readConfigurationFiles(settings.configurationFiles, version, settings.cluster)
      if (next.configuration === undefined) return { isRefused: true, findings: next.findings, differences: [] }
      const differences = diffConfigurations(centre.configuration(), next.configuration)
      if (differences.length > 0) await centre.reconfigure(next.configuration)
      return { isRefused: false, findings: next.findings, differences }
    },
    async [Symbol.asyncDispose]() {
      isReady = false
      // New requests are refused; those under way end first, unless the store keeps them waiting.
      const closed = server.close()
      const drained = new AbortController()
      await Promise.race([closed, delay(DRAIN_MS, undefined, { signal: drained.signal }).catch(() => undefined)])
      drained.abort()
      await centre[Symbol.asyncDispose]()
      server.server.closeAllConnections()
      await closed
      await store[Symbol.asyncDispose]()
      await rm(nodeFile, { force: true })
    },
  }
  return { ok: true, node }
}

function openStore({ store, dataFolder, partitions, storePointModule }: NodeSettings): Promise<Store> {
  const shared = { partitions, ...(storePointModule === undefined ? {} : { pointModule: storePointModule }) }
  if (store === 'memory') return Promise.resolve(memoryStore(shared))
  if (isPostgresUrl(store)) return openPostgresStore({ url: store, ...shared })
  return openSqliteStore({ path: join(dataFolder, STORE_FILE), ...shared })
}

interface Assembly {
  readonly configuration: Configuration
  readonly modules: DefinedModules
  readonly store: Store
  readonly log: Logger
  /** Known when the node listens. */
  readonly address: { readonly url: string; readonly token: string }
  readonly parts: NodeParts
  readonly quarantine: Quarantine
  onIncident(incident: Incident): void
}

function assemble(settings: NodeSettings, assembly: Assembly): Centre {
  const { configuration, modules, store, log, address, parts, quarantine, onIncident } = assembly
  const clock = systemClock(settings.pace)
  // Other systems do not run faster with us.
  const wallClock = systemClock()
  const resolve = createDocumentResolver({
    fileRoots: settings.documentRoots,
    httpAllow: [...settings.documentOrigins, ...configuration.documentOrigins],
    clock: wallClock,
  })
  const applicationOf = (url: string): ApplicationObject | undefined => applicationAt(centre.configuration(), url)
  const centre: Centre = createCentre({
    configuration,
    store,
    clock,
    ids: randomIds(),
    shard: nodeShard({
      settings,
      modules,
      log,
      clock,
      quarantine,
      address,
      applicationOf,
      answer: (question) => centre.answer(question),
      onIncident,
    }),
    refusal: (hash) => quarantine.refusal(hash),
    applications: createApplications({
      resolve,
      namespaces: modules.namespaces,
      stored: (hash) => store.query({ kind: 'document', hash }),
      clock: wallClock,
      maxAgeS: settings.documentMaxAgeS,
      refusal: (hash) => quarantine.refusal(hash),
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
    ...(parts.requestLimits === undefined ? {} : { requestLimits: parts.requestLimits }),
  })
  return centre
}

/** Sessions of this node may post events to each other, and nothing else. */
function ownAuthorization(
  url: URL,
  { url: own, token }: { readonly url: string; readonly token: string },
): string | undefined {
  const isOwn = url.origin === own && /^\/scxml\/session\/[^/]+\/basichttp$/.test(url.pathname)
  return isOwn ? `Bearer ${token}` : undefined
}
