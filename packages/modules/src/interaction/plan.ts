import type { InteractionRequest } from '@segue/contact'
import type { ModuleContext, Plan, PlannedAction } from '@segue/runtime'
import { addressOf } from '../address.ts'
import type { Address } from '../address.ts'
import { readAttributes } from '../attribute-reader.ts'
import type { AttributeReader } from '../attribute-reader.ts'
import { fault } from '../errors.ts'
import { requestToInteraction } from '../messages.ts'
import { refused } from '../refusal.ts'
import { configurationOf } from '../replica.ts'
import { routeTypeOf, routeTypes } from '../route-types.ts'
import { shown, userDataOf } from '../values.ts'
import type { InteractionSlice } from './slice.ts'

/**
 * Plans an action of the interaction module: one request to the interaction, which answers with the action's event.
 * Errors: `unknown` for a missing or impossible attribute, `invalidsource` and `invaliddestination` for addresses,
 * `unsupported` for what no channel does yet.
 * Spec: interaction-actions §1; interaction-events §1, §8.
 */
export function planInteraction(
  action: PlannedAction,
  slice: InteractionSlice,
  context: ModuleContext,
): Plan<InteractionSlice> {
  const read = readAttributes(action)
  const interactionId = read.requiredText('interactionid')
  const refuse = (error: string): Plan<never> | undefined =>
    read.problem && refused(action, { domain: 'interaction', error, fault: read.problem, interactionId })
  const send = (request: InteractionRequest): Plan<InteractionSlice> => ({
    kind: 'planned',
    commands: [requestToInteraction({ sessionId: slice.sessionId, interactionId }, 'open', request)],
  })
  const { requestId } = action

  switch (action.element) {
    case 'attach':
    case 'detach':
      return refuse('unknown') ?? send({ kind: action.element, requestId })
    case 'terminate': {
      const reason = read.text('reason') ?? ''
      const early = refuse('unknown')
      const resource = address(read, 'resource', context)
      return (
        early ?? refuse('invalidsource') ?? send({ kind: 'terminate', requestId, reason, resource: resource.number })
      )
    }
    case 'accept': {
      const early = refuse('unknown')
      requireValue(read, 'resource')
      const resource = address(read, 'resource', context)
      return early ?? refuse('invalidsource') ?? send({ kind: 'accept', requestId, resource: resource.number })
    }
    case 'redirect': {
      const detach = read.flag('detach', false)
      const hints = userDataOf(read.object('hints'))
      const routeType = routeTypeOf(read, 'type')
      const attributes = refuse('unknown')
      requireValue(read, 'from')
      const from = address(read, 'from', context)
      const source = refuse('invalidsource')
      // A rejected call goes nowhere.
      if (routeType !== routeTypes.RouteTypeReject) requireValue(read, 'to')
      const to = address(read, 'to', context)
      const toSwitch = to.switchName === undefined ? {} : { toSwitch: to.switchName }
      const { number } = to
      return (
        attributes ??
        source ??
        refuse('invaliddestination') ??
        send({ kind: 'redirect', requestId, from: from.number, to: number, ...toSwitch, routeType, detach, hints })
      )
    }
    default:
      return refused(action, {
        domain: domainOf(action),
        error: 'unsupported',
        interactionId,
        fault: fault('SEG-MODULE-005', {
          what: 'the action',
          element: action.element,
          advice: 'the reference of elements says which actions work',
        }),
      })
  }
}

/** First part of the answering events: `voice` for `createcall`, although the namespace is the interaction's. */
function domainOf(action: PlannedAction): string {
  const done = action.source.spec.events[0] ?? 'interaction'
  return done.slice(0, Math.max(done.indexOf('.'), 0)) || 'interaction'
}

function requireValue(read: AttributeReader, attribute: string): void {
  const value = read.value(attribute)
  if (value === undefined || value === '') read.note('SEG-MODULE-001', { attribute })
}

function address(read: AttributeReader, attribute: string, context: ModuleContext): Extract<Address, { ok: true }> {
  const value = read.value(attribute)
  const none = { ok: true, number: '', switchName: undefined } as const
  if (value === undefined || value === '') return none
  const found = addressOf(value, configurationOf(context))
  if (found.ok) return found
  read.note('SEG-MODULE-004', { value: shown(value), attribute, reason: found.reason })
  return none
}
