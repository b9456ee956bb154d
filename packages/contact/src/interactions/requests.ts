import type { InteractionRequest, InteractionView, RouteDecision, SessionNotice } from '../contract.ts'
import { contactFault } from '../errors.ts'
import type { UserData } from '../ports/voice.ts'
import { attach, detach } from './ownership.ts'
import { done, refuse, type RequestOrigin } from './refusal.ts'
import { stopTreatment, treat, treatLoop } from './treatments.ts'
import { userDataOf } from './view.ts'
import type { InteractionWork } from './work.ts'

/** `RouteTypeReject`: the call goes nowhere. */
const routeTypeReject = 7

type RequestOf<K extends InteractionRequest['kind']> = Extract<InteractionRequest, { kind: K }>

/** Takes a request of a session. One that is pending or answered already is not done twice. */
export function takeRequest(work: InteractionWork, origin: RequestOrigin, request: InteractionRequest): void {
  if (isRepeated(work, origin.replyKey)) return
  if (origin.sessionId === work.state.owner && claims(request)) work.update({ hasReturned: false })
  switch (request.kind) {
    case 'attach':
      return attach(work, origin, request.requestId)
    case 'detach':
      return detach(work, origin, request.requestId)
    case 'redirect':
      return redirect(work, origin, request)
    case 'terminate':
      return terminate(work, origin, request)
    case 'accept':
      return accept(work, origin, request)
    case 'setUserData':
      return setUserData(work, origin, request)
    case 'treat':
      return treat(work, origin, request)
    case 'stopTreatment':
      return stopTreatment(work, origin, request)
    case 'treatLoop':
      return treatLoop(work, origin, request)
  }
}

/** The owner deals with the call; attached data and the end of busy treatments say nothing about it. */
function claims(request: InteractionRequest): boolean {
  if (request.kind === 'treatLoop') return request.treatments.length > 0
  return request.kind !== 'setUserData'
}

/** Answers a request to an interaction that does not exist or has ended. */
export function refuseUnknown(work: InteractionWork, origin: RequestOrigin, request: InteractionRequest): void {
  const notice = unknownInteractionNotice(work.state.id, request)
  if (notice === undefined) return
  const reason = String(notice.data['description'])
  if (notice.module === 'interaction')
    work.trace.push({ kind: 'interaction.refused', ...contactFault('SEG-IXN-002', { request: request.kind, reason }) })
  work.answer(origin, notice)
}

/** Event that answers a request to an interaction that does not exist or has ended; `undefined`: none is due. */
export function unknownInteractionNotice(
  interactionId: string,
  request: InteractionRequest,
): SessionNotice | undefined {
  const description = `interaction "${interactionId}" does not exist`
  const notice = (
    module: 'interaction' | 'dialog',
    action: string,
    requestid: string,
    error: string,
  ): SessionNotice => ({
    name: `error.${module}.${action}`,
    data: { requestid, interactionid: interactionId, error, description },
    module,
  })
  switch (request.kind) {
    case 'treat':
      return notice('dialog', request.element, request.requestId, 'invalidstate.null')
    case 'stopTreatment':
      return notice('dialog', 'stop', request.requestId, 'unknown')
    case 'setUserData':
    case 'treatLoop':
      return undefined
    case 'attach':
    case 'detach':
    case 'redirect':
    case 'terminate':
    case 'accept':
      return notice('interaction', request.kind, request.requestId, 'unknown')
  }
}

/** Routes a call to the target that the domain found. */
export function routeTo(work: InteractionWork, replyKey: string, decision: RouteDecision): void {
  if (isRepeated(work, replyKey)) return
  const { state } = work
  const isWaiting = state.life === 'queued' || state.life === 'treating' || state.life === 'processing'
  const isLeaving = state.pending.some((one) => one.kind === 'redirect' || one.kind === 'routeTo')
  if (!isWaiting || isLeaving || state.owner !== decision.sessionId) {
    const description = `the interaction is ${isLeaving ? 'being routed already' : state.life}`
    const { requestKey } = decision
    work.toDomain({ kind: 'routed', requestKey, ok: false, error: 'invalidstate', description, decision }, replyKey)
    return
  }
  work.update({ hasReturned: false })
  if (state.call === undefined) {
    work.become('routed')
    const { requestKey } = decision
    work.toDomain({ kind: 'routed', requestKey, ok: true, error: '', description: '', decision }, replyKey)
    return
  }
  work.command(
    { kind: 'route', callId: state.id, to: decision.destination, routeType: decision.routeType ?? 0 },
    { kind: 'routeTo', replyKey, decision },
  )
}

function isRepeated(work: InteractionWork, replyKey: string): boolean {
  if (replyKey === '') return false
  const { pending, treatment, answered } = work.state
  const given = answered.find((one) => one.replyKey === replyKey)
  if (given !== undefined) {
    work.effects.push(given.effect)
    return true
  }
  return treatment?.replyKey === replyKey || pending.some((one) => one.replyKey === replyKey)
}

function redirect(work: InteractionWork, origin: RequestOrigin, request: RequestOf<'redirect'>): void {
  const { state } = work
  const refused = (error: string, description: string): void =>
    refuse(work, origin, { action: 'redirect', requestId: request.requestId }, { error, description })
  // A document may detach first and route then: an interaction that nobody owns can be redirected.
  if (state.owner !== '' && state.owner !== origin.sessionId) {
    return refused('invalidstate', 'the interaction belongs to another session')
  }
  if (state.life === 'routed' || state.life === 'null' || hasRoute(work)) {
    return refused('invalidstate', 'the interaction is being routed already')
  }
  const to = destinationOf(request.to, request.toSwitch, state.switchName)
  if (to === '' && request.routeType !== routeTypeReject) {
    return refused('invaliddestination', 'the destination is empty')
  }
  const { call } = state
  if (call === undefined) {
    work.become('routed')
    redirectDone(work, origin, request)
    return
  }
  const from = plainNumber(request.from)
  const isFromKnown =
    from === '' ||
    from === state.id ||
    [call.atRoutingPoint, call.dnis, call.ani, state.focusDeviceId].includes(from) ||
    call.parties.some((party) => party.device === from)
  if (!isFromKnown) return refused('invalidsource', `"${from}" is no device of the interaction`)
  const { requestId, detach: isDetaching, routeType } = request
  work.command(
    { kind: 'route', callId: state.id, to, routeType },
    { kind: 'redirect', ...origin, requestId, to, detach: isDetaching },
  )
}

/** Tells that a redirect was accepted; with `detach` the interaction leaves the session afterwards. */
export function redirectDone(
  work: InteractionWork,
  origin: RequestOrigin,
  redirect: { readonly requestId: string; readonly detach: boolean },
): void {
  done(work, origin, 'redirect', redirect.requestId)
  if (!redirect.detach || work.state.owner !== origin.sessionId) return
  work.tellDeleted('detach')
  work.update({ owner: '' })
}

function terminate(work: InteractionWork, origin: RequestOrigin, request: RequestOf<'terminate'>): void {
  const { state } = work
  const { requestId } = request
  if (state.owner !== '' && state.owner !== origin.sessionId) {
    const description = 'the interaction belongs to another session'
    return refuse(work, origin, { action: 'terminate', requestId }, { error: 'invalidstate', description })
  }
  if (state.call === undefined) {
    done(work, origin, 'terminate', requestId)
    work.become('ended')
    work.tellDeleted('deletion')
    work.toDomain({ kind: 'interactionEnded', interactionId: state.id, isAbandoned: false })
    work.update({ owner: '', hasEnded: true })
    return
  }
  const device = plainNumber(request.resource)
  const purpose = { kind: 'terminate', replyKey: origin.replyKey, sessionId: origin.sessionId, requestId } as const
  if (device === '') work.command({ kind: 'clear', callId: state.id }, purpose)
  else work.command({ kind: 'release', callId: state.id, device }, purpose)
}

function accept(work: InteractionWork, origin: RequestOrigin, request: RequestOf<'accept'>): void {
  const { state } = work
  const { requestId } = request
  if (state.call === undefined) return done(work, origin, 'accept', requestId)
  const device = plainNumber(request.resource)
  work.command(
    { kind: 'answer', callId: state.id, device },
    { kind: 'accept', replyKey: origin.replyKey, sessionId: origin.sessionId, requestId },
  )
}

function setUserData(work: InteractionWork, origin: RequestOrigin, request: RequestOf<'setUserData'>): void {
  const { state } = work
  if (state.call !== undefined) {
    const { put, remove } = request
    work.command({ kind: 'setUserData', callId: state.id, put, remove }, { kind: 'userData', replyKey: '' })
    return
  }
  if (state.offered === undefined || state.owner !== origin.sessionId) return
  const before = userDataOf(state)
  const after = applyUserData(before, request.put, request.remove)
  const changed = changedKeys(before, after)
  if (changed.length === 0) return
  const offered: InteractionView = { ...state.offered, udata: after }
  work.update({ offered })
  work.tellOwner('interaction.udata.changed', { interactionid: state.id, udata: changed })
}

/** User data after keys were put and paths removed; the given object is not touched. */
function applyUserData(
  before: Readonly<Record<string, unknown>>,
  put: UserData,
  remove: readonly (readonly string[])[],
): Record<string, unknown> {
  const after: Record<string, unknown> = { ...before, ...put }
  for (const path of remove) removePath(after, path)
  return after
}

/** Top-level keys whose values differ. */
export function changedKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
}

function removePath(target: Record<string, unknown>, path: readonly string[]): void {
  const [key, ...rest] = path
  if (key === undefined || !Object.hasOwn(target, key)) return
  const value = target[key]
  if (rest.length === 0) {
    delete target[key]
    return
  }
  if (typeof value !== 'object' || value === null) return
  const copy: Record<string, unknown> = { ...value }
  removePath(copy, rest)
  target[key] = copy
}

function hasRoute(work: InteractionWork): boolean {
  return work.state.pending.some(
    (one) => one.kind === 'redirect' || one.kind === 'routeTo' || one.kind === 'defaultRoute',
  )
}

function destinationOf(to: string, toSwitch: string | undefined, ownSwitch: string): string {
  const number = plainNumber(to)
  return toSwitch === undefined || toSwitch === ownSwitch || number === '' ? number : `${number}@${toSwitch}`
}

/** `7001@SIP_East.DN`, `7001@SIP_East` and `tel:7001` name the number 7001. */
function plainNumber(address: string): string {
  const text = address.trim()
  const bare = text.startsWith('tel:') ? text.slice(4) : text
  return bare.startsWith('sip:') ? bare : (bare.split('@')[0] ?? '')
}
