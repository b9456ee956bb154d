import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RequestAnswer } from '@segue/modules'
import { formOf, jsonOf } from '../body.ts'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { refuseOverloaded } from './acceptance.ts'
import { isEventName } from './event-name.ts'
import { idempotencyKeyOf, sourceOf } from './idempotency.ts'
import { objectOf, pathParameter, textOf } from './parameters.ts'

const FORM = 'application/x-www-form-urlencoded'

/**
 * Requests to a session: the exchange stays open until the session runs `<ws:response>` for `_event.sendid`. Parameters
 * of query, form and JSON object are members of `_event.data`; the block itself is `param`, its type `paramtype`.
 *
 * Spec: external-interfaces §1.4; session-and-web §6.
 */
export function requestRoutes(server: FastifyInstance, { centre }: RouteContext): void {
  async function ask(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const id = pathParameter(request, 'id')
    const name = pathParameter(request, 'name')
    if (!isEventName(name))
      return refuse(reply, problem('SEG-API-015', { name: 'name', expected: 'the name of an event' }))
    const idempotency = idempotencyKeyOf(request)
    if (!idempotency.ok) {
      const expected = 'a text of at most 200 characters'
      return refuse(reply, problem('SEG-API-015', { name: 'Idempotency-Key', expected }))
    }
    const read = readBlock(request)
    if (!read.ok) return refuse(reply, problem('SEG-API-011', { reason: read.reason }))
    const caller = new AbortController()
    reply.raw.once('close', () => caller.abort())
    const { data } = read
    const answer = await centre.request(id, { name, data, ...sourceOf(idempotency.key), signal: caller.signal })
    return answered(reply, answer, { id, name })
  }

  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, String(body)))
    scope.post('/scxml/session/:id/request/:name', ask)
    scope.get('/scxml/session/:id/request/:name', ask)
  })
}

type ReadBlock =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string }

/** Parameters of the query, then those of the body, then the block as it came, which wins. */
function readBlock(request: FastifyRequest): ReadBlock {
  const query = objectOf(request.query)
  if (request.method === 'GET') {
    const start = request.url.indexOf('?')
    const param = start < 0 ? '' : request.url.slice(start + 1)
    return { ok: true, data: { ...query, param, paramtype: FORM } }
  }
  const param = textOf(request.body) ?? ''
  const paramtype = (request.headers['content-type']?.split(';')[0] ?? '').trim().toLowerCase()
  const members = membersOf(param, paramtype)
  return members.ok ? { ok: true, data: { ...query, ...members.data, param, paramtype } } : members
}

function membersOf(text: string, type: string): ReadBlock {
  if (type === FORM || type === '') return { ok: true, data: formOf(text) }
  if (type !== 'application/json' && !/^application\/[\w.+-]+\+json$/.test(type)) return { ok: true, data: {} }
  const read = jsonOf(text)
  return read.ok ? { ok: true, data: objectOf(read.value) } : read
}

function answered(
  reply: FastifyReply,
  answer: RequestAnswer,
  asked: { readonly id: string; readonly name: string },
): FastifyReply {
  switch (answer.kind) {
    case 'answered':
      return reply
        .status(answer.isPositive ? 200 : 400)
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .type(answer.contentType)
        .send(answer.text)
    case 'unknown':
      return refuse(reply, problem('SEG-API-003', asked))
    case 'duplicate':
      return refuse(reply, problem('SEG-API-026'))
    case 'overloaded':
      return refuseOverloaded(reply, answer.retryAfterS)
    case 'timeout':
      return refuse(reply, problem('SEG-API-024', asked))
    case 'sessionEnded':
      return refuse(reply, problem('SEG-API-025', asked))
    case 'gone':
      // Nobody reads this, unless the node stops.
      return refuse(reply, problem('SEG-API-020'), { 'retry-after': '1' })
  }
}
