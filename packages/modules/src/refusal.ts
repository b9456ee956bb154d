import type { Plan, PlannedAction } from '@segue/runtime'
import type { Fault } from './errors.ts'

/** What the error event of a refused action says. */
export interface RefusalFacts {
  /** First part of the event name: `queue`, `interaction`, `voice`, `dialog`. */
  readonly domain: string
  /** `_event.data.error`. */
  readonly error: string
  readonly fault: Fault
  /** Id that the document knows, where that is not the id of this action (`cancel`, `query`). */
  readonly requestId?: string
  readonly interactionId?: string
}

/** Refuses an action: nothing is sent, the session gets `error.<domain>.<element>`. */
export function refused(action: PlannedAction, facts: RefusalFacts): Plan<never> {
  return {
    kind: 'refused',
    event: {
      name: `error.${facts.domain}.${action.element}`,
      data: {
        requestid: facts.requestId ?? action.requestId,
        ...(facts.interactionId ? { interactionid: facts.interactionId } : {}),
        error: facts.error,
        description: facts.fault.message,
        code: facts.fault.code,
      },
    },
  }
}
