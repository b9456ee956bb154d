import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Centre } from '@segue/modules'
import { problem, refuse } from '../problem.ts'
import { answerAcceptance } from './acceptance.ts'
import { parametersOf, pathParameter, textOf } from './parameters.ts'

/**
 * The reference's interface on sessions: start, event, terminate, query.
 *
 * Spec: external-interfaces §1.
 */
export function scxmlRoutes(server: FastifyInstance, centre: Centre): void {
  server.post('/scxml/session/start', async (request, reply) => {
    const { src, idealtime: _idealtime, ...parameters } = parametersOf(request)
    const url = textOf(src)
    if (url === undefined) return refuse(reply, problem('SEG-API-001', { name: 'src' }))
    const idempotencyKey = textOf(request.headers['idempotency-key'])
    const started = await centre.startSession({
      url,
      parameters,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    })
    if (!started.ok && started.reason === 'document') {
      return refuse(reply, problem('SEG-API-002', { url }, started.diagnostics))
    }
    if (!started.ok) return refuse(reply, problem('SEG-API-006'), { 'retry-after': String(started.retryAfterS) })
    return reply.header('location', `/scxml/session/${started.sessionId}`).send({ sessionid: started.sessionId })
  })

  server.route({
    method: ['GET', 'POST'],
    url: '/scxml/session/:id/event/:name',
    handler: async (request, reply) => {
      const id = pathParameter(request, 'id')
      const name = pathParameter(request, 'name')
      const acceptance = await centre.sendEvent(id, { name, data: parametersOf(request), ...sourceOf(request) })
      return answerAcceptance(reply, acceptance, { sessionid: id, event: name }, problem('SEG-API-003', { id }))
    },
  })

  server.route({
    method: ['GET', 'POST'],
    url: '/scxml/session/:id/terminate',
    handler: async (request, reply) => {
      const id = pathParameter(request, 'id')
      const acceptance = await centre.terminateSession(id, 'terminated by request')
      return answerAcceptance(reply, acceptance, { sessionid: id }, problem('SEG-API-003', { id }))
    },
  })

  server.get('/scxml/session/:id/query', async (request, reply) => {
    const id = pathParameter(request, 'id')
    const session = await centre.session(id, { after: 0, limit: 0 })
    if (session === undefined) return refuse(reply, problem('SEG-API-003', { id }))
    return { sessionid: id, state: session.states, data: JSON.parse(session.data) }
  })
}

/** `Idempotency-Key` with a number behind a colon (`client:17`) makes a repeated event harmless. */
function sourceOf(request: FastifyRequest): { readonly source: string; readonly sequence?: number } {
  const key = textOf(request.headers['idempotency-key'])
  const match = key === undefined ? null : /^(.{1,100}):(\d{1,15})$/.exec(key)
  if (match === null) return { source: 'api' }
  return { source: `api:${match[1]}`, sequence: Number(match[2]) }
}
