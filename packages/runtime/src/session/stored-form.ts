import type { SessionSnapshot } from '@segue/scxml'
import { decodeEnvelope } from '../entity/envelope.ts'
import type { StoredSession } from './contract.ts'

/**
 * The stored form of a session: JSON in UTF-8 with a format number. A snapshot is whole; a redo record holds what
 * one step changed. The only place that knows the bytes. Spec: design P1–P4.
 */
export interface SavedSession {
  readonly snapshot: SessionSnapshot
  /** Slices by module name. */
  readonly slices: Readonly<Record<string, unknown>>
  readonly own: SavedOwn
}

/** What the shard itself keeps of a session. */
export interface SavedOwn {
  readonly url: string
  /** Sessions invoked by this one: invoke id to session id. */
  readonly children: Readonly<Record<string, string>>
  /** Session that started this one with `session:start`. */
  readonly startedBy?: string
}

/** What one step changed; absent members did not change. */
export interface SavedChange {
  readonly frame?: SessionSnapshot['frame']
  readonly groups?: Readonly<Record<string, string>>
  /** What changed inside groups: a line each, added to the text of the group. */
  readonly differences?: Readonly<Record<string, string>>
  readonly goneGroups?: readonly string[]
  /** Order of all roots. */
  readonly order?: readonly string[]
  readonly slices?: Readonly<Record<string, unknown>>
  readonly own?: SavedOwn
}

/**
 * 1: a redo record always has a frame, groups hold the places of their roots. 2: a group that changed is always written
 * whole. Both still read.
 */
const formats: readonly unknown[] = [1, 2, 3]
const format = 3
const openingBrace = 0x7b
const encoder = new TextEncoder()

/** Bytes of a whole session. */
export function snapshotBytes(saved: SavedSession): Uint8Array {
  return encoder.encode(JSON.stringify({ f: format, ...saved }))
}

/** Bytes of a change. */
export function redoBytes(change: SavedChange): Uint8Array {
  return encoder.encode(JSON.stringify({ f: format, ...change }))
}

/**
 * A snapshot with the records after it folded in.
 *
 * Errors: throws when the bytes are no session of a known format.
 */
export function foldStored(stored: StoredSession): SavedSession {
  // JSON border: `read` checks the format; members were written by this file.
  const base = read(bodyOf(stored.state) ?? stored.state) as unknown as SavedSession
  if (typeof base.snapshot !== 'object') throw new Error('stored session has no snapshot')
  let frame = base.snapshot.frame
  let own = base.own
  const groups: Record<string, string> = { ...base.snapshot.scope.groups }
  let order = base.snapshot.scope.order
  const slices: Record<string, unknown> = { ...base.slices }
  for (const bytes of stored.redo) {
    const body = bodyOf(bytes)
    if (body === undefined) continue
    const change = read(body) as unknown as SavedChange
    frame = change.frame ?? frame
    order = change.order ?? order
    own = change.own ?? own
    for (const key of change.goneGroups ?? []) delete groups[key]
    Object.assign(groups, change.groups)
    for (const [key, line] of Object.entries(change.differences ?? {})) {
      if (groups[key] === undefined) throw new Error(`stored session has no group "${key}"`)
      groups[key] += `\n${line}`
    }
    Object.assign(slices, change.slices)
  }
  return { snapshot: { ...base.snapshot, frame, scope: { groups, ...(order && { order }) } }, slices, own }
}

/** Who reads the store without a runtime (inspection) brings the dispatcher's envelope around the bytes. */
function bodyOf(bytes: Uint8Array): Uint8Array | undefined {
  return bytes[0] === openingBrace ? bytes : decodeEnvelope(bytes)?.body
}

function read(bytes: Uint8Array): object {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (typeof value !== 'object' || value === null || !('f' in value)) throw new Error('stored session is not readable')
  if (!formats.includes(value.f))
    throw new Error(`stored session has format "${String(value.f)}", known are ${formats.join(', ')}`)
  return value
}
