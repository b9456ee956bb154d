import type { Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import { refused } from '../refusal.ts'
import { parseUrl } from '../values.ts'
import { planFetch } from './plan-fetch.ts'
import type { SessionSlice } from './slice.ts'

/**
 * Plans an action of the session module.
 * Errors: `invalidparams`; `unsupported` for `updatestart`.
 * Spec: session-and-web §4.
 */
export function planSession(action: PlannedAction, slice: SessionSlice): Plan<SessionSlice> {
  switch (action.element) {
    case 'fetch':
      return planFetch(action, slice)
    case 'start':
      return planStart(action, slice)
    case 'terminate':
      return planTerminate(action)
    default: {
      const advice = 'terminate the session and start it again'
      const unsupported = fault('SEG-MODULE-005', { what: 'the action', element: action.element, advice })
      return refused(action, { domain: 'session', error: 'unsupported', fault: unsupported })
    }
  }
}

/** The new session gets the parameters as data of the same names; a later start is held until its time. */
function planStart(action: PlannedAction, slice: SessionSlice): Plan<SessionSlice> {
  const read = readAttributes(action)
  const src = read.requiredText('src')
  const startAtEpochMs = read.number('idealtime')
  if (read.problem !== undefined)
    return refused(action, { domain: 'session', error: 'invalidparams', fault: read.problem })
  const url = parseUrl(src, slice.documentUrl)?.href ?? src
  const parameters = Object.fromEntries(action.params.map(({ name, value }) => [name, value]))
  const body = { requestId: action.requestId, url, startAtEpochMs, parameters }
  return { kind: 'planned', commands: [{ type: 'session.start', mode: 'open', body }] }
}

function planTerminate(action: PlannedAction): Plan<SessionSlice> {
  const read = readAttributes(action)
  const sessionId = read.requiredText('sessionid')
  if (read.problem !== undefined)
    return refused(action, { domain: 'session', error: 'invalidparams', fault: read.problem })
  const body = { requestId: action.requestId, sessionId }
  return { kind: 'planned', commands: [{ type: 'session.terminate', mode: 'open', body }] }
}
