import type { Configuration } from '../configuration/configuration.ts'
import { defaultTenant } from '../configuration/lookup.ts'
import type { InteractionView } from '../contract.ts'
import type { CallParty, CallSnapshot } from '../ports/voice.ts'
import type { InteractionState } from './interaction-state.ts'

/** User-data key that names the owning session. Spec: interaction-model §2. */
export const sessionIdKey = 'OP-Session-ID'

/** The interaction as scripts see it now. Spec: interaction-model §7. */
export function interactionView(state: InteractionState, configuration: Configuration): InteractionView {
  const { call } = state
  if (call === undefined) return offeredView(state)
  const owner = state.owner === '' ? {} : { [sessionIdKey]: state.owner }
  return {
    g_uid: state.id,
    category: 'voice',
    tenantid: String(defaultTenant(configuration).id),
    parentid: call.parentCallId,
    contactedaddr: call.dnis,
    parties: partiesOf(call),
    udata: { ...call.userData, ...owner },
    xdata: {},
    location: { media_server: state.switchName, switch: state.switchName },
    voice: {
      type: call.type,
      state: state.life,
      media: 'TMediaVoice',
      callid: call.switchCallId,
      connid: call.connId,
      dnis: call.dnis,
      ani: call.ani,
    },
  }
}

/** User data as the session sees it. */
export function userDataOf(state: InteractionState): Readonly<Record<string, unknown>> {
  if (state.call !== undefined) return state.call.userData
  const data: unknown = state.offered?.['udata']
  return typeof data === 'object' && data !== null ? { ...data } : {}
}

function offeredView(state: InteractionState): InteractionView {
  const owner = state.owner === '' ? {} : { [sessionIdKey]: state.owner }
  return { ...state.offered, g_uid: state.id, udata: { ...userDataOf(state), ...owner } }
}

function partiesOf(call: CallSnapshot): Record<string, unknown> {
  const parties: Record<string, unknown> = {}
  for (const party of call.parties) if (party.state !== 'released') parties[partyKey(party)] = partyView(party)
  return parties
}

function partyKey(party: CallParty): string {
  return party.device ?? party.deviceType
}

function partyView(party: CallParty): Record<string, unknown> {
  return {
    device: party.device,
    devicetype: party.deviceType,
    state: party.state,
    voicep: { state: party.state },
  }
}
