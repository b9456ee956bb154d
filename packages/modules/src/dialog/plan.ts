import type { Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import { requestToInteraction } from '../messages.ts'
import { refused } from '../refusal.ts'
import { treatmentOf } from '../treatments.ts'
import type { DialogSlice } from './slice.ts'

/** Actions whose id is told at once, for documents that do not wait for the end. Spec: dialog §4. */
const tellsRequestId: ReadonlySet<string> = new Set(['start', 'play'])

/**
 * Plans a treatment that stands alone: one request to the interaction, answered at the end of the treatment.
 * Errors: `invalidattribute`, and `remote` for treatments that no switch of ours does.
 * Spec: dialog §1, §3, §4.
 */
export function planDialog(action: PlannedAction, slice: DialogSlice): Plan<DialogSlice> {
  const read = readAttributes(action)
  const interactionId = read.requiredText('interactionid')
  const { element, requestId } = action
  const { sessionId } = slice
  const to = { sessionId, interactionId }
  if (element === 'stop') {
    const treatmentRequestId = read.requiredText('requestid')
    if (read.problem !== undefined)
      return refused(action, {
        domain: 'dialog',
        error: 'invalidattribute',
        fault: read.problem,
        interactionId,
        ...(treatmentRequestId === '' ? {} : { requestId: treatmentRequestId }),
      })
    const request = { kind: 'stopTreatment', requestId: treatmentRequestId, treatmentRequestId } as const
    return { kind: 'planned', commands: [requestToInteraction(to, 'open', request)] }
  }
  if (action.source.spec.kind === 'child') {
    const advice = element === 'pause' ? 'put it into "runtreatments"' : 'put it into a treatment'
    const outside = fault('SEG-MODULE-007', { element, advice })
    return refused(action, { domain: 'dialog', error: 'invalidattribute', fault: outside })
  }
  const written = treatmentOf(action)
  if (!written.ok)
    return refused(action, { domain: 'dialog', error: written.error, fault: written.fault, interactionId })
  if (read.problem !== undefined)
    return refused(action, { domain: 'dialog', error: 'invalidattribute', fault: read.problem, interactionId })
  const { treatment } = written
  const commands = [requestToInteraction(to, 'open', { kind: 'treat', requestId, element, treatment })]
  if (!tellsRequestId.has(element)) return { kind: 'planned', commands }
  const told = { name: `dialog.${element}.requestid`, data: { requestid: requestId, interactionid: interactionId } }
  return { kind: 'planned', commands, events: [told] }
}
