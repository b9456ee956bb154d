import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify, { LogController } from 'fastify'
import type { Logger } from 'pino'
import { StoreError, storeFaults } from '@segue/adapters'
import type { Centre } from '@segue/modules'
import type { Quarantine } from '@segue/runtime'
import { createQuarantine, defaultShardProcessLimits } from '@segue/runtime'
import { isAuthorized } from './authentication.ts'
import { readBodies } from './body.ts'
import type { HttpLimits } from './limits.ts'
import { bodyLimits, DEFAULT_HTTP_LIMITS } from './limits.ts'
import { problem, refuse } from './problem.ts'
import { agentRoutes } from './routes/agents.ts'
import { basicHttpRoutes } from './routes/basic-http.ts'
import { callRoutes } from './routes/calls.ts'
import { healthRoutes } from './routes/health.ts'
import { helpRoutes } from './routes/help.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { interactionRoutes } from './routes/interactions.ts'
import { requestRoutes } from './routes/requests.ts'
import { quarantineRoutes } from './routes/quarantine.ts'
import { scxmlRoutes } from './routes/scxml-interface.ts'
import { sessionRoutes } from './routes/sessions.ts'

/** What the HTTP interface is made of. */
export interface HttpServerOptions {
  readonly centre: Centre
  /** Absent: every caller on the interface may do everything (tests, loopback tools that ask for it). */
  readonly token: string | undefined
  readonly log: Logger
  readonly limits?: Partial<HttpLimits>
  /** Stands in the cookie that keeps a client at its node. */
  readonly nodeName?: string
  /** False while the node recovers: requests are answered 503. Default: always true. */
  readonly isReady?: () => boolean
  /** Application versions that take no new sessions; absent: there are none. */
  readonly quarantine?: Quarantine
}

/** What every route gets. */
export interface RouteContext {
  readonly centre: Centre
  readonly limits: HttpLimits
  readonly nodeName: string
  readonly quarantine: Quarantine
  isReady(): boolean
}

const OPEN_PATHS = new Set(['/health', '/health/ready'])

/** The HTTP interface: the reference's session interface and our own `/api/v1`. Not listening yet. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits }
  const isReady = options.isReady ?? (() => true)
  const { centre, nodeName = 'segue', quarantine = createQuarantine(defaultShardProcessLimits) } = options
  const context: RouteContext = { centre, limits, nodeName, quarantine, isReady }
  const server = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, limits),
    routerOptions: { maxParamLength: bodyLimits.maxPathParameterCharacters },
  }) as unknown as FastifyInstance

  readBodies(server)
  server.addHook('onRequest', async (request, reply) => {
    if (OPEN_PATHS.has(pathOf(request.url))) return
    if (options.token !== undefined && !isAuthorized(request.headers.authorization, options.token)) {
      await refuse(reply, problem('SEG-API-007'), { 'www-authenticate': 'Bearer realm="segue"' })
    } else if (!isReady()) {
      await refuse(reply, problem('SEG-API-020'), { 'retry-after': '1' })
    }
  })
  server.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url)
    const allowed = (['GET', 'POST'] as const).filter(
      (method) => method !== request.method && server.findRoute({ url: path, method }) !== null,
    )
    return allowed.length === 0
      ? refuse(reply, problem('SEG-API-012', { path }))
      : refuse(reply, problem('SEG-API-023', { path, method: request.method }), { allow: allowed.join(', ') })
  })
  server.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, limits))

  for (const routes of [
    healthRoutes,
    helpRoutes,
    scxmlRoutes,
    basicHttpRoutes,
    requestRoutes,
    sessionRoutes,
    interactionRoutes,
    incidentRoutes,
    callRoutes,
    agentRoutes,
    quarantineRoutes,
  ])
    routes(server, context)
  return server
}

function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  limits: HttpLimits,
): FastifyReply {
  const status = error.statusCode ?? 500
  if (status === 413) return refuse(reply, problem('SEG-API-016', { limitBytes: String(limits.maxBodyBytes) }))
  if (status === 415) return refuse(reply, problem('SEG-API-017', { type: request.headers['content-type'] ?? '' }))
  if (status >= 400 && status < 500) {
    const reason = error.message === '' ? (STATUS_CODES[status] ?? '') : error.message
    return refuse(reply, { ...problem('SEG-API-011', { reason }), status })
  }
  if (error instanceof StoreError && storeFaults[error.code].status === 503) {
    request.log.warn({ error }, 'the store does not answer')
    return refuse(reply, problem('SEG-API-029'), { 'retry-after': '1' })
  }
  request.log.error({ error }, 'request failed')
  return refuse(reply, problem('SEG-API-013'), { 'x-request-id': request.id })
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}
