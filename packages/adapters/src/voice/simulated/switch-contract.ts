import type { SwitchEvent } from '@segue/contact'

/** States of an agent at a telephone. */
export type AgentState = (SwitchEvent & { readonly kind: 'agentState' })['state']

/** What callers and telephones perceive: bells, voices, prompts. Not part of the stream of events. */
export type SwitchSignal =
  | { readonly kind: 'arrived'; readonly callId: string }
  | { readonly kind: 'ringing'; readonly callId: string; readonly device: string }
  | { readonly kind: 'connected'; readonly callId: string; readonly device: string }
  | { readonly kind: 'released'; readonly callId: string; readonly device: string }
  /** The caller is asked for keys. */
  | { readonly kind: 'digitsWanted'; readonly callId: string }
  | { readonly kind: 'treatmentEnded'; readonly callId: string }
  | { readonly kind: 'ended'; readonly callId: string }

/** Bounds of a simulated switch. */
export interface SwitchLimits {
  /** Calls at once; more are turned away. */
  readonly liveCalls: number
  /** Commands for one call; more are refused. */
  readonly commandsPerCall: number
  /** Keys of commands that are remembered after their call has ended. */
  readonly keysAfterEnd: number
  /** Rows of the table of ended calls; older ones are only counted. */
  readonly endedCalls: number
  /** Events kept for a consumer that is away; then the oldest go and a snapshot makes up for them. */
  readonly unacknowledgedEvents: number
  /** User data of one call as JSON text. */
  readonly userDataCharacters: number
  /** Keys pressed before anybody asked; then the oldest go. */
  readonly typeAhead: number
  /** Event numbers that one journal record reserves. */
  readonly sequencesPerReservation: number
  /** Records after which the journal is written anew, with only what is still needed. */
  readonly recordsBeforeAccount: number
}

/** Limits that hold when nothing else is said. */
export const defaultSwitchLimits: SwitchLimits = {
  liveCalls: 50_000,
  commandsPerCall: 10_000,
  keysAfterEnd: 10_000,
  endedCalls: 100_000,
  unacknowledgedEvents: 100_000,
  userDataCharacters: 262_144,
  typeAhead: 128,
  sequencesPerReservation: 10_000,
  recordsBeforeAccount: 1_000_000,
}
