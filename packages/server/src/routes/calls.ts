import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DoorAction, DoorAnswer, PlaceCall, UserData } from '@segue/contact'
import type { Centre } from '@segue/modules'
import { problem, refuse } from '../problem.ts'
import { objectOf, pathParameter, textOf } from './parameters.ts'

/** Doors of calls: act as a caller or a telephone. */
export function callRoutes(server: FastifyInstance, centre: Centre): void {
  server.post('/api/v1/calls', async (request, reply) => {
    const body = objectOf(request.body)
    const from = textOf(body['from'])
    const to = textOf(body['to'])
    if (from === undefined || to === undefined) {
      return refuse(reply, problem('SEG-API-001', { name: from === undefined ? 'from' : 'to' }))
    }
    return act(reply, { kind: 'place', call: placeCall(from, to, body) })
  })

  server.post('/api/v1/calls/:id/press', async (request, reply) => {
    const digits = textOf(objectOf(request.body)['digits'])
    if (digits === undefined) return refuse(reply, problem('SEG-API-001', { name: 'digits' }))
    return act(reply, { kind: 'press', callId: pathParameter(request, 'id'), digits })
  })

  server.post('/api/v1/calls/:id/hangup', (request, reply) =>
    act(reply, { kind: 'hangup', callId: pathParameter(request, 'id') }),
  )

  for (const kind of ['answer', 'release'] as const) {
    server.post(`/api/v1/calls/:id/${kind}`, (request, reply) => {
      const device = textOf(objectOf(request.body)['device'])
      return act(reply, { kind, callId: pathParameter(request, 'id'), ...(device === undefined ? {} : { device }) })
    })
  }

  async function act(reply: FastifyReply, action: DoorAction): Promise<FastifyReply> {
    const answer = await centre.door(action)
    return answer.ok ? reply.send({ callId: answer.callId }) : refuseDoor(reply, action, answer)
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

const CALL_TYPES = ['inbound', 'outbound', 'internal', 'consult'] as const

function placeCall(from: string, to: string, body: Readonly<Record<string, unknown>>): PlaceCall {
  const callId = textOf(body['callId'])
  const connId = textOf(body['connId'])
  const parentCallId = textOf(body['parentCallId'])
  const type = CALL_TYPES.find((candidate) => candidate === body['type'])
  const patienceS = Number(body['patienceS'])
  return {
    from,
    to,
    userData: userDataOf(body['userData']),
    ...(callId === undefined ? {} : { callId }),
    ...(connId === undefined ? {} : { connId }),
    ...(parentCallId === undefined ? {} : { parentCallId }),
    ...(type === undefined ? {} : { type }),
    ...(patienceS > 0 ? { patienceS } : {}),
  }
}

/** Keeps what user data can hold: text, numbers and nested lists of them. */
function userDataOf(value: unknown): UserData {
  const kept: Record<string, UserData[string]> = {}
  for (const [key, member] of Object.entries(objectOf(value))) {
    if (typeof member === 'string' || typeof member === 'number') kept[key] = member
    else if (typeof member === 'object' && member !== null) kept[key] = userDataOf(member)
    else if (typeof member === 'boolean') kept[key] = String(member)
  }
  return kept
}
