import type { FastifyInstance } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { problem } from '../problem.ts'
import { answerAcceptance } from './acceptance.ts'
import { parametersOf, pathParameter, textOf } from './parameters.ts'

const STATES = { login: 'login', ready: 'ready', notready: 'notReady', logout: 'logout' } as const

/** Doors of agents, and how the contact centre stands now. */
export function agentRoutes(server: FastifyInstance, { centre }: RouteContext): void {
  for (const [verb, state] of Object.entries(STATES)) {
    server.post(`/api/v1/agents/:id/${verb}`, async (request, reply) => {
      const id = pathParameter(request, 'id')
      const parameters = parametersOf(request)
      const device = textOf(parameters['device'])
      const reason = textOf(parameters['reason'])
      const acceptance = await centre.agent(id, {
        state,
        ...(device === undefined ? {} : { device }),
        ...(reason === undefined ? {} : { reason }),
      })
      return answerAcceptance(reply, acceptance, { agent: id, state }, problem('SEG-API-005', { id }))
    })
  }

  server.get('/api/v1/agents', () => {
    const standing = new Map((centre.summary()?.agents ?? []).map((agent) => [agent.id, agent]))
    const { agents, agentGroups } = centre.configuration()
    return {
      agents: agents.map(({ id, name, dn, skills }) => ({
        id,
        name,
        device: standing.get(id)?.device ?? dn,
        state: standing.get(id)?.state ?? 'loggedOut',
        isFree: standing.get(id)?.isFree ?? false,
        reason: standing.get(id)?.reason ?? '',
        interactions: standing.get(id)?.interactions ?? [],
        groups: agentGroups.filter((group) => group.agents?.includes(id) === true).map((group) => group.name),
        skills,
      })),
    }
  })

  server.get('/api/v1/status', () => ({
    store: centre.runtime.store,
    configuration: centre.configuration().version,
    domain: centre.summary() ?? null,
  }))
}
