import type { Ids } from '../ports/ids.ts'
import type { EntityRef } from '../ports/store.ts'

const SESSION_ID = /^[0-9A-Z]{32}$/
const CELL_LENGTH = 2
const PARTITION_END = 5

/**
 * Partition that is written in a session id (characters 3 to 5, base 36); `undefined` for ids from elsewhere.
 *
 * Spec: design P12.
 */
export function sessionPartition(id: string): number | undefined {
  return SESSION_ID.test(id) ? Number.parseInt(id.slice(CELL_LENGTH, PARTITION_END), 36) : undefined
}

/** Partition that an entity belongs to: from a session id that carries one, else by hash of the id. */
export function partitionOf(ref: EntityRef, partitions: number): number {
  const written = ref.kind === 'session' ? sessionPartition(ref.id) : undefined
  return written !== undefined && written < partitions ? written : fnv1a(ref.id) % partitions
}

/** Id for a new session: 2 characters cell, 3 partition (drawn evenly), 27 random. */
export function newSessionId(cell: string, partitions: number, ids: Ids): string {
  const partition = ids.seed() % partitions
  return (
    cell +
    partition
      .toString(36)
      .toUpperCase()
      .padStart(PARTITION_END - CELL_LENGTH, '0') +
    ids.sessionSuffix()
  )
}

/** Name of an entity in sources, effect keys and maps: `<kind>/<id>`. */
export function entityKey(ref: EntityRef): string {
  return `${ref.kind}/${ref.id}`
}

/** 32-bit FNV-1a over the UTF-16 code units, low byte first; the high byte only where it is not zero. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return hash >>> 0
}
