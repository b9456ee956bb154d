import type { FastifyInstance } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { refuseOverloaded } from './acceptance.ts'
import { objectOf, pageOf, pathParameter, textOf } from './parameters.ts'

/** Interactions of every category: look at them, and offer those that no switch knows. */
export function interactionRoutes(server: FastifyInstance, { centre, limits }: RouteContext): void {
  server.get('/api/v1/interactions', async (request) => {
    const interactions = await centre.list('interaction', pageOf(request, limits.maxPage))
    return {
      interactions: interactions.map(({ ref, hasEnded, attributes }) => ({ id: ref.id, hasEnded, ...attributes })),
    }
  })

  server.get('/api/v1/interactions/:id', async (request, reply) => {
    const id = pathParameter(request, 'id')
    const interaction = await centre.interaction(id)
    return interaction === undefined ? refuse(reply, problem('SEG-API-004', { id })) : reply.send(reportOf(interaction))
  })

  server.post('/api/v1/interactions', async (request, reply) => {
    const body = objectOf(request.body)
    const application = textOf(body['application'])
    if (application === undefined) return refuse(reply, problem('SEG-API-001', { name: 'application' }))
    const known = centre.configuration().applications.map(({ name }) => name)
    if (!known.includes(application)) {
      return refuse(reply, problem('SEG-API-018', { name: application, known: known.join(', ') || 'none' }))
    }
    if (!isObject(body['interaction'])) {
      const expected = 'an object with the members that scripts see'
      return refuse(reply, problem('SEG-API-015', { name: 'interaction', expected }))
    }
    const interaction = objectOf(body['interaction'])
    const id = textOf(interaction['g_uid'])
    if (id !== undefined && !/^[\w.@:-]{1,100}$/.test(id)) {
      const expected = 'an id of 1 to 100 letters, digits and . _ @ : -'
      return refuse(reply, problem('SEG-API-015', { name: 'interaction.g_uid', expected }))
    }
    const offered = await centre.offerInteraction({
      view: interaction,
      focusDeviceId: textOf(body['focusDeviceId']) ?? '',
      application,
    })
    switch (offered.status) {
      case 'accepted':
        return reply.status(201).header('location', `/api/v1/interactions/${offered.id}`).send({ id: offered.id })
      case 'exists':
        return refuse(reply, problem('SEG-API-022', { id: offered.id }))
      case 'overloaded':
        return refuseOverloaded(reply, offered.retryAfterS)
    }
  })
}

/** What people and tools may rely on; how an interaction is kept may change. */
function reportOf(interaction: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const call = objectOf(interaction['call'])
  const view = objectOf(interaction['view'])
  return {
    id: interaction['id'],
    category: view['category'] ?? 'voice',
    state: interaction['life'],
    owner: interaction['owner'],
    hasEnded: interaction['hasEnded'],
    version: interaction['version'],
    switchName: interaction['switchName'],
    focusDeviceId: interaction['focusDeviceId'],
    ...(interaction['call'] === undefined
      ? {}
      : {
          from: call['ani'],
          to: call['dnis'],
          type: call['type'],
          connId: call['connId'],
          parentCallId: call['parentCallId'],
          arrivedAtEpochMs: call['arrivedAtEpochMs'],
          atRoutingPoint: call['atRoutingPoint'],
        }),
    parties: interaction['call'] === undefined ? (view['parties'] ?? []) : call['parties'],
    userData: interaction['call'] === undefined ? (view['udata'] ?? {}) : call['userData'],
    isTreated: interaction['treatment'] !== undefined,
    /** As scripts see it. */
    view,
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
