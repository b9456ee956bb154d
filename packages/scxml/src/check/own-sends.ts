import type { SendNode } from '../read/document.ts'
import { constantOf } from './constant.ts'

const ownTargets: ReadonlySet<string> = new Set(['_internal', '#_internal'])
const ownTypes: ReadonlySet<string> = new Set([
  'scxml',
  'http://www.w3.org/TR/scxml/',
  'http://www.w3.org/TR/scxml/#SCXMLEventProcessor',
])

/** Whether it is known at load that a send comes back to the session that sends it. */
export function goesToSelf({ target, type }: SendNode): boolean {
  const isOwnTarget = target === undefined || ownTargets.has(constantOf(target) ?? '')
  return isOwnTarget && (type === undefined || ownTypes.has(constantOf(type) ?? ''))
}
