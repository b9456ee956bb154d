import { applyFinalize } from './apply-finalize.ts'
import type { IncomingEvent, Session, StepHost, StepInput, StepOutcome } from './contract.ts'
import { dispatch, isOwn, ownEvent } from './dispatch.ts'
import { exitInterpreter } from './exit-interpreter.ts'
import { completeMacrostep } from './main-event-loop.ts'
import type { ChartEvent, Macrostep } from './macrostep.ts'
import { microstep } from './microstep.ts'
import { emptyOutcome, runMacrostep } from './run-macrostep.ts'
import { selectTransitions } from './select-transitions.ts'
import { stateOf } from './session.ts'

type ExternalEvent = Extract<IncomingEvent, { readonly kind: 'event' }>

/**
 * Takes one incoming event, or the next one of the session's own queue when none is given, and runs to the end of the
 * macrostep.
 *
 * Spec: SCXML 1.0, appendix D, mainEventLoop.
 */
export function step(
  session: Session,
  event: IncomingEvent | undefined,
  input: StepInput,
  host: StepHost,
): StepOutcome {
  const state = stateOf(session)
  if (!state.isRunning) {
    const name = nameOf(event)
    return emptyOutcome(name === undefined ? [] : [{ kind: 'eventDropped', name, reason: 'ended' }])
  }
  const taken = event ?? state.queue?.shift()
  if (taken === undefined) return emptyOutcome([])
  return runMacrostep(state, input, host, (macrostep) => take(macrostep, taken))
}

function take(macrostep: Macrostep, event: IncomingEvent): string | undefined {
  switch (event.kind) {
    case 'event':
      return takeEvent(macrostep, event)
    case 'timer':
      return takeTimer(macrostep, event.sendId)
    case 'terminate':
      exitInterpreter(macrostep, 'terminated')
      return undefined
  }
}

function takeEvent(macrostep: Macrostep, incoming: ExternalEvent): string | undefined {
  const { session } = macrostep
  const { invokeId, name } = incoming
  const event = chartEventOf(incoming)
  macrostep.event = event
  macrostep.record({ kind: 'event', name, type: event.type })
  if (session.invokes !== undefined) {
    applyFinalize(macrostep, incoming)
    if (invokeId !== undefined && name === `done.invoke.${invokeId}`) session.invokes.delete(invokeId)
  }
  const enabledTransitions = selectTransitions(macrostep, event)
  if (enabledTransitions.length > 0 && macrostep.isRunning) microstep(macrostep, enabledTransitions, name)
  completeMacrostep(macrostep)
  return name
}

/** A delayed send fell due: it fires now unless it was cancelled. */
function takeTimer(macrostep: Macrostep, key: string): string | undefined {
  const { chart, session } = macrostep
  const pending = session.timers?.get(key)
  if (pending === undefined) {
    macrostep.record({ kind: 'eventDropped', name: key, reason: 'cancelled' })
    return undefined
  }
  session.timers?.delete(key)
  const { message } = pending
  if (isOwn(macrostep, message)) return takeEvent(macrostep, ownEvent(macrostep, message))
  dispatch(macrostep, message, { element: 'send', url: chart.origin.url, line: 1, state: '' })
  completeMacrostep(macrostep)
  return undefined
}

function chartEventOf(incoming: ExternalEvent): ChartEvent {
  const { data, invokeId, name, origin, originType, raw, sendId, type = 'external' } = incoming
  return {
    name,
    type,
    sendId,
    origin,
    originType,
    invokeId,
    data,
    raw,
    isEngineError: type === 'platform' && name.startsWith('error.'),
  }
}

function nameOf(event: IncomingEvent | undefined): string | undefined {
  if (event === undefined) return undefined
  return event.kind === 'event' ? event.name : event.kind === 'timer' ? event.sendId : undefined
}
