import type { ApplicationBundle, SessionInspection, ShardStepRequest, ShardStepResponse } from '../session/contract.ts'
import { encodeFrame } from './frame.ts'
import type { Frame } from './frame.ts'

/**
 * The protocol between the front and a shard process (design §7). To the shard: load, step, forget, replica, inspect,
 * drain. From it: ready, done, answer. Texts are JSON; trace lines, which are JSON already, follow line by line.
 */
export type ShardCommand =
  | { readonly kind: 'load'; readonly call: number; readonly place: number; readonly bundle: ApplicationBundle }
  | { readonly kind: 'step'; readonly batch: number; readonly requests: readonly ShardStepRequest[] }
  | { readonly kind: 'forget'; readonly sessionIds: readonly string[] }
  | { readonly kind: 'replica'; readonly replica: unknown; readonly settings: unknown }
  | { readonly kind: 'inspect'; readonly call: number; readonly request: InspectRequest }
  | { readonly kind: 'drain'; readonly call: number }

/** A session to look at, in the form of a step request so that its bytes cross in the same way. */
export type InspectRequest = Pick<ShardStepRequest, 'sessionId' | 'stored'>

/** What a shard says. */
export type ShardReport =
  | { readonly kind: 'ready' }
  /** Answers of a batch from the request at `first` on. */
  | {
      readonly kind: 'done'
      readonly batch: number
      readonly first: number
      readonly responses: readonly ShardStepResponse[]
    }
  | { readonly kind: 'answer'; readonly call: number; readonly value: ShardAnswer }

/** Answer to a command with a `call`. */
export interface ShardAnswer {
  readonly loaded?: { readonly ok: boolean; readonly message: string }
  readonly inspection?: SessionInspection
}

const kinds = {
  load: 1,
  step: 2,
  forget: 3,
  replica: 4,
  inspect: 5,
  drain: 6,
  ready: 16,
  done: 17,
  answer: 18,
} as const

/** Bytes of a command. */
export function encodeCommand(command: ShardCommand): Buffer {
  const kind = kinds[command.kind]
  switch (command.kind) {
    case 'step': {
      const parts: Uint8Array[] = []
      const requests = command.requests.map((request) => requestTuple(request, parts))
      return encodeFrame(kind, JSON.stringify([command.batch, requests]), parts)
    }
    case 'inspect': {
      const parts: Uint8Array[] = []
      const { sessionId, stored } = command.request
      return encodeFrame(kind, JSON.stringify([command.call, sessionId, storedSizes(stored, parts)]), parts)
    }
    case 'load':
    case 'forget':
    case 'replica':
    case 'drain':
      return encodeFrame(kind, JSON.stringify(command))
  }
}

/** Bytes of a report. */
export function encodeReport(report: ShardReport): Buffer {
  const kind = kinds[report.kind]
  if (report.kind !== 'done') return encodeFrame(kind, JSON.stringify(report))
  const parts: Uint8Array[] = []
  const lines: string[] = ['']
  const responses = report.responses.map((response) => responseTuple(response, lines, parts))
  lines[0] = JSON.stringify([report.batch, report.first, responses])
  return encodeFrame(kind, lines.join('\n'), parts)
}

/**
 * A command from its frame.
 *
 * Errors: throws when the frame is none. Both ends are of one build, so its members are not checked one by one.
 */
export function decodeCommand({ kind, text, bytes }: Frame): ShardCommand {
  // JSON border: written by `encodeCommand` of the same build.
  switch (kind) {
    case kinds.step: {
      const [batch, requests] = JSON.parse(text) as [number, RequestTuple[]]
      const reader = new PartReader(bytes)
      return { kind: 'step', batch, requests: requests.map((tuple) => readRequest(tuple, reader)) }
    }
    case kinds.inspect: {
      const [call, sessionId, sizes] = JSON.parse(text) as [number, string, StoredSizes | 0]
      const stored = readStored(sizes, new PartReader(bytes))
      return { kind: 'inspect', call, request: { sessionId, stored } }
    }
    case kinds.load:
    case kinds.forget:
    case kinds.replica:
    case kinds.drain:
      return JSON.parse(text) as ShardCommand
    default:
      throw new Error(`a frame of kind ${kind} is no command`)
  }
}

/**
 * A report from its frame.
 *
 * Errors: throws when the frame is none.
 */
export function decodeReport({ kind, text, bytes }: Frame): ShardReport {
  // JSON border: written by `encodeReport` of the same build.
  if (kind === kinds.ready || kind === kinds.answer) return JSON.parse(text) as ShardReport
  if (kind !== kinds.done) throw new Error(`a frame of kind ${kind} is no report`)
  const lines = new LineReader(text)
  const [batch, first, tuples] = JSON.parse(lines.next()) as [number, number, ResponseTuple[]]
  const reader = new PartReader(bytes)
  return { kind: 'done', batch, first, responses: tuples.map((tuple) => readResponse(tuple, lines, reader)) }
}

/** Hash of the version, bytes of the snapshot, bytes of each redo record. */
type StoredSizes = readonly [string, ...number[]]

type RequestTuple = readonly [
  sessionId: string,
  version: number,
  nowMs: number,
  seed: number,
  message: ShardStepRequest['message'],
  wantsSnapshot: 0 | 1,
  stored: StoredSizes | 0,
  openEffects?: ShardStepRequest['openEffects'],
]

function requestTuple(request: ShardStepRequest, parts: Uint8Array[]): RequestTuple {
  const { message, nowMs, openEffects, seed, sessionId, stored, version, wantsSnapshot } = request
  const sizes = storedSizes(stored, parts)
  const snapshot = wantsSnapshot ? 1 : 0
  return openEffects.length === 0
    ? [sessionId, version, nowMs, seed, message, snapshot, sizes]
    : [sessionId, version, nowMs, seed, message, snapshot, sizes, openEffects]
}

function readRequest(tuple: RequestTuple, reader: PartReader): ShardStepRequest {
  const [sessionId, version, nowMs, seed, message, wantsSnapshot, sizes, openEffects = []] = tuple
  const stored = readStored(sizes, reader)
  return { sessionId, version, nowMs, seed, message, stored, openEffects, wantsSnapshot: wantsSnapshot === 1 }
}

function storedSizes(stored: ShardStepRequest['stored'], parts: Uint8Array[]): StoredSizes | 0 {
  if (stored === undefined) return 0
  parts.push(stored.state, ...stored.redo)
  return [stored.hash, stored.state.length, ...stored.redo.map(({ length }) => length)]
}

function readStored(sizes: StoredSizes | 0, reader: PartReader): ShardStepRequest['stored'] {
  if (sizes === 0) return undefined
  const [hash, state = 0, ...redo] = sizes
  return { hash, state: reader.next(state), redo: redo.map((size) => reader.next(size)) }
}

type Stepped = Extract<ShardStepResponse, { ok: true }>
type Failed = Extract<ShardStepResponse, { ok: false }>
/** What most answers do not have. */
type Rest = Pick<Stepped, 'effects' | 'timersPut' | 'timersDeleted' | 'name' | 'incident' | 'warnings'>

type ResponseTuple =
  | readonly [
      save: Stepped['save'],
      sizeBytes: number,
      hasEnded: 0 | 1,
      traceLines: number,
      active: readonly string[],
      rest?: Rest,
    ]
  | readonly [failed: Failed]

function responseTuple(response: ShardStepResponse, lines: string[], parts: Uint8Array[]): ResponseTuple {
  if (!response.ok) return [response]
  const { active, bytes, effects, hasEnded, incident, name, save, timersDeleted, timersPut, trace, warnings } = response
  for (const line of trace) lines.push(line)
  if (bytes !== undefined) parts.push(bytes)
  const size = bytes === undefined ? -1 : bytes.length
  const isPlain =
    effects.length === 0 &&
    timersPut.length === 0 &&
    timersDeleted.length === 0 &&
    name === undefined &&
    incident === undefined &&
    warnings === undefined
  const ended = hasEnded ? 1 : 0
  if (isPlain) return [save, size, ended, trace.length, active]
  const rest: Rest = {
    effects,
    timersPut,
    timersDeleted,
    ...(name !== undefined && { name }),
    ...(incident !== undefined && { incident }),
    ...(warnings !== undefined && { warnings }),
  }
  return [save, size, ended, trace.length, active, rest]
}

const nothing: Rest = { effects: [], timersPut: [], timersDeleted: [] }

function readResponse(tuple: ResponseTuple, lines: LineReader, reader: PartReader): ShardStepResponse {
  if (tuple.length === 1) return tuple[0]
  const [save, size, hasEnded, traceLines, active, rest = nothing] = tuple
  const trace: string[] = []
  for (let left = traceLines; left > 0; left -= 1) trace.push(lines.next())
  const bytes = size < 0 ? undefined : reader.next(size)
  return { ok: true, ...rest, trace, save, bytes, hasEnded: hasEnded === 1, active }
}

/** The lines of a text, one after the other. */
class LineReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  next(): string {
    const end = this.#text.indexOf('\n', this.#at)
    const line = end < 0 ? this.#text.slice(this.#at) : this.#text.slice(this.#at, end)
    this.#at = end < 0 ? this.#text.length : end + 1
    return line
  }
}

/** Bytes of known sizes, one after the other, each a copy of its own. */
class PartReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(size: number): Uint8Array {
    const part = this.#bytes.slice(this.#at, this.#at + size)
    this.#at += size
    return part
  }
}
