/**
 * The voice port: what Segue needs of a switch. The simulated switch and real ones implement it; one contract suite.
 * Spec: interaction-events §5.2, dialog §5; design §9.
 */

/** Attached data of a call: nested key-value lists. */
export type UserData = { readonly [key: string]: UserDataValue }
export type UserDataValue = string | number | UserData

export type PartyState = 'dialing' | 'ringing' | 'connected' | 'held' | 'queued' | 'treating' | 'released'
export type DeviceType = 'routepoint' | 'queue' | 'agent' | 'external' | 'customer' | 'ivr' | 'unknown'

export interface CallParty {
  /** Number of the device; `null` for a caller without one. */
  readonly device: string | null
  readonly deviceType: DeviceType
  readonly state: PartyState
}

/** A call as the switch sees it now. */
export interface CallSnapshot {
  /** Call UUID: 32 characters, the interaction's `g_uid`. */
  readonly callId: string
  /** Connection id, 16 hexadecimal digits. */
  readonly connId: string
  readonly switchCallId: string
  readonly type: 'inbound' | 'outbound' | 'internal' | 'consult'
  readonly ani: string
  readonly dnis: string
  readonly parentCallId: string
  readonly userData: UserData
  readonly parties: readonly CallParty[]
  /** Routing point where the call waits to be routed; `''` when it is elsewhere. */
  readonly atRoutingPoint: string
  /** Milliseconds since 1970 when the call arrived. */
  readonly arrivedAtEpochMs: number
}

export type SwitchEvent =
  /** The call waits at a routing point. */
  | { readonly kind: 'routeRequest'; readonly call: CallSnapshot; readonly routingPoint: string }
  | { readonly kind: 'partyChanged'; readonly call: CallSnapshot; readonly device: string; readonly state: PartyState }
  | { readonly kind: 'userDataChanged'; readonly call: CallSnapshot; readonly changed: readonly string[] }
  | {
      readonly kind: 'treatmentEnded'
      readonly callId: string
      readonly commandKey: string
      readonly outcome: 'completed' | 'stopped' | 'failed'
      readonly digits?: string
      readonly extensions?: UserData
      readonly description?: string
    }
  | {
      readonly kind: 'callEnded'
      readonly callId: string
      readonly cause: 'abandoned' | 'released' | 'cleared' | 'lost'
    }
  | {
      readonly kind: 'agentState'
      readonly agentId: string
      readonly device: string
      readonly state: 'login' | 'logout' | 'ready' | 'notReady' | 'afterCallWork'
      readonly reason?: string
    }

/** An event with its place in the switch's stream: numbers rise by one and are never used twice. */
export interface NumberedSwitchEvent {
  readonly sequence: number
  readonly atEpochMs: number
  readonly event: SwitchEvent
}

/** A treatment as `dialog` actions ask for it; times in seconds. */
export type Treatment =
  | { readonly kind: 'application'; readonly applicationUri: string; readonly parameters: UserData }
  | {
      readonly kind: 'sound'
      readonly sound: 'music' | 'busy' | 'fastbusy' | 'ringback' | 'silence' | 'ran'
      readonly resource?: string
      readonly durationS?: number
    }
  | { readonly kind: 'announcement'; readonly prompts: readonly TreatmentPrompt[]; readonly language?: string }
  | {
      readonly kind: 'collect'
      readonly prompts: readonly TreatmentPrompt[]
      readonly input: TreatmentInput
      readonly language?: string
    }
  | { readonly kind: 'pause'; readonly durationS: number }

export interface TreatmentPrompt {
  readonly text?: string
  readonly announcementId?: number
  readonly number?: string
  readonly userAnnouncementId?: string
  readonly isInterruptible: boolean
}

export interface TreatmentInput {
  readonly maxDigits?: number
  readonly terminationDigits?: string
  readonly ignoreDigits?: string
  readonly abortDigits?: string
  readonly startTimeoutS?: number
  readonly digitTimeoutS?: number
  readonly totalTimeoutS?: number
  readonly clearFirst?: boolean
}

export type SwitchCommand =
  | {
      readonly kind: 'route'
      readonly callId: string
      readonly to: string
      readonly routeType: number
      readonly userData?: UserData
    }
  | { readonly kind: 'treat'; readonly callId: string; readonly treatment: Treatment }
  /** Loops through the list until the call is routed or the command is stopped; ends with no event of its own. */
  | { readonly kind: 'treatLoop'; readonly callId: string; readonly treatments: readonly Treatment[] }
  | { readonly kind: 'stopTreatment'; readonly callId: string; readonly treatmentKey: string }
  | { readonly kind: 'clear'; readonly callId: string }
  | { readonly kind: 'release'; readonly callId: string; readonly device: string }
  | { readonly kind: 'answer'; readonly callId: string; readonly device: string }
  | {
      readonly kind: 'setUserData'
      readonly callId: string
      readonly put: UserData
      readonly remove: readonly (readonly string[])[]
    }

export type SwitchAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly error: 'invalidstate' | 'invaliddestination' | 'unknown' | 'timeout' | 'remote'
      readonly description: string
    }

/** What a switch tells after a (re)connect: events of calls that are not in it are synthesised (P8). */
export interface SwitchSnapshot {
  /** Sequence of the last event that is contained in it. */
  readonly sequence: number
  readonly calls: readonly CallSnapshot[]
  /** Agents that are logged in at the switch; absent: the switch does not tell them here. */
  readonly agents?: readonly AgentSnapshot[]
}

export interface AgentSnapshot {
  readonly agentId: string
  readonly device: string
  readonly state: 'login' | 'logout' | 'ready' | 'notReady' | 'afterCallWork'
  readonly reason?: string
}

/**
 * A link to one switch. Events come at least once and in order; the consumer answers each with a promise that resolves
 * when it is durable, and the link acknowledges up to there. Commands are performed exactly once per key: a repeated
 * key gets the first answer again.
 */
export interface VoiceLink extends AsyncDisposable {
  readonly switchName: string
  connect(consumer: VoiceConsumer): Promise<void>
  /** `undefined`: no answer because the link is down; try again with the same key. */
  command(key: string, command: SwitchCommand, signal: AbortSignal): Promise<SwitchAnswer | undefined>
  /** Doors: act as a caller or a telephone (design §10). */
  door(action: DoorAction): Promise<DoorAnswer>
}

export interface VoiceConsumer {
  /** Resolves when the event is durable. */
  event(event: NumberedSwitchEvent): Promise<void>
  /** After each (re)connect, before any later event. */
  snapshot(snapshot: SwitchSnapshot): Promise<void>
  linkState(isUp: boolean): void
}

export type DoorAction =
  | { readonly kind: 'place'; readonly call: PlaceCall }
  | { readonly kind: 'press'; readonly callId: string; readonly digits: string }
  | { readonly kind: 'hangup'; readonly callId: string }
  | { readonly kind: 'answer'; readonly callId: string; readonly device?: string }
  | { readonly kind: 'release'; readonly callId: string; readonly device?: string }

export interface PlaceCall {
  readonly from: string
  readonly to: string
  readonly userData?: UserData
  readonly callId?: string
  readonly connId?: string
  readonly type?: CallSnapshot['type']
  readonly parentCallId?: string
  readonly parties?: readonly CallParty[]
  /** How long the caller waits before hanging up; absent: the switch decides. */
  readonly patienceS?: number
}

export type DoorAnswer =
  | { readonly ok: true; readonly callId: string }
  | {
      readonly ok: false
      readonly error: 'notfound' | 'invalidstate' | 'invaliddestination' | 'linkdown'
      readonly description: string
    }
