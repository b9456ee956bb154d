import type { Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import { refused } from '../refusal.ts'
import { shown } from '../values.ts'

/**
 * Plans `response`. Errors: `invalidparams`.
 * Spec: session-and-web §6.2.
 */
export function planWs(action: PlannedAction): Plan<null> {
  const read = readAttributes(action)
  const requestId = read.requiredText('requestid')
  const written = (read.text('type') || 'positive').trim().toLowerCase()
  const outcome = (['positive', 'negative'] as const).find((one) => one === written)
  if (outcome === undefined)
    read.note('SEG-MODULE-002', { attribute: 'type', value: shown(written), expected: 'positive or negative' })
  const resultCode = read.text('resultcode')
  if (read.problem !== undefined)
    return refused(action, {
      domain: 'ws',
      error: 'invalidparams',
      fault: read.problem,
      ...(requestId === '' ? {} : { requestId }),
    })
  const parameters = Object.fromEntries(action.params.map(({ name, value }) => [name, value]))
  const content = action.content?.value
  const body = { requestId, outcome, resultCode, parameters, content }
  return { kind: 'planned', commands: [{ type: 'ws.response', mode: 'open', body }] }
}
