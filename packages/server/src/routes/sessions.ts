import type { FastifyInstance } from 'fastify'
import type { Centre } from '@segue/modules'
import { problem, refuse } from '../problem.ts'
import { objectOf, pathParameter, textOf } from './parameters.ts'

const MAX_PAGE = 500

/** Sessions and interactions for people and tools. */
export function sessionRoutes(server: FastifyInstance, centre: Centre): void {
  server.get('/api/v1/sessions', async (request) => {
    const query = objectOf(request.query)
    const after = textOf(query['after'])
    const sessions = await centre.list('session', {
      running: query['ended'] !== 'true',
      limit: Math.min(Number(query['limit'] ?? 100) || 100, MAX_PAGE),
      ...(after === undefined ? {} : { after }),
    })
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
    const session = await centre.session(id, { after, limit: MAX_PAGE })
    if (session === undefined) return refuse(reply, problem('SEG-API-003', { id }))
    const { data, variables, trace, ...rest } = session
    return {
      ...rest,
      data: JSON.parse(data),
      variables: JSON.parse(variables),
      trace: trace.map(({ sequence, atVersion, line }) => ({ sequence, atVersion, ...objectOf(JSON.parse(line)) })),
    }
  })

  server.get('/api/v1/interactions', async (request) => {
    const interactions = await centre.list('interaction', {
      running: objectOf(request.query)['ended'] !== 'true',
      limit: MAX_PAGE,
    })
    return {
      interactions: interactions.map(({ ref, hasEnded, attributes }) => ({ id: ref.id, hasEnded, ...attributes })),
    }
  })

  server.get('/api/v1/interactions/:id', async (request, reply) => {
    const id = pathParameter(request, 'id')
    const interaction = await centre.interaction(id)
    return interaction ?? refuse(reply, problem('SEG-API-004', { id }))
  })
}
