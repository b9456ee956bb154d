import type { FastifyInstance } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { objectOf, pageOf, pathParameter } from './parameters.ts'

/** Sessions for people and tools. */
export function sessionRoutes(server: FastifyInstance, { centre, limits }: RouteContext): void {
  server.get('/api/v1/sessions', async (request) => {
    const sessions = await centre.list('session', pageOf(request, limits.maxPage))
    return {
      sessions: sessions.map(({ ref, version, hasEnded, attributes }) => ({
        id: ref.id,
        version,
        hasEnded,
        ...attributes,
      })),
    }
  })

  server.get('/api/v1/sessions/:id', async (request, reply) => {
    const id = pathParameter(request, 'id')
    const after = Number(objectOf(request.query)['after'] ?? 0) || 0
    const session = await centre.session(id, { after, limit: limits.maxPage })
    if (session === undefined) return refuse(reply, problem('SEG-API-014', { id }))
    const { data, variables, trace, ...rest } = session
    return {
      id,
      ...rest,
      data: JSON.parse(data),
      variables: JSON.parse(variables),
      trace: trace.map(({ sequence, atVersion, line }) => ({ sequence, atVersion, ...objectOf(JSON.parse(line)) })),
    }
  })
}
