import type { FastifyReply } from 'fastify'
import type { Acceptance } from '@segue/runtime'
import type { Problem } from '../problem.ts'
import { problem, refuse } from '../problem.ts'

/** Answers a delivered message: 200 when it is durable (P9), a problem otherwise. */
export function answerAcceptance(
  reply: FastifyReply,
  acceptance: Acceptance,
  body: Readonly<Record<string, unknown>>,
  unknown: Problem,
): FastifyReply {
  switch (acceptance.status) {
    case 'accepted':
    case 'duplicate':
      return reply.send({ ...body, accepted: acceptance.status })
    case 'unknown':
      return refuse(reply, unknown)
    case 'overloaded':
      return refuseOverloaded(reply, acceptance.retryAfterS)
  }
}

/** Answers that nothing was accepted because too much waits. */
export function refuseOverloaded(reply: FastifyReply, retryAfterS: number): FastifyReply {
  return refuse(reply, problem('SEG-API-006'), { 'retry-after': String(Math.max(1, Math.ceil(retryAfterS))) })
}
