import type { Domain, RoutingRequest } from './domain.ts'
import { isBefore } from './request-heap.ts'

const maxQueues = 10_000

/** Notes that a request of a virtual queue was routed. */
export function noteDeparture(domain: Domain, queue: string, nowMs: number): void {
  const known = domain.departures.get(queue)
  if (known !== undefined) {
    known.count += 1
    known.lastEpochMs = nowMs
  } else if (domain.departures.size < maxQueues) {
    domain.departures.set(queue, { count: 1, firstEpochMs: nowMs, lastEpochMs: nowMs })
  }
}

/**
 * Members of `queue.query.done` that tell the place of a request in its virtual queue.
 *
 * Units: `invqwaittime` in seconds: mean time between departures times the position; 0 while nothing is known.
 * Cost: O(waiting requests).
 * Spec: queue §9.5; statistic §5 (`InVQWaitTime`).
 */
export function placeInQueue(domain: Domain, request: RoutingRequest): Readonly<Record<string, number>> {
  const { queue } = request.submit
  let position = 1
  for (const other of domain.requests.values()) {
    if (other.submit.queue === queue && other.state !== 'routing' && isBefore(other, request)) position += 1
  }
  const gone = domain.departures.get(queue)
  const paceMs = gone === undefined || gone.count < 2 ? 0 : (gone.lastEpochMs - gone.firstEpochMs) / (gone.count - 1)
  const members = new Set(request.set?.targets.flatMap((target) => [...target.members]))
  return {
    positioninqueue: position,
    invqwaittime: Math.round((paceMs * position) / 1000),
    loginsize: [...members].filter((agent) => agent.state !== 'loggedOut').length,
    totalsize: members.size,
  }
}
