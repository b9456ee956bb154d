import type { Clock } from '@segue/runtime'
import type {
  DeviceType,
  DoorAction,
  DoorAnswer,
  NumberedSwitchEvent,
  PlaceCall,
  SwitchAnswer,
  SwitchCommand,
  SwitchSnapshot,
  Treatment,
  UserData,
} from '@segue/contact'
import { idHex, idText } from './call-ids.ts'
import { type LiveCall, type LiveParty, snapshotOf } from './call.ts'
import { type EndedCall, EndTable, type SwitchCounters } from './end-table.ts'
import type { EventLog } from './event-log.ts'
import { type EndState, type JournalRecord, type SwitchJournal, memoryJournal } from './journal.ts'
import { KeyMemory } from './key-memory.ts'
import type { SwitchPlan } from './plan.ts'
import { randomStream, type RandomStream } from './random.ts'
import { closedDoor, isDiallable, refusal } from './switch-answers.ts'
import { type AgentState, type SwitchSignal, defaultSwitchLimits, type SwitchLimits } from './switch-contract.ts'
import { SwitchTurns } from './switch-turns.ts'
import { TreatmentDesk } from './treatment-desk.ts'
import { putUserData, removeUserData } from './user-data.ts'

/** What a simulated switch is made of. */
export interface SimulatedSwitchOptions {
  readonly clock: Clock
  /** Same seed, plan and commands at the same times: same calls and events. */
  readonly seed: number
  readonly plan: SwitchPlan
  /** Default: in memory. */
  readonly journal?: SwitchJournal
  /** Durations are divided by this; times stay those of the clock. Default 1. */
  readonly speed?: number
  readonly limits?: Partial<SwitchLimits>
}

/**
 * Makes a switch out of a plan. With a journal of an earlier life it knows the ended calls and the answered commands,
 * and ends the calls that were alive then as `lost`.
 *
 * Errors: SEG-SWITCH-002 when the journal is damaged.
 */
export function createSimulatedSwitch(options: SimulatedSwitchOptions): SimulatedSwitch {
  return new SimulatedSwitch(options)
}

/**
 * A telephone switch as a deterministic object: calls, routing points, treatments, telephones and an outside world.
 * Commands and doors act at once; everything that takes time is scheduled on the clock.
 *
 * Order: what one command or door brings about is journalled first, then told as events, in the order it happened.
 */
export class SimulatedSwitch {
  readonly switchName: string
  readonly #clock: Clock
  readonly #plan: SwitchPlan
  readonly #seed: number
  readonly #turns: SwitchTurns
  readonly #desk: TreatmentDesk
  readonly #limits: SwitchLimits
  readonly #started: JournalRecord & { readonly kind: 'start' }
  readonly #keys: KeyMemory
  readonly #ends: EndTable
  readonly #random: RandomStream
  readonly #idPrefix: string
  readonly #calls = new Map<string, LiveCall>()
  readonly #routingPoints: ReadonlySet<string>
  readonly #telephones: ReadonlyMap<string, string>
  readonly #agents = new Map<string, { readonly device: string; state: AgentState; reason: string | undefined }>()
  /** Telephone to the call that rings or talks there. */
  readonly #engaged = new Map<string, string>()
  readonly #counts = { arrived: 0, treated: 0, queued: 0, routed: 0, notAnswered: 0 }
  readonly #routedTo = new Map<string, number>()
  #isStopped = false
  #nextCall = 0

  constructor(options: SimulatedSwitchOptions) {
    this.switchName = options.plan.switchName
    this.#clock = options.clock
    this.#plan = options.plan
    this.#seed = options.seed
    this.#limits = { ...defaultSwitchLimits, ...options.limits }
    const journal = options.journal ?? memoryJournal()
    const speed = options.speed ?? 1
    this.#keys = new KeyMemory(this.#limits.keysAfterEnd)
    this.#ends = new EndTable(this.#limits.endedCalls)
    this.#routingPoints = new Set(options.plan.routingPoints.map((point) => point.number))
    this.#telephones = new Map(options.plan.agents.map((agent) => [agent.dn, agent.id]))

    const known = journal.read()
    const incarnation = known.reduce((last, record) => (record.kind === 'start' ? record.incarnation : last), 0) + 1
    const startedAtEpochMs = this.#clock.nowMs()
    // Time and life are part of every id: a switch that starts again with the same seed must not reuse call ids.
    this.#random = randomStream(this.#seed, `switch ${incarnation} ${startedAtEpochMs}`)
    this.#idPrefix = idText(`${this.#seed} ${incarnation} ${startedAtEpochMs}`, 16)
    this.#turns = new SwitchTurns({
      clock: this.#clock,
      journal,
      limits: this.#limits,
      speed,
      reservedUpTo: known.reduce((top, record) => (record.kind === 'reserve' ? Math.max(top, record.upTo) : top), 0),
      account: () => this.#account(),
    })
    this.#desk = new TreatmentDesk({
      clock: this.#clock,
      turns: this.#turns,
      plan: this.#plan,
      seed: this.#seed,
      speed,
      maxTypeAhead: this.#limits.typeAhead,
      putUserData: (call, put) => void this.#setUserData(call, put, []),
    })
    this.#started = { kind: 'start', incarnation, atEpochMs: startedAtEpochMs }
    this.#recover(known)
  }

  /** Events that nobody has acknowledged; links resend and acknowledge here. */
  get events(): EventLog {
    return this.#turns.log
  }

  /** Tells every event from now on. The answer ends it. */
  onEvent(listener: (event: NumberedSwitchEvent) => void): () => void {
    return this.#turns.onEvent(listener)
  }

  /** Tells what callers and telephones perceive. The answer ends it. */
  onSignal(listener: (signal: SwitchSignal) => void): () => void {
    return this.#turns.onSignal(listener)
  }

  /** Performs a command once per key; a known key gets its first answer again. Never throws. */
  perform(key: string, command: SwitchCommand): SwitchAnswer {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    return this.#turns.run(() => {
      const answer = this.#isStopped ? refusal('remote', 'switch is stopping') : this.#performNew(key, command)
      const isAlive = this.#calls.has(command.callId)
      this.#keys.put(key, command.callId, answer, isAlive)
      this.#turns.record({ kind: 'key', key, callId: command.callId, answer })
      return answer
    })
  }

  /** Acts as a caller or a telephone. Never throws. */
  door(action: DoorAction): DoorAnswer {
    return this.#turns.run(() => {
      if (this.#isStopped) return closedDoor('invalidstate', 'switch is stopping')
      if (action.kind === 'place') return this.#place(action.call)
      const call = this.#calls.get(action.callId)
      if (call === undefined) return closedDoor('notfound', `call "${action.callId}" is not known or has ended`)
      const opened: DoorAnswer = { ok: true, callId: call.callId }
      switch (action.kind) {
        case 'press':
          if (!/^[0-9*#A-D]{1,64}$/.test(action.digits))
            return closedDoor('invalidstate', 'digits are 1 to 64 of 0-9*#A-D')
          this.#desk.press(call, action.digits)
          return opened
        case 'hangup':
          this.#hangUp(call)
          return opened
        case 'answer': {
          const answer = this.#answer(call, action.device)
          return answer.ok ? opened : closedDoor('invalidstate', answer.description)
        }
        case 'release': {
          const device = action.device ?? this.#otherParty(call)?.device ?? call.ani
          const answer = this.#release(call, device)
          return answer.ok ? opened : closedDoor('invalidstate', answer.description)
        }
      }
    })
  }

  /** A telephone puts its talk on hold or takes it back. `false`: it is not in that talk. */
  hold(callId: string, device: string, state: 'held' | 'connected'): boolean {
    return this.#turns.run(() => {
      const call = this.#calls.get(callId)
      const party = call?.parties.find((each) => each.device === device)
      if (call === undefined || party === undefined || call.place.kind !== 'talking') return false
      if (party.state === state) return false
      this.#changeParty(call, party, state)
      return true
    })
  }

  /** An agent logs in or out or changes state at the telephone. `false`: no such agent, or nothing changes. */
  setAgentState(agentId: string, state: AgentState, reason?: string): boolean {
    return this.#turns.run(() => {
      const device = this.#plan.agents.find((agent) => agent.id === agentId)?.dn
      if (device === undefined) return false
      const before = this.#agents.get(agentId)
      if (before?.state === state && before.reason === reason) return false
      if (state === 'logout') this.#agents.delete(agentId)
      else this.#agents.set(agentId, { device, state, reason })
      this.#turns.tell({ kind: 'agentState', agentId, device, state, ...(reason === undefined ? {} : { reason }) })
      return true
    })
  }

  /** Everything alive, with the number of the last event it contains. */
  snapshot(): SwitchSnapshot {
    return {
      sequence: this.#turns.log.last,
      calls: [...this.#calls.values()].map(snapshotOf),
      agents: [...this.#agents].map(([agentId, { device, state, reason }]) => ({
        agentId,
        device,
        state,
        ...(reason === undefined ? {} : { reason }),
      })),
    }
  }

  /** Ended calls, oldest first; the last `endedCalls` of them. */
  endStates(): readonly EndedCall[] {
    return this.#ends.rows()
  }

  counters(): SwitchCounters {
    return {
      ...this.#counts,
      alive: this.#calls.size,
      routedTo: Object.fromEntries(this.#routedTo),
      ended: this.#ends.counts(),
    }
  }

  /** Ends in order: calls that are alive end as `lost`, commands and doors are refused. */
  close(): void {
    this.#turns.run(() => {
      for (const call of this.#calls.values()) this.#end(call, 'lost', 'lost')
      this.#isStopped = true
    })
    this[Symbol.dispose]()
  }

  /** Stops at once, as a kill would: nothing more is told, journalled or scheduled. */
  [Symbol.dispose](): void {
    this.#isStopped = true
    this.#turns.stop()
  }

  #recover(known: readonly JournalRecord[]): void {
    const alive = new Set<string>()
    for (const record of known) {
      if (record.kind === 'call') alive.add(record.callId)
      if (record.kind === 'totals') this.#ends.addForgotten(record.ended)
      if (record.kind === 'key') this.#keys.put(record.key, record.callId, record.answer, false)
      if (record.kind !== 'end') continue
      alive.delete(record.callId)
      this.#ends.end({ callId: record.callId, endState: record.endState, at: record.atEpochMs })
    }
    this.#turns.run(() => {
      for (const callId of alive) {
        this.#ends.end({ callId, endState: 'lost', at: this.#started.atEpochMs })
        this.#turns.tell({ kind: 'callEnded', callId, cause: 'lost' })
      }
      this.#turns.writeAccount()
    })
    this.#counts.arrived = Object.values(this.#ends.counts()).reduce((sum, count) => sum + count, 0)
  }

  /** What the next life must know, as short as possible. */
  #account(): readonly JournalRecord[] {
    return [
      this.#started,
      { kind: 'reserve', upTo: this.#turns.reservedUpTo },
      { kind: 'totals', ended: this.#ends.forgotten() },
      ...this.#ends
        .rows()
        .map(({ callId, endState, at }): JournalRecord => ({ kind: 'end', callId, endState, atEpochMs: at })),
      ...[...this.#calls.values()].map(({ callId, arrivedAtEpochMs }): JournalRecord => ({
        kind: 'call',
        callId,
        atEpochMs: arrivedAtEpochMs,
      })),
      ...[...this.#keys.entries()].map(({ key, answer }): JournalRecord => ({ kind: 'key', key, callId: '', answer })),
    ]
  }

  #performNew(key: string, command: SwitchCommand): SwitchAnswer {
    const call = this.#calls.get(command.callId)
    if (call === undefined) return refusal('invalidstate', `call "${command.callId}" is not known or has ended`)
    if (this.#keys.count(call.callId) >= this.#limits.commandsPerCall) {
      return refusal('remote', `more than ${this.#limits.commandsPerCall} commands for one call`)
    }
    switch (command.kind) {
      case 'route':
        return this.#route(call, command)
      case 'treat':
        return this.#treat(call, key, command.treatment)
      case 'treatLoop':
        return this.#treat(call, key, command.treatments)
      case 'stopTreatment':
        if (call.treatment?.key !== command.treatmentKey)
          return refusal('invalidstate', 'that treatment is not playing')
        this.#desk.stop(call)
        return { ok: true }
      case 'clear':
        this.#end(call, 'cleared', 'cleared')
        return { ok: true }
      case 'release':
        return this.#release(call, command.device)
      case 'answer':
        return this.#answer(call, command.device)
      case 'setUserData':
        return this.#setUserData(call, command.put, command.remove)
    }
  }

  #place(wanted: PlaceCall): DoorAnswer {
    if (this.#calls.size >= this.#limits.liveCalls) {
      return closedDoor('invalidstate', `more than ${this.#limits.liveCalls} calls at once`)
    }
    if (wanted.to === '' || wanted.to.length > 255 || wanted.from.length > 255) {
      return closedDoor('invaliddestination', 'numbers have 1 to 255 characters')
    }
    const type = wanted.type ?? 'inbound'
    if (!this.#isOwn(wanted.to) && type === 'inbound') {
      return closedDoor('invaliddestination', `"${wanted.to}" is no number of switch "${this.switchName}"`)
    }
    if (!this.#isOwn(wanted.to) && !isDiallable(wanted.to)) {
      return closedDoor('invaliddestination', `"${wanted.to}" is not a number`)
    }
    if (this.#engaged.has(wanted.to)) return closedDoor('invaliddestination', `"${wanted.to}" is busy`)
    if (sizeOf(wanted.userData ?? {}) > this.#limits.userDataCharacters) {
      return closedDoor('invalidstate', `user data is larger than ${this.#limits.userDataCharacters} characters`)
    }
    const callId = wanted.callId ?? this.#newCallId()
    if (!/^[\w-]{1,64}$/.test(callId)) return closedDoor('invalidstate', 'a call id has 1 to 64 letters and digits')
    if (this.#calls.has(callId) || this.#ends.has(callId)) {
      return closedDoor('invalidstate', `call "${callId}" exists already`)
    }
    const call = this.#newCall(callId, type, wanted)
    this.#calls.set(callId, call)
    this.#counts.arrived += 1
    this.#turns.record({ kind: 'call', callId, atEpochMs: call.arrivedAtEpochMs })
    this.#turns.signal({ kind: 'arrived', callId })
    const patienceS = wanted.patienceS ?? (this.#plan.patienceS && this.#random.between(this.#plan.patienceS))
    if (patienceS !== undefined) call.patience = this.#turns.after(patienceS * 1000, () => this.#hangUp(call))
    this.#deliver(call, wanted.to)
    return { ok: true, callId }
  }

  #newCall(callId: string, type: LiveCall['type'], wanted: PlaceCall): LiveCall {
    const caller: LiveParty = {
      device: wanted.from === '' ? null : wanted.from,
      deviceType: type === 'inbound' ? 'customer' : this.#telephones.has(wanted.from) ? 'agent' : 'unknown',
      state: 'dialing',
    }
    const parties = wanted.parties?.map((party): LiveParty => ({ ...party })) ?? []
    const hasCaller = parties.some((party) => party.device === caller.device)
    return {
      callId,
      connId: wanted.connId ?? idHex(`${this.#idPrefix} ${this.#nextCall} ${callId}`, 16),
      switchCallId: String((this.#nextCall += 1)),
      type,
      ani: wanted.from,
      dnis: wanted.to,
      parentCallId: wanted.parentCallId ?? '',
      arrivedAtEpochMs: this.#clock.nowMs(),
      userData: wanted.userData ?? {},
      parties: hasCaller ? parties : [caller, ...parties],
      place: { kind: 'nowhere' },
      lastRoutingPoint: undefined,
      treatment: undefined,
      typeAhead: [],
      hasTalked: false,
      wasTreated: false,
      patience: undefined,
      placeTimer: undefined,
    }
  }

  /** The call comes to a routing point, a telephone or the outside world. */
  #deliver(call: LiveCall, number: string): void {
    if (this.#routingPoints.has(number)) {
      call.place = { kind: 'routingPoint', number }
      call.lastRoutingPoint = number
      this.#counts.queued += 1
      this.#addParty(call, number, 'routepoint', 'queued')
      this.#turns.tell({ kind: 'routeRequest', call: snapshotOf(call), routingPoint: number })
      return
    }
    call.place = { kind: 'ringing', device: number }
    if (this.#telephones.has(number)) {
      this.#engaged.set(number, call.callId)
      this.#addParty(call, number, 'agent', 'ringing')
      this.#turns.signal({ kind: 'ringing', callId: call.callId, device: number })
      call.placeTimer = this.#turns.after((this.#plan.ringS ?? 20) * 1000, () => this.#notAnswered(call))
      return
    }
    this.#addParty(call, number, 'external', 'dialing')
    const answerS = this.#random.between(this.#plan.external?.answerS ?? [1, 4])
    call.placeTimer = this.#turns.after(answerS * 1000, () => this.#externalAnswers(call, number))
  }

  #notAnswered(call: LiveCall): void {
    this.#counts.notAnswered += 1
    this.#giveBack(call)
  }

  /** A telephone did not take the call: back to the routing point it came from, or the caller gets the end tone. */
  #giveBack(call: LiveCall): void {
    const back = call.lastRoutingPoint
    if (back === undefined) return this.#end(call, 'released', 'released')
    this.#leavePlace(call)
    this.#deliver(call, back)
  }

  #externalAnswers(call: LiveCall, number: string): void {
    this.#connect(call, number)
    const talkS = this.#random.between(this.#plan.external?.talkS ?? [10, 60])
    call.placeTimer = this.#turns.after(talkS * 1000, () => this.#end(call, 'released', 'answered'))
  }

  #connect(call: LiveCall, device: string): void {
    call.placeTimer?.cancel()
    call.patience?.cancel()
    call.patience = undefined
    call.hasTalked = true
    call.place = { kind: 'talking', device }
    for (const party of call.parties) {
      if (party.device !== device && party.state === 'dialing') party.state = 'connected'
    }
    const party = call.parties.find((each) => each.device === device)
    if (party !== undefined) this.#changeParty(call, party, 'connected')
    this.#turns.signal({ kind: 'connected', callId: call.callId, device })
  }

  #answer(call: LiveCall, device: string | undefined): SwitchAnswer {
    const { place } = call
    if (place.kind !== 'ringing' || (device !== undefined && place.device !== device)) {
      return refusal('invalidstate', `call "${call.callId}" does not ring there`)
    }
    if (!this.#telephones.has(place.device)) return refusal('invalidstate', 'an external number answers by itself')
    this.#connect(call, place.device)
    return { ok: true }
  }

  #release(call: LiveCall, device: string): SwitchAnswer {
    const party = call.parties.find((each) => each.device === device)
    if (party === undefined) return refusal('invalidstate', `"${device}" takes no part in call "${call.callId}"`)
    if (call.place.kind === 'ringing' && call.place.device === device && this.#telephones.has(device))
      this.#giveBack(call)
    else this.#end(call, 'released', 'released')
    return { ok: true }
  }

  #hangUp(call: LiveCall): void {
    if (call.hasTalked) this.#end(call, 'released', 'answered')
    else this.#end(call, 'abandoned', 'abandoned')
  }

  #route(call: LiveCall, command: SwitchCommand & { readonly kind: 'route' }): SwitchAnswer {
    if (call.place.kind === 'talking' || call.place.kind === 'nowhere') {
      return refusal('invalidstate', `call "${call.callId}" is not at a routing point`)
    }
    // Route type 7 turns the caller away (interaction-model, `RouteTypeReject`).
    if (command.routeType === 7) {
      this.#end(call, 'cleared', 'cleared')
      return { ok: true }
    }
    if (!this.#isOwn(command.to) && !isDiallable(command.to)) {
      return refusal('invaliddestination', `"${command.to}" is not a number`)
    }
    if (this.#engaged.has(command.to)) return refusal('invaliddestination', `"${command.to}" is busy`)
    if (command.userData !== undefined) {
      const stored = this.#setUserData(call, command.userData, [])
      if (!stored.ok) return stored
    }
    this.#counts.routed += 1
    this.#routedTo.set(command.to, (this.#routedTo.get(command.to) ?? 0) + 1)
    this.#desk.stop(call)
    this.#leavePlace(call)
    this.#deliver(call, command.to)
    return { ok: true }
  }

  #treat(call: LiveCall, key: string, what: Treatment | readonly Treatment[]): SwitchAnswer {
    if (call.place.kind !== 'routingPoint') {
      return refusal('invalidstate', `call "${call.callId}" is not at a routing point`)
    }
    if (!call.wasTreated) this.#counts.treated += 1
    call.wasTreated = true
    this.#desk.play(call, key, what)
    return { ok: true }
  }

  #setUserData(call: LiveCall, put: UserData, remove: readonly (readonly string[])[]): SwitchAnswer {
    const userData = putUserData(removeUserData(call.userData, remove), put)
    if (sizeOf(userData) > this.#limits.userDataCharacters) {
      return refusal('remote', `user data is larger than ${this.#limits.userDataCharacters} characters`)
    }
    const changed = new Set([...Object.keys(put), ...remove.flatMap(([name]) => (name === undefined ? [] : [name]))])
    call.userData = userData
    if (changed.size > 0) this.#turns.tell({ kind: 'userDataChanged', call: snapshotOf(call), changed: [...changed] })
    return { ok: true }
  }

  #addParty(call: LiveCall, device: string, deviceType: DeviceType, state: LiveParty['state']): void {
    const party: LiveParty = { device, deviceType, state }
    call.parties = [...call.parties.filter((each) => each.device !== device), party]
    this.#changeParty(call, party, state)
  }

  #changeParty(call: LiveCall, party: LiveParty, state: LiveParty['state']): void {
    party.state = state
    this.#turns.tell({ kind: 'partyChanged', call: snapshotOf(call), device: party.device ?? '', state })
  }

  /** The device where the call was gives it up. */
  #leavePlace(call: LiveCall): void {
    const { place } = call
    call.placeTimer?.cancel()
    call.placeTimer = undefined
    call.place = { kind: 'nowhere' }
    if (place.kind === 'nowhere') return
    const device = place.kind === 'routingPoint' ? place.number : place.device
    if (this.#engaged.get(device) === call.callId) this.#engaged.delete(device)
    const party = call.parties.find((each) => each.device === device)
    if (party === undefined) return
    this.#changeParty(call, party, 'released')
    call.parties = call.parties.filter((each) => each !== party)
    this.#turns.signal({ kind: 'released', callId: call.callId, device })
  }

  /** The one end of a call; `endState` counts unless somebody talked with the caller before. */
  #end(call: LiveCall, cause: 'abandoned' | 'released' | 'cleared' | 'lost', endState: EndState): void {
    if (this.#calls.get(call.callId) !== call) return
    this.#desk.stop(call)
    call.patience?.cancel()
    this.#leavePlace(call)
    this.#calls.delete(call.callId)
    this.#keys.callEnded(call.callId)
    const finalState = call.hasTalked && endState !== 'lost' ? 'answered' : endState
    const at = this.#clock.nowMs()
    this.#ends.end({ callId: call.callId, endState: finalState, at })
    this.#turns.record({ kind: 'end', callId: call.callId, endState: finalState, atEpochMs: at })
    this.#turns.tell({ kind: 'callEnded', callId: call.callId, cause })
    this.#turns.signal({ kind: 'ended', callId: call.callId })
  }

  #otherParty(call: LiveCall): LiveParty | undefined {
    const { place } = call
    if (place.kind !== 'ringing' && place.kind !== 'talking') return undefined
    return call.parties.find((party) => party.device === place.device)
  }

  #isOwn(number: string): boolean {
    return this.#routingPoints.has(number) || this.#telephones.has(number)
  }

  #newCallId(): string {
    return this.#idPrefix + idText(`${this.#idPrefix} ${this.#nextCall} ${this.#random.next()}`, 16)
  }
}

function sizeOf(userData: UserData): number {
  return JSON.stringify(userData).length
}
