import { emptyBits, hasBit } from '../compile/bits.ts'
import type { MutableBits } from '../compile/bits.ts'
import type { Chart } from '../compile/chart.ts'
import type { Configuration, EntryPlan } from '../compile/configuration.ts'
import type { Place } from '../compile/instruction.ts'
import { placeOfPiece } from '../compile/place-of-piece.ts'
import type {
  EventFields,
  HostAnswer,
  ModuleSurface,
  PieceId,
  ScriptHost,
  ScriptProgram,
  Touched,
} from '../script/contract.ts'
import { mergeTouched } from '../script/touch.ts'
import type { Effect, EndRecord, StepHost, StepInput, TraceRecord } from './contract.ts'
import { ioProcessorsOf } from './processors.ts'
import type { SessionState } from './session.ts'

/** An event on its way through a macrostep. */
export interface ChartEvent extends EventFields {
  /** Raised by the engine about a failure. */
  readonly isEngineError: boolean
}

/**
 * Working state of one macrostep: queues, effects and trace that are handed over when it has ended, and what scripts
 * can ask meanwhile.
 */
export class Macrostep implements ScriptHost {
  readonly session: SessionState
  readonly chart: Chart
  readonly program: ScriptProgram
  readonly host: StepHost
  readonly input: StepInput
  readonly isTraced: boolean
  readonly effects: Effect[] = []
  readonly trace: TraceRecord[] = []
  readonly internalQueue: ChartEvent[] = []
  /** The configuration while states are left and entered one by one. */
  readonly active: MutableBits
  /** States entered and not left again, whose invocations start when the macrostep ends. */
  statesToInvoke: number[] | undefined = undefined
  /** What the pieces that ran may have changed; `undefined`: nothing. */
  touched: Touched | undefined = undefined
  breach: EndRecord['limit'] = undefined
  ended: EndRecord | undefined = undefined
  microsteps = 0
  /** Entries of all microsteps so far; counted only when there are many. */
  readonly entered: EntryPlan[] = []
  entryCounts: Map<number, number> | undefined = undefined
  #event: EventFields | undefined = undefined
  /** What values that were evaluated so far may share. */
  #links: Touched | undefined = undefined
  #isEventBound = true
  #piece: PieceId = -1
  #raised = 0

  constructor(session: SessionState, input: StepInput, host: StepHost) {
    this.session = session
    this.chart = session.application.chart
    this.program = session.application.program
    this.host = host
    this.input = input
    this.isTraced = input.trace !== 'off'
    this.active = [...session.configuration.bits]
  }

  /** `false` once the session has ended or a limit was breached: nothing more runs. */
  get isRunning(): boolean {
    return this.session.isRunning && this.breach === undefined
  }

  /** The event that scripts will see; its object is made when the first of them runs. */
  set event(event: EventFields | undefined) {
    this.#event = event
    this.#isEventBound = false
  }

  /** Errors: throws `ScriptError`. */
  evaluate(piece: PieceId): unknown {
    this.#prepare(piece)
    const links = this.chart.scripts.pieces[piece]?.links
    if (links !== undefined) this.#links = mergeTouched(this.#links, links)
    return this.program.evaluate(piece)
  }

  /** Errors: throws `ScriptError`. */
  test(piece: PieceId): boolean {
    this.#prepare(piece)
    return this.program.test(piece)
  }

  /** Errors: throws `ScriptError`. */
  run(piece: PieceId): void {
    this.#prepare(piece)
    this.program.run(piece)
  }

  /** Errors: throws `ScriptError`. */
  assign(piece: PieceId, value: unknown): void {
    this.#prepare(piece)
    // The value was evaluated in this macrostep: whatever it shares was read here.
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function'
    if (isObject && this.#links !== undefined) this.touch(this.#links)
    this.program.assign(piece, value)
  }

  /** Notes what may have changed in the data model. */
  touch(touched: Touched): void {
    this.touched = mergeTouched(this.touched, touched)
  }

  /** Adds to the internal queue; too many in one macrostep are a breach. */
  raiseEvent(event: ChartEvent, place: Place): void {
    this.internalQueue.push(event)
    this.#raised += 1
    const limit = this.chart.limits.maxInternalEvents
    if (this.#raised > limit) this.reachLimit('maxInternalEvents', limit, place)
  }

  /** Ends the session when the macrostep is over; the first breach counts. */
  reachLimit(name: string, value: number, { element, line }: Place): void {
    this.breach ??= { name, value, element, line }
  }

  /** An id that is new in this session. */
  deriveId(kind: 'r' | 's' | 'i'): string {
    const session = this.session
    session.nextId += 1
    return `${session.identity.sessionId}-${kind}${session.nextId}`
  }

  record(record: TraceRecord): void {
    if (this.isTraced) this.trace.push(record)
  }

  /** Ends the transition from one configuration to the next. */
  settle(configuration: Configuration): void {
    this.session.configuration = configuration
    for (let i = 0; i < this.active.length; i += 1) this.active[i] = configuration.bits[i] ?? 0
  }

  isActive(stateId: string): boolean {
    const index = this.chart.indexOf.get(stateId)
    return index !== undefined && hasBit(this.active, index)
  }

  activeStates(): readonly string[] {
    return this.chart.stateIds.filter((_, index) => index > 0 && hasBit(this.active, index))
  }

  log(text: string, label: string, level: number): void {
    this.record({ kind: 'log', text, label, level })
  }

  raise(name: string, data: string): boolean {
    if (this.breach !== undefined) return false
    const isLast = this.#raised >= this.chart.limits.maxInternalEvents
    this.raiseEvent(internalEvent(name, data), isLast ? placeOfPiece(this.chart, this.#piece) : unknownPlace)
    return !isLast
  }

  ioProcessors(): string {
    return ioProcessorsOf(this.session.identity)
  }

  get documentUrl(): string {
    return this.host.documentUrl
  }

  get modules(): readonly ModuleSurface[] {
    return this.host.modules
  }

  view(module: string): string {
    return this.host.view(module)
  }

  viewVersion(module: string): number {
    return this.host.viewVersion(module)
  }

  call(module: string, name: string, args: string): HostAnswer {
    return this.host.call(module, name, args)
  }

  #prepare(piece: PieceId): void {
    if (!this.#isEventBound) {
      this.#isEventBound = true
      this.program.setEvent(
        this.#event === undefined ? undefined : this.program.makeEvent(withData(this.chart, this.#event)),
      )
    }
    this.#piece = piece
    const compiled = this.chart.scripts.pieces[piece]
    if (compiled === undefined) return
    if (compiled.mayRunLong) this.host.willRun?.(piece)
    if (compiled.touches !== undefined) this.touch(compiled.touches)
  }
}

const unknownPlace: Place = { element: 'script', url: '', line: 0, state: '' }

/** In the orchestration dialect the data of an event are always an object. */
function withData(chart: Chart, event: EventFields): EventFields {
  return event.data === undefined && chart.origin.dialect === 'orchestration' ? { ...event, data: '{}' } : event
}

/** An event that the document itself raised. */
export function internalEvent(name: string, data: string | undefined): ChartEvent {
  return { ...blank, name, type: 'internal', data }
}

/** An event that the engine made: completion or error. */
export function platformEvent(name: string, data: string | undefined, sendId?: string): ChartEvent {
  return { ...blank, name, type: 'platform', data, sendId, isEngineError: name.startsWith('error.') }
}

const blank: ChartEvent = {
  name: '',
  type: 'internal',
  sendId: undefined,
  origin: undefined,
  originType: undefined,
  invokeId: undefined,
  data: undefined,
  isEngineError: false,
}

/** Room for the states of a chart. */
export function noStates(chart: Chart): MutableBits {
  return emptyBits(chart.states.length)
}
