import type { CallParty, PlaceCall, UserData } from '@segue/contact'
import type { Problem } from '../problem.ts'
import { problem } from '../problem.ts'
import { objectOf, textOf } from './parameters.ts'

type ReadCall = { readonly ok: true; readonly call: PlaceCall } | { readonly ok: false; readonly problem: Problem }

const CALL_TYPES = ['inbound', 'outbound', 'internal', 'consult'] as const
const DEVICE_TYPES = ['routepoint', 'queue', 'agent', 'external', 'customer', 'ivr', 'unknown'] as const
const PARTY_STATES = ['dialing', 'ringing', 'connected', 'held', 'queued', 'treating', 'released'] as const

/** Reads the parameters of a new call. */
export function readPlaceCall(parameters: Readonly<Record<string, unknown>>): ReadCall {
  const from = textOf(parameters['from'])
  const to = textOf(parameters['to'])
  if (from === undefined || to === undefined) {
    return { ok: false, problem: problem('SEG-API-001', { name: from === undefined ? 'from' : 'to' }) }
  }
  const type = oneOf(CALL_TYPES, parameters['type'])
  if (type === 'other') return wrong('type', `one of ${CALL_TYPES.join(', ')}`)
  const patienceS = parameters['patienceS'] === undefined ? undefined : Number(parameters['patienceS'])
  if (patienceS !== undefined && !(patienceS > 0)) return wrong('patienceS', 'a number of seconds above 0')
  const connId = textOf(parameters['connId'])
  if (connId !== undefined && !/^[0-9A-Fa-f]{1,16}$/.test(connId)) return wrong('connId', '1 to 16 hexadecimal digits')
  const userData = parameters['userData'] ?? {}
  if (!isObject(userData)) return wrong('userData', 'an object')
  const parties = parameters['parties'] === undefined ? undefined : readParties(parameters['parties'])
  if (parties === 'unreadable') {
    return wrong(
      'parties',
      `a list of {device, deviceType: ${DEVICE_TYPES.join('|')}, state: ${PARTY_STATES.join('|')}}`,
    )
  }
  const callId = textOf(parameters['callId'])
  const parentCallId = textOf(parameters['parentCallId'])
  return {
    ok: true,
    call: {
      from,
      to,
      userData: userDataOf(userData),
      ...(callId === undefined ? {} : { callId }),
      ...(connId === undefined ? {} : { connId }),
      ...(parentCallId === undefined ? {} : { parentCallId }),
      ...(type === undefined ? {} : { type }),
      ...(parties === undefined ? {} : { parties }),
      ...(patienceS === undefined ? {} : { patienceS }),
    },
  }
}

function wrong(name: string, expected: string): ReadCall {
  return { ok: false, problem: problem('SEG-API-015', { name, expected }) }
}

function readParties(value: unknown): readonly CallParty[] | 'unreadable' {
  if (!Array.isArray(value)) return 'unreadable'
  const parties: CallParty[] = []
  for (const one of value as readonly unknown[]) {
    const party = objectOf(one)
    const deviceType = oneOf(DEVICE_TYPES, party['deviceType'] ?? 'unknown')
    const state = oneOf(PARTY_STATES, party['state'] ?? 'connected')
    const device = party['device'] === null ? null : textOf(party['device'])
    if (device === undefined || deviceType === undefined || deviceType === 'other') return 'unreadable'
    if (state === undefined || state === 'other') return 'unreadable'
    parties.push({ device, deviceType, state })
  }
  return parties
}

/** The member of a list that a value is; `other` when it is none of them. */
function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | 'other' | undefined {
  return value === undefined || value === '' ? undefined : (words.find((word) => word === value) ?? 'other')
}

/** Keeps what user data can hold: text, numbers and nested lists of them; truth values become text. */
function userDataOf(value: object): UserData {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]): [string, UserData[string]][] => {
      if (typeof member === 'string' || typeof member === 'number') return [[key, member]]
      if (typeof member === 'boolean') return [[key, String(member)]]
      return typeof member === 'object' && member !== null ? [[key, userDataOf(member)]] : []
    }),
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
