import type { StoredEntity } from '../ports/store.ts'

/**
 * Form of what the dispatcher writes into a store as state or redo record: the behaviour's bytes behind a small header
 * with the last sequences per source (P9). Layout: format (1 byte), flags (1 byte, 1: has a body), length of the header
 * (4 bytes, little endian), header (JSON text), body.
 */

const FORMAT = 1
const HAS_BODY = 1
const FIXED = 6

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Last sequences by source, oldest first. */
export type SourceSequences = readonly (readonly [source: string, sequence: number])[]

export interface Envelope {
  readonly sequences: SourceSequences
  /** `undefined`: only the header changed. */
  readonly body: Uint8Array | undefined
}

/** Bytes to store. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const header =
    envelope.sequences.length === 0 ? new Uint8Array(0) : encoder.encode(JSON.stringify(envelope.sequences))
  const body = envelope.body
  const bytes = new Uint8Array(FIXED + header.length + (body?.length ?? 0))
  bytes[0] = FORMAT
  bytes[1] = body === undefined ? 0 : HAS_BODY
  new DataView(bytes.buffer).setUint32(2, header.length, true)
  bytes.set(header, FIXED)
  if (body !== undefined) bytes.set(body, FIXED + header.length)
  return bytes
}

/** Reads what `encodeEnvelope` wrote; `undefined` when it is torn or of an unknown format. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  if (bytes.length < FIXED || bytes[0] !== FORMAT) return undefined
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(2, true)
  if (bytes.length < FIXED + headerLength) return undefined
  const sequences = readHeader(bytes.subarray(FIXED, FIXED + headerLength))
  if (sequences === undefined) return undefined
  return { sequences, body: bytes[1] === HAS_BODY ? bytes.slice(FIXED + headerLength) : undefined }
}

/**
 * A stored entity with the bytes that its behaviour saved, as behaviours see it: for readers of a store.
 *
 * Errors: throws when a record cannot be read.
 */
export function withoutEnvelope(stored: StoredEntity): StoredEntity {
  const state = stored.state === undefined ? undefined : openEnvelope(stored.state).body
  const redo = stored.redo.map((record) => openEnvelope(record).body).filter((body) => body !== undefined)
  return { ...stored, state, redo }
}

/**
 * As `decodeEnvelope`.
 *
 * Errors: throws when the record cannot be read.
 */
export function openEnvelope(bytes: Uint8Array): Envelope {
  const envelope = decodeEnvelope(bytes)
  if (envelope === undefined) throw new Error(`a record of ${bytes.length} bytes is torn or of an unknown format`)
  return envelope
}

function readHeader(header: Uint8Array): SourceSequences | undefined {
  if (header.length === 0) return []
  try {
    const parsed: unknown = JSON.parse(decoder.decode(header))
    return Array.isArray(parsed) && parsed.every(isPair) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isPair(value: unknown): value is readonly [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number'
}
