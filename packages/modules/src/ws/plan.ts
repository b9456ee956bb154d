import type { Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import { refused } from '../refusal.ts'
import { shown } from '../values.ts'

/**
 * Refuses `response`: no request from outside waits for one in this version. Errors: `invalidparams`, `unsupported`.
 * Spec: session-and-web §6.2.
 */
export function planWs(action: PlannedAction): Plan<null> {
  const read = readAttributes(action)
  const requestId = read.requiredText('requestid')
  const written = (read.text('type') || 'positive').trim().toLowerCase()
  const outcome = (['positive', 'negative'] as const).find((one) => one === written)
  if (outcome === undefined)
    read.note('SEG-MODULE-002', { attribute: 'type', value: shown(written), expected: 'positive or negative' })
  if (read.problem !== undefined)
    return refused(action, {
      domain: 'ws',
      error: 'invalidparams',
      fault: read.problem,
      ...(requestId === '' ? {} : { requestId }),
    })
  const advice = 'let the caller read the session instead'
  const unsupported = fault('SEG-MODULE-005', { what: 'the action', element: action.element, advice })
  return refused(action, { domain: 'ws', error: 'unsupported', fault: unsupported, requestId })
}
