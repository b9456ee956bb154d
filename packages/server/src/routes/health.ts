import type { FastifyInstance } from 'fastify'
import type { Centre } from '@segue/modules'

/** `GET /health`: the process answers. `GET /health/ready`: it takes work. No token needed. */
export function healthRoutes(server: FastifyInstance, centre: Centre): void {
  server.get('/health', () => ({ status: 'ok' }))
  server.get('/health/ready', () => ({ status: 'ready', store: centre.runtime.store }))
}
