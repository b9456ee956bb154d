import type { Scheduled } from '@segue/runtime'
import type { CallParty, CallSnapshot, DeviceType, PartyState, UserData } from '@segue/contact'
import type { RunningTreatment } from './treatment.ts'

/** A party as the switch changes it. */
export interface LiveParty {
  readonly device: string | null
  readonly deviceType: DeviceType
  state: PartyState
}

/** Where the call is. */
export type CallPlace =
  | { readonly kind: 'routingPoint'; readonly number: string }
  | { readonly kind: 'ringing'; readonly device: string }
  | { readonly kind: 'talking'; readonly device: string }
  | { readonly kind: 'nowhere' }

/** The treatment that plays, or the loop of treatments. */
export interface LiveTreatment {
  readonly key: string
  readonly isLoop: boolean
  running: RunningTreatment
}

/** A call inside of the switch. */
export interface LiveCall {
  readonly callId: string
  readonly connId: string
  readonly switchCallId: string
  readonly type: CallSnapshot['type']
  readonly ani: string
  readonly dnis: string
  readonly parentCallId: string
  readonly arrivedAtEpochMs: number
  userData: UserData
  parties: LiveParty[]
  place: CallPlace
  /** Where the call goes back to when a telephone is not answered. */
  lastRoutingPoint: string | undefined
  treatment: LiveTreatment | undefined
  readonly typeAhead: string[]
  hasTalked: boolean
  wasTreated: boolean
  patience: Scheduled | undefined
  /** Ringing, dialling or external talk: at most one runs. */
  placeTimer: Scheduled | undefined
}

/** The call as others see it; nothing in it changes later. */
export function snapshotOf(call: LiveCall): CallSnapshot {
  return {
    callId: call.callId,
    connId: call.connId,
    switchCallId: call.switchCallId,
    type: call.type,
    ani: call.ani,
    dnis: call.dnis,
    parentCallId: call.parentCallId,
    userData: call.userData,
    parties: call.parties.map((party): CallParty => ({ ...party })),
    atRoutingPoint: call.place.kind === 'routingPoint' ? call.place.number : '',
    arrivedAtEpochMs: call.arrivedAtEpochMs,
  }
}
