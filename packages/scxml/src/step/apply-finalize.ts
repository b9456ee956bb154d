import type { IncomingEvent } from './contract.ts'
import { executeContent } from './execute-content.ts'
import type { Macrostep } from './macrostep.ts'

type ExternalEvent = Extract<IncomingEvent, { readonly kind: 'event' }>

/**
 * Runs `<finalize>` of the invocation that sent the event and forwards the event to invocations that ask for it.
 *
 * Order: document order of the invocations. Spec: SCXML 1.0, appendix D, applyFinalize and mainEventLoop.
 */
export function applyFinalize(macrostep: Macrostep, event: ExternalEvent): void {
  const { chart, effects, session } = macrostep
  for (const [invokeId, { index, state }] of session.invokes ?? []) {
    const element = chart.states[state]?.invokes[index]
    if (element === undefined) continue
    if (invokeId === event.invokeId && element.finalize !== undefined) executeContent(macrostep, element.finalize)
    if (!element.autoforward) continue
    effects.push({
      kind: 'send',
      message: {
        sendId: event.sendId ?? '',
        sendIdIsPublic: event.sendId !== undefined,
        type: '',
        target: `#_${invokeId}`,
        event: event.name,
        data: event.data,
        hints: undefined,
        forwarded: event,
      },
    })
  }
}
