import type { Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import type { AttributeReader } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import { refused } from '../refusal.ts'
import { jsonOf, shown } from '../values.ts'
import type { WsSlice } from './slice.ts'

/** Limit of an answer that does not depend on the deployment: characters of its body. */
export const answerLimits = { maxAnswerChars: 1_048_576 } as const

/**
 * Plans `response`: a command `ws.response` with the body of the answer. A request is answered once.
 * Errors: `invalidparams`; `unknownrequest` for a request that was not made, is answered, or was given up long ago.
 * Spec: session-and-web §6.2.
 */
export function planWs(action: PlannedAction, slice: WsSlice): Plan<WsSlice> {
  const read = readAttributes(action)
  const requestId = read.requiredText('requestid')
  const written = (read.text('type') || 'positive').trim().toLowerCase()
  const outcome = (['positive', 'negative'] as const).find((one) => one === written)
  if (outcome === undefined)
    read.note('SEG-MODULE-002', { attribute: 'type', value: shown(written), expected: 'positive or negative' })
  const answer = answerBody(action, read)
  if (read.problem !== undefined)
    return refused(action, {
      domain: 'ws',
      error: 'invalidparams',
      fault: read.problem,
      ...(requestId === '' ? {} : { requestId }),
    })
  const rest = (slice ?? []).filter(({ id }) => id !== requestId)
  if (slice === null || rest.length === slice.length) {
    const unknown = fault('SEG-MODULE-011', { element: action.element, id: shown(requestId) })
    return refused(action, { domain: 'ws', error: 'unknownrequest', fault: unknown, requestId })
  }
  const body = { requestId, isPositive: outcome === 'positive', ...answer }
  return { kind: 'planned', commands: [{ type: 'ws.response', mode: 'once', body }], slice: rest }
}

interface AnswerBody {
  readonly contentType: string
  readonly text: string
}

/** Content as it is; else the parameters as a JSON object, with the result code as one more member. */
function answerBody(action: PlannedAction, read: AttributeReader): AnswerBody {
  const { content, params } = action
  const resultCode = read.text('resultcode')
  if (params.length > 0 && content !== undefined)
    read.note('SEG-MODULE-007', { element: 'content', advice: 'use either "param" or "content"' })
  const coded = resultCode === undefined ? [] : [['resultcode', resultCode] as const]
  // A member named "__proto__" stays an ordinary member here.
  const members = Object.fromEntries([...coded, ...params.map(({ name, value }) => [name, value] as const)])
  const isText = typeof content?.value === 'string'
  const text = isText ? String(content.value) : (jsonOf(content === undefined ? members : content.value) ?? 'null')
  const { maxAnswerChars } = answerLimits
  if (text.length > maxAnswerChars) {
    const expected = `at most ${maxAnswerChars} characters of JSON`
    const attribute = content === undefined ? 'param' : 'content'
    read.note('SEG-MODULE-002', { attribute, value: `${text.length} characters long`, expected })
  }
  return { contentType: isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8', text }
}
