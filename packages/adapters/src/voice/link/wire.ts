import type {
  CallSnapshot,
  DoorAction,
  DoorAnswer,
  NumberedSwitchEvent,
  SwitchAnswer,
  SwitchCommand,
  SwitchSnapshot,
} from '@segue/contact'
import { parseDoorAction, parseSwitchCommand } from './parse.ts'

/** Version of the line protocol between a switch process and Segue; both sides must have the same. */
export const linkProtocol = 1

/** What the client says: one JSON object a line. */
export type ClientLine =
  | { readonly type: 'hello'; readonly protocol: number; readonly token: string }
  /** Events up to here are durable. */
  | { readonly type: 'ack'; readonly sequence: number }
  | { readonly type: 'command'; readonly key: string; readonly command: SwitchCommand }
  | { readonly type: 'door'; readonly id: number; readonly action: DoorAction }
  | { readonly type: 'ping' }

/** What the switch says. Order: `welcome`, unacknowledged events, the snapshot in parts, later events. */
export type ServerLine =
  | { readonly type: 'welcome'; readonly protocol: number; readonly switchName: string }
  | { readonly type: 'event'; readonly event: NumberedSwitchEvent }
  | { readonly type: 'snapshotCalls'; readonly calls: readonly CallSnapshot[] }
  | { readonly type: 'snapshotEnd'; readonly sequence: number; readonly agents: NonNullable<SwitchSnapshot['agents']> }
  | { readonly type: 'answer'; readonly key: string; readonly answer: SwitchAnswer }
  | { readonly type: 'doorAnswer'; readonly id: number; readonly answer: DoorAnswer }
  | { readonly type: 'ping' }
  /** The last line before the switch closes the connection. */
  | { readonly type: 'bye'; readonly reason: string }

/** Bounds and times of a link; both sides take the same type. */
export interface LinkLimits {
  /** A longer line closes the connection. */
  readonly maxLineBytes: number
  /** Until a connection has shown its token, lines are this long at most. */
  readonly maxHelloBytes: number
  /** Time for the token to come. */
  readonly helloTimeoutMs: number
  /** A ping is sent this often; three of them missed close the connection. */
  readonly heartbeatMs: number
  /** Events on their way that are not acknowledged. */
  readonly eventWindow: number
  /** Connections that have not shown a token yet. */
  readonly maxUnauthenticated: number
  /** Commands and doors waiting for their answer. */
  readonly maxPendingCommands: number
  readonly commandTimeoutMs: number
  readonly connectTimeoutMs: number
  /** Bytes waiting to be sent; a side that reads too slowly is cut off. */
  readonly maxBufferedBytes: number
  readonly minBackoffMs: number
  readonly maxBackoffMs: number
}

/** Limits that hold when nothing else is said. */
export const defaultLinkLimits: LinkLimits = {
  maxLineBytes: 4 * 1024 * 1024,
  maxHelloBytes: 4096,
  helloTimeoutMs: 5_000,
  heartbeatMs: 5_000,
  eventWindow: 1_000,
  maxUnauthenticated: 16,
  maxPendingCommands: 10_000,
  commandTimeoutMs: 10_000,
  connectTimeoutMs: 5_000,
  maxBufferedBytes: 32 * 1024 * 1024,
  minBackoffMs: 100,
  maxBackoffMs: 5_000,
}

/** A line for the wire. */
export function toLine(message: ClientLine | ServerLine): string {
  return `${JSON.stringify(message)}\n`
}

/** What a client said; `undefined` when it is not of the protocol. */
export function parseClientLine(line: string): ClientLine | undefined {
  const from = parseObject(line)
  if (from === undefined) return undefined
  const { type, key, id, sequence, token, protocol } = from
  if (type === 'ping') return { type }
  if (type === 'hello' && typeof token === 'string' && typeof protocol === 'number') return { type, protocol, token }
  if (type === 'ack' && isCount(sequence)) return { type, sequence }
  if (type === 'command' && typeof key === 'string' && key.length <= 512) {
    const command = parseSwitchCommand(from['command'])
    return command && { type, key, command }
  }
  if (type === 'door' && isCount(id)) {
    const action = parseDoorAction(from['action'])
    return action && { type, id, action }
  }
  return undefined
}

/** What a switch said; `undefined` when it is not of the protocol. */
export function parseServerLine(line: string): ServerLine | undefined {
  const from = parseObject(line)
  if (from === undefined) return undefined
  const isKnown =
    from['type'] === 'ping' ||
    (from['type'] === 'welcome' && typeof from['protocol'] === 'number' && typeof from['switchName'] === 'string') ||
    (from['type'] === 'event' && isEvent(from['event'])) ||
    (from['type'] === 'snapshotCalls' && Array.isArray(from['calls']) && from['calls'].every(isCall)) ||
    (from['type'] === 'snapshotEnd' && isCount(from['sequence']) && Array.isArray(from['agents'])) ||
    (from['type'] === 'answer' && typeof from['key'] === 'string' && isAnswer(from['answer'])) ||
    (from['type'] === 'doorAnswer' && isCount(from['id']) && isAnswer(from['answer'])) ||
    (from['type'] === 'bye' && typeof from['reason'] === 'string')
  // JSON border: the members that this side reads were looked at above.
  return isKnown ? (from as unknown as ServerLine) : undefined
}

const callKinds = new Set<unknown>(['routeRequest', 'partyChanged', 'userDataChanged'])
const idKinds = new Set<unknown>(['treatmentEnded', 'callEnded'])

function isEvent(value: unknown): boolean {
  const numbered = asObject(value)
  const event = asObject(numbered?.['event'])
  if (!isCount(numbered?.['sequence']) || !isCount(numbered?.['atEpochMs']) || event === undefined) return false
  if (callKinds.has(event['kind'])) return isCall(event['call'])
  if (idKinds.has(event['kind'])) return typeof event['callId'] === 'string'
  return event['kind'] === 'agentState' && typeof event['agentId'] === 'string'
}

function isCall(value: unknown): boolean {
  const call = asObject(value)
  return (
    call !== undefined &&
    typeof call['callId'] === 'string' &&
    typeof call['atRoutingPoint'] === 'string' &&
    asObject(call['userData']) !== undefined &&
    Array.isArray(call['parties'])
  )
}

function isAnswer(value: unknown): boolean {
  return typeof asObject(value)?.['ok'] === 'boolean'
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(line))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.fromEntries(Object.entries(value))
}
