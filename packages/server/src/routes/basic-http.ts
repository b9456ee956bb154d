import type { FastifyInstance } from 'fastify'
import { formOf, jsonOf } from '../body.ts'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { answerAcceptance } from './acceptance.ts'
import { idempotencyKeyOf, sourceOf } from './idempotency.ts'
import { objectOf, pathParameter, textOf } from './parameters.ts'

/** Type of the processor, `_event.origintype` of what comes in here. */
const PROCESSOR = 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor'

const EVENT_NAME = '_scxmleventname'

/**
 * The Basic HTTP event processor: a POST is an event. The name comes from the parameter `_scxmleventname`, else it is
 * `HTTP.POST`; parameters become members of `_event.data`, any other body becomes `_event.data` itself.
 *
 * Spec: SCXML 1.0, C.2.
 */
export function basicHttpRoutes(server: FastifyInstance, { centre }: RouteContext): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, String(body)))

    scope.post('/scxml/session/:id/basichttp', async (request, reply) => {
      const id = pathParameter(request, 'id')
      const idempotency = idempotencyKeyOf(request)
      if (!idempotency.ok) {
        const expected = 'a text of at most 200 characters'
        return refuse(reply, problem('SEG-API-015', { name: 'Idempotency-Key', expected }))
      }
      const query = objectOf(request.query)
      const body = readBody(request.headers['content-type'] ?? '', textOf(request.body) ?? '')
      if (!body.ok) return refuse(reply, problem('SEG-API-011', { reason: body.reason }))
      const parameters: Readonly<Record<string, unknown>> = body.isText ? query : { ...query, ...objectOf(body.value) }
      const { [EVENT_NAME]: named, ...members } = parameters
      const name = textOf(named) ?? 'HTTP.POST'
      const data = body.isText ? body.value : members
      const acceptance = await centre.runtime.deliver({
        to: { kind: 'session', id },
        ...sourceOf(idempotency.key),
        body: { kind: 'event', name, encoded: JSON.stringify(data), originType: PROCESSOR },
      })
      return answerAcceptance(reply, acceptance, { sessionid: id, event: name }, problem('SEG-API-003', { id }))
    })
  })
}

type ReadBody =
  | { readonly ok: true; readonly isText: boolean; readonly value: unknown }
  | { readonly ok: false; readonly reason: string }

function readBody(contentType: string, text: string): ReadBody {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  if (type === '' || type === 'application/x-www-form-urlencoded')
    return { ok: true, isText: false, value: formOf(text) }
  if (type !== 'application/json') return { ok: true, isText: true, value: text }
  const read = jsonOf(text)
  return read.ok ? { ok: true, isText: false, value: read.value } : read
}
