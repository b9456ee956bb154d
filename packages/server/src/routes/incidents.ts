import type { FastifyInstance } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { refuseOverloaded } from './acceptance.ts'
import { pathParameter } from './parameters.ts'

const ACTIONS = ['retry', 'skip', 'end'] as const

/** Stuck and failed sessions and commands, and what an operator decides about them. */
export function incidentRoutes(server: FastifyInstance, { centre }: RouteContext): void {
  server.get('/api/v1/incidents', async () => ({
    incidents: (await centre.runtime.incidents()).map(({ about, atEpochMs, ref, ...rest }) => ({
      ...rest,
      entity: `${ref.kind}/${ref.id}`,
      at: new Date(atEpochMs).toISOString(),
      about: about.kind === 'effect' ? { kind: about.kind, key: about.key, type: about.type } : { kind: about.kind },
    })),
  }))

  for (const action of ACTIONS) {
    server.post(`/api/v1/incidents/:id/${action}`, async (request, reply) => {
      const id = pathParameter(request, 'id')
      const resolution = await centre.runtime.resolveIncident(id, action)
      switch (resolution.status) {
        case 'resolved':
          return reply.send({ incident: id, action })
        case 'unknown':
          return refuse(reply, problem('SEG-API-040', { id }))
        case 'refused':
          return refuse(reply, problem('SEG-API-041', { id, action, actions: resolution.actions.join(', ') }))
        case 'overloaded':
          return refuseOverloaded(reply, resolution.retryAfterS)
      }
    })
  }
}
