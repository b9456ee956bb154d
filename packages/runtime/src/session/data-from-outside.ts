import { decodeValue, encodeValue } from '@segue/scxml'

/**
 * Encoded data of another session, without what only its own program can read: numbers of functions and names of
 * objects of a realm would mean other ones where they arrive. `undefined`: the text cannot be read.
 *
 * Cost: none for JSON. Spec: script-rules E13.
 */
export function dataFromOutside(encoded: string): string | undefined {
  if (!/^[A-Z]/.test(encoded)) return encoded
  try {
    return encodeValue(decodeValue(encoded))
  } catch {
    return undefined
  }
}
