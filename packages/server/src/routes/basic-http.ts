import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isTooDeep } from '../body.ts'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { answerAcceptance } from './acceptance.ts'
import { isEventName } from './event-name.ts'
import { idempotencyKeyOf, sourceOf } from './idempotency.ts'
import { pathParameter, textOf } from './parameters.ts'

/** Type of the processor, `_event.origintype` of what comes in here. */
const PROCESSOR = 'http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor'

const EVENT_NAME = '_scxmleventname'
const FORM = 'application/x-www-form-urlencoded'

/**
 * The Basic HTTP event processor: a POST is an event. The name comes from the parameter `_scxmleventname`, else it is
 * `HTTP.POST`; parameters become members of `_event.data`, a list where a name is repeated. Any other body is content
 * and becomes `_event.data` itself: the value where it is JSON, else the text. Members of a JSON object are joined by
 * the parameters of the query.
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
      const posted = readBody(request.headers['content-type'] ?? '', textOf(request.body) ?? '')
      if (!posted.ok) return refuse(reply, problem('SEG-API-011', { reason: posted.reason }))
      const parameters = [...queryOf(request.url), ...posted.parameters]
      const name = parameters.find(([key, value]) => key === EVENT_NAME && value !== '')?.[1] ?? 'HTTP.POST'
      if (!isEventName(name))
        return refuse(reply, problem('SEG-API-015', { name: EVENT_NAME, expected: 'the name of an event' }))
      const data = dataOf(parameters, posted.content)
      const acceptance = await centre.runtime.deliver({
        to: { kind: 'session', id },
        ...sourceOf(idempotency.key),
        body: { kind: 'event', name, encoded: JSON.stringify(data), originType: PROCESSOR, raw: rawOf(request) },
      })
      return answerAcceptance(reply, acceptance, { sessionid: id, event: name }, problem('SEG-API-003', { id }))
    })
  })
}

/** The message as it came, without what proves who the caller is. Spec: SCXML 1.0, C.2. */
function rawOf({ body, headers, url }: FastifyRequest): string {
  const shown = Object.entries(headers).filter(([name]) => name !== 'authorization' && name !== 'cookie')
  const lines = shown.map(([name, value]) => `${name}: ${String(value)}`)
  return `POST ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${textOf(body) ?? ''}`
}

type Pair = readonly [name: string, value: string]

type ReadBody =
  | { readonly ok: true; readonly parameters: readonly Pair[]; readonly content?: { readonly value: unknown } }
  | { readonly ok: false; readonly reason: string }

/** A form without any parameter is content that a sender wrote percent-encoded. */
function readBody(contentType: string, text: string): ReadBody {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  const isForm = type === '' || type === FORM
  if (isForm && (text === '' || /^[^=&]+=/.test(text))) return { ok: true, parameters: [...new URLSearchParams(text)] }
  const content = isForm ? decoded(text) : text
  if (content === undefined) return { ok: false, reason: 'the form has broken percent signs' }
  const value = valueOf(content)
  if (value === undefined && /^application\/(?:[\w.+-]+\+)?json$/.test(type)) return { ok: false, reason: 'not JSON' }
  if (typeof value === 'object' && value !== null && isTooDeep(value))
    return { ok: false, reason: 'nested deeper than the limit' }
  return { ok: true, parameters: [], content: { value: value === undefined ? content : value } }
}

function queryOf(url: string): readonly Pair[] {
  const start = url.indexOf('?')
  return start < 0 ? [] : [...new URLSearchParams(url.slice(start + 1))]
}

function dataOf(parameters: readonly Pair[], content: { readonly value: unknown } | undefined): unknown {
  const values = new Map<string, string[]>()
  for (const [name, value] of parameters) {
    const all = values.get(name)
    if (all !== undefined) all.push(value)
    else if (name !== EVENT_NAME) values.set(name, [value])
  }
  const members = [...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all] as const)
  if (content === undefined) return Object.fromEntries(members)
  const { value } = content
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? { ...Object.fromEntries(members), ...value } : value
}

/** JSON as its value; `undefined` for any other text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
