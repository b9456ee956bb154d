import type { Configuration } from '../configuration/configuration.ts'
import type { ContactContext, ContactEffect, ContactTrace, DomainMessage } from '../contract.ts'
import { refreshAgent } from './availability.ts'
import type { AgentRecord, DomainRowChange, DomainWork, Domain, RoutingRequest } from './domain.ts'
import { agentOf } from './domain.ts'
import { handleAgent, handleDeviceCall, releaseInteraction } from './handle-agents.ts'
import { handleCancel } from './cancel.ts'
import { handleQuery } from './query.ts'
import { handleRouted } from './routed.ts'
import { handleSubmit } from './submit.ts'
import { handleRequestTimer } from './time-out.ts'
import { handleTune } from './update.ts'
import { handleInteractionEnded, handleWithdraw } from './withdraw.ts'
import { routingLimits } from './limits.ts'
import { tryOffer } from './offer.ts'
import { reserveOffered } from './open-offers.ts'
import { randomFrom } from './random.ts'
import { isBefore } from './request-heap.ts'
import { resolveSet } from './resolve-set.ts'
import { handleAgeTimer } from './tuning.ts'

/** What one message made of a domain; the domain itself was changed in place. */
export interface DomainStep {
  readonly effects: readonly ContactEffect[]
  readonly rows: readonly DomainRowChange[]
  readonly trace: readonly ContactTrace[]
}

/**
 * Takes one message into a routing domain and lets requests find targets.
 *
 * Order: an agent who became free gets the best of the requests at the heads of the sets that the agent belongs to.
 * Errors: none; what is wrong with a message is an event for its session or a warning in the trace.
 * Cost: independent of the number of waiting requests, except for scanned sets.
 * Spec: queue §13.2; design §8.
 */
export function stepDomain(
  domain: Domain,
  message: DomainMessage,
  context: ContactContext,
  configuration: Configuration,
): DomainStep {
  const work: DomainWork = {
    domain,
    context,
    configuration,
    effects: [],
    rows: [],
    trace: [],
    freed: new Set(),
    random: randomFrom(context.seed),
  }
  const isNew = domain.configuration === undefined
  if (domain.configuration !== configuration) takeConfiguration(work)
  if (isNew) reserveOffered(work)
  handle(work, message)
  matchFreed(work)
  scan(work)
  return { effects: work.effects, rows: work.rows, trace: work.trace }
}

function handle(work: DomainWork, message: DomainMessage): void {
  switch (message.kind) {
    case 'submit':
      return handleSubmit(work, message)
    case 'withdraw':
      return handleWithdraw(work, message)
    case 'cancel':
      return handleCancel(work, message)
    case 'query':
      return handleQuery(work, message, message.sessionId ?? '')
    case 'tune':
      return handleTune(work, message)
    case 'agent':
      return handleAgent(work, message)
    case 'deviceCall':
      return handleDeviceCall(work, message)
    case 'routed':
      return handleRouted(work, message)
    case 'interactionEnded':
      handleInteractionEnded(work, message)
      return releaseInteraction(work, message.interactionId)
    case 'timer':
      return handleTimer(work, message.id)
  }
}

function handleTimer(work: DomainWork, id: string): void {
  if (id.startsWith('request:')) return handleRequestTimer(work, id.slice('request:'.length))
  if (id.startsWith('age:')) return handleAgeTimer(work, id.slice('age:'.length))
  if (id.startsWith('agent:')) {
    const agent = work.domain.agents.get(id.slice('agent:'.length))
    if (agent !== undefined) refreshAgent(work, agent)
    return
  }
  if (id !== 'pulse') return
  work.domain.hasPulse = work.domain.scanned.size > 0
  if (!work.domain.hasPulse) return
  work.effects.push({ kind: 'timer', id: 'pulse', dueEpochMs: work.context.nowMs + routingLimits.pulseMs })
}

/** A new version of the configuration: agents and sets are looked up again; waiting requests stay. */
function takeConfiguration(work: DomainWork): void {
  const { domain, configuration } = work
  domain.configuration = configuration
  const configured = new Map(configuration.agents.map((agent) => [agent.id, agent]))
  for (const agent of domain.agents.values()) agent.configured = configured.get(agent.id)
  for (const agent of configuration.agents) agentOf(domain, agent.id).configured = agent
  for (const agent of domain.agents.values()) refreshAgent(work, agent)
  for (const set of domain.sets.values()) {
    resolveSet(work, set)
    if (set.isScanned && set.waiting.size > 0) domain.scanned.add(set)
  }
}

function matchFreed(work: DomainWork): void {
  for (const agent of work.freed) {
    while (agent.isFree) {
      const request = bestWaiting(work, agent)
      if (request === undefined || !tryOffer(work, request)) break
    }
  }
}

function bestWaiting(work: DomainWork, agent: AgentRecord): RoutingRequest | undefined {
  let best: RoutingRequest | undefined
  for (const target of agent.targets) {
    if (work.domain.scanned.has(target.set)) continue
    const head = target.set.waiting.head()
    if (head !== undefined && (best === undefined || isBefore(head, best))) best = head
  }
  return best
}

function scan(work: DomainWork): void {
  for (const set of work.domain.scanned) {
    if (!set.targets.some((target) => target.fixed !== undefined || target.free.size > 0)) continue
    for (const request of set.waiting.first(routingLimits.maxScannedRequests)) tryOffer(work, request)
  }
}
