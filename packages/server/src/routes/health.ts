import type { FastifyInstance } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'

/** `GET /health`: the process answers. `GET /health/ready`: it takes work. No token needed. */
export function healthRoutes(server: FastifyInstance, { centre, isReady }: RouteContext): void {
  server.get('/health', () => ({ status: 'ok' }))
  server.get('/health/ready', (_request, reply) => {
    if (!isReady()) return refuse(reply, problem('SEG-API-020'), { 'retry-after': '1' })
    const { engine, durability } = centre.runtime.store
    return reply.send({ status: 'ready', store: { engine, durability } })
  })
}
