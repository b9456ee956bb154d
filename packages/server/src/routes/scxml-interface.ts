import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { answerAcceptance, refuseOverloaded } from './acceptance.ts'
import { isEventName } from './event-name.ts'
import { idempotencyKeyOf, sourceOf } from './idempotency.ts'
import { objectOf, parametersOf, pathParameter, textOf } from './parameters.ts'

const KEY_TOO_LONG = { name: 'Idempotency-Key', expected: 'a text of at most 200 characters' }

/**
 * The reference's interface on sessions: start, event, terminate, query.
 *
 * Spec: external-interfaces §1.
 */
export function scxmlRoutes(server: FastifyInstance, { centre, nodeName }: RouteContext): void {
  /** Keeps a client at the node of its session. Spec: external-interfaces §1.1. */
  function withCookie(reply: FastifyReply, sessionId: string): FastifyReply {
    return reply.header('set-cookie', `ORSSESSIONID=${sessionId}.node${nodeName}; Path=/; HttpOnly`)
  }

  server.post('/scxml/session/start', async (request, reply) => {
    const { src, idealtime } = parametersOf(request)
    const [query, body] = [ownParameters(request.query), ownParameters(request.body)]
    const url = textOf(src)
    if (url === undefined) return refuse(reply, problem('SEG-API-001', { name: 'src' }))
    const due = idealtimeOf(idealtime)
    if (due === 'unreadable') {
      const expected = 'a time in milliseconds since 1970'
      return refuse(reply, problem('SEG-API-015', { name: 'idealtime', expected }))
    }
    const idempotency = idempotencyKeyOf(request)
    if (!idempotency.ok) return refuse(reply, problem('SEG-API-015', KEY_TOO_LONG))
    const { key } = idempotency
    const started = await centre.startSession({
      url,
      // Values of a JSON body keep their type; of forms and queries there are only texts (dialect decisions).
      ...(isJson(request) ? { parameters: query, values: body } : { parameters: { ...query, ...body } }),
      startAtEpochMs: due,
      ...(key === undefined ? {} : { idempotencyKey: key }),
    })
    if (started.ok) {
      const { sessionId } = started
      return withCookie(reply, sessionId)
        .header('location', `/scxml/session/${sessionId}`)
        .send({ sessionid: sessionId })
    }
    switch (started.reason) {
      case 'document':
        return refuse(reply, problem('SEG-API-002', { url }, started.diagnostics))
      case 'conflict':
        return refuse(reply, problem('SEG-API-019', { key: key ?? '', url: started.url }))
      case 'overloaded':
        return refuseOverloaded(reply, started.retryAfterS)
    }
  })

  async function event(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const id = pathParameter(request, 'id')
    const name = pathParameter(request, 'name')
    const idempotency = idempotencyKeyOf(request)
    if (!idempotency.ok) return refuse(reply, problem('SEG-API-015', KEY_TOO_LONG))
    if (!isEventName(name)) {
      return refuse(reply, problem('SEG-API-015', { name: 'name', expected: 'the name of an event' }))
    }
    const acceptance = await centre.sendEvent(id, {
      name,
      data: parametersOf(request),
      ...sourceOf(idempotency.key),
    })
    return answerAcceptance(
      withCookie(reply, id),
      acceptance,
      { sessionid: id, event: name },
      problem('SEG-API-003', { id }),
    )
  }
  server.post('/scxml/session/:id/event/:name', event)
  server.get('/scxml/session/:id/event/:name', event)

  async function terminate(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const id = pathParameter(request, 'id')
    const acceptance = await centre.terminateSession(id, 'terminated by request')
    return answerAcceptance(reply, acceptance, { sessionid: id }, problem('SEG-API-003', { id }))
  }
  server.post('/scxml/session/:id/terminate', terminate)
  server.get('/scxml/session/:id/terminate', terminate)

  server.get('/scxml/session/:id/query', async (request, reply) => {
    const id = pathParameter(request, 'id')
    const session = await centre.session(id, { after: 0, limit: 0 })
    if (session === undefined) return refuse(reply, problem('SEG-API-014', { id }))
    return withCookie(reply, id).send({
      sessionid: id,
      state: session.states,
      data: JSON.parse(session.data),
      running: session.isRunning,
    })
  })
}

/** Parameters that are not for the start itself. */
function ownParameters(value: unknown): Readonly<Record<string, unknown>> {
  const { src: _src, idealtime: _idealtime, ...parameters } = objectOf(value)
  return parameters
}

function isJson(request: FastifyRequest): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')
}

/** Last time that ECMAScript knows. */
const MAX_EPOCH_MS = 8.64e15

function idealtimeOf(value: unknown): number | 'unreadable' {
  if (value === undefined || value === '') return 0
  const atEpochMs = Number(textOf(value))
  return Math.abs(atEpochMs) <= MAX_EPOCH_MS ? atEpochMs : 'unreadable'
}
