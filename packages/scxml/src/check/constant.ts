import type { Slot } from '../read/document.ts'

/** Text of a literal, or of an expression that is nothing but a string without escapes; else `undefined`. */
export function constantOf(slot: Slot | undefined): string | undefined {
  if (slot?.kind === 'literal') return slot.value.trim()
  return /^\s*(['"])([^'"\\]+)\1\s*;?\s*$/.exec(slot?.text.text ?? '')?.[2]
}
