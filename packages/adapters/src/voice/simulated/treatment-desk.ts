import type { Clock } from '@segue/runtime'
import type { SwitchEvent, Treatment, UserData } from '@segue/contact'
import type { LiveCall } from './call.ts'
import type { SwitchPlan } from './plan.ts'
import { hash32 } from './random.ts'
import type { SwitchTurns } from './switch-turns.ts'
import { startTreatment, type TreatmentResult, type TreatmentStage } from './treatment.ts'

/** What the treatments of a switch work with. */
export interface TreatmentDeskOptions {
  readonly clock: Clock
  readonly turns: SwitchTurns
  readonly plan: SwitchPlan
  readonly seed: number
  readonly speed: number
  /** Keys kept that were pressed before anybody asked. */
  readonly maxTypeAhead: number
  putUserData(call: LiveCall, put: UserData): void
}

/** A round of a loop takes at least this long, so that treatments that end at once do not spin. */
const minLoopStepMs = 1_000

/** Plays treatments to the calls at routing points. Spec: dialog §1, §3. */
export class TreatmentDesk {
  readonly #options: TreatmentDeskOptions

  constructor(options: TreatmentDeskOptions) {
    this.#options = options
  }

  /** Takes the place of what plays; a list plays round and round without events. */
  play(call: LiveCall, key: string, what: Treatment | readonly Treatment[]): void {
    this.stop(call)
    const isLoop = isList(what)
    const treatments = isLoop ? what : [what]
    if (treatments.length === 0) return
    call.treatment = { key, isLoop, running: { stop: () => {}, press: () => false } }
    this.#playFrom(call, treatments, 0)
    setWaitingState(call, 'treating')
  }

  /** Ends what plays, if anything does. */
  stop(call: LiveCall): void {
    const { treatment } = call
    if (treatment === undefined) return
    treatment.running.stop()
    call.treatment = undefined
    setWaitingState(call, 'queued')
    if (treatment.isLoop) return
    this.#options.turns.tell({
      kind: 'treatmentEnded',
      callId: call.callId,
      commandKey: treatment.key,
      outcome: 'stopped',
    })
  }

  /** The caller pressed keys; what nobody asked for is kept. */
  press(call: LiveCall, digits: string): void {
    if (call.treatment?.running.press(digits) === true) return
    call.typeAhead.push(...digits)
    call.typeAhead.splice(0, Math.max(0, call.typeAhead.length - this.#options.maxTypeAhead))
  }

  #playFrom(call: LiveCall, treatments: readonly Treatment[], index: number): void {
    const { treatment } = call
    const wanted = treatments[index % treatments.length]
    if (treatment === undefined || wanted === undefined) return
    const { clock, turns, speed } = this.#options
    const beganMs = clock.nowMs()
    const stage = this.#stageFor(call, (result) => {
      if (call.treatment !== treatment) return
      if (result.userData !== undefined) this.#options.putUserData(call, result.userData)
      turns.signal({ kind: 'treatmentEnded', callId: call.callId })
      if (!treatment.isLoop) {
        call.treatment = undefined
        setWaitingState(call, 'queued')
        turns.tell(treatmentEnded(call.callId, treatment.key, result))
        return
      }
      const pauseMs = Math.max(0, minLoopStepMs - (clock.nowMs() - beganMs) * speed)
      const timer = turns.after(pauseMs, () => {
        if (call.treatment === treatment) this.#playFrom(call, treatments, index + 1)
      })
      treatment.running = { stop: () => timer.cancel(), press: () => false }
    })
    treatment.running = startTreatment(wanted, stage)
  }

  #stageFor(call: LiveCall, ended: (result: TreatmentResult) => void): TreatmentStage {
    const { turns } = this.#options
    return {
      typeAhead: call.typeAhead,
      after: (delayMs, callback) => turns.after(delayMs, callback),
      runApplication: (uri) => this.#runApplication(call, uri),
      digitsWanted: () => turns.signal({ kind: 'digitsWanted', callId: call.callId }),
      ended,
    }
  }

  #runApplication(call: LiveCall, uri: string): TreatmentResult & { readonly durationS: number } {
    const { plan, seed } = this.#options
    const planned = plan.applications?.find((application) => application.uri === uri)
    const durationS = planned?.durationS ?? 2 + (hash32(`${seed} ${uri} ${call.callId}`) % 6_000) / 1000
    const outcome = planned?.outcome ?? 'completed'
    return {
      durationS,
      outcome,
      extensions: { APP_URI: uri, STATUS: outcome === 'completed' ? 'OK' : 'FAILED', ...planned?.extensions },
      ...(planned?.userData === undefined ? {} : { userData: planned.userData }),
      ...(planned?.description === undefined ? {} : { description: planned.description }),
    }
  }
}

/** What a call that waits at its routing point does there; told with the next event that carries the call. */
function setWaitingState(call: LiveCall, state: 'queued' | 'treating'): void {
  const { place } = call
  if (place.kind !== 'routingPoint') return
  const party = call.parties.find((each) => each.device === place.number)
  if (party !== undefined) party.state = state
}

function treatmentEnded(callId: string, commandKey: string, result: TreatmentResult): SwitchEvent {
  return {
    kind: 'treatmentEnded',
    callId,
    commandKey,
    outcome: result.outcome,
    ...(result.digits === undefined ? {} : { digits: result.digits }),
    ...(result.extensions === undefined ? {} : { extensions: result.extensions }),
    ...(result.description === undefined ? {} : { description: result.description }),
  }
}

/** `Array.isArray` does not narrow read-only lists. */
function isList(what: Treatment | readonly Treatment[]): what is readonly Treatment[] {
  return Array.isArray(what)
}
