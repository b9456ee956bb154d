import type { Document } from '../read/document.ts'

/**
 * Whether a document is written to be included: it leaves a place for the prefix that including documents give. What
 * it lacks by itself may stand around it there.
 *
 * Spec: scxml-dialect §4.
 */
export function isFragment({ sources }: Document): boolean {
  return sources[0]?.text.includes('$$_MY_PREFIX_$$') === true
}
