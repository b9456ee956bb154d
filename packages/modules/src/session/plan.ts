import { derivedSessionId, isSessionId } from '@segue/runtime'
import type { ModuleContext, Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import type { AttributeReader } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import { refused } from '../refusal.ts'
import { parseUrl, shown } from '../values.ts'
import { planFetch } from './plan-fetch.ts'
import { encodedParameters, scheduledStartRef, scheduleMessage } from './scheduled-start.ts'
import type { SessionSlice } from './slice.ts'

/**
 * Plans an action of the session module.
 * Errors: `invalidparams`; `unsupported`.
 * Spec: session-and-web §4.
 */
export function planSession(action: PlannedAction, slice: SessionSlice, context: ModuleContext): Plan<SessionSlice> {
  switch (action.element) {
    case 'fetch':
      return planFetch(action, slice)
    case 'start':
      return planStart(action, slice, context)
    case 'terminate':
      return planTerminate(action)
    case 'updatestart':
      return planUpdateStart(action, context)
    default: {
      const advice = 'terminate the session and start it again'
      const unsupported = fault('SEG-MODULE-005', { what: 'the action', element: action.element, advice })
      return refused(action, { domain: 'session', error: 'unsupported', fault: unsupported })
    }
  }
}

/** The new session gets the parameters as data of the same names; a later start is kept, whatever becomes of this session. */
function planStart(
  action: PlannedAction,
  slice: SessionSlice,
  { nowMs, sessionId }: ModuleContext,
): Plan<SessionSlice> {
  const read = readAttributes(action)
  const src = read.requiredText('src')
  const startAtEpochMs = idealTime(read)
  if (read.problem !== undefined)
    return refused(action, { domain: 'session', error: 'invalidparams', fault: read.problem })
  const { requestId } = action
  const url = parseUrl(src, slice.documentUrl)?.href ?? src
  const parameters = Object.fromEntries(action.params.map(({ name, value }) => [name, value]))
  const started = derivedSessionId(sessionId, requestId)
  if (startAtEpochMs === undefined || startAtEpochMs <= nowMs) {
    // The id of a send, which a document may choose and use again, makes no id of a session.
    const isOwnId = requestId.startsWith(`${sessionId}-`)
    const body = { requestId, url, parameters, ...(isOwnId && { sessionId: started }) }
    return { kind: 'planned', commands: [{ type: 'session.start', mode: 'open', body }] }
  }
  const message = scheduleMessage({
    sessionId: started,
    dueEpochMs: startAtEpochMs,
    url,
    parameters: {},
    encodedParameters: encodedParameters(parameters),
    startedBy: sessionId,
    requestId,
  })
  return {
    kind: 'planned',
    commands: [{ type: 'message', mode: 'once', body: { to: scheduledStartRef(started), creates: true, message } }],
    events: [{ name: 'session.start.done', data: { requestid: requestId, sessionid: started } }],
  }
}

function planUpdateStart(action: PlannedAction, { sessionId }: ModuleContext): Plan<SessionSlice> {
  const read = readAttributes(action)
  const pending = read.requiredText('sessionid')
  const dueEpochMs = idealTime(read)
  if (dueEpochMs === undefined) read.note('SEG-MODULE-001', { attribute: 'idealtime' })
  if (pending !== '' && !isSessionId(pending))
    read.note('SEG-MODULE-002', { attribute: 'sessionid', value: shown(pending), expected: 'the id of a session' })
  if (read.problem !== undefined || dueEpochMs === undefined) {
    const problem = read.problem ?? fault('SEG-MODULE-001', { element: action.element, attribute: 'idealtime' })
    return refused(action, { domain: 'session', error: 'invalidparams', fault: problem })
  }
  const { requestId } = action
  const description = `no start of session "${pending}" is to come`
  const data = { requestid: requestId, sessionid: pending, error: 'unknownsession', description }
  const body = {
    to: scheduledStartRef(pending),
    message: { kind: 'reschedule', dueEpochMs, replyTo: sessionId, requestId },
    undeliverable: { kind: 'event', name: 'error.session.updatestart', data },
  }
  return { kind: 'planned', commands: [{ type: 'message', mode: 'once', body }] }
}

/** Milliseconds since 1970. Errors: a time that no calendar has is noted. */
function idealTime(read: AttributeReader): number | undefined {
  const atEpochMs = read.number('idealtime')
  if (atEpochMs === undefined || Math.abs(atEpochMs) <= maxEpochMs) return atEpochMs
  const expected = 'milliseconds since 1970, as "Date.getTime()" gives them'
  read.note('SEG-MODULE-002', { attribute: 'idealtime', value: shown(atEpochMs), expected })
  return undefined
}

/** Last time that ECMAScript knows. */
const maxEpochMs = 8.64e15

function planTerminate(action: PlannedAction): Plan<SessionSlice> {
  const read = readAttributes(action)
  const sessionId = read.requiredText('sessionid')
  if (read.problem !== undefined)
    return refused(action, { domain: 'session', error: 'invalidparams', fault: read.problem })
  const body = { requestId: action.requestId, sessionId }
  return { kind: 'planned', commands: [{ type: 'session.terminate', mode: 'open', body }] }
}
