import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DoorAction, DoorAnswer } from '@segue/contact'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { offerOtherCategory } from './other-category.ts'
import { parametersOf, pathParameter, textOf } from './parameters.ts'
import { readPlaceCall } from './place-call.ts'

/** Doors of calls: act as a caller or a telephone. */
export function callRoutes(server: FastifyInstance, { centre }: RouteContext): void {
  server.post('/api/v1/calls', async (request, reply) => {
    const parameters = parametersOf(request)
    const category = textOf(parameters['category']) ?? 'voice'
    const read = readPlaceCall(parameters)
    if (!read.ok) return refuse(reply, read.problem)
    if (category !== 'voice') return offerOtherCategory(reply, centre, category, read.call)
    return act(reply, { kind: 'place', call: read.call }, 201)
  })

  server.post('/api/v1/calls/:id/press', async (request, reply) => {
    const digits = textOf(parametersOf(request)['digits'])
    if (digits === undefined) return refuse(reply, problem('SEG-API-001', { name: 'digits' }))
    return act(reply, { kind: 'press', callId: pathParameter(request, 'id'), digits })
  })

  server.post('/api/v1/calls/:id/hangup', (request, reply) =>
    act(reply, { kind: 'hangup', callId: pathParameter(request, 'id') }),
  )

  for (const kind of ['answer', 'release'] as const) {
    server.post(`/api/v1/calls/:id/${kind}`, (request, reply) => {
      const device = textOf(parametersOf(request)['device'])
      return act(reply, { kind, callId: pathParameter(request, 'id'), ...(device === undefined ? {} : { device }) })
    })
  }

  async function act(reply: FastifyReply, action: DoorAction, status = 200): Promise<FastifyReply> {
    const answer = await centre.door(action)
    if (!answer.ok) return refuseDoor(reply, action, answer)
    const { callId } = answer
    return reply.status(status).header('location', `/api/v1/interactions/${callId}`).send({ callId })
  }
}

function refuseDoor(reply: FastifyReply, action: DoorAction, answer: DoorAnswer & { ok: false }): FastifyReply {
  const id = 'callId' in action ? action.callId : ''
  switch (answer.error) {
    case 'notfound':
      return refuse(reply, problem('SEG-API-009', { id }))
    case 'linkdown':
      return refuse(reply, problem('SEG-API-010'))
    case 'invalidstate':
    case 'invaliddestination':
      return refuse(reply, problem('SEG-API-008', { description: answer.description }))
  }
}
