import type { FastifyInstance } from 'fastify'
import fastify from 'fastify'
import type { Logger } from 'pino'
import type { Centre } from '@segue/modules'
import { isAuthorized } from './authentication.ts'
import { problem, refuse } from './problem.ts'
import { agentRoutes } from './routes/agents.ts'
import { callRoutes } from './routes/calls.ts'
import { healthRoutes } from './routes/health.ts'
import { scxmlRoutes } from './routes/scxml-interface.ts'
import { sessionRoutes } from './routes/sessions.ts'

/** Named limits of the HTTP interface (configuration reference). */
export interface HttpLimits {
  readonly maxBodyBytes: number
  readonly requestTimeoutMs: number
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = { maxBodyBytes: 1_048_576, requestTimeoutMs: 30_000 }

export interface HttpServerOptions {
  readonly centre: Centre
  /** Absent: every caller on the interface may do everything (tests, loopback tools that ask for it). */
  readonly token: string | undefined
  readonly log: Logger
  readonly limits?: Partial<HttpLimits>
}

/** The HTTP interface: the reference's session interface and our own `/api/v1`. Not listening yet. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits }
  const server = fastify({
    loggerInstance: options.log,
    disableRequestLogging: true,
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1_000 },
  }) as unknown as FastifyInstance

  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))))
  })
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, String(body) === '' ? {} : JSON.parse(String(body)))
    } catch (error) {
      done(error instanceof Error ? Object.assign(error, { statusCode: 400 }) : new Error(String(error)))
    }
  })

  server.addHook('onRequest', async (request, reply) => {
    if (options.token === undefined || request.url.startsWith('/health')) return
    if (!isAuthorized(request.headers.authorization, options.token)) await refuse(reply, problem('SEG-API-007'))
  })
  server.setNotFoundHandler((request, reply) => refuse(reply, problem('SEG-API-012', { path: request.url })))
  server.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return refuse(reply, { ...problem('SEG-API-011', { reason: error.message }), status: error.statusCode })
    }
    request.log.error({ error }, 'request failed')
    return refuse(reply, problem('SEG-API-013'))
  })

  for (const routes of [healthRoutes, scxmlRoutes, sessionRoutes, callRoutes, agentRoutes])
    routes(server, options.centre)
  return server
}
