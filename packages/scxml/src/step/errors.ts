import type { Place } from '../compile/instruction.ts'
import { ScriptError } from '../script/contract.ts'
import type { ScriptFailure } from '../script/contract.ts'
import { positionAt } from '../source/source.ts'
import { platformEvent } from './macrostep.ts'
import type { Macrostep } from './macrostep.ts'

/** What failed: decides the event's name in the orchestration dialect. Spec: scxml-dialect, Decisions. */
export type Failing = 'cond' | 'loc' | 'value' | 'data' | 'assign' | 'script'

/**
 * Turns what a script threw into one error event of the document's dialect. Anything but a `ScriptError` is a bug of
 * the engine and goes on.
 */
export function raiseScriptError(
  macrostep: Macrostep,
  failing: Failing,
  thrown: unknown,
  place: Place,
  sendId?: string,
): void {
  if (!(thrown instanceof ScriptError)) throw thrown
  const { failure } = thrown
  if (failure.cause === 'fuel') {
    macrostep.reachLimit('fuelPerEnter', macrostep.program.fuelPerEnter, place)
    return
  }
  const position = failure.span && positionAt(failure.span.source, failure.span.start)
  const line = position?.line ?? place.line
  const url = failure.span?.source.url ?? place.url
  raiseError(macrostep, {
    execution: scriptErrorName(failing, failure),
    message: failure.message,
    description: `${failure.type}: ${failure.message}`,
    place: { ...place, line, url },
    column: position?.column ?? 1,
    sendId,
  })
}

/** A failure that no script caused. `execution` and `communication` name it in the orchestration dialect. */
export interface EngineError {
  readonly execution?: string
  readonly communication?: string
  readonly message: string
  readonly description?: string
  readonly place: Place
  /** Where it is known; else the line counts from its first column. */
  readonly column?: number
  readonly sendId?: string | undefined
  /** Target of a send that cannot be reached. */
  readonly target?: string
}

/** Puts one error event on the internal queue. */
export function raiseError(macrostep: Macrostep, error: EngineError): void {
  const { message, place } = error
  const isOrchestration = macrostep.chart.origin.dialect === 'orchestration'
  const common = error.communication === undefined ? 'error.execution' : 'error.communication'
  const name = isOrchestration ? (error.communication ?? error.execution ?? common) : common
  const data = JSON.stringify({
    document: place.url,
    element: place.element,
    linenumber: place.line,
    message,
    description: error.description ?? message,
    ...(!isOrchestration && scionMembers(error)),
    ...(isOrchestration && error.sendId !== undefined && { sendid: error.sendId }),
    ...(isOrchestration && error.target !== undefined && { target: error.target }),
  })
  macrostep.record({ kind: 'error', event: name, message, element: place.element, url: place.url, line: place.line })
  macrostep.raiseEvent(platformEvent(name, data, error.sendId), place)
}

/** The recommendation leaves the data of errors open (5.10.1); documents written for SCION read these. */
function scionMembers({ column = 1, message, place }: EngineError): Readonly<Record<string, string | number>> {
  return { tagname: place.element, line: place.line, column, reason: message }
}

function scriptErrorName(failing: Failing, { cause, type }: ScriptFailure): string {
  if (cause === 'readonly' || failing === 'assign') return 'error.illegalassign'
  return failing === 'script' ? `error.script.${type}` : `error.illegal${failing}.${type}`
}
