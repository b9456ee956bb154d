import { createHash } from 'node:crypto'
import { newSessionId } from '../entity/partition.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * Id of a session that another one starts, in the cell and partition of its parent.
 *
 * Order: the same `cause` (step and position, or effect key) gives the same id.
 * Spec: design P12.
 */
export function derivedSessionId(parentId: string, cause: string): string {
  const home = /^[0-9A-Z]{32}$/.test(parentId) ? parentId.slice(0, 5) : '00000'
  return home + suffixOf(digestOf(`${parentId}:${cause}`))
}

/** Id of a session that somebody outside starts under a key of his own: the same key gives the same id. */
export function keyedSessionId(cell: string, partitions: number, key: string): string {
  const digest = digestOf(`key:${key}`)
  return newSessionId(cell, partitions, {
    seed: () => digest.readUInt32BE(28),
    sessionSuffix: () => suffixOf(digest),
  })
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function suffixOf(digest: Buffer): string {
  let suffix = ''
  for (const byte of digest.subarray(0, 27)) suffix += alphabet.charAt(byte % 36)
  return suffix
}
