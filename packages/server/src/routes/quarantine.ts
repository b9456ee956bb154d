import type { FastifyInstance } from 'fastify'
import type { RouteContext } from '../http-server.ts'
import { problem, refuse } from '../problem.ts'
import { pathParameter } from './parameters.ts'

/** Application versions that take no new sessions because theirs had to be ended, and the way out. Spec: design P14. */
export function quarantineRoutes(server: FastifyInstance, { quarantine }: RouteContext): void {
  server.get('/api/v1/quarantine', () => ({ versions: quarantine.list() }))

  server.post('/api/v1/quarantine/:hash/lift', (request, reply) => {
    const given = pathParameter(request, 'hash')
    // The beginning of a hash is enough where it names one version.
    const found = quarantine.list().filter(({ hash }) => given !== '' && hash.startsWith(given))
    const [version] = found
    if (version === undefined || found.length > 1) return refuse(reply, problem('SEG-API-030', { hash: given }))
    quarantine.lift(version.hash)
    return { lifted: version }
  })
}
