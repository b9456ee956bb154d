import { findDn } from '../configuration/lookup.ts'
import type { CallParty, CallSnapshot, PartyState, SwitchEvent } from '../ports/voice.ts'
import type { InteractionLifeState } from './life-cycle.ts'
import { leaveRoutingPoint, startSession } from './ownership.ts'
import { changedKeys } from './requests.ts'
import { failCommand } from './switch-answers.ts'
import { cancelTreatment, treatmentEnded } from './treatments.ts'
import { sessionIdKey } from './view.ts'
import type { InteractionWork } from './work.ts'

/** Takes an event of the switch. Spec: interaction-events §5.2, §6. */
export function takeSwitchEvent(work: InteractionWork, event: SwitchEvent): void {
  switch (event.kind) {
    case 'routeRequest':
      return routeRequested(work, event.call, event.routingPoint)
    case 'partyChanged':
      return partyChanged(work, event.call, { device: event.device, state: event.state })
    case 'userDataChanged':
      return userDataChanged(work, event.call)
    case 'treatmentEnded':
      return treatmentEnded(work, event)
    case 'callEnded':
      return callEnded(work, event.cause)
    case 'agentState':
      return
  }
}

/** After a reconnect: notices for what was missed, so that the session sees the call as it is now. Spec: design P8. */
export function resync(work: InteractionWork, call: CallSnapshot | undefined): void {
  if (call === undefined) {
    if (work.state.call !== undefined) callEnded(work, 'lost')
    return
  }
  const before = work.state.call
  if (before !== undefined && changedKeys(before.userData, call.userData).length > 0) userDataChanged(work, call)
  const earlier = new Map((before?.parties ?? []).map((party) => [party.device, party.state]))
  const now = new Map(call.parties.map((party) => [party.device, party.state]))
  for (const party of call.parties) {
    if (party.device === null || earlier.get(party.device) === party.state) continue
    if (party.device !== call.atRoutingPoint) partyChanged(work, call, { device: party.device, state: party.state })
  }
  for (const [device, state] of earlier) {
    if (device === null || now.has(device) || state === 'released') continue
    if (device !== before?.atRoutingPoint) partyChanged(work, call, { device, state: 'released' })
  }
  const isAtPoint = call.atRoutingPoint !== ''
  const wasAtPoint = work.state.life === 'queued' || work.state.life === 'treating'
  const isSamePoint = before?.atRoutingPoint === call.atRoutingPoint
  work.update({ call })
  if (isAtPoint && !(wasAtPoint && isSamePoint)) routeRequested(work, call, call.atRoutingPoint)
}

function routeRequested(work: InteractionWork, call: CallSnapshot, routingPoint: string): void {
  const { state } = work
  const isRepeated = state.focusDeviceId === routingPoint && (state.life === 'queued' || state.life === 'treating')
  const isGivenAway = state.pending.some(
    (one) => one.kind === 'redirect' && one.detach && one.to === routingPoint && one.sessionId === state.owner,
  )
  // The session hears that its redirect was done when the switch answers.
  if (isGivenAway) {
    work.tellDeleted('detach')
    work.update({ owner: '' })
  }
  const hadOwner = work.state.owner !== ''
  work.update({ call, focusDeviceId: routingPoint })
  if (isRepeated && hadOwner) return
  if (state.treatment !== undefined) cancelTreatment(work, 'the call came to a routing point anew')
  // Back from a telephone, or at the next routing point.
  work.update({ hasReturned: hadOwner && state.life !== 'null' })
  work.become('queued')
  const dn = findDn(work.configuration, routingPoint, state.switchName)
  if (hadOwner) {
    work.tellOwner('interaction.partystatechanged', partyData(work, routingPoint, 'queued'))
  } else if (dn?.application !== undefined) startSession(work, dn.application, routingPoint)
  work.tellOwner('interaction.onrouterequest', { interactionid: state.id, focusdeviceid: routingPoint })
}

interface PartyChange {
  readonly device: string
  readonly state: PartyState
}

function partyChanged(work: InteractionWork, call: CallSnapshot, change: PartyChange): void {
  const before = work.state.call?.parties ?? []
  const party = call.parties.find((one) => one.device === change.device)
  const earlier = before.find((one) => one.device === change.device)
  work.update({ call, focusDeviceId: work.state.focusDeviceId || change.device })
  const deviceType = party?.deviceType ?? earlier?.deviceType ?? 'unknown'
  const isServing = deviceType === 'agent' || deviceType === 'external'
  if (isServing && change.state === 'connected') work.update({ wasServed: true })
  followParties(work, call)
  work.tellOwner('interaction.partystatechanged', partyData(work, change.device, change.state))
  const isTelephone = deviceType === 'agent' || findDn(work.configuration, change.device)?.type === 'extension'
  if (!isTelephone || change.state === 'queued' || change.state === 'treating') return
  const state = change.state === 'released' || change.state === 'ringing' ? change.state : 'connected'
  work.toDomain({ kind: 'deviceCall', device: change.device, interactionId: work.state.id, state })
}

function followParties(work: InteractionWork, call: CallSnapshot): void {
  const life = lifeFrom(call)
  if (life === undefined || life === work.state.life) return
  const wasWaiting = work.state.life === 'queued' || work.state.life === 'treating'
  if (call.atRoutingPoint !== '' || !wasWaiting) {
    // Entering a routing point is told by its own event; leaving none needs no other rule.
    if (call.atRoutingPoint === '') work.become(life)
    return
  }
  leaveRoutingPoint(work)
  work.become(life)
}

function lifeFrom(call: CallSnapshot): InteractionLifeState | undefined {
  const served = call.parties.filter((party) => party.deviceType !== 'customer' && party.deviceType !== 'routepoint')
  const has = (state: CallParty['state']): boolean => served.some((party) => party.state === state)
  if (has('held')) return 'hold'
  if (has('connected')) return 'connected'
  return has('ringing') || has('dialing') ? 'ringing' : undefined
}

function userDataChanged(work: InteractionWork, call: CallSnapshot): void {
  const before = work.state.call?.userData ?? {}
  work.update({ call })
  // The platform's own key is in the view from the start.
  const changed = changedKeys(before, call.userData).filter((key) => key !== sessionIdKey)
  if (changed.length === 0) return
  work.tellOwner('interaction.udata.changed', { interactionid: work.state.id, udata: changed })
}

function callEnded(work: InteractionWork, cause: Extract<SwitchEvent, { kind: 'callEnded' }>['cause']): void {
  const { state } = work
  if (state.hasEnded) return
  for (const command of state.pending) if (command.kind === 'terminate') failCommand(work, command)
  const isAbandoned = cause === 'abandoned' || (cause === 'released' && !state.wasServed)
  if (isAbandoned) work.tellOwner('interaction.abandoned', { interactionid: state.id })
  const caller = state.call?.parties.find((party) => party.deviceType === 'customer')
  if (state.call !== undefined) work.update({ call: { ...state.call, parties: [], atRoutingPoint: '' } })
  work.become('ended')
  work.tellOwner('interaction.partystatechanged', partyData(work, caller?.device ?? state.focusDeviceId, 'released'))
  work.tellDeleted('deletion')
  cancelTreatment(work, 'the call has ended')
  for (const command of state.pending) {
    if (command.kind !== 'terminate' && command.kind !== 'treat') failCommand(work, command)
  }
  work.trace.push({ kind: 'interaction.ended', interactionId: state.id, cause, wasServed: state.wasServed })
  work.toDomain({ kind: 'interactionEnded', interactionId: state.id, isAbandoned })
  work.update({ pending: [], owner: '', hasEnded: true })
}

function partyData(work: InteractionWork, device: string, state: PartyState): Record<string, unknown> {
  return { interactionid: work.state.id, focusdeviceid: device, currentstate: state }
}
