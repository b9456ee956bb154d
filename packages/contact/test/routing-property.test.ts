import { expect, it } from 'vitest'
import { randomFrom } from '../src/routing/random.ts'
import { configurationOf, DomainWorld, notices } from './contact-fixtures.ts'

interface ModelRequest {
  readonly id: string
  readonly groups: readonly string[]
  readonly priority: number
  readonly since: number
  readonly arrival: number
}

const agents = Array.from({ length: 8 }, (_, index) => `A${index}`)
const groups = new Map([
  ['G0', ['A0', 'A1', 'A2']],
  ['G1', ['A2', 'A3', 'A4']],
  ['G2', ['A5', 'A6', 'A7', 'A0']],
  ['G3', agents],
])
const configuration = configurationOf(`
switches: [{ name: S }]
dns: [${agents.map((_, index) => `{ number: ${7000 + index} }`).join(', ')}]
agents: [${agents.map((id, index) => `{ id: ${id}, dn: ${7000 + index} }`).join(', ')}]
agentGroups: [${[...groups].map(([name, members]) => `{ name: ${name}, agents: [${members.join(', ')}] }`).join(', ')}]
`)

const seeds = process.env['ROUTING_SEED'] === undefined ? [1, 2, 3, 4, 5, 6] : [Number(process.env['ROUTING_SEED'])]

it.each(seeds)('random work is given out as a naive model says (ROUTING_SEED=%i)', (seed) => {
  const random = randomFrom(seed)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('nothing to pick')
    return item
  }
  const world = new DomainWorld(configuration)
  world.seed = seed * 1000
  const waiting = new Map<string, ModelRequest>()
  const free = new Set<string>()
  const talking = new Map<string, string>()
  let arrivals = 0

  const isPossible = (request: ModelRequest, agent: string): boolean =>
    request.groups.some((group) => groups.get(group)?.includes(agent) === true)

  const isBetter = (a: ModelRequest, b: ModelRequest): boolean =>
    a.priority !== b.priority
      ? a.priority > b.priority
      : a.since !== b.since
        ? a.since < b.since
        : a.arrival < b.arrival

  /** Checks each assignment of a step against all agents and all requests, and takes it over. */
  const settle = (candidates: ReadonlySet<string>): void => {
    for (const notice of notices(world.effects)) {
      if (notice.name !== 'queue.submit.done') continue
      const request = waiting.get(String(notice.data['requestid']).slice(2))
      const agent = String(notice.data['targetcomponentselected']).split('@')[0] ?? ''
      if (request === undefined) throw new Error('a request was done that did not wait')
      expect(candidates.has(agent) && free.has(agent)).toBe(true)
      expect(isPossible(request, agent)).toBe(true)
      for (const other of waiting.values()) {
        if (other !== request && isPossible(other, agent)) expect(isBetter(other, request)).toBe(false)
      }
      waiting.delete(request.id)
      free.delete(agent)
      talking.set(agent, `ixn-${request.id}`)
    }
    for (const request of waiting.values()) {
      for (const agent of free) expect(isPossible(request, agent)).toBe(false)
    }
    for (const [agent, interactionId] of talking) {
      const device = String(7000 + agents.indexOf(agent))
      world.send({ kind: 'deviceCall', device, interactionId, state: 'connected' })
      expect(world.effects.filter((effect) => effect.kind === 'notify')).toEqual([])
    }
  }

  for (let round = 0; round < 400; round++) {
    world.nowMs += Math.floor(random() * 50)
    const agent = pick(agents)
    const kind = random()
    if (kind < 0.45) {
      const id = `${round}`
      const wanted = [...new Set([pick([...groups.keys()]), pick([...groups.keys()])])]
      const since = world.nowMs - Math.floor(random() * 3) * 10
      const priority = Math.floor(random() * 3)
      waiting.set(id, { id, groups: wanted, priority, since, arrival: arrivals++ })
      world.submit(id, wanted.map((group) => `${group}@.GA`).join(','), { priority, submittedAtEpochMs: since })
      settle(new Set(free))
    } else if (kind < 0.7) {
      world.ready(agent)
      if (!talking.has(agent)) free.add(agent)
      settle(new Set(free))
    } else if (kind < 0.8) {
      if (talking.has(agent)) continue
      world.send({ kind: 'agent', agentId: agent, device: '', state: 'notReady', reason: undefined })
      free.delete(agent)
      settle(new Set())
    } else if (kind < 0.9) {
      const interactionId = talking.get(agent)
      if (interactionId === undefined) continue
      talking.delete(agent)
      free.add(agent)
      world.send({ kind: 'interactionEnded', interactionId, isAbandoned: true })
      settle(new Set(free))
    } else if (waiting.size > 0) {
      const request = pick([...waiting.values()])
      waiting.delete(request.id)
      world.send({ kind: 'withdraw', replyKey: `key-${request.id}` })
      settle(new Set())
    }
  }

  expect(world.domain.requests.size).toBe(waiting.size)
})
