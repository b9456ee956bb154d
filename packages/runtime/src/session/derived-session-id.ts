import { createHash } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * Id of a session that another one starts, in the cell and partition of its parent.
 *
 * Order: the same `cause` (step and position, or effect key) gives the same id.
 * Spec: design P12.
 */
export function derivedSessionId(parentId: string, cause: string): string {
  const digest = createHash('sha256').update(`${parentId}:${cause}`).digest()
  let suffix = ''
  for (const byte of digest.subarray(0, 27)) suffix += alphabet.charAt(byte % 36)
  const home = /^[0-9A-Z]{32}$/.test(parentId) ? parentId.slice(0, 5) : '00000'
  return home + suffix
}
