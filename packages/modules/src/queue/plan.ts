import type { DomainMessage, SubmitRequest } from '@segue/contact'
import type { Command, ModuleContext, Plan, PlannedAction } from '@segue/runtime'
import { readAttributes } from '../attribute-reader.ts'
import type { AttributeReader } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import type { Fault } from '../errors.ts'
import { requestToInteraction, toDomain } from '../messages.ts'
import { refused } from '../refusal.ts'
import { routeTypeOf } from '../route-types.ts'
import { runTreatments } from '../treatments.ts'
import { shown, userDataOf } from '../values.ts'
import type { QueueSlice } from './slice.ts'
import { writtenTargets } from './targets.ts'

/**
 * Plans an action of the queue module: a message to the routing domain, and for busy treatments a loop that the
 * interaction plays meanwhile.
 * Errors: `invalidparams` for everything that can be seen before sending.
 * Spec: queue §6–§10.
 */
export function planQueue(action: PlannedAction, slice: QueueSlice, context: ModuleContext): Plan<QueueSlice> {
  switch (action.element) {
    case 'submit':
      return planSubmit(action, slice, context)
    case 'cancel':
      return planCancel(action, slice)
    case 'query':
      return planQuery(action, slice)
    case 'update':
      return planUpdate(action, slice)
    default:
      return refuse(action, fault('SEG-MODULE-007', { element: action.element, advice: 'put it into "queue:submit"' }))
  }
}

const orderTypes = ['any', 'max', 'min', 'percentage'] as const

function planSubmit(action: PlannedAction, slice: QueueSlice, context: ModuleContext): Plan<QueueSlice> {
  const read = readAttributes(action)
  const { requestId } = action
  const interactionId = read.requiredText('interactionid')
  if (read.text('src')) read.note('SEG-MODULE-005', { what: '"src"', advice: 'write the targets into the document' })
  const written = writtenTargets(action)
  const loop = runTreatments(action)
  const hints = userDataOf(read.object('hints'))
  const routeType = routeTypeOf(read, 'type')
  const request: SubmitRequest = {
    sessionId: slice.sessionId,
    requestId,
    interactionId,
    queue: namedOrNone(read, 'queue'),
    priority: read.number('priority') ?? 0,
    orderType: orderType(read),
    orderStatistic: namedOrNone(read, 'orderstat'),
    timeoutS: read.seconds('timeout'),
    clearOnTimeout: blockClearing(action) ?? read.flag('clearontimeout', false),
    route: read.flag('route', true),
    targets: written.targets,
    submittedAtEpochMs: context.nowMs,
    ...(Object.keys(slice.tuning).length === 0 ? {} : { tuning: slice.tuning }),
    ...(loop.treatments.length === 0 ? {} : { hasTreatmentLoop: true }),
    ...(routeType === 0 ? {} : { routeType }),
    ...(Object.keys(hints).length === 0 ? {} : { hints }),
  }
  const clear = read.flag('clearqueue', false)
  const problem = read.problem ?? written.problem ?? loop.problem
  if (problem !== undefined) return refuse(action, problem, { interactionId })

  const { tenant, sessionId } = slice
  const owner = { sessionId, interactionId }
  const commands: Command[] = []
  if (clear)
    commands.push(
      toDomain(tenant, 'open', { kind: 'cancel', replyKey: '', ...owner, requestId: undefined, queue: undefined }),
    )
  if (loop.treatments.length > 0)
    commands.push(requestToInteraction(owner, 'once', { kind: 'treatLoop', treatments: loop.treatments, requestId }))
  commands.push(toDomain(tenant, 'open', { kind: 'submit', replyKey: '', request }))
  const submitted = slice.submitted ?? []
  if (submitted.includes(interactionId)) return { kind: 'planned', commands }
  return { kind: 'planned', commands, slice: { ...slice, submitted: [...submitted, interactionId] } }
}

/** By request, by queue, or all of the interaction when both are absent. */
function planCancel(action: PlannedAction, slice: QueueSlice): Plan<QueueSlice> {
  const read = readAttributes(action)
  const requestId = read.text('requestid') || undefined
  const queue = read.text('queue') || undefined
  const interactionId = read.text('interactionid') ?? ''
  if (read.problem !== undefined) return refuse(action, read.problem, { requestId, interactionId })
  const { sessionId } = slice
  return sent(slice, { kind: 'cancel', replyKey: '', sessionId, interactionId, requestId, queue })
}

function planQuery(action: PlannedAction, slice: QueueSlice): Plan<QueueSlice> {
  const read = readAttributes(action)
  const requestId = read.requiredText('requestid')
  if (read.problem !== undefined) return refuse(action, read.problem, { requestId })
  return sent(slice, { kind: 'query', replyKey: '', requestId })
}

function planUpdate(action: PlannedAction, slice: QueueSlice): Plan<QueueSlice> {
  const read = readAttributes(action)
  const requestId = read.requiredText('requestid')
  const { sessionId } = slice
  const loop = runTreatments(action)
  const interactionId = loop.treatments.length > 0 ? read.requiredText('interactionid') : ''
  const problem = read.problem ?? loop.problem
  if (problem !== undefined) return refuse(action, problem, { requestId, interactionId })
  const priority = read.number('priority')
  const tuning = priority === undefined ? {} : { priority }
  const commands = [toDomain(slice.tenant, 'open', { kind: 'tune', replyKey: '', sessionId, requestId, tuning })]
  if (loop.treatments.length > 0)
    commands.unshift(
      requestToInteraction({ sessionId, interactionId }, 'once', {
        kind: 'treatLoop',
        treatments: loop.treatments,
        requestId,
      }),
    )
  return { kind: 'planned', commands }
}

function sent(slice: QueueSlice, message: DomainMessage): Plan<QueueSlice> {
  return { kind: 'planned', commands: [toDomain(slice.tenant, 'open', message)] }
}

function refuse(
  action: PlannedAction,
  problem: Fault,
  ids: { readonly requestId?: string | undefined; readonly interactionId?: string } = {},
): Plan<never> {
  return refused(action, {
    domain: 'queue',
    error: 'invalidparams',
    fault: problem,
    ...(ids.requestId ? { requestId: ids.requestId } : {}),
    ...(ids.interactionId ? { interactionId: ids.interactionId } : {}),
  })
}

/** A name; the documented default `none` is no name. */
function namedOrNone(read: AttributeReader, attribute: string): string {
  const name = read.text(attribute) ?? ''
  return name === 'none' ? '' : name
}

function orderType(read: AttributeReader): SubmitRequest['orderType'] {
  const written = read.text('ordertype') || 'any'
  const found = orderTypes.find((one) => one === written.trim().toLowerCase())
  if (found === undefined)
    read.note('SEG-MODULE-002', { attribute: 'ordertype', value: shown(written), expected: orderTypes.join(', ') })
  return found ?? 'any'
}

/** `targetblockclearing` inside of the submit or its targets, when it stands there. */
function blockClearing(action: PlannedAction): boolean | undefined {
  const block = [...action.children, ...action.children.flatMap(({ children }) => children)].find(
    ({ element }) => element === 'targetblockclearing',
  )
  return block && readAttributes(block).flag('expr', true)
}
