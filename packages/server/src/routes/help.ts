import type { FastifyInstance } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { API_METHODS } from '../api-methods.ts'

/**
 * `GET /ors/help`: the methods of this interface.
 *
 * Spec: external-interfaces §1.
 */
export function helpRoutes(server: FastifyInstance, _context: RouteContext): void {
  server.get('/ors/help', () => ({ methods: API_METHODS }))
}
