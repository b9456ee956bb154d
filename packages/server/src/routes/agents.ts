import type { FastifyInstance } from 'fastify'
import type { Centre } from '@segue/modules'
import { problem } from '../problem.ts'
import { answerAcceptance } from './acceptance.ts'
import { objectOf, pathParameter, textOf } from './parameters.ts'

const STATES = { login: 'login', ready: 'ready', notready: 'notReady', logout: 'logout' } as const

/** Doors of agents, and how the contact centre stands now. */
export function agentRoutes(server: FastifyInstance, centre: Centre): void {
  for (const [verb, state] of Object.entries(STATES)) {
    server.post(`/api/v1/agents/:id/${verb}`, async (request, reply) => {
      const id = pathParameter(request, 'id')
      const body = objectOf(request.body)
      const device = textOf(body['device'])
      const reason = textOf(body['reason'])
      const acceptance = await centre.agent(id, {
        state,
        ...(device === undefined ? {} : { device }),
        ...(reason === undefined ? {} : { reason }),
      })
      return answerAcceptance(reply, acceptance, { agent: id, state }, problem('SEG-API-005', { id }))
    })
  }

  server.get('/api/v1/status', () => ({
    store: centre.runtime.store,
    configuration: centre.configuration().version,
    domain: centre.summary() ?? null,
  }))
}
