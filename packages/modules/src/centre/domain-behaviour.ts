import { createDomain, stepDomain } from '@segue/contact'
import type { Configuration, Domain, DomainMessage } from '@segue/contact'
import type { Behaviour, EntityRef, StepRequest, StepResponse } from '@segue/runtime'
import { contactContext, withReplyKey } from './contact-context.ts'
import { mapContactEffects } from './contact-effects.ts'
import { isScheduledStart, scheduledStarts } from '../session/scheduled-start.ts'

/** Routing domains as entities, with a window for status displays. */
export interface DomainBehaviour extends Behaviour {
  /** The domain in memory; `undefined` until it took its first message. */
  domain(id: string): Domain | undefined
}

/** Redo records after which a snapshot is written (P3). */
const MAX_REDO_RECORDS = 64

/**
 * One routing domain a tenant: agents and counters are durable rows, waiting requests live in memory and are announced
 * again by their sessions after a restart. Starts of sessions that are still to come are entities of this kind, too.
 * Spec: design P12.
 */
export function domainBehaviour(configuration: () => Configuration): DomainBehaviour {
  const domains = new Map<string, Domain>()
  const starts = scheduledStarts()

  function stepOne(request: StepRequest): StepResponse {
    const { context } = request
    const id = context.ref.id
    if (isScheduledStart(id)) return starts.step(request)
    if (request.stored !== undefined) domains.set(id, createDomain(request.stored === 'new' ? [] : request.stored.rows))
    const domain = domains.get(id)
    if (domain === undefined) return { ok: false, message: `domain "${id}" is not in memory` }
    try {
      const received = withReplyKey(request) as unknown as DomainMessage
      const result = stepDomain(domain, received, contactContext(context, noSessions), configuration())
      const mapped = mapContactEffects(result.effects, noApplications)
      return {
        ok: true,
        step: {
          ...mapped,
          rows: result.rows,
          trace: result.trace.map((line) => ({ ...line, atEpochMs: context.nowMs })),
          // All state is in rows; a snapshot now and then takes the place of the numbers of sources taken since.
          ...((context.wantsSnapshot ?? 0) >= MAX_REDO_RECORDS
            ? { save: 'snapshot', snapshot: new Uint8Array() }
            : { save: 'nothing' }),
          hasEnded: false,
        },
      }
    } catch (error) {
      domains.delete(id)
      return { ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }

  return {
    kind: 'domain',
    step: (requests) => Promise.resolve(requests.map(stepOne)),
    forget(refs: readonly EntityRef[]) {
      for (const { id } of refs) {
        domains.delete(id)
        starts.forget(id)
      }
    },
    holds: ({ id }) => (domains.get(id)?.requests.size ?? 0) > 0,
    domain: (id) => domains.get(id),
  }
}

function noSessions(): string {
  throw new Error('a routing domain starts no sessions')
}

function noApplications(): never {
  throw new Error('a routing domain starts no applications')
}
